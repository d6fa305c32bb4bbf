"""Claims put to a model of the user's: what applies to it runs, and nothing is expected of it."""

from __future__ import annotations

from typing import Any

import pytest

from aelatent.plugin.state import CONTROL, subject_of

WORDS = {
    "faces": "a decoder and a judge of its images, of at most 2,048 latent dimensions",
    "digits": "digits, and `judge: digits`",
    "mnist": "the images of MNIST",
    "vae": "an encoder that gives means and log-variances",
    "autoencoder": "an encoder that gives codes without log-variances",
    "covariance": "codes, four times as many as latent dimensions, and no more than 2,048 of these",
    "wide": "sixteen latent dimensions or more",
    "plane": "two latent dimensions",
    "train_codes": "to know which images it was trained on",
    "counterpart": "a second model to be held against",
    "trained": "a trained model",
    "untrained": "the networks as they were before training",
}


def cases(config: pytest.Config, needs: set[str]) -> list[Any]:
    """Return the subject as the only case of a claim, to be skipped if it lacks something."""
    found = subject_of(config)
    lacking = sorted(needs - found.description.capabilities)
    marks = [pytest.mark.skip(reason=f"needs {words(lacking)}")] if lacking else []
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


def forgive(report: pytest.TestReport, call: pytest.CallInfo[None], *, auditing: bool) -> None:
    """Make what cannot be measured on this model not applicable; and in an audit let verdicts be.

    An audit expects nothing, so that no verdict is a failure there.
    """
    from aelatent.audit.subjects import Lacking
    from aelatent.fixtures.replicate import MissingWeights
    from aelatent.inference import InsufficientEvidence
    from aelatent.plugin.state import Inconclusive, Refuted
    from aelatent.sampling import SamplingError

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


def words(lacking: list[str]) -> str:
    """Say in words which capabilities are lacking."""
    return "; ".join(WORDS.get(word, word) for word in lacking)
