"""How the end of a claim is told: in the terminal, in JUnit files, and where it fails.

A claim whose verdict is the expected one has passed, also if it was refuted: an expected failure
(`xfail`) is only how pytest checks it. A verdict that was not expected fails in one line.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import pytest

from aelatent.inference.record import Record
from aelatent.inference.rules import Outcome
from aelatent.plugin.state import UNICODE

VERDICT = "aelatent_verdict"  # attribute of a test's report; travels between processes as JSON
COLOURS: Mapping[str, dict[str, bool]] = {
    Outcome.SUPPORTED: {"green": True},
    Outcome.REFUTED: {"cyan": True},
    Outcome.INCONCLUSIVE: {"yellow": True},
    Outcome.NOT_APPLICABLE: {"light": True},
}


class Verdict(NamedTuple):
    """What a report tells of a claim that has run."""

    claim: str
    model: str
    outcome: str
    expected: str
    control: bool
    line: str

    @property
    def as_expected(self) -> bool:
        """Whether the outcome is the expected one, or none was expected."""
        return not self.expected or self.outcome == self.expected


def verdict_of(report: pytest.TestReport) -> Verdict | None:
    """Return what a report tells of a claim; None for other tests and phases."""
    told = getattr(report, VERDICT, None)
    return Verdict(*told) if told else None


def settle(item: pytest.Item, report: pytest.TestReport, record: Record) -> None:
    """Make a report one of a verdict: passed if it is the expected one, else failed in one line.

    Parameters
    ----------
    item : Item
    report : TestReport
        Of the claim's call, or of a setup that did not pass. Changed in place.
    record : Record
        Closed.
    """
    found = Verdict(
        record.id,
        record.model,
        str(record.outcome),
        str(record.expected),
        record.control,
        finding_line(record),
    )
    setattr(report, VERDICT, list(found))
    item.user_properties += [("claim", found.claim), ("verdict", found.outcome)]
    if found.outcome not in {Outcome.SUPPORTED, Outcome.REFUTED, Outcome.INCONCLUSIVE}:
        return
    if found.as_expected:
        report.outcome, report.longrepr = "passed", None
        vars(report).pop("wasxfail", None)
    elif report.failed:
        report.longrepr, report.sections = found.line, []


def finding_line(record: Record) -> str:
    """Return the verdict with its numbers, intervals and limits in one line.

    Examples
    --------
    >>> part = {"unit": "hit rate", "effect": 0.127, "interval": [0.0972, 0.157],
    ...     "limits": [None, 0.05], "outcome": "refuted"}
    >>> finding_line(Record("Z-1", "", "", "", "ae", "refuted", "supported", "test_z.py", 3,
    ...     parts=[part]))
    'Z-1 on ae: refuted, expected supported: hit rate 0.13 [0.10, 0.16], limit below 0.05
    (test_z.py:3)'
    """
    from aelatent.report.notation import effect, limits

    expected = f", expected {record.expected}" if record.expected else ""
    place = f"({record.file}:{record.line})"
    if record.depends_on:
        return f"{record.id} on {record.model}: {record.finding()}{expected} {place}"
    numbers = "; ".join(
        f"{part['unit']} {effect(part['effect'], part['interval'])} {limits(part['interval'])}, "
        f"limit {limit(part.get('limits') or (None, None))}".strip()
        for part in record.parts
    )
    return f"{record.id} on {record.model}: {record.outcome}{expected}: {numbers} {place}"


def limit(limits: Sequence[float | None]) -> str:
    """Say in words between which numbers an interval must lie.

    Examples
    --------
    >>> limit([None, 0.05]), limit([0.9, None]), limit([0.87, 1.15])
    ('below 0.05', 'above 0.9', '0.87 to 1.15')
    """
    low, high = limits
    if low is None:
        return "none" if high is None else f"below {high:.3g}"
    return f"above {low:.3g}" if high is None else f"{low:.3g} to {high:.3g}"


def status(
    report: pytest.TestReport, config: pytest.Config, *, quiet: bool
) -> tuple[str, str, str | tuple[str, dict[str, bool]]] | None:
    """Return category, sign and word of a claim's report; None for what pytest says rightly.

    Parameters
    ----------
    report : TestReport
    config : Config
    quiet : bool
        Whether something else shows the verdict: sign and word are empty then.

    Returns
    -------
    tuple, or None
    """
    found = verdict_of(report)
    if found is not None and quiet:
        return report.outcome, "", ""
    if found is None or report.failed:
        return None
    from aelatent.report.notation import sign

    mark = sign(found.outcome, unicode=config.stash.get(UNICODE, True))
    word = "control passed" if found.control and report.passed else found.outcome
    end = " as expected" if found.expected and report.passed and not found.control else ""
    colour = COLOURS.get("" if found.control else found.outcome, {})
    return report.outcome, mark, (f"{word}{end}", colour)
