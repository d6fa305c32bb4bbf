"""How far a statistic of a sample may be off because it is a sample."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from aelatent.inference import Estimate, in_common
from aelatent.latents import LatentCloud

Floats = NDArray[np.float64]


def jackknife_error(
    statistic: Callable[[Floats], float], values: ArrayLike, groups: int = 20
) -> float:
    """Return the standard error of a smooth statistic of a sample, by leaving out parts of it.

    Replicates that were measured on the same images share this error, which does not average out
    over them: give it to `Estimate` as `shared`.

    Parameters
    ----------
    statistic : callable
        From an array like `values` with fewer rows to a float. It must be smooth: the error of a
        median, or of an extreme, comes out wrong.
    values : array_like of float64, shape (n, ...)
        In any order that does not matter. A row is an independent unit.
    groups : int
        Into how many parts the rows are dealt, each left out once; n of them if n is smaller.

    Returns
    -------
    float
        In the units of the statistic. Of the mean it is ``std(ddof=1) / sqrt(n)`` where every part
        is a single row.

    Raises
    ------
    ValueError
        If there are fewer than two rows.

    Notes
    -----
    Source: Tukey's jackknife; Efron and Stein, "The jackknife estimate of variance", Annals of
    Statistics 9 (1981), 586-596.

    Examples
    --------
    >>> round(jackknife_error(np.mean, [1.0, 2.0, 3.0, 4.0]), 3)
    0.645
    """
    rows = np.asarray(values, dtype=np.float64)
    if rows.ndim < 1 or len(rows) < 2:
        raise ValueError(f"expected two rows or more, received shape {rows.shape}")
    count = min(groups, len(rows))
    part = np.arange(len(rows)) % count
    without = np.array([float(statistic(rows[part != left])) for left in range(count)])
    return float(np.sqrt((count - 1) * without.var()))


def error_of_codes(statistic: Callable[[LatentCloud], float], cloud: LatentCloud) -> float:
    """Return the standard error of a cloud's statistic that comes from its being a sample.

    Parameters
    ----------
    statistic : callable
        From a cloud to a float, smooth as for `jackknife_error`. Parts of the codes are left out;
        mean and covariance stay those of all.
    cloud : LatentCloud
        Two codes or more.
    """
    places = np.arange(cloud.n)
    return jackknife_error(lambda some: statistic(cloud.some(some.astype(np.int64))), places)


def on_same_images(
    statistic: Callable[[LatentCloud], float],
) -> Callable[[LatentCloud], Estimate]:
    """Return a statistic of clouds with the error that replicates share: they show one sample.

    Parameters
    ----------
    statistic : callable
        As for `error_of_codes`.

    Examples
    --------
    >>> cloud = LatentCloud([[0.0], [1.0], [2.0]])
    >>> round(on_same_images(lambda cloud: float(cloud.z_mean.mean()))(cloud).shared, 3)
    0.577
    """
    return lambda cloud: in_common(Estimate(statistic(cloud), error_of_codes(statistic, cloud)))
