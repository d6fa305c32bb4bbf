"""The pytest plugin: the only module that imports pytest.

It does nothing in a project whose tests carry no `claim` marker. Whatever takes long to import is
imported where it is used, since pytest loads this module in every project of the environment.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
from collections.abc import Callable, Generator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from aelatent.docstring import HEADINGS, sections
from aelatent.memory import Memory
from aelatent.replay import Archive
from aelatent.verdicts import Outcome, Record, Rule, verdict

if TYPE_CHECKING:
    import numpy as np
    from matplotlib.figure import Figure

    from aelatent.fixtures import Collection, FixtureModel
    from aelatent.inference import Evidence
    from aelatent.judges.bench import Examiner

RECORD = pytest.StashKey[Record]()
KEY = pytest.StashKey[str]()
REPEATED = pytest.StashKey[bool]()
ARCHIVE = pytest.StashKey[Archive]()
PROPERTY = "aelatent"
REPEAT = "aelatent-repeated"
CONTROL = "test_control_"


class Refuted(AssertionError):
    """The evidence speaks against the claim."""


class Inconclusive(AssertionError):
    """The evidence does not decide the claim."""


VERDICTS: dict[str, type[AssertionError]] = {
    Outcome.REFUTED: Refuted,
    Outcome.INCONCLUSIVE: Inconclusive,
}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the folders of fixture models and of the report as options and ini settings."""
    group = parser.getgroup("aelatent", "claims about latent spaces")
    for name, folder in (("fixtures", "fixture models"), ("report", "the report")):
        group.addoption(f"--aelatent-{name}", metavar="DIR", help=f"folder of {folder}")
    group.addoption(
        "--aelatent-fresh", action="store_true", help="work out every claim, whatever is remembered"
    )
    group.addoption(
        "--aelatent-record",
        action="store_true",
        help="keep the verdicts on models whose replicates are not stored, for other machines",
    )
    parser.addini("aelatent_memory", "folder of what is remembered", default=".aelatent")
    parser.addini("aelatent_fixtures", "folder of fixture models", default="fixtures")
    parser.addini("aelatent_report", "folder of the report", default="reports")
    parser.addini("aelatent_sources", "YAML file: names of sources to their citations", default="")


def pytest_configure(config: pytest.Config) -> None:
    """Register the markers, and what gathers the records of claims."""
    config.pluginmanager.register(Collector(config), "aelatent-collector")
    memory = Memory(config.rootpath / config.getini("aelatent_memory"))
    memory.forget()
    config.stash[ARCHIVE] = Archive(memory, _folder(config, "fixtures"), _folder(config, "report"))
    config.addinivalue_line(
        "markers",
        "claim(id, needs='', compares='', source_value=None): a claim of the catalogue; `needs` "
        "names the capabilities of the fixture models that it runs on, one at a time; `compares` "
        "names the fixture models that it holds against each other",
    )
    config.addinivalue_line(
        "markers",
        "expect(outcome, because, model=None): the verdict that is expected instead of "
        "'supported', and why",
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a claim that asks for `model` on every fixture model with the capabilities it needs."""
    marker = metafunc.definition.get_closest_marker("claim")
    if marker is None or "model" not in metafunc.fixturenames:
        return
    needs = set(marker.kwargs.get("needs", "").split())
    collection = _collection(metafunc.config)
    names = [n for n in collection.names() if needs <= collection.specification(n).capabilities]
    metafunc.parametrize("model", names, indirect=True, scope="session")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Turn expectations into strict xfail marks, so that only the expected verdict is green."""
    for item in items:
        if item.get_closest_marker("claim") is None:
            continue
        outcome, because = _expectation(item)
        if outcome != Outcome.SUPPORTED:
            item.add_marker(
                pytest.mark.xfail(raises=VERDICTS[outcome], strict=True, reason=because)
            )


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Open a record for every claim."""
    if item.get_closest_marker("claim") is not None:
        item.stash[RECORD] = _open_record(item)


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Repeat the verdict of a claim that was worked out elsewhere, or before and is unchanged."""
    __tracebackhide__ = True
    if RECORD not in pyfuncitem.stash:
        return None
    known = _recorded(pyfuncitem) or _remembered(pyfuncitem)
    if known is None:
        return None
    pyfuncitem.stash[RECORD] = known
    pyfuncitem.stash[REPEATED] = True
    if known.outcome in VERDICTS:
        raise VERDICTS[known.outcome](known.finding())
    return True


def _recorded(item: pytest.Function) -> Record | None:
    """Return what was recorded elsewhere of a model whose replicates are not stored."""
    from aelatent import recorded

    collection = _collection(item.config)
    for name in _models(item):
        if not collection.expected(name):
            return recorded.find(collection, name, item.name) or pytest.skip(_unstored(name))
    return None


def _unstored(name: str) -> str:
    return (
        f"{name}: its specification says that replicates are not stored. "
        f"Make them with: aelatent train {name}"
    )


def _remembered(pyfuncitem: pytest.Function) -> Record | None:
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


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Close the record when the claim has run, or when it could not, and send it along."""
    report = yield
    record = item.stash.get(RECORD, None)
    if record is None or call.when == "teardown" or (call.when == "setup" and report.passed):
        return report
    if item.stash.get(REPEATED, False):
        item.user_properties.append((PROPERTY, json.dumps(dataclasses.asdict(record))))
        return report
    record.seconds = round(call.duration, 3)
    if call.excinfo is not None and not call.excinfo.errisinstance((Refuted, Inconclusive)):
        skipped = call.excinfo.errisinstance(pytest.skip.Exception)
        record.outcome = Outcome.NOT_APPLICABLE if skipped else Outcome.ERROR
        record.message = str(call.excinfo.value) if skipped else report.longreprtext
    elif not record.parts:
        record.outcome = Outcome.ERROR
        record.message = f"{item.nodeid} ended without calling `judge`: a claim must be judged"
        report.outcome = "failed"
        report.longrepr = record.message
    if KEY in item.stash and record.outcome in (Outcome.SUPPORTED, *VERDICTS):
        item.config.stash[ARCHIVE].keep(item.stash[KEY], record)
    # Only what the item carries reaches its last report, the one that JUnit files are written from.
    item.user_properties.append((PROPERTY, json.dumps(dataclasses.asdict(record))))
    return report


@pytest.fixture(scope="session")
def models(pytestconfig: pytest.Config) -> Callable[[str], FixtureModel]:
    """Return a function from the name of a fixture model to the model, read once a session."""
    from aelatent import recorded
    from aelatent.fixtures import FixtureModel

    collection = _collection(pytestconfig)
    loaded: dict[str, FixtureModel] = {}

    def load(name: str) -> FixtureModel:
        if name not in loaded:
            if not collection.expected(name):
                if not recorded.path(collection, name).exists():
                    pytest.skip(_unstored(name))
                return FixtureModel(collection.specification(name), ())
            loaded[name] = collection.model(name)
        return loaded[name]

    return load


@pytest.fixture(scope="session")
def model(request: pytest.FixtureRequest, models: Callable[[str], FixtureModel]) -> FixtureModel:
    """Return the fixture model that this run of the claim is about."""
    return models(request.param)


@pytest.fixture(scope="session")
def recognise(pytestconfig: pytest.Config) -> Callable[[FixtureModel], Examiner]:
    """Return a function from a model to the judge of its images, made once a session."""
    from aelatent.judges import bench

    collection = _collection(pytestconfig)
    made: dict[str, Examiner] = {}

    def find(model: FixtureModel) -> Examiner:
        name = model.specification.judge
        if name is None:
            pytest.skip(f"{model.name} has no judge of its images")
        if name not in made:
            made[name] = bench.examiner(name, collection)
        return made[name]

    return find


@pytest.fixture
def rng(request: pytest.FixtureRequest) -> np.random.Generator:
    """Return a random generator seeded from the test's name."""
    import numpy as np

    name = hashlib.sha256(request.node.name.encode()).digest()
    return np.random.default_rng(list(name[:16]))


@pytest.fixture
def judge(request: pytest.FixtureRequest, draw: Draw) -> Callable[..., None]:
    """Return the function that applies rules to evidence, records the verdict and raises it.

    It insists that the claim's docstring has its headings and states the rule word for word.
    """
    item = request.node

    def apply(evidence: Evidence | Sequence[Evidence], rule: Rule | Sequence[Rule]) -> None:
        __tracebackhide__ = True
        from aelatent.figures import Part, band, evidence_plot

        result = verdict(evidence, rule)
        record = item.stash[RECORD]
        if not record.control:
            _insist(item, record, result.sentences())
        record.include(result)
        parts = [
            Part(e.effect, e.interval, e.values, band(rule), unit=e.unit)
            for e, rule in result.parts
        ]
        parts[0] = dataclasses.replace(parts[0], source_value=record.source_value)
        draw(evidence_plot(parts), f"{record.title} {record.finding()}", leading=True)
        if result.outcome in VERDICTS:
            raise VERDICTS[result.outcome](record.finding())

    return apply


Draw = Callable[..., None]


@pytest.fixture
def draw(request: pytest.FixtureRequest) -> Draw:
    """Return the function that writes a figure for the report, with its alternative text."""
    item = request.node
    folder = _folder(request.config, "report")

    def write(figure: Figure, alt: str, *, leading: bool = False) -> None:
        from aelatent import figures

        record = item.stash[RECORD]
        suffix = figures.format_of(figure)
        name = "evidence" if leading else f"figure-{len(record.figures) + 1}"
        path = Path("figures") / f"{_slug(item)}-{name}.{suffix}"
        figures.write(figure, folder / path)
        record.add_figure(path.as_posix(), alt, leading=leading)

    return write


class Collector:
    """Gathers the records of a session, wherever their tests ran, and reports them at its end."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.records: list[Record] = []
        self.repeated = 0

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take the record out of a test's properties."""
        if report.when != "teardown":
            return
        self.repeated += (REPEAT, True) in report.user_properties
        self.records += [
            Record(**json.loads(str(value)))
            for name, value in report.user_properties
            if name == PROPERTY
        ]

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Write the report and print the table of verdicts."""
        if not self.records:
            return
        from aelatent import environment, recorded
        from aelatent.report import verdict_table, write_report

        folder = _folder(self.config, "report")
        described = environment.description(self.config.rootpath)
        pages = write_report(self.records, described, folder, _citations(self.config))
        terminalreporter.section("verdicts")
        for line in verdict_table(self.records):
            terminalreporter.write_line(line)
        if self.repeated:
            terminalreporter.write_line(
                f"{self.repeated} of {len(self.records)} unchanged since an earlier run and "
                "repeated from it; --aelatent-fresh works them out again"
            )
        if self.config.getoption("--aelatent-record"):
            pages += recorded.keep(_collection(self.config), self.records, described)
        for page in pages:
            terminalreporter.write_line(f"written: {_nearby(page)}")


def _collection(config: pytest.Config) -> Collection:
    from aelatent.fixtures import Collection

    return Collection(_folder(config, "fixtures"))


def _folder(config: pytest.Config, name: str) -> Path:
    option = config.getoption(f"--aelatent-{name}")
    return Path(option) if option else config.rootpath / config.getini(f"aelatent_{name}")


def _citations(config: pytest.Config) -> dict[str, str]:
    """Return the full citations of the sources, where the project has a file of them."""
    import yaml

    name = config.getini("aelatent_sources")
    if not name:
        return {}
    content = yaml.safe_load((config.rootpath / name).read_text(encoding="utf-8"))
    return {str(source): str(citation) for source, citation in content.items()}


def _expectation(item: pytest.Item) -> tuple[str, str]:
    """Return the expected outcome of an item and the reason, which anything but support needs."""
    for marker in item.iter_markers("expect"):
        wanted = marker.kwargs.get("model")
        if wanted is None or wanted == _model_name(item):
            (outcome,) = marker.args
            because = marker.kwargs["because"]
            if outcome not in VERDICTS:
                raise pytest.UsageError(
                    f"{item.nodeid}: expected one of {[*map(str, VERDICTS)]} in `expect`, "
                    f"received {outcome!r}"
                )
            return outcome, because
    return Outcome.SUPPORTED, ""


def _models(item: pytest.Item) -> list[str]:
    """Return the names of the fixture models that an item is about."""
    callspec = getattr(item, "callspec", None)
    marker = item.get_closest_marker("claim")
    compared = marker.kwargs.get("compares", "").split() if marker else []
    single = [callspec.params["model"]] if callspec and "model" in callspec.params else []
    return [*single, *compared]


def _model_name(item: pytest.Item) -> str:
    """Name what an item is about in a word or two; "analytic" if it needs no trained model."""
    names = _models(item)
    if len(names) > 2:
        return f"{names[0]} and {len(names) - 1} more"
    return " and ".join(names) or "analytic"


def _variant(item: pytest.Item) -> str:
    """Return which of a claim's parameter sets this is, beyond the model: " [b=1.5]" or nothing."""
    callspec = getattr(item, "callspec", None)
    if callspec is None:
        return ""
    words = callspec.id.replace(callspec.params.get("model", ""), "").strip("-")
    return f" [{words}]" if words else ""


def _open_record(item: pytest.Item) -> Record:
    marker = item.get_closest_marker("claim")
    assert marker is not None  # noqa: S101 -- callers have looked; this tells mypy
    text = sections(getattr(item, "function").__doc__ or "")  # noqa: B009 -- pytest.Item lacks it
    outcome, because = _expectation(item)
    (identity,) = marker.args
    return Record(
        id=identity,
        name=item.name,
        title=text.pop("title") + _variant(item),
        source=_source(item),
        file=item.nodeid.partition("::")[0],
        model=_model_name(item),
        models=_models(item),
        outcome=Outcome.ERROR,
        expected=outcome,
        because=because,
        source_value=marker.kwargs.get("source_value"),
        control=item.name.startswith(CONTROL),
        sections=text,
        command=f"pytest '{item.nodeid}'",
    )


def _source(item: pytest.Item) -> str:
    """Return the document that a claim comes from: the known source that its Source begins with.

    Where the project has no file of sources it is the text up to the first comma. A control has no
    source of its own; it takes that of the claims in its file.
    """
    functions = [getattr(item, "function", None), *vars(getattr(item, "module", item)).values()]
    for function in functions:
        if getattr(function, "__name__", "").startswith("test_"):
            source = sections(function.__doc__ or "").get("Source")
            if source:
                known = [name for name in _citations(item.config) if source.startswith(name)]
                return max(known, key=len, default=source.partition(",")[0].rstrip("."))
    return ""


def _insist(item: pytest.Item, record: Record, sentences: list[str]) -> None:
    """Check that the docstring has every heading and states every rule word for word."""
    missing = [heading for heading in HEADINGS if not record.sections.get(heading)]
    if missing:
        pytest.fail(f"{item.nodeid}: expected the headings {HEADINGS}, missing {missing}")
    for sentence in sentences:
        if sentence not in record.sections["Decision"]:
            pytest.fail(f"{item.nodeid}: expected under Decision, word for word: {sentence}")


def _slug(item: pytest.Item) -> str:
    return re.sub(r"[^a-z0-9]+", "-", item.name.removeprefix("test_").lower()).strip("-")


def _nearby(path: Path) -> str:
    """Return a path as short as it can be said from here."""
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)
