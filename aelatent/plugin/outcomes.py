"""How a claim's run ends: its record gets an outcome and travels with the test's report."""

from __future__ import annotations

import dataclasses
import json

import pytest

from aelatent.inference.record import Record
from aelatent.inference.rules import Outcome
from aelatent.plugin import result_cache
from aelatent.plugin.limits import ClaimTimeoutError
from aelatent.plugin.state import HELD, PROPERTY, RECORD, REUSED, VERDICTS


def reuse(item: pytest.Item, known: Record) -> None:
    """Make an earlier result that of a claim, and raise its verdict.

    Parameters
    ----------
    item : Item
    known : Record
        Of an earlier run, or another machine. What is expected now replaces what was then.

    Raises
    ------
    Refuted, Inconclusive
        If that was the verdict.
    """
    __tracebackhide__ = True
    fresh = item.stash[RECORD]
    record = dataclasses.replace(known, expected=fresh.expected, because=fresh.because)
    item.stash[RECORD] = record
    item.stash[REUSED] = True
    if record.outcome in VERDICTS:
        raise VERDICTS[record.outcome](record.finding())


def close_record(item: pytest.Item, report: pytest.TestReport, call: pytest.CallInfo[None]) -> None:
    """Complete the record of a claim that has run, or that could not, and attach it to the test.

    Parameters
    ----------
    item : Item
    report : TestReport
        Turned into a failure where the claim reached no verdict.
    call : CallInfo
    """
    record = item.stash[RECORD]
    if not item.stash.get(REUSED, False):
        record.seconds = round(call.duration, 3)
        _set_outcome(item, record, report, call)
        if record.outcome != record.expected:
            for write in item.stash.get(HELD, []):
                write()
        result_cache.keep(item, record)
    # Only what the item carries reaches its last report, the one that JUnit files are written from.
    item.user_properties.append((PROPERTY, json.dumps(dataclasses.asdict(record))))


def _set_outcome(
    item: pytest.Item, record: Record, report: pytest.TestReport, call: pytest.CallInfo[None]
) -> None:
    """Give a record the outcome of a skip, an error, or a run without a verdict."""
    error = call.excinfo.value if call.excinfo else None
    if isinstance(error, tuple(VERDICTS.values())):
        return
    if error is not None and (report.skipped or isinstance(error, pytest.skip.Exception)):
        record.outcome, record.message = Outcome.NOT_APPLICABLE, _reason(error, report)
    elif error is not None:
        late = isinstance(error, ClaimTimeoutError)
        record.outcome = Outcome.ERROR
        record.message = str(error) if late else report.longreprtext
    elif not record.parts:
        record.outcome = Outcome.ERROR
        record.message = (
            f"{item.nodeid} ended without calling `decide`: a claim must reach a verdict"
        )
        report.outcome, report.longrepr = "failed", record.message


def _reason(error: BaseException, report: pytest.TestReport) -> str:
    """Return why a test was skipped."""
    if isinstance(report.longrepr, tuple):
        return report.longrepr[2].removeprefix("Skipped: ")
    return str(error)
