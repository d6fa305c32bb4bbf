"""The numbers of a claim's plots as CSV: a line for each training."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from aelatent.inference.record import Record

COLUMNS = (
    "claim",
    "test",
    "model",
    "control",
    "part",
    "unit",
    "training",
    "value",
    "effect",
    "low",
    "high",
    "verdict",
)


def measurements(records: Iterable[Record]) -> str:
    """Return the values of every training with the effect and interval that they led to.

    Examples
    --------
    >>> part = {"effect": 1.5, "interval": [1.0, 2.0], "unit": "ratio", "outcome": "supported"}
    >>> part |= {"per_replicate": [1.25, 1.75]}
    >>> record = Record("B-08", "test_x[ae]", "", "", "ae", "supported", "", parts=[part])
    >>> print(measurements([record]).splitlines()[2])
    B-08,test_x[ae],ae,no,1,ratio,2,1.75,1.5,1,2,supported
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(COLUMNS)
    for record in records:
        writer.writerows(_lines(record))
    return buffer.getvalue()


def _lines(record: Record) -> Iterator[list[object]]:
    about = [record.id, record.name, record.model, "yes" if record.control else "no"]
    for number, part in enumerate(record.parts, start=1):
        came = [_short(number) for number in (part["effect"], *part["interval"])]
        for training, value in enumerate(part["per_replicate"], start=1):
            yield [*about, number, part["unit"], training, _short(value), *came, part["outcome"]]


def _short(value: float) -> str:
    return f"{value:.6g}"  # results.json has all digits
