"""How far a statistic of a sample may be off because it is a sample."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from aelatent.inference.estimates import Estimate
from aelatent.latent.cloud import Floats, LatentCloud

PARTS = 20


def contributions(
    statistic: Callable[[Floats], float],
    values: ArrayLike,
    parts: int = PARTS,
    groups: NDArray[np.int64] | None = None,
) -> tuple[float, ...]:
    """Return what each part of a sample adds to the error of a smooth statistic of it.

    Give them to `Estimate` as `images`: replicates that were measured on the same images share
    some of this error, which does not average out over them.

    Parameters
    ----------
    statistic : callable
        From an array like `values` with fewer rows to a float. It must be smooth: the error of a
        median, or of an extreme, comes out wrong.
    values : array_like of float64, shape (n, ...)
        In any order that does not matter.
    parts : int
        Into how many parts the rows are dealt, each left out once; fewer if there are fewer rows
        or groups.
    groups : ndarray of int64, shape (n,), or None
        Rows with equal entries are not independent, such as images of one person, and stay in one
        part. Without them a row is an independent unit.

    Returns
    -------
    tuple of float
        In the units of the statistic, and of sum 0. The root of the sum of their squares is its
        standard error: of the mean ``std(ddof=1) / sqrt(n)`` where every part is a single row.

    Raises
    ------
    ValueError
        If there are fewer than two rows, or a single group.

    Notes
    -----
    Source: Tukey's jackknife; Efron and Stein, "The jackknife estimate of variance", Annals of
    Statistics 9 (1981), 586-596.

    Examples
    --------
    >>> [round(part, 3) for part in contributions(np.mean, [1.0, 2.0, 3.0, 4.0])]
    [-0.433, -0.144, 0.144, 0.433]
    """
    rows = np.asarray(values, dtype=np.float64)
    if rows.ndim < 1 or len(rows) < 2:
        raise ValueError(f"expected two rows or more, received shape {rows.shape}")
    members = np.arange(len(rows)) if groups is None else np.unique(groups, return_inverse=True)[1]
    count = min(parts, int(members.max()) + 1)
    if count < 2:
        raise ValueError("expected two groups or more, received rows of a single one")
    without = np.array([float(statistic(rows[members % count != left])) for left in range(count)])
    scaled = np.sqrt((count - 1) / count) * (without.mean() - without)
    return tuple(scaled.tolist())


def contributions_of_codes(
    statistic: Callable[[LatentCloud], float], cloud: LatentCloud
) -> tuple[float, ...]:
    """Return what each part of a cloud's images adds to the error of its statistic.

    Parameters
    ----------
    statistic : callable
        From a cloud to a float, smooth as for `contributions`. Parts of the codes are left out;
        mean and covariance stay those of all.
    cloud : LatentCloud
        Two codes or more. Codes of one group stay together.

    Returns
    -------
    tuple of float
        As `contributions`.
    """
    return contributions(
        lambda some: statistic(cloud.some(some.astype(np.int64))),
        np.arange(cloud.n),
        groups=cloud.groups,
    )


def with_images(
    statistic: Callable[[LatentCloud], float],
) -> Callable[[LatentCloud], Estimate]:
    """Return a statistic of clouds that says what each part of their images adds to its error.

    Parameters
    ----------
    statistic : callable
        As for `contributions_of_codes`.

    Examples
    --------
    >>> cloud = LatentCloud([[0.0], [1.0], [2.0]])
    >>> [round(part, 3) for part in with_images(lambda c: float(c.z_mean.mean()))(cloud).images]
    [-0.408, 0.0, 0.408]
    """
    return lambda cloud: Estimate(statistic(cloud), images=contributions_of_codes(statistic, cloud))
