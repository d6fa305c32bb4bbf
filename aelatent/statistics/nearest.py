"""How close codes lie to one another, and the uniform clouds that they are compared with."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from aelatent.latent import pairwise_gpu
from aelatent.latent.cloud import Floats, LatentCloud
from aelatent.latent.pairwise import (
    GROUPS,
    Block,
    Places,
    Rounded,
    measured,
    over_blocks,
    pairs,
    rounded,
)
from aelatent.statistics import validation


def neighbours(codes: ArrayLike, k: int) -> tuple[Floats, Places]:
    """Distances to the k nearest other codes, ascending, and which codes these are, each (n, k).

    Exact to rounding wherever the codes lie: 0 where two coincide, and the same for equal
    differences; of codes at the same distance the first in their order come first. Takes n^2 d
    operations; memory for two copies of the codes and, a thread, for up to 128 rows of distances.
    Of many codes a GPU finds the pairs to measure, where there is one: the result is the same.

    Parameters
    ----------
    codes : array_like of float64, shape (n, d)
    k : int
        From 1 to n - 1.

    Returns
    -------
    distances : ndarray of float64, shape (n, k)
        Ascending.
    near : ndarray of int64, shape (n, k)
        Places of the neighbours among the codes.

    Raises
    ------
    ValueError
        If there are k codes or fewer.

    Examples
    --------
    >>> distances, near = neighbours([[0.0], [1.0], [5.0]], k=2)
    >>> distances.tolist(), near.tolist()
    ([[1.0, 5.0], [1.0, 4.0], [4.0, 5.0]], [[1, 2], [0, 2], [1, 0]])
    """
    points = np.asarray(codes, dtype=np.float64)
    if not 1 <= k < len(points):
        raise ValueError(f"expected k from 1 to {len(points) - 1}, received {k}")
    n, d = points.shape

    def first(chosen: slice, rows: Places, columns: Places) -> tuple[Floats, Places]:
        own = np.arange(chosen.start, chosen.stop)
        return _first(k, rows, columns, measured(points, own[rows], points, columns))

    if pairwise_gpu.worth(n * n * d):
        (exact,) = rounded(points, precision=np.float64)
        parts = [first(*close) for close in pairwise_gpu.close(exact, k)]
    else:
        (approximate,) = rounded(points)

        def nearest(chosen: slice, squares: Block) -> tuple[Floats, Places]:
            return first(chosen, *_close(approximate, chosen, squares, k))

        parts = over_blocks(nearest, approximate, approximate)
    distances, near = zip(*parts, strict=True)
    return np.concatenate(distances), np.concatenate(near)


def _close(points: Rounded, chosen: slice, squares: Block, k: int) -> tuple[Places, Places]:
    """Return which of the chosen points' pairs with all may be among their k nearest."""
    own = np.arange(chosen.start, chosen.stop)
    squares[own - chosen.start, own] = np.inf
    reach = _reach(squares, k)
    reach += 2 * points.slack(chosen, reach)
    return pairs(squares <= reach[:, None])


def _reach(squares: Block, k: int) -> Block:
    """Return a bound of the k-th smallest number of each row, (n,): not much above it.

    The k smallest of the minima of many groups are k numbers of the row.
    """
    n, m = squares.shape
    groups = GROUPS * k
    if m < 4 * groups:
        return np.partition(squares, k - 1, axis=1)[:, k - 1]
    whole = m // groups * groups
    minima = squares[:, :whole].reshape(n, -1, groups).min(axis=1)
    return np.partition(minima, k - 1, axis=1)[:, k - 1]


def _first(k: int, rows: Places, columns: Places, distances: Floats) -> tuple[Floats, Places]:
    """Return the k smallest distances of each row and their columns; at least k of each are given.

    Rows and columns ascend.
    """
    order = np.lexsort([distances, rows])  # stable: equal distances stay in the order of columns
    starts = np.searchsorted(rows, np.arange(rows[-1] + 1))
    chosen = order[starts[:, None] + np.arange(k)]
    return distances[chosen], columns[chosen]


def nearest_distances(codes: ArrayLike) -> Floats:
    """Distance of each code from the nearest other one.

    Parameters
    ----------
    codes : array_like of float64, shape (n >= 2, d)

    Returns
    -------
    ndarray of float64, shape (n,)
        In latent units, >= 0; 0 where a code comes up twice, so that codes drawn with replacement
        say nothing: subsample instead. Proportional to the scale of the codes, not changed by
        shifting or rotating them. Takes n^2 d operations.

    Raises
    ------
    ValueError
        If there are fewer than two codes, or a NaN or an infinity.

    Examples
    --------
    >>> nearest_distances([[0.0], [1.0], [5.0]]).tolist()
    [1.0, 1.0, 4.0]
    """
    distances, _ = neighbours(validation.matrix(codes, least=2), 1)
    return distances[:, 0]


def nearest_distance(cloud: LatentCloud) -> float:
    """Mean distance of a code from the nearest other one: `nearest_distances`.

    It falls as codes are added, by ``n^(-1/d)`` where they have a density, so that clouds must be
    compared at one size; and it is proportional to their scale. In hundreds of dimensions hardly
    any distance is small, and for a normal distribution the mean is near that of two arbitrary
    codes.
    """
    return float(nearest_distances(cloud.z_mean).mean())


def nearest_variation(cloud: LatentCloud) -> float:
    """Variation of `nearest_distances`: their standard deviation over their mean.

    Returns
    -------
    float
        0 on a lattice; larger the more the density of the codes differs from place to place. Not
        changed by scaling, shifting or rotating them. For an even filling it is near 0.52 in two
        dimensions and falls as the dimensions become more: compare with as many draws.

    Raises
    ------
    ValueError
        If every code comes up twice.

    Examples
    --------
    >>> nearest_variation(LatentCloud(np.array([[0.0], [1.0], [4.0], [7.0]])))
    0.5
    """
    distances = nearest_distances(cloud.z_mean)
    if not distances.any():
        raise ValueError("expected codes that differ, received each of them twice")
    return float(distances.std() / distances.mean())


def box_fillings(cloud: LatentCloud, rng: np.random.Generator) -> LatentCloud:
    """Draw as many codes, uniform in the smallest box along the axes that holds the cloud's own.

    Parameters
    ----------
    cloud : LatentCloud
    rng : numpy.random.Generator

    Returns
    -------
    LatentCloud
    """
    low, high = cloud.z_mean.min(axis=0), cloud.z_mean.max(axis=0)
    return LatentCloud(rng.uniform(low, high, cloud.z_mean.shape))


def ellipsoid_fillings(cloud: LatentCloud, rng: np.random.Generator) -> LatentCloud:
    """Draw as many codes, uniform in the ellipsoid that has the cloud's mean and covariance.

    Its half-axes are sqrt(d + 2) standard deviations long. In many dimensions nearly all of its
    volume lies beneath its surface, where nearly all of a normal distribution lies, too.

    Parameters
    ----------
    cloud : LatentCloud
    rng : numpy.random.Generator

    Returns
    -------
    LatentCloud
    """
    variances, axes = cloud.principal
    directions = rng.standard_normal((cloud.n, cloud.d))
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    lengths = np.sqrt(cloud.d + 2) * rng.random((cloud.n, 1)) ** (1 / cloud.d)
    return LatentCloud(cloud.mean + (lengths * directions * np.sqrt(variances)) @ axes.T)
