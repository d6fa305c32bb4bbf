"""Claims are selected by their identifiers: `-k B-08`, or `--aelatent-claim B-08`."""

from __future__ import annotations

import difflib

import pytest

from aelatent.plugin.marker import claim_marker


def name_by_identifier(item: pytest.Item) -> None:
    """Let `-k` find a claim by its identifier."""
    if (marker := claim_marker(item)) is not None and marker.args:
        item.extra_keyword_matches.add(str(marker.args[0]))


def keep_asked(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the claims and controls of the identifiers that were asked for, if any were.

    Parameters
    ----------
    config : Config
    items : list of Item
        The collected items; changed in place.

    Raises
    ------
    pytest.UsageError
        If no collected claim has such an identifier.
    """
    asked = set(config.getoption("--aelatent-claim") or ())
    if not asked:
        return
    named = [(item, marker.args[0] if (marker := claim_marker(item)) else "") for item in items]
    known = {name for _, name in named if name}
    if unknown := sorted(asked - known):
        near = difflib.get_close_matches(unknown[0].upper(), known, 3)
        hint = f"; did you mean {' or '.join(near)}?" if near else ""
        raise pytest.UsageError(
            f"--aelatent-claim: expected a claim among those collected, received {unknown[0]}{hint}"
        )
    left = [item for item, name in named if name not in asked]
    items[:] = [item for item, name in named if name in asked]
    config.hook.pytest_deselected(items=left)
