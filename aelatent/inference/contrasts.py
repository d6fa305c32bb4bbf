"""A statistic against its surrogates: how far each replicate lies from a null of its own."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from aelatent.inference.estimates import (
    ROUNDING,
    Estimate,
    Evidence,
    InsufficientEvidence,
    estimate,
    without_rounding,
)
from aelatent.inference.intervals import UNBOUNDED, Bounds


def contrast(
    statistic: Callable[[Any], float],
    units: Iterable[Any],
    null: Callable[[Any, np.random.Generator], Any],
    rng: np.random.Generator,
    surrogates: int = 39,
    scale: Literal["difference", "ratio", "score"] = "difference",
    unit: str = "",
    images: Callable[[Any], Sequence[float]] | None = None,
    bounds: Bounds = UNBOUNDED,
) -> Evidence:
    """Measure a statistic on each replicate against surrogates of that replicate.

    Parameters
    ----------
    statistic : callable
        From one unit to a float.
    units : iterable
        One entry per trained model, such as `model.clouds`.
    null : callable
        From a unit and a random generator to a surrogate of it: `aelatent.statistics.surrogates`.
    rng : numpy.random.Generator
    surrogates : int
        How many for each replicate, 2 or more. The smallest p-value is 1 / (surrogates + 1).
    scale : {"difference", "ratio", "score"}
        The effect of a replicate: its value minus the mean of its surrogates, over that mean, or
        the difference in standard deviations of its surrogates.
    unit : str
        What the effect is measured in, in words.
    images : callable, optional
        From one unit to what each part of its images adds to the error of its statistic, as in
        `Estimate`: `aelatent.statistics.jackknife`.
    bounds : tuple of float
        As in `estimate`, of the effects.

    Returns
    -------
    Evidence
        `null` holds the effect that each surrogate has on the same scale. `surrogate_pvalues` are
        one-sided, for effects larger and smaller than the null's: (k + 1) / (b + 1), where k of the
        b means over replicates of one surrogate each are at least, or at most, the mean over
        replicates of what was observed.

    Raises
    ------
    ValueError
        If there are fewer than two surrogates, or the bounds are not in order.
    InsufficientEvidence
        As `aelatent.inference.estimates.interval_over_replicates`; also if the surrogates of a
        replicate have mean 0 for a "ratio" or all agree for a "score".
    """
    if surrogates < 2:
        raise ValueError(f"expected two surrogates or more, received {surrogates}")
    observed, expected, added = [], [], []
    for item in units:
        observed.append(float(statistic(item)))
        added.append(() if images is None else images(item))
        expected.append([float(statistic(null(item, rng))) for _ in range(surrogates)])
    if not observed:
        raise InsufficientEvidence("expected two replicates or more, received none")
    values = np.array(observed, dtype=np.float64)
    nulls = np.array(expected).reshape(-1, surrogates)
    centres, divisor = _scale(nulls, scale)
    effects = ((values[:, None] - centres) / divisor)[:, 0]
    under_null = (nulls - centres) / divisor
    # Effects may be small differences of values, of which nothing but rounding is left.
    size = float(np.abs(values / divisor[:, 0]).mean())
    # A surrogate's own error: the mean that it is compared with comes from finitely many.
    errors = under_null.std(axis=1, ddof=1) / math.sqrt(surrogates)
    estimates = [
        Estimate(effect, error, images=tuple(part / by for part in parts))
        for effect, error, parts, (by,) in zip(
            without_rounding(effects, size),
            np.where(errors > ROUNDING * size, errors, 0.0),
            added,
            divisor,
            strict=True,
        )
    ]
    evidence = estimate(lambda each: each, estimates, unit, bounds)
    pvalues = _tails(float(effects.mean()), under_null.mean(axis=0), 1e-12 * size)
    return replace(evidence, surrogate_pvalues=pvalues, null=under_null.ravel())


def _scale(
    nulls: NDArray[np.float64], scale: str
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return what to subtract from the values of each replicate, and what to divide them by."""
    centres = nulls.mean(axis=1, keepdims=True)
    spread = nulls.std(axis=1, ddof=1, keepdims=True)
    divisor = {"difference": np.ones_like(centres), "ratio": centres, "score": spread}[scale]
    if (divisor == 0).any():
        raise InsufficientEvidence(f"expected surrogates that allow a {scale}, received 0 for one")
    return (np.zeros_like(centres) if scale == "ratio" else centres), divisor


def _tails(effect: float, surrogates: NDArray[np.float64], rounding: float) -> tuple[float, float]:
    """Return the one-sided p-values for an effect as large as this one, and for one as small.

    Ties count against the claim, and numbers that are equal but for rounding are ties.
    """
    above = int(np.count_nonzero(surrogates >= effect - rounding))
    below = int(np.count_nonzero(surrogates <= effect + rounding))
    return (above + 1) / (len(surrogates) + 1), (below + 1) / (len(surrogates) + 1)
