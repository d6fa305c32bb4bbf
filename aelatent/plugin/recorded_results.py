"""Results on models that are too large to be stored, as another machine found them.

`fixtures/<model>/recorded.json` is a results file of claims about that model. Where the model's own
replicates are missing its claims repeat these verdicts, labelled with hardware, date and commit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from aelatent.inference.record import Record
from aelatent.plugin.items import models, open_record
from aelatent.plugin.state import collection_of
from aelatent.report import read_results, write_results
from aelatent.zoo import Collection

FILE = "recorded.json"


def path(collection: Collection, model: str) -> Path:
    """Return the file of a model's recorded results.

    Parameters
    ----------
    collection : Collection
    model : str
        Its name.

    Returns
    -------
    Path
    """
    return collection.home(model) / FILE


def find(item: pytest.Item) -> Record | None:
    """Return the recorded result of a claim on a model whose replicates are not stored.

    Its source is named as the claim names it now.

    Raises
    ------
    pytest.skip.Exception
        If there is such a model and nothing was recorded.
    """
    collection = collection_of(item.config)
    for name in models(item):
        if not collection.expected(name):
            record = read(collection, name, item.name) or pytest.skip(unstored(name))
            now = open_record(item, "", "")
            cited = {name: text for name, text in now.sections.items() if name == "Source"}
            return replace(record, source=now.source, sections={**record.sections, **cited})
    return None


def unstored(name: str) -> str:
    """Return why a claim on a model is skipped, and what to do about it."""
    return (
        f"{name}: its specification says that replicates are not stored. "
        f"Make them with: aelatent train {name}"
    )


def read(collection: Collection, model: str, name: str) -> Record | None:
    """Return the recorded result of a claim on a model.

    Figures are not recorded.

    Parameters
    ----------
    collection : Collection
    model : str
    name : str
        Name of the test.

    Returns
    -------
    Record or None
        Labelled with hardware, date and commit; None if nothing was recorded.

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
    """Return where, when and from which commit results were recorded.

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
    """Write the records of models whose specifications store no replicates.

    Only verdicts are kept: what was skipped or crashed is not a result.

    Parameters
    ----------
    collection : Collection
    records : iterable of Record
    environment : mapping of str to object
        Hardware, date and commit of the run.

    Returns
    -------
    list of Path
        The files, one a model.
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
