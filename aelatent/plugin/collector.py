"""The records of a session, and the report on them."""

from __future__ import annotations

import json
import shutil
import textwrap
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from aelatent.inference.record import Record
from aelatent.plugin.project import project_of
from aelatent.plugin.result_cache import CACHED
from aelatent.plugin.state import (
    KIND,
    PROPERTY,
    UNICODE,
    catalogue_of,
    collection_of,
    folder_of,
    partial_of,
)
from aelatent.runtime import parents
from aelatent.runtime.files import StorageError
from aelatent.runtime.owned_folder import owned

if TYPE_CHECKING:
    from aelatent.report import Project

# Options of pytest and of ours that leave out checks of the files that they run.
CHOOSING = (
    "keyword",
    "markexpr",
    "deselect",
    "lf",
    "stepwise",
    "maxfail",
    "ignore",
    "ignore_glob",
    "aelatent_claim",
)

FEW = 16  # claims that are listed one by one
WHERE = ["all answers: aelatent claims   one claim: aelatent show B-08"]


class Collector:
    """Collects the records of a session, also those of workers, and reports them at its end."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.records: list[Record] = []
        self.cached = 0
        self.lost: list[str] = []
        self.session: pytest.Session | None = None

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take the record out of a test's properties; of a worker that died there is none."""
        if report.when not in ("setup", "call", "teardown"):
            self.lost.append(report.nodeid)
        if report.when != "teardown":
            return
        self.cached += (CACHED, True) in report.user_properties
        self.records += [
            Record(**json.loads(str(value)))
            for name, value in report.user_properties
            if name == PROPERTY
        ]

    def pytest_terminal_summary(
        self, terminalreporter: pytest.TerminalReporter, exitstatus: int
    ) -> None:
        """Write the report and print the table of verdicts."""
        if hasattr(self.config, "workerinput"):  # a worker of pytest-xdist
            return
        auditing = bool(self.config.getoption("--aelatent-subject"))
        if self.lost and auditing:
            pytest.exit(f"the processes of these claims died: {', '.join(self.lost)}", 3)
        if not self.records and not auditing:
            return
        from aelatent.plugin import recorded_results
        from aelatent.runtime import environment

        attach_calibrations(self.records, self.config.rootpath)
        described = environment.description(self.config.rootpath)
        project = project_of(self.config, self.records)
        try:
            pages = self._write(described, exitstatus)
        except (OSError, StorageError) as error:
            pytest.exit(f"the report could not be written: {error}", 3)
        terminalreporter.section("verdicts")
        for line in self._lines(project):
            terminalreporter.write_line(line)
        if self.cached:
            terminalreporter.write_line(
                f"{self.cached} of {len(self.records)} unchanged since an earlier run and "
                "taken from the cache; --aelatent-fresh ignores it"
            )
        if self.config.getoption("--aelatent-record"):
            pages += recorded_results.keep(collection_of(self.config), self.records, described)
        for page in pages:
            terminalreporter.write_line(f"written: {_nearby(page)}")

    def _lines(self, project: Project) -> list[str]:
        """Return the verdicts: each of a few, the answers of many."""
        from aelatent.report import verdict_table
        from aelatent.report.closing import answer_lines, closing_lines, differences

        unicode = self.config.stash.get(UNICODE, True)
        claims = [record for record in self.records if not record.control]
        names = sorted({record.id for record in claims})
        if len(claims) <= FEW:
            told = answer_lines(project.catalogue, names, unicode=unicode)
            return [*told, *([""] if told else []), *verdict_table(self.records, unicode=unicode)]
        named = [name for headline in project.headlines for name in headline.identifiers]
        lines = closing_lines(self.records, project.catalogue, named, unicode=unicode)
        stored = catalogue_of(self.config)
        if told := differences(stored, project.catalogue, names):
            told.append("`aelatent answers reports/results.json` stores these results")
            lines += [line for long in told for line in textwrap.wrap(long, 80)] + [""]
        return [*lines, *(WHERE if stored.entries else [])]

    def _write(self, described: Mapping[str, Any], exitstatus: int) -> list[Path]:
        """Write the report, while no other run writes to its folder."""
        from aelatent.report import merged, write_report

        folder = folder_of(self.config, "report")
        whole = _whole(self.config, exitstatus, lost=bool(self.lost))
        with owned(folder, KIND, wait=True) as own:
            own.take(partial_of(self.config))
            records = merged(self.records, described, folder / "results.json", whole)
            project = project_of(self.config, records)  # the models of older records too
            return write_report(records, described, folder, None, project)

    def pytest_sessionstart(self, session: pytest.Session) -> None:
        """Keep the session, which knows the exit status at its end."""
        self.session = session

    @pytest.hookimpl(trylast=True)
    def pytest_unconfigure(self) -> None:
        """Delete figures that no report took; end the claims of an audit at once.

        A thread that a user's code has started may keep the process from ending by itself.
        """
        if hasattr(self.config, "workerinput"):
            return
        shutil.rmtree(partial_of(self.config), ignore_errors=True)
        if self.session is not None and self.config.getoption("--aelatent-subject"):
            parents.leave(int(self.session.exitstatus))


def _whole(config: pytest.Config, exitstatus: int, *, lost: bool) -> Callable[[str], bool]:
    """Return what tells of a claim's file whether this run holds every check in it.

    The report keeps the records of an earlier run unless the file is whole, or gone. An audit's
    report is about one state of one model and keeps nothing.
    """
    chosen = any(config.getoption(option, None) for option in CHOOSING)
    ended = not lost and exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED)
    places = [(config.invocation_params.dir / argument).resolve() for argument in config.args]

    def whole(file: str) -> bool:
        path = (config.rootpath / file).resolve()
        if config.getoption("--aelatent-subject") or not path.is_file():
            return True
        return ended and not chosen and any(path.is_relative_to(place) for place in places)

    return whole


def attach_calibrations(records: list[Record], root: Path) -> None:
    """Add the error rates of its check to each claim's record.

    Parameters
    ----------
    records : list of Record
        Changed in place.
    root : Path
        Folder of the project. The rates are in the nearest file from the claim's folder up to it.
    """
    from aelatent.simulation import FILE, Calibrations, code_digest

    @cache
    def known(folder: Path) -> Calibrations:
        if (folder / FILE).exists() or folder == root or root not in folder.parents:
            return Calibrations.read(folder / FILE)
        return known(folder.parent)

    digest = cache(code_digest)  # a file holds many checks
    for record in records:
        file = root / record.file
        if not record.control and file.is_file():
            name = record.name.partition("[")[0]
            record.calibration = known(file.parent).of(name, digest(file))


def _nearby(path: Path) -> str:
    """Return a path relative to the working folder where it lies in it."""
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)
