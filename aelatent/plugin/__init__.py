"""The pytest plugin: the only package that imports pytest.

It does nothing in a project whose tests carry no `claim` marker. Whatever takes long to import is
imported where it is used, since pytest loads this module in every project of the environment.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Generator
from typing import Any, Literal

import pytest

from aelatent.inference.rules import Outcome
from aelatent.plugin import subjects
from aelatent.plugin.budget import Overtime, budget
from aelatent.plugin.collector import Collector
from aelatent.plugin.expectations import expectation, expectation_faults
from aelatent.plugin.fixtures import (
    add_figure,
    decide,
    draw,
    image_judge,
    judge,
    model,
    models,
    recognise,
    rng,
)
from aelatent.plugin.items import open_record
from aelatent.plugin.packaged import claim, parametrize_with_claims
from aelatent.plugin.repetition import recorded, remembered
from aelatent.plugin.result_cache import Archive
from aelatent.plugin.sharing import one_thread, share_cores
from aelatent.plugin.state import (
    ARCHIVE,
    CAPABILITIES,
    KEY,
    PROPERTY,
    RECORD,
    REPEATED,
    VERDICTS,
    Inconclusive,
    Refuted,
    collection_of,
    folder_of,
    own_subjects,
)
from aelatent.runtime.cache import Memory

__all__ = [
    "Inconclusive",
    "Refuted",
    "add_figure",
    "claim",
    "decide",
    "draw",
    "image_judge",
    "judge",
    "model",
    "models",
    "parametrize_with_claims",
    "recognise",
    "rng",
]

# What a project may say in pytest's file of settings: words about it, its kind, its default.
SETTINGS: dict[str, tuple[str, Literal["string", "paths", "linelist"], Any]] = {
    "aelatent_memory": ("folder of what is remembered", "string", ".aelatent"),
    "aelatent_fixtures": ("folder of fixture models", "string", "fixtures"),
    "aelatent_report": ("folder of the report", "string", "reports"),
    "aelatent_subjects": (
        "descriptions (YAML) of models of yours, for claims that ask for `model`",
        "paths",
        [],
    ),
    "aelatent_timeout": ("seconds that a claim may take; 0: any time", "string", "600"),
    "aelatent_sources": ("YAML file: names of sources to their citations", "string", ""),
    "aelatent_catalogue": ("YAML file: identifiers to a status and words", "string", ""),
    "aelatent_expected": (
        "YAML file: expected verdicts other than 'supported' by claim and model, with the reasons",
        "string",
        "",
    ),
    "aelatent_headlines": (
        'lines such as "A-01 B-02: a sentence", for the front page of the report',
        "linelist",
        [],
    ),
    "aelatent_cover": ("claim whose pictures the front page shows", "string", ""),
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
    group.addoption(
        "--aelatent-subject",
        metavar="SPEC.yaml",
        help="put the claims about one model to a model of yours; nothing is expected of it",
    )
    group.addoption("--aelatent-measured", metavar="FILE", help="what an audit has measured of it")
    group.addoption(
        "--aelatent-claim", metavar="ID", action="append", help="only this claim; may be repeated"
    )
    for name, (about, kind, default) in SETTINGS.items():
        parser.addini(name, about, type=kind, default=default)


def pytest_configure(config: pytest.Config) -> None:
    """Register the markers, and what gathers the records of claims."""
    if any(config.getini(name) != default for name, (_, _, default) in SETTINGS.items()):
        share_cores(config)  # in a project that means us
    config.pluginmanager.register(Collector(config), "aelatent-collector")
    memory = Memory(config.rootpath / config.getini("aelatent_memory"))
    memory.forget()
    fixtures, report = (folder_of(config, name) for name in ("fixtures", "report"))
    config.stash[ARCHIVE] = Archive(memory, fixtures, report)
    config.addinivalue_line(
        "markers",
        "claim(id, needs='', compares='', source_value=None): a claim of the catalogue; `needs` "
        "names the capabilities of the fixture models that it runs on, one at a time; `compares` "
        "names the fixture models that it holds against each other",
    )
    config.addinivalue_line(
        "markers",
        "expect(outcome, because, model=None): the verdict that is expected instead of "
        "'supported', and why; `model` names the fixture models for which it holds, else for all",
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a claim that asks for `model` on every fixture model with the capabilities it needs."""
    marker = metafunc.definition.get_closest_marker("claim")
    if marker is None or "model" not in metafunc.fixturenames:
        return
    needs = set(marker.kwargs.get("needs", "").split())
    config = metafunc.config
    if config.getoption("--aelatent-subject"):
        metafunc.parametrize("model", subjects.cases(config, needs), indirect=True, scope="session")
        return
    if CAPABILITIES not in config.stash:
        collection = collection_of(config)
        found = {name: collection.specification(name).capabilities for name in collection.names()}
        config.stash[CAPABILITIES] = found
    names = [name for name, has in config.stash[CAPABILITIES].items() if needs <= has]
    names += own_subjects(config)
    metafunc.parametrize("model", names, indirect=True, scope="session")


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Compare the claims of a file with their expected verdicts, before any is deselected."""
    report = yield
    nodes = report.result or ()
    claims = [n for n in nodes if isinstance(n, pytest.Item) and n.get_closest_marker("claim")]
    if claims and (faults := expectation_faults(collector, claims)):
        report.outcome, report.result = "failed", []
        report.longrepr = "\n".join(faults)
    return report


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Turn expectations into strict xfail marks, so that only the expected verdict is green."""
    if config.getoption("--aelatent-subject"):
        subjects.select(config, items)
        return
    for item in items:
        if item.get_closest_marker("claim") is None:
            continue
        outcome, because = expectation(item)
        if outcome != Outcome.SUPPORTED:
            item.add_marker(
                pytest.mark.xfail(raises=VERDICTS[outcome], strict=True, reason=because)
            )


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Open a record for every claim."""
    if item.get_closest_marker("claim") is not None:
        item.stash[RECORD] = open_record(item, *expectation(item))
        subjects.prepare(item)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, None, None]:
    """Hold a claim to its time budget, and its linear algebra to one thread."""
    if RECORD not in item.stash:
        return (yield)
    seconds = float(item.config.getini("aelatent_timeout"))
    with one_thread(), budget(seconds), subjects.images(item):
        return (yield)


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Repeat the verdict of a claim that was worked out elsewhere, or before and is unchanged."""
    __tracebackhide__ = True
    if RECORD not in pyfuncitem.stash or subjects.concerns(pyfuncitem):
        return None
    known = recorded(pyfuncitem) or remembered(pyfuncitem)
    if known is None:
        return None
    fresh = pyfuncitem.stash[RECORD]
    known = dataclasses.replace(known, expected=fresh.expected, because=fresh.because)
    pyfuncitem.stash[RECORD] = known
    pyfuncitem.stash[REPEATED] = True
    if known.outcome in VERDICTS:
        raise VERDICTS[known.outcome](known.finding())
    return True


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Close the record when the claim has run, or when it could not, and send it along."""
    report = yield
    record = item.stash.get(RECORD, None)
    if record is not None and subjects.concerns(item):
        auditing = bool(item.config.getoption("--aelatent-subject"))
        subjects.forgive(report, call, auditing=auditing, ours=auditing or subjects.packages(item))
    if record is None or call.when == "teardown" or (call.when == "setup" and report.passed):
        return report
    if item.stash.get(REPEATED, False):
        item.user_properties.append((PROPERTY, json.dumps(dataclasses.asdict(record))))
        return report
    record.seconds = round(call.duration, 3)
    if call.excinfo is not None and not call.excinfo.errisinstance((Refuted, Inconclusive)):
        skipped = report.skipped or call.excinfo.errisinstance(pytest.skip.Exception)
        record.outcome = Outcome.NOT_APPLICABLE if skipped else Outcome.ERROR
        late = call.excinfo.errisinstance(Overtime)
        record.message = str(call.excinfo.value) if skipped or late else report.longreprtext
        if skipped and isinstance(report.longrepr, tuple):
            record.message = report.longrepr[2].removeprefix("Skipped: ")
    elif not record.parts:
        record.outcome = Outcome.ERROR
        record.message = (
            f"{item.nodeid} ended without calling `decide`: a claim must reach a verdict"
        )
        report.outcome = "failed"
        report.longrepr = record.message
    if KEY in item.stash and record.outcome in (Outcome.SUPPORTED, *VERDICTS):
        item.config.stash[ARCHIVE].keep(item.stash[KEY], record)
    # Only what the item carries reaches its last report, the one that JUnit files are written from.
    item.user_properties.append((PROPERTY, json.dumps(dataclasses.asdict(record))))
    return report
