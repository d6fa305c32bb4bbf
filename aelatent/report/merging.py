"""The records of a run, together with those of earlier runs that it did not replace."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from aelatent.inference.record import Record
from aelatent.report.results import read_results
from aelatent.runtime.files import StorageError


@dataclass(frozen=True)
class Run:
    """A run that a report holds records of, and how many.

    Attributes
    ----------
    date, commit : str
    records : int
        Claims and controls.
    """

    date: str
    commit: str
    records: int


def merged(
    records: Iterable[Record],
    environment: Mapping[str, Any],
    results: Path,
    whole: Callable[[str], bool],
) -> list[Record]:
    """Add the records of earlier runs to those of this one, each with its date and commit.

    A check is known by its file and name. Where the results of earlier runs cannot be read, there
    are none.

    Parameters
    ----------
    records : iterable of Record
        Of this run.
    environment : mapping
        Of this run; records of the same date and commit are not older.
    results : Path
        The results file of the earlier runs.
    whole : callable
        Tells of a claim's file whether this run holds every check in it. Other checks of the file
        no longer exist, and their records are dropped.

    Returns
    -------
    list of Record
    """
    records = list(records)
    try:
        earlier = read_results(results)
    except StorageError:
        return records
    replaced = {_check(record) for record in records}
    kept = [r for r in earlier.records if _check(r) not in replaced and not whole(r.file)]
    return [*records, *(_dated(record, earlier.environment, environment) for record in kept)]


def earlier_runs(records: Iterable[Record]) -> list[Run]:
    """Return the earlier runs that some records are from, the latest first."""
    counts: dict[tuple[str, str], int] = {}
    for record in records:
        if record.date:
            run = (record.date, record.commit)
            counts[run] = counts.get(run, 0) + 1
    return [Run(*run, n) for run, n in sorted(counts.items(), reverse=True)]


def _check(record: Record) -> tuple[str, str]:
    return record.file or record.id, record.name


def _dated(record: Record, then: Mapping[str, Any], now: Mapping[str, Any]) -> Record:
    """Return a record with the run that it is from, or without where that is the present one."""
    date = record.date or str(then.get("date", "unknown"))
    commit = record.commit if record.date else str(then.get("commit", ""))
    same = (date, commit) == (str(now.get("date")), str(now.get("commit", "")))
    return replace(record, date="" if same else date, commit="" if same else commit)
