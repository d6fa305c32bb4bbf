"""What the parts of stored records say of the errors of their effects."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from scipy import optimize, special

from aelatent.inference.estimates import TAIL
from aelatent.inference.intervals import (
    EXACT,
    NO_KIND,
    SHARED_DEGREES,
    UNBOUNDED,
    Bounds,
    Errors,
)
from aelatent.inference.power import PartPrecision
from aelatent.inference.record import limits_of

SAME = 1e-3  # halves of an interval that differ by less are equal
# P-values from which errors are solved: neither near the interval's own tail nor near 0 or 1/2.
APART, LEAST_TAIL, MOST_TAIL = 0.5, 1e-12, 0.45


def parts_of(
    stored: Sequence[Mapping[str, Any]], at: Sequence[Mapping[str, Any]] | None = None
) -> list[PartPrecision]:
    """Return the parts of a record that have limits.

    Parameters
    ----------
    stored : sequence of mapping
        The record's parts.
    at : sequence of mapping, optional
        What they come to at a reading of the judge.

    Returns
    -------
    list of PartPrecision
    """
    uncertain = uncertain_parts(stored)
    found = [part_of(part, uncertain) for part in (stored if at is None else _at(stored, at))]
    return [part for part in found if part is not None]


def uncertain_parts(stored: Sequence[Mapping[str, Any]]) -> int:
    """Return how many parts of a record can refute it by chance; 1 for a single part."""
    return max(1, sum(part.get("wide_interval") is not None for part in stored))


def part_of(stored: Mapping[str, Any], uncertain: int = 1) -> PartPrecision | None:
    """Return how precisely a record's part was measured; None where its rule has no limits.

    Parameters
    ----------
    stored : mapping
    uncertain : int
        How many uncertain parts the claim has.

    Returns
    -------
    PartPrecision or None
    """
    limits = limits_of(stored)
    if limits is None:
        return None
    errors = errors_of({"uncertain": uncertain, **stored}, limits)
    return PartPrecision(stored["effect"], errors, limits, uncertain)


def errors_of(part: Mapping[str, Any], limits: Bounds) -> Errors:
    """Return what is known of the error of a record's part.

    Older records do not hold it. Then it follows from the interval, the p-value
    against the margin (the tail at which the interval ends at the margin) and the wider interval
    of one of several parts. Where there is but the interval, or it is uneven, the error between
    trainings is that of their values, and the rest counts as shared.

    Parameters
    ----------
    part : mapping
        With effect, interval and per_replicate, and perhaps errors; "uncertain" is how many
        uncertain parts the claim has.
    limits : tuple of float
        The rule's; of an uneven interval the half counts that faces the nearer one.

    Returns
    -------
    Errors
    """
    if "errors" in part:
        return EXACT if part["errors"] is None else Errors.of(part["errors"])
    low, high = part["interval"]
    values, effect = part.get("per_replicate", []), float(part["effect"])
    if len(values) < 2 or high <= low:
        return EXACT
    scatter = float(np.std(values, ddof=1)) / math.sqrt(len(values))
    gap = min(limits, key=lambda limit: abs(limit - effect)) - effect
    bounds, half = _bounds(effect, low, high)
    equations = [(half, TAIL)]
    if bounds == UNBOUNDED and _even(effect, low, high):
        equations += _others(part, abs(gap))
    elif bounds == UNBOUNDED:
        facing = high - effect if gap > 0 else effect - low
        equations = [(facing if facing > 0 else half, TAIL)]
    own, shared = _solved(equations, scatter, len(values) - 1)
    return Errors(own, len(values) - 1, shared, NO_KIND, bounds)


def _at(
    stored: Sequence[Mapping[str, Any]], at: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Return the parts at a reading: limits stay, and what else is known of the interval goes."""
    return [{"limits": part["limits"], **other} for part, other in zip(stored, at, strict=True)]


def _others(part: Mapping[str, Any], gap: float) -> list[tuple[float, float]]:
    """Return further half widths of an even interval with their tails."""
    found = []
    if (wide := part.get("wide_interval")) is not None:
        tail = TAIL / part.get("uncertain", 1)
        found.append(((wide[1] - wide[0]) / 2, tail))
    pvalue = part.get("pvalue")
    if (
        pvalue
        and LEAST_TAIL < pvalue < MOST_TAIL
        and gap > 0
        and abs(math.log(pvalue / TAIL)) > APART
    ):
        found.append((gap, pvalue))
    return found


def _solved(
    equations: Sequence[tuple[float, float]], scatter: float, degrees: int
) -> tuple[float, float]:
    """Return the error between trainings and that which they share.

    Squared half widths are sums of both squared errors, each times its squared quantile. The first
    is no less than the scatter of the values; of one equation, the shared error takes all the rest.
    """
    rows, rest = [], []
    for half, tail in equations:
        own, shared = special.stdtrit([degrees, SHARED_DEGREES], tail) ** 2
        rows.append([own / half**2, shared / half**2])
        rest.append(1 - own * scatter**2 / half**2)
    if len(rows) == 1:
        rows[0][0] = 0.0
    (more, common), _ = optimize.nnls(np.array(rows), np.maximum(rest, 0.0))
    shared = math.sqrt(common) if common * rows[0][1] > SAME else 0.0
    return math.sqrt(scatter**2 + more), shared


def _even(effect: float, low: float, high: float) -> bool:
    return low < effect < high and abs((effect - low) / (high - effect) - 1) < SAME


def _bounds(effect: float, low: float, high: float) -> tuple[Bounds, float]:
    """Return the bounds that an uneven interval shows, and its half width before it was bent.

    The ends p of a score test's interval solve (effect - p)^2 = ratio * spread(p).
    """
    if not low < effect < high or _even(effect, low, high):
        return UNBOUNDED, (high - low) / 2
    for bounds in ((0.0, math.inf), (0.0, 1.0)):
        spread = Errors(bounds=bounds).spread
        if min(spread(p) for p in (low, effect, high)) <= 0:
            continue
        ratios = [(effect - p) ** 2 / spread(p) for p in (low, high)]
        if abs(ratios[0] / ratios[1] - 1) < SAME:
            return bounds, math.sqrt(ratios[1] * spread(effect))
    return UNBOUNDED, (high - low) / 2
