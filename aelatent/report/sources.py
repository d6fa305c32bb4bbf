"""The documents that claims are taken from: title, author, address, and what came of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from aelatent.report.project import Project
from aelatent.report.topics import Topic

_ADDRESS = re.compile(r"https?://[^\s<>\"'`]+[^\s<>\"'`.,;:!?)]")
_TITLE = re.compile('[\N{LEFT DOUBLE QUOTATION MARK}"](.+?)[\N{RIGHT DOUBLE QUOTATION MARK}"]')


@dataclass(frozen=True)
class Source:
    """A document.

    Attributes
    ----------
    title : str
        Its name; the words that the claims use for it, where the citation has no title.
    author, address, rest : str
        From the citation, each empty where it names none; `rest` is what else it says.
    topics : tuple of Topic
        The claims that are taken from it.
    """

    title: str
    author: str
    address: str
    rest: str
    topics: tuple[Topic, ...] = ()


def sources(found: Sequence[Topic], project: Project) -> list[Source]:
    """Return the documents of some claims, those with the most claims first.

    Parameters
    ----------
    found : sequence of Topic
    project : Project
        Its citations count: documents under the same one are one.

    Returns
    -------
    list of Source
    """
    gathered: dict[str, list[Topic]] = {}
    for topic in found:
        citation = project.citation(topic.document) or topic.document or "No source named"
        gathered.setdefault(citation, []).append(topic)
    made = [source_of(citation, topics) for citation, topics in gathered.items()]
    return sorted(made, key=lambda source: -len(source.topics))


def source_of(citation: str, topics: Sequence[Topic] = ()) -> Source:
    """Take a citation apart: author, title in quotation marks, the rest, and an address.

    Parameters
    ----------
    citation : str
    topics : sequence of Topic
        The claims that are taken from it.

    Returns
    -------
    Source

    Examples
    --------
    >>> source_of('A. Yeo, "VAE", 2020, https://example.org/vae')
    Source(title='VAE', author='A. Yeo', address='https://example.org/vae', rest='2020', topics=())
    """
    address = _ADDRESS.search(citation)
    text = citation.replace(address[0], "") if address else citation
    title = _TITLE.search(text)
    author, _, rest = text.partition(",")
    if title:
        author, rest = text[: title.start()], text[title.end() :]
    return Source(
        title=title[1] if title else (rest or author).strip(" ,;."),
        author=author.strip(" ,;.") if title or rest.strip(" ,;.") else "",
        address=address[0] if address else "",
        rest=rest.strip(" ,;.") if title else "",
        topics=tuple(topics),
    )
