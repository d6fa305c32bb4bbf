"""What would change a verdict: how far the interval lies from where another one begins."""

from __future__ import annotations

import math
from typing import Any

from aelatent.inference.record import Record, limits_of
from aelatent.inference.rules import Outcome
from aelatent.report.notation import number, readings_by_outcome


def flip_conditions(record: Record) -> list[str]:
    """Say what other numbers would have led to another verdict, for each part that decided.

    It is arithmetic on interval and margin and says nothing on how likely such numbers are.

    Examples
    --------
    >>> part = {"effect": 0.93, "interval": [0.9, 0.96], "limits": [0.8, None]}
    >>> part["outcome"] = "supported"
    >>> flip_conditions(Record("B-08", "", "", "", "", "supported", "", parts=[part]))
    ['From 0.9 the interval would have to reach down to 0.8: by 3.3 times its half-width.']
    """
    if record.depends_on:
        return [f"All readings of the judge would have to agree: {readings_by_outcome(record)}."]
    decisive = [part for part in record.parts if part["outcome"] == record.outcome]
    several = len(decisive) > 1
    return [
        f"{part['unit']}: {sentence}" if several and part["unit"] else sentence
        for part in decisive
        if (sentence := _condition(part))
    ]


def _condition(part: dict[str, Any]) -> str:
    margin = limits_of(part)
    if margin is None:
        return ""
    within = margin[0] < part["effect"] < margin[1]
    # One of several parts refutes by a wider interval than that by which it supports.
    low, high = part["interval"] if within else part.get("wide_interval") or part["interval"]
    half = (high - low) / 2
    if half <= 0:
        return ""
    if part["outcome"] == Outcome.INCONCLUSIVE:
        return _narrower(part["effect"], margin, half)
    return _moved((low, high), margin, half, supported=part["outcome"] == Outcome.SUPPORTED)


def _narrower(effect: float, margin: tuple[float, float], half: float) -> str:
    nearest = min(margin, key=lambda limit: abs(limit - effect))
    need = abs(nearest - effect) / half
    side = "supported" if margin[0] < effect < margin[1] else "refuted"
    return (
        f"The interval reaches across {number(nearest)}. About the same mean it would have to be "
        f"less than {number(need)} times as wide; the verdict would then be {side}."
    )


def _moved(
    interval: tuple[float, float], margin: tuple[float, float], half: float, *, supported: bool
) -> str:
    """Tell how far the nearer end of a decided interval lies from the margin."""
    gaps = [gap for gap in _gaps(interval, margin, supported) if math.isfinite(gap[1])]
    if not gaps:
        return ""
    end, limit, way = min(gaps, key=lambda gap: abs(gap[0] - gap[1]))
    times = number(abs(end - limit) / half, 0.5)
    return (
        f"From {number(end)} the interval would have to reach {way} to {number(limit)}: "
        f"by {times} times its half-width."
    )


def _gaps(
    interval: tuple[float, float], margin: tuple[float, float], supported: bool
) -> list[tuple[float, float, str]]:
    """Return the ends that face the margin, where it lies, and which way; none if they overlap."""
    (low, high), (least, most) = interval, margin
    if supported:
        return [(low, least, "down"), (high, most, "up")]
    if high < least:
        return [(high, least, "up")]
    return [(low, most, "down")] if low > most else []
