"""Records in reading order: by source, then by claim, every control with the claims it vouches for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from aelatent.verdicts import Record


@dataclass(frozen=True)
class Claim:
    """A claim on one model, the name of its place in the page, and the controls of its file."""

    record: Record
    anchor: str
    controls: tuple[Record, ...]


@dataclass(frozen=True)
class Chapter:
    """The claims of one source."""

    source: str
    claims: tuple[Claim, ...]


@dataclass(frozen=True)
class Arrangement:
    """All chapters, and the controls whose claims were not run."""

    chapters: tuple[Chapter, ...]
    strays: tuple[Record, ...]

    @property
    def claims(self) -> list[Claim]:
        """Every claim, in reading order."""
        return [claim for chapter in self.chapters for claim in chapter.claims]


def ordered(records: Iterable[Record]) -> list[Record]:
    """Sort records by source, file, claim before control, name and model.

    Numbers within names count as numbers. The order in which worker processes finish is without
    influence, so that two reports of one run are the same.
    """
    return sorted(
        records,
        key=lambda record: (
            _natural(record.source),
            _natural(home(record)),
            record.control,
            *(_natural(text) for text in (record.name, record.model, record.id)),
        ),
    )


def home(record: Record) -> str:
    """Name what a claim and its control share: the identifier up to the test and the model.

    Examples
    --------
    >>> record = Record("000/test_radius.py::test_peak[faces_ae]", *[""] * 6)
    >>> home(record)
    '000/test_radius.py'
    """
    return re.split(r"::|\[", record.id, maxsplit=1)[0]


def arrange(records: Iterable[Record]) -> Arrangement:
    """Put claims into chapters and controls beside their claims."""
    in_order = ordered(records)
    controls = [record for record in in_order if record.control]
    claims = [record for record in in_order if not record.control]
    anchors = _anchors(claims)
    chapters = tuple(
        Chapter(source, tuple(_claim(record, anchors.pop(0), controls) for record in group))
        for source, group in groupby(claims, key=lambda record: record.source)
    )
    homes = {home(record) for record in claims}
    return Arrangement(chapters, tuple(c for c in controls if home(c) not in homes))


def _claim(record: Record, anchor: str, controls: Sequence[Record]) -> Claim:
    return Claim(record, anchor, tuple(c for c in controls if home(c) == home(record)))


def _anchors(records: Sequence[Record]) -> list[str]:
    """Name a place for each record, readable in an address and never twice the same."""
    taken: set[str] = set()
    anchors = []
    for record in records:
        words = re.findall(r"[a-z0-9]+", f"{record.name} {record.model}".lower())
        anchor = stem = "-".join(["claim", *words])
        number = 1
        while anchor in taken:
            number += 1
            anchor = f"{stem}--{number}"
        taken.add(anchor)
        anchors.append(anchor)
    return anchors


def _natural(text: str) -> list[tuple[int, int, str]]:
    """Make 10 sort after 9."""
    pieces = re.findall(r"[0-9]+|[^0-9]+", text)
    return [(0, int(p), "") if p[0] in "0123456789" else (1, 0, p) for p in pieces]
