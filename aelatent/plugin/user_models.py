"""Claims about a user's model: what applies to it runs; an audit expects nothing of it."""

from __future__ import annotations

import contextlib
import hashlib
import inspect
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from aelatent.plugin.marker import claim_marker
from aelatent.plugin.state import (
    CONTROL,
    MEASURED,
    RECORD,
    VERDICTS,
    measured,
    own_subjects,
    packaged_claim,
    subject_of,
)

if TYPE_CHECKING:
    import numpy as np

    from aelatent.audit.adapter import AuditedModel
    from aelatent.judges.registry import ImageJudge
    from aelatent.zoo import FixtureModel


def describe_capabilities(names: Collection[str]) -> str:
    """Return what a model needs for some capabilities, as text."""
    from aelatent.zoo.capabilities import meaning

    return "; ".join(meaning(name) for name in sorted(names))


def require(subject: AuditedModel, needs: Collection[str]) -> None:
    """Skip a claim if the model lacks something that it needs.

    Parameters
    ----------
    subject : AuditedModel
        The user's model.
    needs : collection of str
        The capabilities that the claim needs.

    Raises
    ------
    pytest.skip.Exception
        If the model lacks one of them.
    """
    if lacking := set(needs) - subject.description.capabilities:
        pytest.skip(f"needs {describe_capabilities(lacking)}")


def audit_cases(config: pytest.Config, needs: set[str]) -> list[Any]:
    """Return the audited model as the only case of a claim.

    Parameters
    ----------
    config : Config
    needs : set of str
        The capabilities that the claim needs.

    Returns
    -------
    list of pytest.param
        One, to be skipped if the model lacks one of the capabilities.
    """
    subject = subject_of(config)
    lacking = needs - subject.description.capabilities
    reason = f"needs {describe_capabilities(lacking)}"
    marks = [pytest.mark.skip(reason=reason)] if lacking else []
    return [pytest.param(subject.subject_name, marks=marks)]


def select_claims(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave an audit the claims about one model, or those of them that are asked for.

    Controls are left out: they vouch for a check, and have done so on models and clouds made for
    that.

    Parameters
    ----------
    config : Config
    items : list of Item
        The collected items; changed in place.
    """
    asked = set(config.getoption("--aelatent-claim") or ())
    kept: list[pytest.Item] = []
    left: list[pytest.Item] = []
    for item in items:
        marker = claim_marker(item)
        about = "model" in getattr(item, "fixturenames", ()) and not item.name.startswith(CONTROL)
        chosen = marker is not None and about and (not asked or marker.args[0] in asked)
        (kept if chosen else left).append(item)
    items[:] = kept
    config.hook.pytest_deselected(items=left)


def downgrade_errors(
    item: pytest.Item, report: pytest.TestReport, call: pytest.CallInfo[None]
) -> None:
    """Turn what cannot be measured on a user's model into a skip; an audit fails on no verdict.

    Statistics refuse what they cannot answer, constant components for instance, with a ValueError
    that says so; of a model that nobody has seen before this is no fault of the check. That goes
    for packaged claims; in a user's own claim it is an error.

    Parameters
    ----------
    item : Item
        A claim about a user's model.
    report : TestReport
        Changed in place.
    call : CallInfo
    """
    auditing = bool(item.config.getoption("--aelatent-subject"))
    error = call.excinfo.value if call.excinfo else None
    if isinstance(error, tuple(VERDICTS.values())):
        report.outcome = "passed" if auditing else report.outcome
    elif reason := _inapplicable(error, packaged=auditing or packaged_claim(item) is not None):
        report.outcome = "skipped"
        report.longrepr = ("", 0, reason)


def _inapplicable(error: BaseException | None, *, packaged: bool) -> str:
    """Return why a claim does not apply to a model; empty where the error is none of that kind."""
    from aelatent.audit.adapter import Lacking
    from aelatent.inference.estimates import InsufficientEvidence
    from aelatent.samplers.distributions import SamplingError
    from aelatent.zoo.replicate import MissingWeights

    if isinstance(error, (Lacking, MissingWeights)):
        return f"needs {error}"
    if isinstance(error, (InsufficientEvidence, SamplingError)):
        return f"too little to go by: {error}"
    if packaged and isinstance(error, ValueError):
        return f"cannot be measured on this model: {error}"
    return ""


def is_about_user_model(item: pytest.Item) -> bool:
    """Tell whether an item is about a model of the user's, not about a fixture model."""
    audited = bool(item.config.getoption("--aelatent-subject"))
    return audited or packaged_claim(item) is not None or _file(item) is not None


def image_errors(item: pytest.Item) -> contextlib.AbstractContextManager[None]:
    """Return the context in which a claim's replicates are estimated.

    The replicates of a single training are parts of its images and share no error of the images.
    """
    from aelatent.inference.estimates import independent_images

    return contextlib.nullcontext() if _single(item) is None else independent_images()


def call(item: pytest.Function) -> bool | None:
    """Call the function of a claim about a user's model, a second time where it saw no spread.

    A statistic of the moments of all codes, or of the decoder, is the same in all parts of the
    images of a single training. The claim is then run on samples of a jackknife, each without one
    part of the images, which show how far the statistic depends on these images.

    Returns
    -------
    bool or None
        True if it was called; None leaves that to pytest.
    """
    __tracebackhide__ = True
    subject = _single(item) if "model" in item.funcargs else None
    if subject is None:
        return None
    from aelatent.inference.estimates import NoSpread, left_out_images

    names = inspect.signature(item.obj).parameters
    arguments = {name: item.funcargs[name] for name in names}
    try:
        item.obj(**arguments)
    except NoSpread:
        item.stash[RECORD].clear_figures()
        again = {"model": subject.left_out, "rng": generator_of(item)}
        with left_out_images():
            item.obj(**{name: again.get(name, value) for name, value in arguments.items()})
    return True


def generator_of(item: pytest.Item) -> np.random.Generator:
    """Return a random generator seeded from the test's name.

    For a packaged claim on a user's model it is the name of the claim, so that a test of the user's
    comes to the verdict of the audit.
    """
    import numpy as np

    from aelatent.plugin.items import case_of

    own = item.name
    if claim := packaged_claim(item):
        own = claim.name
    elif item.config.getoption("--aelatent-subject"):
        case = case_of(item)
        own = item.name.partition("[")[0] + (f"[{case}]" if case else "")
    name = hashlib.sha256(own.encode()).digest()
    return np.random.default_rng(list(name[:16]))


def _single(item: pytest.Item) -> AuditedModel | None:
    """Return the user's model that a claim is about, if it was trained once."""
    if not is_about_user_model(item):
        return None
    claim = packaged_claim(item)
    file = claim.subject if claim else _file(item)
    subject = measured(item.config, file) if file else subject_of(item.config)
    return subject if len(subject.measured.trainings) == 1 else None


def skip_if_lacking(item: pytest.Item) -> None:
    """Skip a claim about a model of the user's that lacks what the claim needs."""
    file = _file(item)
    marker = claim_marker(item)
    if file is not None and marker is not None:
        require(measured(item.config, file), frozenset(marker.kwargs.get("needs", "").split()))


def image_judge_of(config: pytest.Config, model: FixtureModel) -> ImageJudge | None:
    """Return the image judge of a user's model.

    Parameters
    ----------
    config : Config
    model : FixtureModel

    Returns
    -------
    ImageJudge or None
        None for a model that was not measured in this session.
    """
    for subject in config.stash.get(MEASURED, {}).values():
        if any(model is each for each in (subject.whole, vars(subject).get("left_out"))):
            return subject.image_judge()
    return None


def _file(item: pytest.Item) -> Path | None:
    """Return the description of the model that a claim's parameter names, if it is the user's."""
    callspec = getattr(item, "callspec", None)
    name = callspec.params.get("model") if callspec else None
    return own_subjects(item.config).get(name) if name else None
