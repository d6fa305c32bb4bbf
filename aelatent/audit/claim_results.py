"""What published claims came to on an audited model: a table to print, to filter, to save."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape
from pathlib import Path
from typing import Any, overload

from aelatent.inference.record import Record
from aelatent.inference.rules import Outcome
from aelatent.report.arrangement import arrange
from aelatent.report.notation import effect, limits, sign
from aelatent.report.terminal import shortened

TITLE = 72  # letters of a claim's sentence on a line


@dataclass(frozen=True, eq=False, repr=False)
class ClaimResults(Sequence[Record]):
    """The verdicts of published claims on one model, in the catalogue's order.

    Attributes
    ----------
    records : sequence of Record
    folder : Path or None
        Where the claims' own pages and figures lie.
    """

    records: Sequence[Record]
    folder: Path | None = None

    @cached_property
    def _ordered(self) -> list[Record]:
        return [claim.record for claim in arrange(self.records).claims]

    @property
    def tally(self) -> dict[str, int]:
        """The number of claims by verdict."""
        counts = Counter(str(record.outcome) for record in self.records)
        return {each.value: counts[each.value] for each in Outcome if counts[each.value]}

    def copy_pages(self, folder: Path) -> None:
        """Copy the claims' pages and figures into the folder of a report."""
        if self.folder is not None:
            shutil.copytree(self.folder, folder, dirs_exist_ok=True)

    def of(self, claim: str) -> list[Record]:
        """Return the records of one claim, such as "A-18"; several if it has variants.

        Raises
        ------
        KeyError
            If the claim was not run.
        """
        found = [record for record in self._ordered if record.id == claim]
        if not found:
            ran = ", ".join(dict.fromkeys(record.id for record in self._ordered))
            raise KeyError(f"expected a claim that was run, of {ran or 'none'}; received {claim!r}")
        return found

    def rows(self) -> list[dict[str, Any]]:
        """Return a row a claim: identifier, sentence, verdict, effect, interval and unit."""
        return [_row(record) for record in self._ordered]

    def to_frame(self) -> Any:
        """Return the table as a pandas.DataFrame.

        Raises
        ------
        ImportError
            If pandas is not installed; `rows` needs none.
        """
        import pandas as pd  # never required

        return pd.DataFrame(self.rows())

    @overload
    def __getitem__(self, index: int) -> Record: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Record]: ...
    def __getitem__(self, index: int | slice) -> Record | Sequence[Record]:
        return self._ordered[index]

    def __len__(self) -> int:
        return len(self.records)

    def __iter__(self) -> Iterator[Record]:
        return iter(self._ordered)

    @property
    def _counts(self) -> str:
        return ", ".join(f"{n} {outcome}" for outcome, n in self.tally.items()) or "none applies"

    def __repr__(self) -> str:
        judged = [r for r in self._ordered if r.outcome != Outcome.NOT_APPLICABLE]
        lines = [f"{len(self)} checks of published claims: {self._counts}"]
        return "\n".join([*lines, *map(_line, judged)])

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{name}</th>" for name in ("verdict", "claim", "", "measured"))
        body = "".join(
            "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in _cells(record)) + "</tr>"
            for record in self._ordered
            if record.outcome != Outcome.NOT_APPLICABLE
        )
        return (
            f"<p>{len(self)} checks of published claims: {escape(self._counts)}</p>"
            f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        )


def _row(record: Record) -> dict[str, Any]:
    low, high = record.interval or (None, None)
    return {
        "claim": record.id,
        "title": record.title,
        "verdict": str(record.outcome),
        "effect": record.effect,
        "low": low,
        "high": high,
        "unit": record.unit,
        "source_value": record.source_value,
        "message": record.message,
    }


def _cells(record: Record) -> tuple[str, str, str, str]:
    measured = f"{effect(record.effect, record.interval)} {limits(record.interval)}".strip()
    return f"{sign(record.outcome)} {record.outcome}", record.id, record.title, measured


def _line(record: Record) -> str:
    verdict, identifier, title, measured = _cells(record)
    shown = shortened(title, TITLE, unicode=True)
    return f"  {verdict:<15}{identifier:<6}{shown:<{TITLE + 1}}{measured}".rstrip()
