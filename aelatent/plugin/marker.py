"""The marker `claim`, which other projects use for things of their own."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

from aelatent.inference.headings import HEADINGS, sections

ASKED = pytest.StashKey[bool]()  # whether the project's settings or options name this plugin


def claim_marker(item: pytest.Item) -> pytest.Mark | None:
    """Return the marker of a claim; None for other tests, marked `claim` by another project too."""
    marker = item.get_closest_marker("claim")
    if marker is None or not (marker.kwargs.get("packaged") or is_asked_for(item)):
        return None
    return marker


def is_asked_for(item: pytest.Item) -> bool:
    """Tell whether a test means this plugin.

    It does where the project's settings or the options name it, where the test asks for `decide`,
    where its module imports aelatent, or where its docstring has the headings of a claim.
    """
    if item.config.stash.get(ASKED, False) or "decide" in getattr(item, "fixturenames", ()):
        return True
    module = getattr(item, "module", None)
    if module is not None and any(map(_is_ours, vars(module).values())):
        return True
    text = getattr(getattr(item, "function", None), "__doc__", None) or ""
    return bool(set(HEADINGS) & set(sections(text)))


def _is_ours(value: Any) -> bool:
    name = value.__name__ if isinstance(value, ModuleType) else getattr(value, "__module__", "")
    return isinstance(name, str) and name.partition(".")[0] == "aelatent"
