"""Claims put to a model of the user's: what applies to it runs, and nothing is expected of it."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from aelatent.plugin import packaged
from aelatent.plugin.state import CONTROL, MEASURED, measured, own_subjects, subject_of
from aelatent.plugin.words import lacking_words, require

if TYPE_CHECKING:
    from aelatent.judges.registry import ImageJudge
    from aelatent.zoo import FixtureModel


def cases(config: pytest.Config, needs: set[str]) -> list[Any]:
    """Return the subject as the only case of a claim, to be skipped if it lacks something."""
    found = subject_of(config)
    lacking = sorted(needs - found.description.capabilities)
    marks = [pytest.mark.skip(reason=f"needs {lacking_words(lacking)}")] if lacking else []
    return [pytest.param(found.subject_name, marks=marks)]


def select(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the claims about one model, those that are asked for, and no controls.

    Controls vouch for a check, and have done so on models and clouds made for that.
    """
    asked = set(config.getoption("--aelatent-claim") or ())
    kept: list[pytest.Item] = []
    left: list[pytest.Item] = []
    for item in items:
        marker = item.get_closest_marker("claim")
        about = "model" in getattr(item, "fixturenames", ()) and not item.name.startswith(CONTROL)
        chosen = marker is not None and about and (not asked or marker.args[0] in asked)
        (kept if chosen else left).append(item)
    items[:] = kept
    config.hook.pytest_deselected(items=left)


def forgive(
    report: pytest.TestReport, call: pytest.CallInfo[None], *, auditing: bool, ours: bool
) -> None:
    """Make what cannot be measured on this model not applicable; and in an audit let verdicts be.

    An audit expects nothing, so that no verdict is a failure there. Statistics refuse what they
    cannot answer, constant components for instance, with a ValueError that says so; of a model that
    nobody has seen before this is no fault of the check. That goes for packaged claims (`ours`);
    in a user's own claim it is an error.
    """
    from aelatent.audit.subjects import Lacking
    from aelatent.inference.estimates import InsufficientEvidence
    from aelatent.plugin.state import Inconclusive, Refuted
    from aelatent.samplers.ladder import SamplingError
    from aelatent.zoo.replicate import MissingWeights

    if call.excinfo is None:
        return
    if call.excinfo.errisinstance((Refuted, Inconclusive)):
        report.outcome = "passed" if auditing else report.outcome
    elif call.excinfo.errisinstance((Lacking, MissingWeights)):
        report.outcome = "skipped"
        report.longrepr = ("", 0, f"needs {call.excinfo.value}")
    elif call.excinfo.errisinstance((InsufficientEvidence, SamplingError)):
        report.outcome = "skipped"
        report.longrepr = ("", 0, f"too little to go by: {call.excinfo.value}")
    elif ours and call.excinfo.errisinstance(ValueError):
        report.outcome = "skipped"
        report.longrepr = ("", 0, f"cannot be measured on this model: {call.excinfo.value}")


def concerns(item: pytest.Item) -> bool:
    """Tell whether an item is about a model of the user's, not about a fixture model."""
    audited = bool(item.config.getoption("--aelatent-subject"))
    return audited or packaged.of(item) is not None or _file(item) is not None


def packages(item: pytest.Item) -> bool:
    """Tell whether an item runs a packaged claim in a test of the user's."""
    return packaged.of(item) is not None


def images(item: pytest.Item) -> contextlib.AbstractContextManager[None]:
    """Return how replicates are weighed: those of a single training show parts of its images."""
    if not concerns(item):
        return contextlib.nullcontext()
    from aelatent.inference.estimates import independent_images

    claim = packaged.of(item)
    file = claim.subject if claim else _file(item)
    subject = measured(item.config, file) if file else subject_of(item.config)
    return contextlib.nullcontext() if len(subject.measured.trainings) > 1 else independent_images()


def prepare(item: pytest.Item) -> None:
    """Skip a claim about a model of the user's that lacks what the claim needs."""
    file = _file(item)
    marker = item.get_closest_marker("claim")
    if file is not None and marker is not None:
        require(measured(item.config, file), frozenset(marker.kwargs.get("needs", "").split()))


def image_judge_of(config: pytest.Config, model: FixtureModel) -> ImageJudge | None:
    """Return the judge of a user's model that was measured; None for any other model."""
    for subject in config.stash.get(MEASURED, {}).values():
        if subject.whole is model:
            return subject.image_judge()
    return None


def _file(item: pytest.Item) -> Path | None:
    """Return the description of the model that a claim's parameter names, if it is the user's."""
    callspec = getattr(item, "callspec", None)
    name = callspec.params.get("model") if callspec else None
    return own_subjects(item.config).get(name) if name else None
