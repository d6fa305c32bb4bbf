"""Codes within a limit about their centre, and what the limit does to their covariance."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special, stats

from aelatent.latent.cloud import Floats, LatentCloud
from aelatent.statistics import validation
from aelatent.statistics.region import FLAT, distances

MOST_STEPS = 100
UNDERFLOW = 1e-200  # below, a share of a normal distribution is given as a series


def within_ellipsoid(codes: ArrayLike, fitted: LatentCloud, limit: float) -> NDArray[np.bool_]:
    """Tell which codes lie within a Mahalanobis distance of the mean of a cloud.

    Parameters
    ----------
    codes : array_like of float64, shape (n, d)
    fitted : LatentCloud
        Its mean and covariance are used: those of the full set, where they were recorded.
    limit : float
        In standard deviations; `radius_of_share` gives the one within which a share of a normal
        distribution lies. In d dimensions a typical code lies at sqrt(d), so that a limit of 3
        keeps next to none of many.

    Returns
    -------
    ndarray of bool, shape (n,)
        Not changed by an affine map of codes and cloud together.

    Raises
    ------
    ValueError
        As `aelatent.statistics.region.distances`.
    """
    return np.asarray(distances(codes, fitted) <= limit)


def within_ranges(codes: ArrayLike, fitted: LatentCloud, limit: float) -> NDArray[np.bool_]:
    """Tell which codes have every component within so many of its own standard deviations.

    Parameters
    ----------
    codes : array_like of float64, shape (n, d)
    fitted : LatentCloud
        Its mean and its components' standard deviations are used.
    limit : float
        In standard deviations of each component.

    Returns
    -------
    ndarray of bool, shape (n,)
        Not changed by shifting or scaling components of codes and cloud together.

    Raises
    ------
    ValueError
        If the shape of `codes` does not match, they are not finite, or a component does not vary.

    Notes
    -----
    Of d independent normal components all lie within 3 standard deviations with a probability of
    only ``0.9973^d``: 0.50 for d = 256.
    """
    points = validation.matrix(codes, d=fitted.d)
    if fitted.deviations.min() <= FLAT * fitted.deviations.max():
        raise ValueError("expected components that vary, received one that does not")
    scores = np.abs(points - fitted.mean) / fitted.deviations
    return np.asarray((scores <= limit).all(axis=1))


def radius_of_share(share: float, d: int) -> float:
    """Mahalanobis distance within which a share of a normal distribution in d dimensions lies.

    Parameters
    ----------
    share : float
        Above 0 and below 1.
    d : int
        Number of dimensions.

    Returns
    -------
    float
        In standard deviations.

    Raises
    ------
    ValueError
        If the share is not between 0 and 1 or d is below 1.

    Examples
    --------
    >>> round(radius_of_share(0.8, 256), 2)
    16.58
    """
    if not (0 < share < 1 and d >= 1):
        raise ValueError(f"expected 0 < share < 1 and d >= 1, received {share} and {d}")
    return math.sqrt(stats.chi2.ppf(share, d))


def shrinkage(limit: float, d: int) -> float:
    """Variance of a normal distribution within a Mahalanobis distance, over its whole variance.

    Parameters
    ----------
    limit : float
        Mahalanobis distance, > 0.
    d : int

    Returns
    -------
    float
        ``P(chi2_(d + 2) <= limit^2) / P(chi2_d <= limit^2)``, the same along every direction: from
        0 to 1. A cut that keeps 80 % of the codes leaves 0.60 of the variance for d = 2, 0.87 for
        d = 16 and 0.97 for d = 256.

    Raises
    ------
    ValueError
        If the limit is not above zero or d is below 1.

    Notes
    -----
    Source: Croux and Haesbroeck, "Influence function and efficiency of the minimum covariance
    determinant scatter matrix estimator", Journal of Multivariate Analysis 71 (1999).

    Examples
    --------
    >>> round(shrinkage(3.0, 1), 4)
    0.9733
    """
    if not limit > 0 or d < 1:
        raise ValueError(f"expected limit > 0 and d >= 1, received {limit} and {d}")
    a, x = d / 2, limit**2 / 2
    outer = special.gammainc(a, x)
    if outer > UNDERFLOW:
        return float(special.gammainc(a + 1, x) / outer)
    # The factor that both have in common is too small for a float; what is left is not.
    return float(x / (a + 1) * special.hyp1f1(1, a + 2, x) / special.hyp1f1(1, a + 1, x))


def uncut_covariance(core: ArrayLike, limit: float) -> Floats:
    """Covariance of a normal distribution of which codes within a Mahalanobis distance are left.

    Parameters
    ----------
    core : array_like of float64, shape (n, d)
        The codes that were kept.
    limit : float
        The Mahalanobis distance at which they were cut off, by the covariance of the uncut
        distribution.

    Returns
    -------
    ndarray of float64, shape (d, d)
        Their covariance over `shrinkage`.

    Raises
    ------
    ValueError
        If there are fewer than two codes, and as `shrinkage`.
    """
    points = np.asarray(core, dtype=np.float64)
    if points.ndim != 2 or len(points) < 2:
        raise ValueError(f"expected codes of shape (n >= 2, d), received {points.shape}")
    return np.atleast_2d(np.cov(points, rowvar=False)) / shrinkage(limit, points.shape[1])


def core_moments(codes: ArrayLike, limit: float) -> tuple[Floats, Floats]:
    """Mean and covariance of the normal distribution that codes follow near their centre.

    Parameters
    ----------
    codes : array_like of float64, shape (n, d)
        Those within a Mahalanobis distance of the centre of a normal distribution follow that
        distribution; others may lie anywhere beyond, be they few or many of what the distribution
        has there.
    limit : float
        That distance, by the covariance of the distribution. Above sqrt(d), or the core shrinks to
        a point.

    Returns
    -------
    mean : ndarray of float64, shape (d,)
    covariance : ndarray of float64, shape (d, d)
        An affine map of the codes maps both along.

    Raises
    ------
    ValueError
        If the core comes down to no more codes than dimensions, is flat, or does not settle.

    Notes
    -----
    From medians and ranks, which few outer codes hardly move: take the nearer half of the codes and
    its moments until that half stays the same. From there, take the codes within the limit and
    their `uncut_covariance` until those stay the same. Outer codes must be less than half, and the
    fewer the more dimensions there are. Needs n much larger than d: codes of a core of n < 10 d
    pull their own covariance towards themselves. Takes n d^2 operations a step.

    Source of the start: Hubert, Rousseeuw and Verdonck, "A deterministic algorithm for robust
    location and scatter", Journal of Computational and Graphical Statistics 21 (2012).

    Examples
    --------
    >>> codes = np.random.default_rng(0).standard_normal((5000, 2))
    >>> codes[:500] += 20.0  # outliers
    >>> mean, covariance = core_moments(codes, limit=2.0)
    >>> bool(np.abs(mean).max() < 0.1), bool(np.abs(covariance - np.eye(2)).max() < 0.1)
    (True, True)
    """
    points = np.asarray(codes, dtype=np.float64)
    half = len(points) // 2
    halfway = radius_of_share(0.5, points.shape[1])

    def nearer_half(reach: Floats) -> NDArray[np.bool_]:
        return np.asarray(reach <= np.partition(reach, half)[half])

    start = _settled(points, _rank_moments(points), nearer_half, halfway)
    return _settled(points, start, lambda reach: np.asarray(reach <= limit), limit)


def _settled(
    points: Floats,
    moments: tuple[Floats, Floats],
    chosen: Callable[[Floats], NDArray[np.bool_]],
    limit: float,
) -> tuple[Floats, Floats]:
    """Choose codes by their distances and take their moments, until the choice stays the same."""
    core: NDArray[np.bool_] | None = None
    for _ in range(MOST_STEPS):
        mean, covariance = moments
        fitted = LatentCloud(points, full_mean=mean, full_covariance=covariance)
        nearer = chosen(distances(points, fitted))
        if core is not None and np.array_equal(nearer, core):
            return moments
        core = nearer
        count = int(np.count_nonzero(core))
        if count <= points.shape[1]:
            raise ValueError(
                f"expected a core of more than {points.shape[1]} codes, received {count}"
            )
        moments = points[core].mean(axis=0), uncut_covariance(points[core], limit)
    raise ValueError(f"expected a core that settles in {MOST_STEPS} steps, received none")


def _rank_moments(points: Floats) -> tuple[Floats, Floats]:
    """Medians, and a covariance of median deviations and correlated normal scores of the ranks."""
    median = np.median(points, axis=0)
    deviations = stats.median_abs_deviation(points, axis=0, scale="normal")
    scores = stats.norm.ppf((stats.rankdata(points, axis=0) - 1 / 3) / (len(points) + 1 / 3))
    correlation = np.atleast_2d(np.corrcoef(scores, rowvar=False))
    return median, correlation * np.outer(deviations, deviations)
