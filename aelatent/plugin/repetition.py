"""Verdicts that need no new work: recorded elsewhere, or remembered from an unchanged run."""

from __future__ import annotations

import pytest

from aelatent.inference.rules import Record
from aelatent.plugin.items import models
from aelatent.plugin.state import ARCHIVE, KEY, REPEAT, collection_of


def recorded(item: pytest.Function) -> Record | None:
    """Return what was recorded elsewhere of a model whose replicates are not stored."""
    from aelatent.plugin import recorded_results

    collection = collection_of(item.config)
    for name in models(item):
        if not collection.expected(name):
            return recorded_results.find(collection, name, item.name) or pytest.skip(unstored(name))
    return None


def unstored(name: str) -> str:
    """Say why a claim on a model is skipped, and what to do about it."""
    return (
        f"{name}: its specification says that replicates are not stored. "
        f"Make them with: aelatent train {name}"
    )


def remembered(pyfuncitem: pytest.Function) -> Record | None:
    """Return the record of the same claim from a run since which nothing has changed."""
    if pyfuncitem.config.getoption("--aelatent-fresh"):
        return None
    archive = pyfuncitem.config.stash[ARCHIVE]
    files = [pyfuncitem.path, *(folder / "conftest.py" for folder in pyfuncitem.path.parents)]
    key = archive.key(pyfuncitem.name, [file for file in files if file.exists()])
    pyfuncitem.stash[KEY] = key
    known = archive.recall(key)
    if known is not None:
        pyfuncitem.user_properties.append((REPEAT, True))
    return known
