"""The publications that claims are taken from: one registry, by the name that claims give."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

OWN = "aelatent"  # the source of questions that no publication asks


@dataclass(frozen=True)
class Source:
    """A publication.

    Attributes
    ----------
    name : str
        What a claim's "Source" section begins with, such as "anracom VI".
    title, author, published, date, url : str
        Of the publication; `published` says where. Each may be empty.
    note : str
        What a reader should know besides, such as how much of it was read.
    """

    name: str
    title: str = ""
    author: str = ""
    published: str = ""
    date: str = ""
    url: str = ""
    note: str = ""

    @property
    def citation(self) -> str:
        """Author, title, place, date and address as one line.

        Examples
        --------
        >>> Source("Yeo", "Variational AutoEncoder", "Angelo Yeo", date="2020").citation
        'Angelo Yeo, “Variational AutoEncoder”, 2020'
        """
        title = f"“{self.title}”" if self.title and self.author else self.title
        pieces = [self.author, title, self.published, self.date, self.url]
        line = ", ".join(piece for piece in pieces if piece) or self.name
        return f"{line}. {self.note}" if self.note else line


class SourceError(ValueError):
    """A file of sources is not as it should be."""


def read_sources(path: Path) -> dict[str, Source]:
    """Read a file of sources: a citation, or fields of `Source`, by name.

    Raises
    ------
    SourceError
        If an entry has a field that `Source` lacks.
    """
    content: Mapping[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    return {str(name): _source(path, str(name), entry) for name, entry in content.items()}


def _source(path: Path, name: str, entry: Any) -> Source:
    if isinstance(entry, str):
        return Source(name, note="", published=entry)
    known = set(Source.__dataclass_fields__) - {"name"}
    if unknown := sorted(set(entry) - known):
        raise SourceError(f"{path}: {name}: expected fields of {sorted(known)}, received {unknown}")
    return Source(name, **{key: str(value) for key, value in entry.items()})
