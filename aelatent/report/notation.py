"""How outcomes and numbers are written, the same on the page, in the terminal and in Markdown."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aelatent.inference.record import Record
from aelatent.inference.rules import Outcome


@dataclass(frozen=True)
class Mark:
    """The sign that stands beside an outcome's word, and what the word means."""

    glyph: str
    plain: str
    meaning: str


MARKS = {
    Outcome.SUPPORTED: Mark(
        "●", "+", "The whole interval lies where the claim says it should, beyond the margin."
    ),
    Outcome.REFUTED: Mark(
        "◆", "x", "The whole interval lies where the claim says it should not. That is a result."
    ),
    Outcome.INCONCLUSIVE: Mark(
        "◐",
        "?",
        "The interval reaches across the margin: these trainings do not decide it. Or the verdict "
        "depends on how the judge of the images is read.",
    ),
    Outcome.NOT_APPLICABLE: Mark(
        "○", "-", "Nothing was measured: the model lacks a capability, or images are missing."
    ),
    Outcome.ERROR: Mark(
        "▲",
        "!",
        "The check itself broke. This says nothing about the claim; the traceback is shown.",
    ),
}
MEASURED = "measured "  # begins a reason that is only a number of an earlier run
_OPPOSITES = {frozenset({Outcome.SUPPORTED, Outcome.REFUTED})}


def sign(outcome: str, *, unicode: bool = True) -> str:
    """Return the sign of an outcome.

    Parameters
    ----------
    outcome : str
    unicode : bool
        Whether the terminal shows characters beyond ASCII.

    Returns
    -------
    str
        One character.
    """
    mark = MARKS[Outcome(outcome)]
    return mark.glyph if unicode else mark.plain


def number(value: float, spread: float = 0.0) -> str:
    """Write a number to a tenth of its spread or finer; without a spread, three digits.

    Whole numbers below a million are written out, and an exact zero as 0.

    Parameters
    ----------
    value : float
    spread : float
        Width of the interval about the value; 0 if there is none.

    Returns
    -------
    str

    Examples
    --------
    >>> number(1.31234, spread=0.043), number(16.5), number(-0.00001, spread=0.2), number(65536.0)
    ('1.312', '16.5', '0.00', '65,536')
    """
    if value == 0:
        return "0"
    if spread == 0 and value == round(value) and 1000 <= abs(value) < 1e6:
        return f"{value:,.0f}".replace("-", "\N{MINUS SIGN}")
    decimals = 1 - math.floor(math.log10(2 * spread)) if spread > 0 else math.inf
    text = f"{value:.3g}" if decimals > 6 else f"{value:.{max(decimals, 0)}f}"
    return text.lstrip("-") if not re.search("[1-9]", text) else text.replace("-", "\N{MINUS SIGN}")


def effect(value: float | None, interval: tuple[float, float] | list[float] | None) -> str:
    """Write an effect to the precision of its interval; a dash where nothing was measured.

    Parameters
    ----------
    value : float or None
    interval : pair of float, or None

    Returns
    -------
    str

    Examples
    --------
    >>> effect(0.1234, (0.1, 0.15)), effect(None, None)
    ('0.12', '–')
    """
    if value is None:
        return "\N{EN DASH}"
    return number(value, _width(interval))


def limits(interval: tuple[float, float] | list[float] | None) -> str:
    """Write an interval in brackets; nothing where there is none.

    Examples
    --------
    >>> limits((1.2911, 1.3337)), limits(None)
    ('[1.291, 1.334]', '')
    """
    if interval is None:
        return ""
    return f"[{', '.join(number(limit, _width(interval)) for limit in interval)}]"


def duration(seconds: float) -> str:
    """Write a duration as one reads it aloud.

    Examples
    --------
    >>> duration(0.04), duration(7.26), duration(95)
    ('under 0.1 s', '7.3 s', '1 min 35 s')
    """
    if seconds < 0.1:
        return "under 0.1 s"
    if round(seconds, 1) < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s"


def as_expected(record: Record) -> bool | None:
    """Return whether the outcome is the expected one; None if none is, or nothing was judged."""
    if record.outcome == Outcome.NOT_APPLICABLE or not record.expected:
        return None
    return record.outcome == record.expected


def reason(because: str) -> str:
    """Return why a verdict is expected, to follow it in a sentence.

    Examples
    --------
    >>> reason("codes lie far out")
    ', because codes lie far out'
    >>> reason("measured 0.3 [0.2, 0.4] on 28 November 2026")
    ': an earlier run measured 0.3 [0.2, 0.4] on 28 November 2026'
    """
    return f": an earlier run {because}" if because.startswith(MEASURED) else f", because {because}"


def readings_by_outcome(record: Record) -> str:
    """Say which readings of the judge led to which outcome; nothing where there are none.

    Examples
    --------
    >>> own, other = {"name": "threshold", "outcome": "supported"}, {"name": "strict"}
    >>> at = [own, other | {"outcome": "refuted"}]
    >>> readings_by_outcome(Record("", "", "", "", "", "inconclusive", "", readings=at))
    'supported at threshold; refuted at strict'
    """
    outcomes = dict.fromkeys(at["outcome"] for at in record.readings)
    return "; ".join(
        f"{outcome} at {', '.join(a['name'] for a in record.readings if a['outcome'] == outcome)}"
        for outcome in outcomes
    )


def refuting_level(record: Record) -> str:
    """Return at which per cent one of several parts refutes a claim; nothing for a single part.

    Examples
    --------
    >>> parts = [{"wide_interval": [0.1, 0.9]}] * 3
    >>> refuting_level(Record("", "", "", "", "", "refuted", "", parts=parts))
    '98.3'
    """
    parts = sum(part.get("wide_interval") is not None for part in record.parts)
    return f"{100 * (1 - 0.05 / parts):.3g}" if parts else ""


def control_sentence(control: Record, claim: Record | None = None) -> str:
    """Say what a control came to and whether the check may be trusted.

    Parameters
    ----------
    control : Record
    claim : Record, optional
        The claim beside which it stands.

    Returns
    -------
    str
    """
    if control.outcome == Outcome.NOT_APPLICABLE:
        return "not applicable here, so it checks nothing"
    if not as_expected(control):
        return f"{control.outcome} where it must be {control.expected}: the check cannot be trusted"
    if claim is not None and frozenset({control.outcome, claim.outcome}) in _OPPOSITES:
        return f"the check says {control.outcome} here, the opposite, as it must"
    return f"the check says {control.outcome} here, as it must"


def calibration_sentence(known: Mapping[str, Any]) -> str:
    """Say how often a claim's check erred in simulations of known truth.

    Examples
    --------
    >>> rate = {"rate": 0.01, "interval": [0.0, 0.02]}
    >>> print(calibration_sentence({"simulations": 1000, "false_support": rate, "power": rate,
    ...     "false_refutation": rate, "coverage": rate, "stale": False}))
    In 1000 simulations exactly at the margin the check called 1.0 % [0.0 %, 2.0 %] supported and
    1.0 % [0.0 %, 2.0 %] refuted; at twice the margin it decided 1.0 % [0.0 %, 2.0 %] correctly.
    Its intervals contained the truth in 1.0 % [0.0 %, 2.0 %] of all simulations.
    """
    if not known["simulations"]:
        return f"This check has no simulations: {known['because'].rstrip('.')}."
    kinds = ("false_support", "false_refutation", "power", "coverage")
    support, refutation, power, coverage = (_percent(known[kind]) for kind in kinds)
    changed = " The claim's code has changed since." if known["stale"] else ""
    return (
        f"In {known['simulations']} simulations exactly at the margin the check called {support} "
        f"supported and {refutation} refuted; at twice the margin it decided {power} correctly. "
        f"Its intervals contained the truth in {coverage} of all simulations.{changed}"
    )


def _percent(rate: Mapping[str, Any]) -> str:
    low, high = rate["interval"]
    return f"{100 * rate['rate']:.1f} % [{100 * low:.1f} %, {100 * high:.1f} %]"


def _width(interval: tuple[float, float] | list[float] | None) -> float:
    return 0.0 if interval is None else float(interval[1] - interval[0])
