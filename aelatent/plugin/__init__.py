"""The pytest plugin: the only package that imports pytest.

It does nothing in a project whose tests carry no `claim` marker. Whatever takes long to import is
imported where it is used, since pytest loads this module in every project of the environment.
"""

from __future__ import annotations

import sys
from collections.abc import Generator
from typing import Any, Literal

import pytest

from aelatent.inference.rules import Outcome
from aelatent.plugin import early_end, result_cache, user_models
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
    originals,
    recognise,
    rng,
)
from aelatent.plugin.items import open_record
from aelatent.plugin.limits import share_cores, time_limit
from aelatent.plugin.marker import ASKED, claim_marker
from aelatent.plugin.outcomes import close_record, reuse
from aelatent.plugin.packaged_claims import claim, parametrize_with_claims
from aelatent.plugin.progress import Progress
from aelatent.plugin.result_cache import CACHE, ResultCache
from aelatent.plugin.selection import keep_asked, name_by_identifier
from aelatent.plugin.state import (
    CAPABILITIES,
    KIND,
    PARTIAL,
    RECORD,
    REFUSED,
    UNICODE,
    UNSETTLED,
    VERDICTS,
    Inconclusive,
    Refuted,
    collection_of,
    folder_of,
    own_subjects,
    partial_of,
)
from aelatent.plugin.statuses import settle, status
from aelatent.runtime.cache import Cache
from aelatent.runtime.files import StorageError
from aelatent.runtime.owned_folder import refuse_others
from aelatent.runtime.parents import end_with_parent
from aelatent.runtime.threads import limit_algebra_to_one_thread

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
    "originals",
    "parametrize_with_claims",
    "recognise",
    "rng",
]

PROGRESS = "aelatent-progress"
VERDICT_ERRORS = tuple(VERDICTS.values())
# Settings in pytest's ini file: name, help, type and default.
SETTINGS: dict[str, tuple[str, Literal["string", "paths", "linelist"], Any]] = {
    "aelatent_cache": ("folder of cached results", "string", ".aelatent"),
    "aelatent_memory": ("old name of aelatent_cache", "string", ""),
    "aelatent_fixtures": ("folder of fixture models", "string", "fixtures"),
    "aelatent_report": ("folder of the report", "string", "reports"),
    "aelatent_subjects": (
        "descriptions (YAML) of your own models; claims that ask for `model` run on them",
        "paths",
        [],
    ),
    "aelatent_timeout": ("seconds that a claim may take; 0 for no limit", "string", "600"),
    "aelatent_sources": ("YAML file of sources: name and citation", "string", ""),
    "aelatent_catalogue": ("YAML file of claims: identifier, status and text", "string", ""),
    "aelatent_expected": (
        "YAML file of expected verdicts other than 'supported', by claim and model",
        "string",
        "",
    ),
    "aelatent_headlines": (
        'lines such as "A-01 B-02: a sentence" for the front page of the report',
        "linelist",
        [],
    ),
    "aelatent_upshot": (
        "what all claims come to, for the front page; fields as in the catalogue's answers",
        "string",
        "",
    ),
    "aelatent_cover": ("identifier of the claim whose figures the front page shows", "string", ""),
}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options and the ini settings."""
    group = parser.getgroup("aelatent", "claims about latent spaces")
    for name, folder in (("fixtures", "fixture models"), ("report", "the report")):
        group.addoption(f"--aelatent-{name}", metavar="DIR", help=f"folder of {folder}")
    group.addoption(
        "--aelatent-fresh", action="store_true", help="ignore the cache and run every claim again"
    )
    group.addoption(
        "--aelatent-record",
        action="store_true",
        help="store the verdicts on models whose replicates are not stored, for other machines",
    )
    group.addoption(
        "--aelatent-subject",
        metavar="SPEC.yaml",
        help="run the claims about one model on your own model; no verdict is expected",
    )
    group.addoption(
        "--aelatent-measured", metavar="FILE", help="measurements of that model by an audit"
    )
    group.addoption(
        "--aelatent-claim",
        metavar="ID",
        action="append",
        help="run only this claim; may be repeated",
    )
    for name, (about, kind, default) in SETTINGS.items():
        parser.addini(name, about, type=kind, default=default)


def pytest_configure(config: pytest.Config) -> None:
    """Register the markers, the collector of records and the cache of results."""
    end_with_parent()
    asked = any(config.getini(name) != default for name, (_, _, default) in SETTINGS.items())
    options = "subject", "claim", "record", "fresh"
    config.stash[ASKED] = asked or any(map(config.getoption, [f"--aelatent-{o}" for o in options]))
    if asked:
        share_cores(config)  # in a project that means us
    config.pluginmanager.register(Collector(config), "aelatent-collector")
    config.pluginmanager.register(Progress(config), PROGRESS)
    config.stash[UNICODE] = "utf" in (getattr(sys.stdout, "encoding", "") or "").lower()
    cache = Cache(config.rootpath / _cache_folder(config))
    cache.remove_unused()
    config.stash[CACHE] = ResultCache(cache, folder_of(config, "fixtures"), partial_of(config))
    config.addinivalue_line(
        "markers",
        "claim(id, needs='', compares='', source_value=None, amended=''): a claim of the "
        "catalogue; `needs` names the capabilities of the fixture models that it runs on, one at a "
        "time; `compares` names the fixture models that it compares; `amended` is the date on "
        "which its rule was written, where models and earlier verdicts existed by then",
    )
    config.addinivalue_line(
        "markers",
        "expect(outcome, because, model=None): the verdict that is expected instead of "
        "'supported', and why; `model` names the fixture models for which it holds, else for all",
    )


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a worker of pytest-xdist where the figures of this run go."""
    node.workerinput[PARTIAL] = str(partial_of(node.config))


def _cache_folder(config: pytest.Config) -> str:
    """Return the folder of cached results; its setting's old name goes with the next release."""
    if old := str(config.getini("aelatent_memory")):
        message = "the ini setting 'aelatent_memory' is now 'aelatent_cache'"
        config.issue_config_time_warning(DeprecationWarning(message), stacklevel=2)
        return old
    return str(config.getini("aelatent_cache"))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a claim that asks for `model` on every fixture model with the capabilities it needs."""
    marker = claim_marker(metafunc.definition)
    if marker is None or "model" not in metafunc.fixturenames:
        return
    needs = set(marker.kwargs.get("needs", "").split())
    config = metafunc.config
    if config.getoption("--aelatent-subject"):
        cases = user_models.audit_cases(config, needs)
        metafunc.parametrize("model", cases, indirect=True, scope="session")
        return
    if CAPABILITIES not in config.stash:
        from aelatent.plugin import recorded_results

        collection = collection_of(config)
        # A model that was neither trained nor recorded has nothing to say about any claim.
        config.stash[CAPABILITIES] = {
            name: collection.specification(name).capabilities
            for name in collection.names()
            if collection.expected(name) or recorded_results.path(collection, name).exists()
        }
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
    claims = [n for n in nodes if isinstance(n, pytest.Item) and claim_marker(n)]
    if claims and (faults := expectation_faults(collector, claims)):
        report.outcome, report.result = "failed", []
        report.longrepr = "\n".join(faults)
    return report


def pytest_itemcollected(item: pytest.Item) -> None:
    """Let `-k` select a claim by its identifier."""
    name_by_identifier(item)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark claims as strict xfail where another verdict than "supported" is expected.

    Where it is unsettled, any verdict passes. Claims do not run where their report has no place.
    """
    if not config.getoption("collectonly") and any(map(claim_marker, items)):
        try:
            refuse_others(folder_of(config, "report"), KIND)
        except StorageError as error:
            if not hasattr(config, "workerinput"):
                raise pytest.UsageError(str(error)) from None
            config.stash[REFUSED] = str(error)  # pytest-xdist takes this for a fault of its own
    if config.getoption("--aelatent-subject"):
        user_models.select_claims(config, items)
        return
    keep_asked(config, items)
    for item in items:
        if claim_marker(item) is None:
            continue
        outcome, because = expectation(item)
        if outcome == UNSETTLED:
            item.add_marker(pytest.mark.xfail(raises=VERDICT_ERRORS, reason=because))
        elif outcome != Outcome.SUPPORTED:
            item.add_marker(
                pytest.mark.xfail(raises=VERDICTS[outcome], strict=True, reason=because)
            )


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Open a record for every claim."""
    if claim_marker(item) is not None:
        if REFUSED in item.config.stash:
            pytest.fail(item.config.stash[REFUSED], pytrace=False)
        expected = expectation(item)
        item.stash[RECORD] = open_record(item, *("", "") if expected[0] == UNSETTLED else expected)
        user_models.skip_if_lacking(item)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Let no claim end the process as if all had passed."""
    if claim_marker(item) is None:
        return (yield)
    with early_end.no_success():
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, None, None]:
    """Limit the time of a claim, and its linear algebra to one thread."""
    if RECORD not in item.stash:
        return (yield)
    seconds = float(item.config.getini("aelatent_timeout"))
    with limit_algebra_to_one_thread(), time_limit(seconds), user_models.image_errors(item):
        return (yield)


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Reuse the result of a claim: that of another machine, or of a run before any change.

    Claims about a user's model are run each time, some of them twice.
    """
    __tracebackhide__ = True
    if RECORD not in pyfuncitem.stash:
        return None
    if user_models.is_about_user_model(pyfuncitem):
        return user_models.call(pyfuncitem)
    from aelatent.plugin import recorded_results

    known = recorded_results.find(pyfuncitem) or result_cache.find(pyfuncitem)
    if known is None:
        return None
    reuse(pyfuncitem, known)
    return True


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Close the record when the claim has run, or when it could not."""
    if RECORD in item.stash and call.excinfo and isinstance(call.excinfo.value, VERDICT_ERRORS):
        call.excinfo.traceback.clear()  # a verdict is told in one line; writing it takes long
    report = yield
    if RECORD not in item.stash:
        return report
    if user_models.is_about_user_model(item):
        user_models.downgrade_errors(item, report, call)
    if call.when == "call" or (call.when == "setup" and not report.passed):
        close_record(item, report, call)
        settle(item, report, item.stash[RECORD])
    return report


@pytest.hookimpl(tryfirst=True)
def pytest_report_teststatus(
    report: pytest.TestReport, config: pytest.Config
) -> tuple[str, str, str | tuple[str, dict[str, bool]]] | None:
    """Tell a claim by its verdict: supported, refuted, inconclusive."""
    progress = config.pluginmanager.getplugin(PROGRESS)
    return status(report, config, quiet=progress is not None and progress.shown)
