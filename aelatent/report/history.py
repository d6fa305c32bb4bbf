"""Many runs in the order of their dates: which verdicts flipped, which effects drifted."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from aelatent.inference.record import Record
from aelatent.report.audit_comparison import AUDIT, Quantity, load_audit, quantities
from aelatent.report.audited import VERDICTS
from aelatent.report.comparison import RESULTS, Change, Shift, headline, indented, keyed, moved
from aelatent.report.notation import sign
from aelatent.report.rendering import render
from aelatent.report.results import Results, read_results
from aelatent.report.terminal import clean, shortened
from aelatent.runtime.files import StorageError


class Line(NamedTuple):
    """A claim through many runs; None where a run lacks it."""

    records: tuple[Record | None, ...]

    @property
    def record(self) -> Record:
        """The latest record."""
        return next(record for record in reversed(self.records) if record is not None)

    @property
    def flips(self) -> int:
        """How often the verdict changed from one run that has it to the next."""
        seen = [record.outcome for record in self.records if record is not None]
        return sum(a != b for a, b in itertools.pairwise(seen))

    @property
    def drift(self) -> Shift | None:
        """How the effect changed from the first run that measured it to the last."""
        measured = [record for record in self.records if record is not None and record.parts]
        return Change(measured[0], measured[-1]).leading if len(measured) > 1 else None


@dataclass(frozen=True)
class History:
    """Many runs in the order of their dates, and every claim through them.

    `audits` holds the numbers of the model that each run audited, by name; empty for other runs.
    """

    names: tuple[str, ...]
    runs: tuple[Results, ...]
    lines: tuple[Line, ...]
    audits: tuple[Mapping[str, Quantity], ...] = ()

    @property
    def numbers(self) -> list[tuple[str, list[Quantity | None]]]:
        """What matters of the audited models, with the value in each run."""
        names = dict.fromkeys(name for audit in self.audits for name in audit)
        return [(name, [audit.get(name) for audit in self.audits]) for name in names]

    @property
    def unsteady(self) -> list[Line]:
        """Claims whose verdict changed, the most often first, then those whose effect moved."""
        moved = [line for line in self.lines if line.flips or (line.drift and line.drift.beyond)]
        return sorted(moved, key=lambda line: (-line.flips, line.record.id, line.record.name))


def history(folder: str | Path) -> History:
    """Read every JSON file of a folder and every results.json below it, each a run.

    They are put in the order of their dates; those of one day in the order of their names.

    Raises
    ------
    StorageError
        If there are none, or one cannot be used.
    """
    folder = Path(folder)
    found = sorted({*folder.glob("*.json"), *folder.rglob(RESULTS)} - {folder / AUDIT})
    if not found:
        raise StorageError(
            f"{folder}: expected results files of runs, *.json here or {RESULTS} "
            "in folders below, found none"
        )
    named = [(_name(path, folder), *_run(path)) for path in found]
    named.sort(key=lambda item: (str(item[1].environment.get("date", "")), item[0]))
    names, results, audits = zip(*named, strict=True)
    runs = keyed([run.records for run in results])
    lines = tuple(Line(tuple(run.get(k) for run in runs)) for k in sorted(set().union(*runs)))
    return History(names, results, lines, audits)


def _run(path: Path) -> tuple[Results, Mapping[str, Quantity]]:
    """Read a run, and the numbers of the model where it belongs to an audit."""
    results = read_results(path)
    audit = load_audit(path) if path.parent.name == VERDICTS else None
    if audit is None:
        return results, {}
    # Claims know the checkout of the library, the audit that of the model.
    return Results(results.records, audit["environment"]), quantities(audit)


def history_lines(found: History, width: int | None = None, *, unicode: bool = True) -> list[str]:
    """Write a history as lines for a terminal.

    Parameters
    ----------
    found : History
    width : int, optional
        Columns to keep within, 40 or more; by default those of the terminal.
    unicode : bool
        Whether the terminal shows characters beyond ASCII.

    Returns
    -------
    list of str
        The runs, the numbers of audited models, then a row of signs for each claim whose verdict or
        effect changed.
    """
    columns = max(width or shutil.get_terminal_size().columns, 40)

    def fitted(lines: list[str]) -> list[str]:
        return [shortened(indented(line, unicode), columns, unicode) for line in lines]

    return [
        *fitted(_run_lines(found)),
        *_number_lines(found, unicode),
        *fitted(_claim_lines(found, unicode)),
    ]


def _run_lines(found: History) -> list[str]:
    runs = [
        f"{place:>3}  {run.environment.get('date', '')}  {name}  {_commit(run)}".rstrip()
        for place, (name, run) in enumerate(zip(found.names, found.runs, strict=True), 1)
    ]
    return [*runs, ""]


def _claim_lines(found: History, unicode: bool) -> list[str]:
    """Return a row of signs for each claim whose verdict or effect changed, and their number."""
    lines = []
    for line in found.unsteady:
        signs = " ".join(_sign(record, unicode=unicode) for record in line.records)
        lines.append(f"{signs}  {headline(line.record)}")
        if line.drift:
            lines.append(f"{' ' * len(signs)}  {moved(line.drift)}")
    steady = len(found.lines) - len(found.unsteady)
    lines.append(
        f"{steady} of {len(found.lines)} kept their verdict, and their effect within noise"
    )
    return lines


def write_history(found: History, path: Path) -> Path:
    """Write a history as a page.

    Parameters
    ----------
    found : History
    path : Path
        Of the page.

    Returns
    -------
    Path
    """
    content = {"title": "Claims over many runs", "history": found, "commit": _commit}
    environment = found.runs[-1].environment
    return render(path.parent, path.name, "history.html", content, environment)


def _name(path: Path, folder: Path) -> str:
    within = path.relative_to(folder)
    named = within.parent if path.name == RESULTS else within.with_suffix("")
    named = named.parent if named.name == VERDICTS else named
    return named.as_posix() if named.parts else folder.resolve().name


def _number_lines(found: History, unicode: bool) -> list[str]:
    """Return a row of values for each number of the audited models, the columns aligned."""
    rows = [
        f"{clean(name, unicode):34}" + "".join(f"{_short(value):>8}" for value in values)
        for name, values in found.numbers
    ]
    return [*rows, ""] if rows else []


def _short(value: Quantity | None) -> str:
    return "-" if value is None else str(value).partition(" [")[0]


def _commit(run: Results) -> str:
    return str(run.environment.get("commit", ""))


def _sign(record: Record | None, *, unicode: bool) -> str:
    return sign(record.outcome, unicode=unicode) if record else " "
