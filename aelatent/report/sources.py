"""The publications that claims are taken from, and the claims of each."""

from __future__ import annotations

import re
from collections.abc import Sequence

from aelatent.catalogue import Source
from aelatent.report.project import Project
from aelatent.report.topics import Topic

_ADDRESS = re.compile(r"https?://[^\s<>\"'`]+[^\s<>\"'`.,;:!?)]")
_TITLE = re.compile('[\N{LEFT DOUBLE QUOTATION MARK}"](.+?)[\N{RIGHT DOUBLE QUOTATION MARK}"]')


def sources(found: Sequence[Topic], project: Project) -> list[tuple[Source, tuple[Topic, ...]]]:
    """Return the publications of some claims with their claims, those with the most first.

    Parameters
    ----------
    found : sequence of Topic
    project : Project

    Returns
    -------
    list of (Source, tuple of Topic)
    """
    gathered: dict[Source, list[Topic]] = {}
    for topic in found:
        gathered.setdefault(source_of(topic.document, project), []).append(topic)
    pairs = [(source, tuple(topics)) for source, topics in gathered.items()]
    return sorted(pairs, key=lambda pair: -len(pair[1]))


def source_of(document: str, project: Project) -> Source:
    """Return the publication that a document's name begins with.

    Parameters
    ----------
    document : str
        What a claim's source says before its first comma.
    project : Project
        Its catalogue knows the publication, or its citations do, or neither.

    Returns
    -------
    Source
        It has a title.
    """
    known = project.catalogue.source(document)
    if known is not None and known.title:
        return known
    return cited(project.citation(document) or document or "No source named")


def cited(citation: str) -> Source:
    """Take a citation apart: author, title in quotation marks, the rest, and an address.

    Examples
    --------
    >>> source = cited('A. Yeo, "VAE", 2020, https://example.org/vae')
    >>> source.author, source.title, source.published, source.url
    ('A. Yeo', 'VAE', '2020', 'https://example.org/vae')
    """
    address = _ADDRESS.search(citation)
    text = citation.replace(address[0], "") if address else citation
    url = address[0] if address else ""
    title = _TITLE.search(text)
    if title is None:
        return Source(citation, title=text.strip(" ,;."), url=url)
    author, rest = (end.strip(" ,;.") for end in (text[: title.start()], text[title.end() :]))
    return Source(citation, title[1], author, published=rest, url=url)
