"""Records in reading order: by source, by file, each control with the claims of its file."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from aelatent.inference.record import Record

_Natural = list[tuple[int, int, str]]


@dataclass(frozen=True)
class Claim:
    """A claim on one model.

    Attributes
    ----------
    record : Record
    anchor : str
        The name of its place in the page.
    controls : tuple of Record
    weight : int
        How many claims are about its model.
    """

    record: Record
    anchor: str
    controls: tuple[Record, ...]
    weight: int = 0


@dataclass(frozen=True)
class Chapter:
    """The claims that one document makes."""

    document: str
    claims: tuple[Claim, ...]


@dataclass(frozen=True)
class Arrangement:
    """All chapters, and the controls whose claims were not run."""

    chapters: tuple[Chapter, ...]
    lone_controls: tuple[Record, ...]

    @property
    def claims(self) -> list[Claim]:
        """Every claim, in reading order."""
        return [claim for chapter in self.chapters for claim in chapter.claims]

    @property
    def controls(self) -> list[Record]:
        """Every control once, in reading order."""
        beside = {id(c): c for claim in self.claims for c in claim.controls}
        return [*beside.values(), *self.lone_controls]


def document(record: Record) -> str:
    """Name the document that a claim is taken from: its source up to the first comma.

    Examples
    --------
    >>> source = 'anracom II (11 Nov 2022), "Number density": 16.5 at N = 256.'
    >>> document(Record("B-08", "", "", source, "", "", ""))
    'anracom II (11 Nov 2022)'
    """
    return record.source.partition(",")[0].strip()


def location(record: Record) -> str:
    """Name what a claim and its controls share: their file, else the identifier."""
    return record.file or record.id


def ordered(records: Iterable[Record]) -> list[Record]:
    """Sort records by document, file, claim before control, place in the file, name and model.

    Controls stand with the claims of their file; numbers within names count as numbers. The order
    in which worker processes finish is without influence, so two reports of one run are the same.
    """
    records = list(records)
    documents = _documents(records)
    return sorted(
        records,
        key=lambda record: (
            _natural(documents[location(record)]),
            _natural(location(record)),
            record.control,
            _natural(record.id),
            record.line,
            *(_natural(text) for text in (record.name, record.model)),
        ),
    )


def arrange(records: Iterable[Record]) -> Arrangement:
    """Put claims into chapters and controls beside their claims."""
    in_order = ordered(records)
    documents = _documents(in_order)
    controls = [record for record in in_order if record.control]
    claims = [record for record in in_order if not record.control]
    siblings = _by_location(claims)
    companions = _by_location(controls)
    weights = Counter(record.model for record in claims)
    placed = [
        Claim(record, anchor, _controls_of(record, siblings, companions), weights[record.model])
        for record, anchor in zip(claims, _anchors(claims), strict=True)
    ]
    chapters = tuple(
        Chapter(name, tuple(group))
        for name, group in groupby(placed, key=lambda claim: documents[location(claim.record)])
    )
    return Arrangement(chapters, tuple(c for c in controls if location(c) not in siblings))


def _documents(records: Sequence[Record]) -> dict[str, str]:
    """Map each file to the document of its claims; controls need not name one."""
    documents: dict[str, str] = {}
    for record in sorted(records, key=lambda record: (record.control, document(record))):
        documents.setdefault(location(record), document(record))
    return documents


def _by_location(records: Iterable[Record]) -> dict[str, list[Record]]:
    found: dict[str, list[Record]] = {}
    for record in records:
        found.setdefault(location(record), []).append(record)
    return found


def _controls_of(
    claim: Record, siblings: Mapping[str, list[Record]], companions: Mapping[str, list[Record]]
) -> tuple[Record, ...]:
    """Return the controls of the claim's file that ran on its model or on no claim's model."""
    others = {record.model for record in siblings[location(claim)]} - {claim.model}
    return tuple(c for c in companions.get(location(claim), []) if c.model not in others)


def _anchors(records: Sequence[Record]) -> list[str]:
    """Name a place for each record, readable in an address and never twice the same."""
    taken: set[str] = set()
    anchors = []
    for record in records:
        name = re.sub(r"^test_|\[.*", "", record.name)
        words = re.findall(r"[a-z0-9]+", f"{name} {record.model}".lower())
        anchor = stem = "-".join(["claim", *words])
        number = 1
        while anchor in taken:
            number += 1
            anchor = f"{stem}--{number}"
        taken.add(anchor)
        anchors.append(anchor)
    return anchors


def _natural(text: str) -> _Natural:
    """Make 10 sort after 9."""
    pieces = re.findall(r"[0-9]+|[^0-9]+", text)
    return [(0, int(p), "") if p[0] in "0123456789" else (1, 0, p) for p in pieces]
