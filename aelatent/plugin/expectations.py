"""What is expected of a test item: by an `expect` mark, or by the file of expected verdicts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from aelatent.inference.rules import Outcome
from aelatent.plugin.items import case_of, models
from aelatent.plugin.state import UNDEFINED_REPORTED, VERDICTS, expected_of

if TYPE_CHECKING:
    from aelatent.plugin.expected_verdicts import Check, ExpectedVerdicts


def expectation(item: pytest.Item) -> tuple[str, str]:
    """Return the expected outcome of an item and the reason, which anything but support needs.

    An `expect` mark gives it, or the project's file of expected verdicts, which may say that it is
    unsettled. Of a user's model nothing is expected.
    """
    if item.config.getoption("--aelatent-subject"):
        return "", ""
    verdicts = expected_of(item.config)
    entry = verdicts.of(check_of(item)) if verdicts else None
    listed = (entry.verdict, entry.because) if entry else (Outcome.SUPPORTED, "")
    return marked(item) or listed


def marked(item: pytest.Item) -> tuple[str, str] | None:
    """Return the outcome and the reason of the nearest `expect` mark about the item's models."""
    for marker in item.iter_markers("expect"):
        wanted = marker.kwargs.get("model")
        if wanted is None or set(models(item)) & set(wanted.split()):
            (outcome,) = marker.args
            # Support is what is expected anyway, but for one model of a claim that others refute.
            allowed = [*VERDICTS, *([Outcome.SUPPORTED] if wanted else [])]
            if outcome not in allowed:
                raise pytest.UsageError(
                    f"{item.nodeid}: expected one of {[*map(str, allowed)]} in `expect`, "
                    f"received {outcome!r}"
                )
            return outcome, marker.kwargs["because"]
    return None


def check_of(item: pytest.Item) -> Check:
    """Return what tells an item from the other items of the project's claims."""
    from aelatent.plugin.expected_verdicts import Check

    name = getattr(item, "originalname", None) or item.name
    return Check(name, frozenset(models(item)), case_of(item))


def expectation_faults(collector: pytest.Collector, claims: list[pytest.Item]) -> list[str]:
    """Return what is wrong with the project's expected verdicts on the claims of a file.

    Fixture models from elsewhere (`--aelatent-fixtures`) need not be those that the file names.

    Parameters
    ----------
    collector : Collector
        The file, or a class of tests.
    claims : list of Item
        All claims in it, also those that are deselected later.

    Returns
    -------
    list of str
        A sentence a fault; empty where nothing is wrong, or there is no file of expected verdicts.
    """
    from aelatent.plugin.expected_verdicts import ExpectedVerdictsError

    config = collector.config
    try:
        verdicts = expected_of(config)
    except ExpectedVerdictsError as error:
        faults = str(error).splitlines()
    else:
        if verdicts is None or config.getoption("--aelatent-fixtures"):
            return []
        faults = [*_undefined(config, verdicts), *_mismatches(collector, claims, verdicts)]
    return [f"{config.getini('aelatent_expected')}: {fault}" for fault in faults]


def _undefined(config: pytest.Config, verdicts: ExpectedVerdicts) -> Iterator[str]:
    """Yield, once a session, the claims with entries that no file defines."""
    if UNDEFINED_REPORTED not in config.stash:
        config.stash[UNDEFINED_REPORTED] = True
        for name in verdicts.undefined(config.getini("norecursedirs")):
            yield f"{name}: expected a claim of this name, found none"


def _mismatches(
    collector: pytest.Collector, claims: list[pytest.Item], verdicts: ExpectedVerdicts
) -> Iterator[str]:
    """Yield the faults of the entries on functions of a file, and on claims that have a mark."""
    checks = [check_of(item) for item in claims]
    for name in sorted(verdicts.entries.keys() & {*dir(getattr(collector, "obj", None))}):
        mine = [check for check in checks if check.function == name]
        yield from verdicts.mismatches(name, mine)
    for item, check in zip(claims, checks, strict=True):
        if verdicts.of(check) and marked(item):
            yield f"{item.name}: expected this entry or an `expect` mark, found both"
