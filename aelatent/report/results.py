"""The results of a run as one JSON file: written whole, read with every field checked."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, NamedTuple

from aelatent.inference.power import AIM
from aelatent.inference.record import Record
from aelatent.report.arrangement import ordered
from aelatent.report.cell_power import claim_need, power
from aelatent.report.multiplicity import multiplicity
from aelatent.report.schema import checked_records
from aelatent.runtime.files import MOST_JSON, StorageError, json_line, parsed, read, write

# 1: the parts of claims had no limits. 2: p-values were those of surrogates where there were any,
# and those of support where a claim was refuted.
SCHEMA = 3
_KEYS = {"schema", "environment", "claims"}


class Results(NamedTuple):
    """What a results file holds."""

    records: list[Record]
    environment: dict[str, Any]


def write_results(
    records: Iterable[Record], environment: Mapping[str, Any], path: str | Path
) -> None:
    """Write records and environment as JSON, whole or not at all.

    "multiplicity" counts the verdicts that would stand if all claims were read together. Each
    claim has the "power" of its weakest part at twice the margin, from its own trainings, and
    where it is inconclusive "needed": how many trainings, how many times as many images and
    whether more kinds of images for the judge would decide it, with what outcome and power, and
    how often as many as there are "now" would. All three follow from the records, and reading
    leaves them out.

    The records are put into the order of `ordered`, floats are written with the fewest digits that
    give them back exactly, so equal results give equal bytes.

    Parameters
    ----------
    records : iterable of Record
        In any order.
    environment : mapping
        What the results depend on: versions, hardware, commit and date.
    path : path
        Of the file.

    Raises
    ------
    ValueError
        If a value is NaN, infinite, or of a type that JSON has no word for; the message names its
        place.
    """
    records = list(records)
    head = {
        "schema": SCHEMA,
        "environment": _plain(dict(environment), "environment"),
        "multiplicity": _plain(asdict(multiplicity(records)), "multiplicity"),
    }
    claims = [_plain(_fields(record), f"claim {record.id}") for record in ordered(records)]
    # A line a record: two files can be compared, and take three quarters of an indented one.
    lines = ",\n".join(map(json_line, claims))
    write(Path(path), f'{json_line(head)[:-1]},"claims":[\n{lines}\n]}}\n'.encode())


def _fields(record: Record) -> dict[str, Any]:
    """Return the fields of a record, with what follows from them for whoever reads the file."""
    found = claim_need(record)
    return {
        **asdict(record),
        "power": power(record),
        "needed": None if found is None else {**asdict(found), "power": AIM},
    }


def read_results(path: str | Path) -> Results:
    """Read what `write_results` wrote.

    Raises
    ------
    StorageError
        If the file is missing, cut off, of a newer schema, or holds fields of another kind; every
        field of every claim is looked at.
    """
    content = _content(Path(path))
    records = checked_records(content["claims"], path)
    for record in records:
        if content["schema"] < 3:
            _forget_pvalues(record)
        for known in record.calibration:
            if "worlds" in known:  # as it was called until 2026-11
                known["simulations"] = known.pop("worlds")
    return Results(records, content["environment"])


def _forget_pvalues(record: Record) -> None:
    """Remove p-values that answer another question than those of today."""
    record.pvalue = None
    record.parts = [{**part, "pvalue": None} for part in record.parts]


def _content(path: Path) -> dict[str, Any]:
    try:
        content = parsed(read(path, MOST_JSON), path)
    except FileNotFoundError as error:
        raise StorageError(
            f"{path}: expected the results of a run, received no file; run the claims first"
        ) from error
    except StorageError as error:
        raise StorageError(f"{error}; run the claims again") from error
    schema = content.get("schema") if isinstance(content, dict) else None
    if not isinstance(schema, int) or schema < 1:
        raise StorageError(f"{path}: expected a results file with a schema, received {schema!r}")
    if schema > SCHEMA:
        raise StorageError(
            f"{path}: expected schema {SCHEMA} or older, received schema {schema}; "
            "a newer aelatent wrote this file and can read it"
        )
    if missing := _KEYS - content.keys():
        raise StorageError(f"{path}: expected the keys {sorted(_KEYS)}, missing {sorted(missing)}")
    if not isinstance(content["environment"], dict):
        raise StorageError(f"{path}: expected environment to map names to values")
    return dict(content)


def _plain(value: Any, where: str) -> Any:
    """Return `value` with tuples as lists, refusing what JSON cannot hold."""
    if isinstance(value, str):
        # Tracebacks quote file names, and those may hold bytes that are no text.
        return value.encode("utf-8", errors="backslashreplace").decode()
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError(f"{where}: expected a finite number, received {value}")
        return float(value)
    if isinstance(value, list | tuple):
        return [_plain(item, f"{where}[{index}]") for index, item in enumerate(value)]
    if isinstance(value, Mapping):
        return {str(key): _plain(item, f"{where}.{key}") for key, item in value.items()}
    raise ValueError(
        f"{where}: expected a number, text, list or mapping, received {type(value).__name__}"
    )
