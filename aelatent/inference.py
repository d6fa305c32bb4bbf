"""From values per replicate to evidence: an effect with an interval over replicates."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

CONFIDENCE = 0.95


class InsufficientEvidence(ValueError):
    """Too few replicates, or values that are no numbers: nothing can be said."""


@dataclass(frozen=True)
class Estimate:
    """A value measured on one replicate, with what is known about its error.

    Attributes
    ----------
    value : float
    error : float
        Standard error from sampling within this replicate; independent between replicates.
    shared : float
        Standard error that all replicates have in common, such as that of one judge.
    """

    value: float
    error: float = 0.0
    shared: float = 0.0


@dataclass(frozen=True, eq=False)
class Evidence:
    """An effect with its interval over replicates.

    Attributes
    ----------
    effect : float
        Mean over replicates.
    interval : tuple of float
        Limits of the confidence interval of the effect over replicates.
    values : tuple of float
        The effect in each replicate.
    unit : str
        What the effect is measured in, in words.
    pvalue : float or None
        Against the null, if there is one.
    null : ndarray of float64 or None
        The effect under the null, one value a surrogate.
    """

    effect: float
    interval: tuple[float, float]
    values: tuple[float, ...]
    unit: str = ""
    pvalue: float | None = None
    null: NDArray[np.float64] | None = None


def weigh(
    statistic: Callable[[Any], float | Estimate],
    units: Iterable[Any],
    unit: str = "",
) -> Evidence:
    """Measure a statistic on each replicate and weigh the values.

    Parameters
    ----------
    statistic : callable
        Takes a replicate, a cloud or whatever `units` holds, and returns a float or an `Estimate`.
    units : iterable
        One entry per trained model. The replicate is the trained model, not the image.
    unit : str
        What the effect is measured in, in words.

    Returns
    -------
    Evidence

    Raises
    ------
    InsufficientEvidence
        As `interval_over_replicates`.

    See Also
    --------
    interval_over_replicates : how the interval is made.

    Examples
    --------
    >>> evidence = weigh(float, [0.9, 1.0, 1.1], unit="ratio")
    >>> round(evidence.effect, 3), [round(limit, 3) for limit in evidence.interval]
    (1.0, [0.752, 1.248])
    """
    estimates = [_estimate(statistic(item)) for item in units]
    return Evidence(
        effect=float(np.mean([estimate.value for estimate in estimates]))
        if estimates
        else math.nan,
        interval=interval_over_replicates(estimates),
        values=tuple(estimate.value for estimate in estimates),
        unit=unit,
    )


def interval_over_replicates(
    estimates: list[Estimate], confidence: float = CONFIDENCE
) -> tuple[float, float]:
    """Student's interval of the mean over replicates, honest where they agree by accident.

    The variance between replicates is estimated from their spread, but never as less than the mean
    sampling variance within them: five hit rates of 0 in 500 draws have no spread, and yet are not
    known to be 0. The error that the replicates share does not average out; it is added in
    quadrature, with the same quantile.

    Raises
    ------
    InsufficientEvidence
        If there are fewer than two estimates, if one is not finite, or if all values agree and no
        error is known, so that nothing says how far they may be off.
    """
    k = len(estimates)
    if k < 2:
        raise InsufficientEvidence(f"expected two replicates or more, received {k}")
    values = np.array([estimate.value for estimate in estimates], dtype=np.float64)
    if not np.isfinite(values).all():
        raise InsufficientEvidence(f"expected finite values, received {values.tolist()}")
    errors = np.array([(estimate.error, estimate.shared) for estimate in estimates])
    if not (np.isfinite(errors).all() and errors.min() >= 0):
        raise InsufficientEvidence(f"expected finite errors >= 0, received {errors.tolist()}")
    within = np.mean([estimate.error**2 for estimate in estimates])
    shared = np.mean([estimate.shared for estimate in estimates])
    variance = max(values.var(ddof=1), within) / k + shared**2
    if variance == 0:
        raise InsufficientEvidence(
            f"expected values that differ or have an error, received {k} times {values[0]:g}"
        )
    half = special.stdtrit(k - 1, (1 + confidence) / 2) * math.sqrt(variance)
    centre = values.mean()
    return float(centre - half), float(centre + half)


def _estimate(value: float | Estimate) -> Estimate:
    return value if isinstance(value, Estimate) else Estimate(float(value))
