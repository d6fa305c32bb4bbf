"""Results of models too large to be trained or stored here, as a machine that can had them.

`fixtures/<model>/recorded.json` is a results file of claims about that model. Where the model's own
replicates are missing its claims repeat these verdicts, labelled with hardware, date and commit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from aelatent.inference.rules import Record
from aelatent.report import read_results, write_results
from aelatent.zoo import Collection

FILE = "recorded.json"


def path(collection: Collection, model: str) -> Path:
    """Return where the recorded results of a model lie."""
    return collection.home(model) / FILE


def find(collection: Collection, model: str, name: str) -> Record | None:
    """Return what was recorded of the claim `name` on `model`, labelled; None if nothing was.

    Figures stay behind where they were made.

    Raises
    ------
    StorageError
        If the file is there but damaged.
    """
    file = path(collection, model)
    if not file.exists():
        return None
    results = read_results(file)
    for record in results.records:
        if record.name == name:
            return replace(record, figures=[], alternatives=[], recorded=label(results.environment))
    return None


def label(environment: Mapping[str, Any]) -> str:
    """Say where, when and from which commit results were recorded.

    Examples
    --------
    >>> label({"hardware": {"processor": "A CPU", "accelerator": "A GPU"}, "date": "2026-01-02",
    ...        "commit": "abc"})
    'on A GPU, 2026-01-02, commit abc'
    """
    hardware = environment.get("hardware", {})
    machine = hardware.get("accelerator") or hardware.get("processor", "unknown hardware")
    date, commit = (environment.get(key, "unknown") for key in ("date", "commit"))
    return f"on {machine}, {date}, commit {commit}"


def keep(
    collection: Collection, records: Iterable[Record], environment: Mapping[str, Any]
) -> list[Path]:
    """Write the records of models whose specifications store no replicates; return the files.

    Only verdicts are kept: what was skipped or crashed is not a result.
    """
    records = [r for r in records if r.parts and not r.recorded and len(r.models) == 1]
    names = {r.models[0] for r in records}
    written = []
    for name in sorted(names):
        if not collection.specification(name).store.replicates:
            mine = [r for r in records if r.models == [name]]
            write_results(mine, environment, path(collection, name))
            written.append(path(collection, name))
    return written
