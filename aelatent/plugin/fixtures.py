"""The fixtures of claims."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest

from aelatent.inference.rules import Rule, verdict
from aelatent.plugin.items import check_docstring, slug
from aelatent.plugin.limits import assign_gpu, limit_layers_to_one_thread
from aelatent.plugin.marker import is_asked_for
from aelatent.plugin.state import (
    HELD,
    RECORD,
    VERDICTS,
    collection_of,
    measured,
    own_subjects,
    partial_of,
    subject_of,
)
from aelatent.plugin.user_models import generator_of, image_judge_of

if TYPE_CHECKING:
    import numpy as np
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from aelatent.inference.estimates import Evidence
    from aelatent.judges.registry import ImageJudge
    from aelatent.zoo import FixtureModel

AddFigure = Callable[..., None]


@pytest.fixture(scope="session")
def models(pytestconfig: pytest.Config) -> Callable[[str], FixtureModel]:
    """Return a function from the name of a fixture model to the model, read once a session."""
    from aelatent.plugin import recorded_results
    from aelatent.zoo import FixtureModel

    limit_layers_to_one_thread()
    assign_gpu(pytestconfig)
    if pytestconfig.getoption("--aelatent-subject"):
        return lambda _: subject_of(pytestconfig).whole
    collection = collection_of(pytestconfig)
    own = own_subjects(pytestconfig)
    loaded: dict[str, FixtureModel] = {}

    def load(name: str) -> FixtureModel:
        if name in own:
            return measured(pytestconfig, own[name]).whole
        if name not in loaded:
            if not collection.expected(name):
                if not recorded_results.path(collection, name).exists():
                    pytest.skip(recorded_results.unstored(name))
                return FixtureModel(collection.specification(name), ())
            _check_keras()
            loaded[name] = collection.model(name)
        return loaded[name]

    return load


def _check_keras() -> None:
    """End a run of claims on fixture models, which are Keras models, where Keras is missing."""
    from aelatent.runtime.quiet_keras import MissingKeras, check_keras

    try:
        check_keras()
    except MissingKeras as error:
        pytest.exit(str(error), returncode=pytest.ExitCode.USAGE_ERROR)


@pytest.fixture(scope="session")
def model(request: pytest.FixtureRequest, models: Callable[[str], FixtureModel]) -> FixtureModel:
    """Return the fixture model that this run of the claim is about."""
    if not hasattr(request, "param"):
        _only_in_claims("model")
    return models(request.param)


@pytest.fixture(scope="session")
def image_judge(pytestconfig: pytest.Config) -> Callable[[FixtureModel], ImageJudge]:
    """Return a function from a model to the judge of its images, made once a session."""
    from aelatent.judges import registry

    if pytestconfig.getoption("--aelatent-subject"):
        return lambda _: subject_of(pytestconfig).image_judge()
    collection = collection_of(pytestconfig)
    made: dict[str, ImageJudge] = {}

    def find(model: FixtureModel) -> ImageJudge:
        own = image_judge_of(pytestconfig, model)
        if own is not None:
            return own
        name = model.specification.judge
        if name is None:
            pytest.skip(f"{model.name} has no judge of its images")
        if name not in made:
            made[name] = registry.image_judge(name, collection)
        return made[name]

    return find


@pytest.fixture(scope="session")
def originals(pytestconfig: pytest.Config) -> Callable[[FixtureModel], NDArray[np.uint8]]:
    """Return a function from a fixture model to the held-out images whose codes it keeps.

    They are not stored with the model. Where the image set is not on this machine, or the model is
    a user's, the claim is not applicable.
    """
    from aelatent.data.images import MissingData
    from aelatent.zoo.originals import held_out_originals

    loaded: dict[str, NDArray[np.uint8]] = {}

    def load(model: FixtureModel) -> NDArray[np.uint8]:
        if pytestconfig.getoption("--aelatent-subject") or model.name in own_subjects(pytestconfig):
            pytest.skip("needs a fixture model, whose images can be loaded again")
        if model.name not in loaded:
            try:
                loaded[model.name] = held_out_originals(model.specification)
            except MissingData as error:
                pytest.skip(f"needs the images of {model.name}: {error}")
        return loaded[model.name]

    return load


@pytest.fixture
def rng(request: pytest.FixtureRequest) -> np.random.Generator:
    """Return a random generator seeded from the test's name."""
    if not is_asked_for(request.node):
        _only_in_claims("rng")
    return generator_of(request.node)


@pytest.fixture
def decide(request: pytest.FixtureRequest) -> Callable[..., None]:
    """Return the function that applies rules to evidence, records the verdict and raises it.

    It takes the evidence (or a sequence of evidence) and the rule (or as many rules), and draws
    them for the report. It fails where the claim's docstring lacks a heading or does not state the
    rule word for word. Any verdict but "supported" is raised, as `Refuted` or `Inconclusive`.
    Evidence with readings of a judge is decided at each; where they differ, it is inconclusive.
    """
    item = request.node
    if RECORD not in item.stash:
        _only_in_claims("decide")

    def apply(evidence: Evidence | Sequence[Evidence], rule: Rule | Sequence[Rule]) -> None:
        __tracebackhide__ = True
        result = verdict(evidence, rule)
        record = item.stash[RECORD]
        if not record.control:
            check_docstring(item, record, result.sentences())
        record.include(result)
        if result.outcome in VERDICTS:
            raise VERDICTS[result.outcome](record.finding())

    return apply


@pytest.fixture
def add_figure(request: pytest.FixtureRequest) -> AddFigure:
    """Return the function that writes a figure for the report.

    It takes a Matplotlib figure and its alternative text. Those of a control are written only if it
    fails: of one that passed a line says enough, and drawing takes time.
    """
    item = request.node
    if RECORD not in item.stash:
        _only_in_claims("add_figure")
    folder = partial_of(request.config)

    def write(figure: Figure, alternative: str) -> None:
        from aelatent import figures

        record = item.stash[RECORD]
        number, suffix = len(record.figures) + 1, figures.format_of(figure)
        path = Path("figures") / f"{slug(item)}-figure-{number}.{suffix}"
        figures.write(figure, folder / path)
        record.add_figure(path.as_posix(), f"{alternative} {figure.get_label()}".strip())

    def hold(figure: Figure, alternative: str) -> None:
        item.stash.setdefault(HELD, []).append(partial(write, figure, alternative))

    return hold if item.stash[RECORD].control else write


@pytest.fixture
def judge(decide: Callable[..., None]) -> Callable[..., None]:
    """Return `decide` under its old name, which goes with the next release."""
    _renamed("judge", "decide")
    return decide


@pytest.fixture
def draw(add_figure: AddFigure) -> AddFigure:
    """Return `add_figure` under its old name, which goes with the next release."""
    _renamed("draw", "add_figure")
    return add_figure


@pytest.fixture
def recognise(
    image_judge: Callable[[FixtureModel], ImageJudge],
) -> Callable[[FixtureModel], ImageJudge]:
    """Return `image_judge` under its old name, which goes with the next release."""
    _renamed("recognise", "image_judge")
    return image_judge


def _renamed(old: str, new: str) -> None:
    warnings.warn(f"the fixture {old!r} is now {new!r}", DeprecationWarning, stacklevel=2)


def _only_in_claims(name: str) -> NoReturn:
    """Fail a test that asks for a fixture of this plugin and is no claim."""
    pytest.fail(
        f"the fixture {name!r} is that of aelatent: expected a test under "
        f'@pytest.mark.claim("ID"), or a fixture {name!r} of your own in conftest.py',
        pytrace=False,
    )
