"""What each check of a run came to: one line a check, few enough to keep in a repository."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from aelatent.inference.case import without_model
from aelatent.inference.record import Record
from aelatent.inference.rules import Outcome
from aelatent.runtime.files import StorageError, json_line, read, write

FILE = "results.json"  # beside the catalogue
SCHEMA = 1
_DIGITS = 5  # significant, of numbers in the file


@dataclass(frozen=True)
class Part:
    """One number of a check with its interval, and the verdict on it."""

    outcome: str
    estimate: float
    low: float
    high: float
    unit: str = ""


@dataclass(frozen=True)
class Check:
    """What a claim, or a control, came to on one model with one set of parameters.

    Attributes
    ----------
    id : str
        The claim's identifier.
    file, test : str
        Where it is written: path and function.
    case : str
        Model and parameters, as pytest names them; empty if there are none.
    models : tuple of str
        Fixture models that it is about.
    outcome : str
    control : bool
    trainings : int
        How many trained models gave a value.
    seconds : float
        How long it ran.
    source_value : float or None
        The source's own number for the first part.
    parts : tuple of Part
        Empty where no verdict was reached.
    date : str
        Of the run.
    source : str
        Name of the publication that it is taken from.
    title : str
        What it says, without parameters; empty for controls.
    line : int
        Where in the file the function begins.
    """

    id: str
    file: str
    test: str
    case: str
    models: tuple[str, ...]
    outcome: str
    control: bool = False
    trainings: int = 0
    seconds: float = 0.0
    source_value: float | None = None
    parts: tuple[Part, ...] = field(default=())
    date: str = ""
    source: str = ""
    title: str = ""
    line: int = 0

    @property
    def key(self) -> tuple[str, str, str]:
        """What tells it from all others."""
        return self.file, self.test, self.case

    @property
    def variant(self) -> str:
        """The parameters besides the model."""
        variant = self.case
        for model in self.models:
            variant = without_model(variant, model)
        return variant

    @classmethod
    def of(cls, record: Record, date: str = "") -> Check:
        """Return the few numbers of a record.

        Parameters
        ----------
        record : Record
        date : str
            Of the run; a record kept from an earlier run has a date of its own.

        Returns
        -------
        Check
        """
        test, _, case = record.name.partition("[")
        parts = [
            Part(p["outcome"], p["effect"], p["interval"][0], p["interval"][1], p["unit"])
            for p in record.parts
        ]
        return cls(
            record.id,
            record.file,
            test,
            case.removesuffix("]"),
            tuple(record.models),
            str(record.outcome),
            record.control,
            len(record.per_replicate or ()),
            record.seconds,
            record.source_value,
            tuple(parts),
            record.date or date,
            record.source,
            "" if record.control else _sentence(record.title),
            record.line,
        )


class StoredResults(NamedTuple):
    """What a file of results holds: checks, and what they depend on."""

    checks: list[Check]
    environment: dict[str, Any]


def checks_of(records: Iterable[Record], environment: Mapping[str, Any]) -> list[Check]:
    """Return the checks of a run.

    Parameters
    ----------
    records : iterable of Record
    environment : mapping
        Of the run; its date becomes that of the checks.

    Returns
    -------
    list of Check
    """
    date = str(environment.get("date", ""))
    return [Check.of(record, date) for record in records]


def latest(*runs: Sequence[Check]) -> list[Check]:
    """Return each check once, as it is in the last of the runs that has it."""
    found = {check.key: check for checks in runs for check in checks}
    return list(found.values())


def write_checks(checks: Iterable[Check], environment: Mapping[str, Any], path: Path) -> None:
    """Write checks as JSON, a line a check; of controls the outcome alone.

    Parameters
    ----------
    checks : iterable of Check
        In any order.
    environment : mapping
        Its commit, date and versions are kept.
    path : Path
        Of the file.
    """
    kept = {key: environment[key] for key in ("commit", "date", "versions") if key in environment}
    tests: dict[tuple[str, str], list[Check]] = {}
    for check in sorted(
        checks, key=lambda check: (check.id, check.control, check.file, check.line, *check.key)
    ):
        tests.setdefault((check.file, check.test), []).append(check)
    head = json_line({"schema": SCHEMA, **kept})[1:-1]
    blocks = ",\n".join(_block(group, str(kept.get("date", ""))) for group in tests.values())
    write(path, f'{{{head},\n"tests": [\n{blocks}\n]}}\n'.encode())


def read_checks(path: Path) -> StoredResults:
    """Read what `write_checks` wrote.

    Raises
    ------
    StorageError
        If the file is missing, cut off or of another schema.
    """
    try:
        content = json.loads(read(path).decode())
        schema = content.pop("schema")
    except FileNotFoundError:
        raise StorageError(f"{path}: expected stored results, received no file") from None
    except (ValueError, KeyError, AttributeError, TypeError) as error:
        raise StorageError(f"{path}: expected stored results, received {error}") from error
    if schema != SCHEMA:
        raise StorageError(f"{path}: expected schema {SCHEMA}, received {schema}")
    tests, date = content.pop("tests"), str(content.get("date", ""))
    checks = [_stored(test, entry, date) for test in tests for entry in test["checks"]]
    return StoredResults(checks, content)


def _block(checks: Sequence[Check], date: str) -> str:
    """Write the checks of one function: what they share, then a line each."""
    first = checks[0]
    units = (
        []
        if first.control
        else max(([part.unit for part in check.parts] for check in checks), key=len)
    )
    shared: dict[str, Any] = {
        "id": first.id,
        "file": first.file,
        "test": first.test,
        "line": first.line,
        "title": first.title,
        "source": first.source,
        "control": first.control,
        "source_value": first.source_value,
        "units": units,
    }
    shared = {k: v for k, v in shared.items() if v is not False and v not in ("", None, [])}
    lines = ",\n".join(json_line(_plain(check, date)) for check in checks)
    return f'{json_line(shared)[:-1]}, "checks": [\n{lines}\n]}}'


def _plain(check: Check, date: str) -> dict[str, Any]:
    """Return what is written of a check; what `_stored` can do without is left out."""
    parts = [
        [part.outcome, *map(_short, (part.estimate, part.low, part.high))]
        for part in check.parts
        if not check.control  # whose outcome says whether it passed
    ]
    found: dict[str, Any] = {
        "case": check.case,
        "models": check.models,
        "outcome": check.outcome,
        "n": check.trainings,
        "s": _short(check.seconds),
        "date": "" if check.date == date else check.date,
        "parts": parts,
    }
    return {key: value for key, value in found.items() if value}


def _stored(test: Mapping[str, Any], entry: Mapping[str, Any], date: str) -> Check:
    """Read a check of a function."""
    parts = zip(entry.get("parts", ()), test.get("units", ()), strict=False)
    return Check(
        test["id"],
        test["file"],
        test["test"],
        entry.get("case", ""),
        tuple(entry.get("models", ())),
        Outcome(entry["outcome"]).value,
        test.get("control", False),
        entry.get("n", 0),
        entry.get("s", 0.0),
        test.get("source_value"),
        tuple(Part(part[0], part[1], part[2], part[3], unit) for part, unit in parts),
        entry.get("date", date),
        test.get("source", ""),
        test.get("title", ""),
        test.get("line", 0),
    )


def _sentence(title: str) -> str:
    """Return a title without the parameters at its end."""
    return title.rpartition(" [")[0] if title.endswith("]") else title


def _short(value: float) -> float:
    return float(f"{value:.{_DIGITS}g}")
