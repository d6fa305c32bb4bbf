"""A table of plain answers for a Markdown file, written between two markers.

The first marker lists what the table shows: `<!-- answers: B-08 A-01 -->`; the second is
`<!-- end of answers -->`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from aelatent.catalogue.entry import Catalogue
from aelatent.runtime.files import StorageError, write

BLOCK = re.compile(r"(<!-- answers: ([^>]*?) -->\n).*?(<!-- end of answers -->)", re.DOTALL)
OPENING = re.compile(r"^(Yes|No|In part|Open|By construction|Not tested)\b[.:,]?")


def table_lines(catalogue: Catalogue, identifiers: Iterable[str]) -> list[str]:
    """Return a Markdown table of claims: sign, claim, plain answer and number of models.

    Parameters
    ----------
    catalogue : Catalogue
    identifiers : iterable of str

    Returns
    -------
    list of str

    Raises
    ------
    StorageError
        If the catalogue lacks a claim or its plain answer.
    """
    head = ["| | claim | answer | models |", "|---|---|---|---|"]
    return [*head, *(_row(catalogue, identifier) for identifier in identifiers)]


def with_tables(catalogue: Catalogue, text: str) -> str:
    """Return a Markdown text with every table between markers written anew.

    Parameters
    ----------
    catalogue : Catalogue
    text : str

    Returns
    -------
    str
    """

    def written(block: re.Match[str]) -> str:
        lines = "\n".join(table_lines(catalogue, block[2].split()))
        return f"{block[1]}{lines}\n{block[3]}"

    return BLOCK.sub(written, text)


def update(catalogue: Catalogue, path: Path) -> bool:
    """Write the tables of a Markdown file anew; return whether that changed it.

    Parameters
    ----------
    catalogue : Catalogue
    path : Path

    Returns
    -------
    bool
    """
    text = path.read_text(encoding="utf-8")
    new = with_tables(catalogue, text)
    if new != text:
        write(path, new.encode())
    return new != text


def _row(catalogue: Catalogue, identifier: str) -> str:
    sentence = catalogue.sentence(identifier)
    if not sentence:
        raise StorageError(f"{identifier}: expected a plain answer in the catalogue, found none")
    title = catalogue.title(identifier).rstrip(".").replace("sqrt(N)", "√N")
    sign = catalogue.answer(identifier).glyph
    answer = OPENING.sub(r"**\g<0>**", sentence, count=1)
    models = len(catalogue.models(identifier)) or ""
    return f"| {sign} | {identifier} {title} | {answer} | {models} |"
