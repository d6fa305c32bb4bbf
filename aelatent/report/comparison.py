"""Two runs side by side: what flipped, what moved, and what is only noise."""

from __future__ import annotations

import math
import shutil
import textwrap
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from aelatent.inference.record import Record
from aelatent.report.notation import effect, limits, sign
from aelatent.report.rendering import render
from aelatent.report.results import Results, read_results
from aelatent.report.terminal import clean, shortened
from aelatent.runtime.files import StorageError

if TYPE_CHECKING:
    from aelatent.report.audit_comparison import AuditComparison

RESULTS = "results.json"
NUMBERS = ("effect", "interval", "per_replicate", "pvalue", "null")  # of a part
LISTED = 10  # of what moved within noise
Key = tuple[str, str, str]


class Kind(StrEnum):
    """How a claim changed from one run to another, the most important kind first."""

    FLIPPED = "flipped"
    MOVED = "moved"
    NOISE = "within noise"
    ADDED = "only in the second"
    GONE = "only in the first"
    SAME = "same"


MEANINGS = {
    Kind.FLIPPED: "another verdict",
    Kind.MOVED: "the same verdict, an effect that moved further than both intervals allow",
    Kind.NOISE: "the same verdict, an effect that moved no further than both intervals allow",
    Kind.ADDED: "not run, or not there, in the first",
    Kind.GONE: "not run, or not there, in the second",
    Kind.SAME: "the same verdict and the same numbers",
}


COUNTED = {Kind.ADDED, Kind.GONE, Kind.SAME}  # not listed one by one


class Shift(NamedTuple):
    """One part of a claim in both runs: effects, intervals, and whether the change is noise."""

    before: Mapping[str, Any]
    after: Mapping[str, Any]

    @property
    def change(self) -> float:
        """How far the effect moved."""
        return float(self.after["effect"] - self.before["effect"])

    @property
    def noise(self) -> float:
        """How far it may go by chance: half of the 95 % interval of the change.

        The sides of the two intervals that face each other are added as independent errors are
        (MOVER: Zou and Donner, Statistics in Medicine 27, 2008, 1693-1702). Runs on the same
        trainings are not independent; the interval is then too wide, never too narrow.
        """
        up = self.change > 0
        facing = (self.before["interval"][int(up)], self.after["interval"][int(not up)])
        return math.hypot(facing[0] - self.before["effect"], facing[1] - self.after["effect"])

    @property
    def beyond(self) -> bool:
        """Whether the effect moved beyond noise."""
        return abs(self.change) > self.noise

    @property
    def size(self) -> float:
        """The change in units of its noise."""
        return abs(self.change) / self.noise if self.noise else math.inf if self.change else 0.0


@dataclass(frozen=True)
class Change:
    """A claim on a model in two runs; one of them may lack it."""

    before: Record | None
    after: Record | None

    @property
    def record(self) -> Record:
        """The later record, or the only one."""
        found = self.after or self.before
        assert found is not None  # noqa: S101 -- compare never makes one of nothing
        return found

    @cached_property
    def shifts(self) -> list[Shift]:
        """How each part changed; none where a run measured nothing or the parts differ."""
        if self.before is None or self.after is None:
            return []
        if len(self.before.parts) != len(self.after.parts):
            return []
        return [Shift(*parts) for parts in zip(self.before.parts, self.after.parts, strict=True)]

    @property
    def leading(self) -> Shift | None:
        """The part that moved most, in units of its noise."""
        return max(self.shifts, key=lambda shift: shift.size, default=None)

    @cached_property
    def kind(self) -> Kind:
        """How the claim changed."""
        if self.before is None or self.after is None:
            return Kind.ADDED if self.before is None else Kind.GONE
        if self.before.outcome != self.after.outcome:
            return Kind.FLIPPED
        if len(self.before.parts) != len(self.after.parts) or any(s.beyond for s in self.shifts):
            return Kind.MOVED
        same = _measured(self.before) == _measured(self.after)
        return Kind.SAME if same else Kind.NOISE


@dataclass(frozen=True)
class Comparison:
    """All claims and controls of two runs."""

    changes: tuple[Change, ...]

    @cached_property
    def tally(self) -> dict[Kind, int]:
        """How many of each kind there are."""
        found = Counter(change.kind for change in self.changes)
        return {kind: found[kind] for kind in Kind}

    def of(self, kind: Kind) -> list[Change]:
        """Return the changes of a kind, the largest first."""
        found = [change for change in self.changes if change.kind == kind]
        return sorted(found, key=lambda c: -c.leading.size if c.leading else 0.0)

    @property
    def caution(self) -> str:
        """Say how many would seem to move by chance alone."""
        moving = self.tally[Kind.MOVED] + self.tally[Kind.NOISE]
        if moving < 10:  # of fewer it would say "about 0"
            return ""
        return (
            "By chance alone one in twenty changed effects seems to move beyond noise: about "
            f"{round(moving / 20)} of the {moving} here that kept their verdict."
        )


def load(path: str | Path) -> Results:
    """Read the results of a run from a file, or from the folder of a report or of an audit.

    Raises
    ------
    StorageError
        If there are none, or the file cannot be used.
    """
    path = Path(path)
    if not path.is_dir():
        return read_results(path)
    for place in (path / RESULTS, path / "verdicts" / RESULTS):
        if place.is_file():
            return read_results(place)
    raise StorageError(f"{path}: expected the folder of a report, found no {RESULTS} in it")


def compare(before: Iterable[Record], after: Iterable[Record]) -> Comparison:
    """Pair the records of two runs.

    A claim is known by its identifier, its name and its model. Where each run is about one model
    alone, as audits are, its name does not matter: two versions of a model can be compared.

    Parameters
    ----------
    before, after : iterable of Record
        The records of the older and of the newer run, in any order.

    Returns
    -------
    Comparison
    """
    runs = keyed([list(before), list(after)])
    keys = sorted({*runs[0], *runs[1]})
    return Comparison(tuple(Change(runs[0].get(key), runs[1].get(key)) for key in keys))


def difference_lines(
    found: Comparison, width: int | None = None, *, unicode: bool = True
) -> list[str]:
    """Write a comparison as lines for a terminal.

    What flipped or moved is listed, and what moved most of all that moved within noise; the rest,
    and what only one of the runs has, is counted.

    Parameters
    ----------
    found : Comparison
    width : int, optional
        Columns to keep within, 40 or more; by default those of the terminal.
    unicode : bool
        Whether the terminal shows characters beyond ASCII.

    Returns
    -------
    list of str
        Lines without line breaks.
    """
    columns = max(width or shutil.get_terminal_size().columns, 40)
    lines = []
    for kind in Kind:
        changes = [] if kind in COUNTED else found.of(kind)
        if not changes:
            continue
        lines += [f"{kind} ({MEANINGS[kind]}):"]
        shown = changes[:LISTED] if kind is Kind.NOISE else changes
        for change in shown:
            lines.append(f"  {headline(change.record)}")
            lines.append(f"        {_outcomes(change, unicode)}{_numbers(change)}")
        if more := len(changes) - len(shown):
            lines.append(f"  and {more} more that moved less; --html FILE shows all")
        lines.append("")
    counts = ", ".join(f"{n} {kind}" for kind, n in found.tally.items() if n)
    lines = [shortened(indented(line, unicode), columns, unicode) for line in lines]
    return [
        *lines,
        f"claims: {counts or 'nothing to compare'}",
        *textwrap.wrap(found.caution, columns),
    ]


def write_comparison(
    found: Comparison,
    names: tuple[str, str],
    runs: tuple[Results, Results],
    path: Path,
    audits: AuditComparison | None = None,
) -> Path:
    """Write a comparison as a page.

    Parameters
    ----------
    found : Comparison
    names : tuple of str
        What the runs are called, the first one first.
    runs : tuple of Results
        The runs themselves, for their dates and commits.
    path : Path
        Of the page.
    audits : AuditComparison, optional
        The numbers of the models, where both runs are audits.

    Returns
    -------
    Path
    """
    content = {
        "title": "Two runs compared",
        "names": names,
        "runs": runs,
        "comparison": found,
        "kinds": [kind for kind in Kind if kind not in COUNTED and found.tally[kind]],
        "audits": audits,
        "Kind": Kind,
        "MEANINGS": MEANINGS,
    }
    environment = runs[1].environment
    return render(path.parent, path.name, "comparison.html", content, environment)


def keyed(runs: Sequence[Sequence[Record]]) -> list[dict[Key, Record]]:
    """Return each run's records by identifier, name and model."""
    alone = all(len({record.model for record in run if record.model}) <= 1 for run in runs)
    return [{_key(record, alone=alone): record for record in run} for run in runs]


def moved(shift: Shift) -> str:
    """Write how an effect changed."""
    ends = [f"{effect(p['effect'], p['interval'])} {limits(p['interval'])}" for p in shift]
    return " \N{RIGHTWARDS ARROW} ".join(ends) + ("" if shift.beyond else "  within noise")


def headline(record: Record) -> str:
    """Name a claim and its model; the title comes last, since narrow terminals cut it short."""
    return f"{record.id}  {record.model or 'analytic'}  {record.title}"


def indented(line: str, unicode: bool) -> str:
    """Clean a line, but keep the blanks it begins with.

    Parameters
    ----------
    line : str
    unicode : bool
        Whether the terminal shows characters beyond ASCII.

    Returns
    -------
    str
    """
    return " " * (len(line) - len(line.lstrip(" "))) + clean(line, unicode)


def _measured(record: Record) -> list[list[Any]]:
    """Return the numbers of each part, without the words beside them."""
    return [[part.get(name) for name in NUMBERS] for part in record.parts]


def _key(record: Record, *, alone: bool) -> Key:
    function, _, inside = record.name.partition("[")
    if alone and record.model:
        inside = inside.replace(record.model, "", 1)
    return record.id, f"{function}[{inside}", "" if alone else record.model


def _outcomes(change: Change, unicode: bool) -> str:
    outcomes = [
        f"{sign(record.outcome, unicode=unicode)} {record.outcome}"
        for record in (change.before, change.after)
        if record is not None
    ]
    joined = " \N{RIGHTWARDS ARROW} ".join(outcomes)
    return joined if change.kind is Kind.FLIPPED else outcomes[0]


def _numbers(change: Change) -> str:
    if change.leading:
        return f"  {moved(change.leading)}"
    record = change.record
    return f"  {effect(record.effect, record.interval)} {limits(record.interval)}".rstrip()
