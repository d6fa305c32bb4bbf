"""Whether two samples come from one distribution: energy distance, kernel discrepancy, tests.

Both are sums over all pairs. With a weight of 1/n for each point of the first sample and -1/m for
each of the second they are quadratic forms of one matrix, so that a test by permutations computes
the matrix once, and all permutations as one product with it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from aelatent.latent import pairwise_gpu
from aelatent.latent.cloud import Floats
from aelatent.latent.pairwise import over_blocks, rounded
from aelatent.statistics import validation

# From squared distances, which it may overwrite, and NumPy or `keras.ops`, to the kernel's values.
Kernel = Callable[[Any, Any], Any]

TIE = 1e-12  # of the size of the sums: statistics that differ by less are tied
PAIRED = 1000  # points whose distances tell the width of a kernel


@dataclass(frozen=True, eq=False)
class TwoSampleTest:
    """Result of a test by permutations of whether two samples come from one distribution.

    Attributes
    ----------
    statistic : float
        As measured, >= 0 up to rounding.
    pvalue : float
        (k + 1) / (b + 1), if k of b permutations reach the statistic or tie with it; never 0.
    null : ndarray of float64, shape (b,)
        The statistic of each permutation.
    """

    statistic: float
    pvalue: float
    null: Floats


def energy_distance(first: ArrayLike, second: ArrayLike) -> float:
    """Energy distance: twice the mean distance between samples less the mean ones within them.

    Parameters
    ----------
    first, second : array_like of float, shapes (n >= 1, d) and (m >= 1, d)

    Returns
    -------
    float
        In latent units, >= 0; 0 only if the samples are the same points. Proportional to the scale
        of the codes; not changed by shifting, rotating or mirroring them, or exchanging the
        samples. Its expectation falls with 1/n and 1/m to that of the distributions, 0 if they are
        one.

    Raises
    ------
    ValueError
        If a sample is empty, not of shape (n, d), has a NaN or an infinity, or another d.

    Notes
    -----
    Source: Székely and Rizzo, "Energy statistics", J. Stat. Plan. Inference 143, 2013. Takes
    (n + m)^2 d operations and a few blocks of memory.

    Examples
    --------
    >>> energy_distance([[0.0], [2.0]], [[1.0]])
    1.0
    """
    return float(_forms(*_checked(first, second), _negated_distance)[0])


def kernel_discrepancy(first: ArrayLike, second: ArrayLike, width: float) -> float:
    """Squared maximum mean discrepancy (MMD) with the kernel exp(-distance^2 / (2 width^2)).

    Parameters
    ----------
    first, second : array_like of float, shapes (n >= 1, d) and (m >= 1, d)
    width : float
        In latent units, > 0; see `median_distance`.

    Returns
    -------
    float
        0 if the samples are the same points, at most 2. Each point's pair with itself counts, which
        makes it >= 0 and adds up to 1/n + 1/m. Not changed by shifting, rotating or mirroring the
        codes, nor by scaling them together with the width.

    Raises
    ------
    ValueError
        As `energy_distance`, and if the width is not positive.

    Notes
    -----
    Source: Gretton et al., "A kernel two-sample test", JMLR 13, 2012, equation 5. Takes
    (n + m)^2 d operations and a few blocks of memory.

    Examples
    --------
    >>> round(kernel_discrepancy([[0.0]], [[1.0]], width=1.0), 3)
    0.787
    """
    return float(_forms(*_checked(first, second), _bell(width))[0])


def median_distance(points: ArrayLike, rng: np.random.Generator, most: int = PAIRED) -> float:
    """Median distance between two different points: the customary width of a kernel.

    Parameters
    ----------
    points : array_like of float, shape (n >= 2, d)
    rng : numpy.random.Generator
    most : int
        Of more points than this, so many are chosen at random.

    Returns
    -------
    float
        In latent units, > 0.

    Raises
    ------
    ValueError
        If there are fewer than two points, or half of their distances are 0.

    Examples
    --------
    >>> median_distance([[0.0], [1.0], [3.0]], np.random.default_rng(0))
    2.0
    """
    from scipy.spatial.distance import pdist

    items = np.asarray(points, dtype=np.float64)
    chosen = items[rng.permutation(len(items))[:most]]
    median = float(np.median(pdist(chosen))) if len(chosen) > 1 else 0.0
    if not median > 0:
        raise ValueError(f"expected points that differ, received a median distance of {median:g}")
    return median


def energy_test(
    first: ArrayLike, second: ArrayLike, rng: np.random.Generator, permutations: int = 199
) -> TwoSampleTest:
    """Test by permutations whether the `energy_distance` is more than chance.

    Parameters
    ----------
    first, second : array_like of float, shapes (n >= 1, d) and (m >= 1, d)
        Independent points: of codes of one person's pictures take one.
    rng : numpy.random.Generator
    permutations : int
        At least 1; the smallest p-value is one over one more.

    Returns
    -------
    TwoSampleTest

    Raises
    ------
    ValueError
        As `energy_distance`, and without a permutation.

    Notes
    -----
    Takes (n + m)^2 (d + permutations) operations, and (n + m) permutations numbers of memory.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> energy_test(rng.standard_normal((40, 3)), rng.standard_normal((50, 3)) + 1, rng).pvalue
    0.005
    """
    return _test(*_checked(first, second), _negated_distance, rng, permutations)


def discrepancy_test(
    first: ArrayLike,
    second: ArrayLike,
    rng: np.random.Generator,
    permutations: int = 199,
    width: float | None = None,
) -> TwoSampleTest:
    """Test by permutations whether the `kernel_discrepancy` is more than chance.

    Parameters
    ----------
    first, second, rng, permutations
        As `energy_test`.
    width : float, optional
        Of the kernel, in latent units; the `median_distance` of all points by default.

    Returns
    -------
    TwoSampleTest

    Raises
    ------
    ValueError
        As `energy_test`, `kernel_discrepancy` and `median_distance`.

    Notes
    -----
    Takes (n + m)^2 (d + permutations) operations, and (n + m) permutations numbers of memory.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> wide, narrow = 2 * rng.standard_normal((40, 3)), rng.standard_normal((50, 3))
    >>> discrepancy_test(wide, narrow, rng).pvalue
    0.005
    """
    pooled, weights = _checked(first, second)
    kernel = _bell(median_distance(pooled, rng) if width is None else width)
    return _test(pooled, weights, kernel, rng, permutations)


def _checked(first: ArrayLike, second: ArrayLike) -> tuple[Floats, Floats]:
    """Return all points (n + m, d), and their weights in a difference of means, (n + m, 1)."""
    one = validation.matrix(first, "points", least=1)
    other = validation.matrix(second, "points", least=1, d=one.shape[1])
    n, m = len(one), len(other)
    return np.concatenate([one, other]), np.repeat([1 / n, -1 / m], [n, m])[:, None]


def _negated_distance(squares: Any, algebra: Any) -> Any:
    return -algebra.sqrt(squares)


def _bell(width: float) -> Kernel:
    if not width > 0:
        raise ValueError(f"expected a width > 0, received {width}")

    def kernel(squares: Any, algebra: Any) -> Any:
        squares *= -0.5 / width**2
        return algebra.exp(squares)

    return kernel


def _forms(pooled: Floats, weights: Floats, kernel: Kernel) -> Floats:
    """Return the quadratic form of the kernel matrix for each column of weights, (columns,)."""
    (points,) = rounded(pooled, precision=np.float64)
    n, d = pooled.shape
    if pairwise_gpu.worth(n * n * (d + weights.shape[1])):
        return pairwise_gpu.forms(points, weights, kernel)

    def part(chosen: slice, squares: Floats) -> Floats:
        count = len(squares)
        np.fill_diagonal(squares, 0.0)
        squares = np.maximum(squares, 0.0, out=squares)
        squares *= points.unit**2
        values = kernel(squares, np)
        own, later = values[:, :count] @ weights[chosen], values[:, count:] @ weights[chosen.stop :]
        return np.asarray(((own + 2 * later) * weights[chosen]).sum(axis=0))

    return np.asarray(np.sum(over_blocks(part, points), axis=0))


def _test(
    pooled: Floats, weights: Floats, kernel: Kernel, rng: np.random.Generator, permutations: int
) -> TwoSampleTest:
    """Weigh the points in the order given and in others, all in one product."""
    if permutations < 1:
        raise ValueError(f"expected a permutation or more, received {permutations}")
    others = rng.permuted(np.repeat(weights, permutations, axis=1), axis=0)
    # The last form has no differences: it is as large as the sums that rounding is of.
    *forms, size = _forms(pooled, np.hstack([weights, others, np.abs(weights)]), kernel)
    statistic, null = float(forms[0]), np.array(forms[1:])
    reached = int(np.count_nonzero(null >= statistic - TIE * abs(size)))
    return TwoSampleTest(statistic, (reached + 1) / (permutations + 1), null)
