"""How far codes are from normal: component by component, and together."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special, stats
from scipy.spatial.distance import pdist

from aelatent.latent.cloud import Floats, LatentCloud
from aelatent.statistics import validation
from aelatent.statistics.region import FLAT, distances

# By the number of codes: the statistic of skewness and kurtosis that a twentieth of normal
# components exceeds, and shape and scale of the generalised Pareto distribution of what lies beyond
# it. From benchmarks/normality_null.py; chi-squared, its limit, has 5.991, 0 and 2.
TAILS = {
    20: (6.333, 0.053, 3.107),
    30: (6.350, 0.075, 2.971),
    50: (6.376, 0.101, 2.809),
    75: (6.332, 0.100, 2.723),
    100: (6.254, 0.090, 2.635),
    150: (6.201, 0.115, 2.475),
    200: (6.131, 0.105, 2.380),
    300: (6.121, 0.113, 2.274),
    500: (6.058, 0.086, 2.178),
    750: (6.041, 0.063, 2.156),
    1000: (6.010, 0.067, 2.034),
    1500: (6.014, 0.083, 2.031),
    2000: (6.026, 0.008, 2.183),
    3000: (6.083, 0.026, 2.013),
    5000: (6.043, 0.025, 1.930),
}
TAIL = 0.05
BLOCK = 1000  # rows of a matrix of all pairs that are held in memory at once


def skewness(codes: ArrayLike) -> Floats:
    """Skewness of each component.

    Parameters
    ----------
    codes : array_like of float64, shape (n >= 3, d)

    Returns
    -------
    ndarray of float64, shape (d,)
        Third central moment over the cubed standard deviation, corrected for bias under normality
        (`scipy.stats.skew`): 0 for a symmetric distribution, 2 for an exponential one. Not changed
        by shifting and scaling a component. Under normality it scatters by about sqrt(6 / n).

    Raises
    ------
    ValueError
        If there are too few codes, a NaN or an infinity, or a component that does not vary.

    Examples
    --------
    >>> skewness([[0.0, 0.0], [1.0, 0.0], [2.0, 3.0]]).round(3).tolist()
    [0.0, 1.732]
    """
    return np.asarray(stats.skew(_varying(codes, least=3), axis=0, bias=False))


def excess_kurtosis(codes: ArrayLike) -> Floats:
    """Excess kurtosis of each component.

    Parameters
    ----------
    codes : array_like of float64, shape (n >= 4, d)

    Returns
    -------
    ndarray of float64, shape (d,)
        Fourth central moment over the squared variance, minus 3, corrected for bias under normality
        (`scipy.stats.kurtosis`): 0 for a normal distribution, -1.2 for a uniform one, 3 for a
        Laplace distribution. Not changed by shifting and scaling. Under normality it scatters by
        about sqrt(24 / n).

    Raises
    ------
    ValueError
        As `skewness`.

    Examples
    --------
    >>> excess_kurtosis([[0.0], [1.0], [2.0], [3.0]]).round(3).tolist()
    [-1.2]
    """
    return np.asarray(stats.kurtosis(_varying(codes, least=4), axis=0, bias=False))


def irregular_components(
    codes: ArrayLike, skew: float = 0.3, kurtosis: float = 0.5, level: float = 0.05
) -> NDArray[np.bool_]:
    """Tell which components are visibly, and not by chance, other than normal.

    Parameters
    ----------
    codes : array_like of float64, shape (n >= 20, d)
    skew, kurtosis : float
        A component is visibly not normal if its skewness or its excess kurtosis is farther from 0.
    level : float
        False discovery rate of Benjamini and Hochberg over the components, of the test of skewness
        and kurtosis by D'Agostino and Pearson (`normal_pvalues`). At most 0.05.

    Returns
    -------
    ndarray of bool, shape (d,)
        True where the effect is large and the component does not pass the test.

    Raises
    ------
    ValueError
        As `skewness`; of fewer than 20 codes the test says nothing. Also if the level is not above
        0, or above 0.05, where the p-values are only roughly known.

    Notes
    -----
    Where all components are normal, one or more are found in 2 to 7 % of samples of 256 components
    and 50 to 3000 codes, and in 9 % of 20 codes; by the chi-squared distribution it was 5 to 48 %.

    Codes that are not independent (several images of one person) make the test too strict. A
    component whose true skewness is exactly 0.3 is found one time in four at n = 300 and one time
    in two at n = 1000, since every other estimate falls short of 0.3.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> codes = np.column_stack([rng.standard_normal(500), rng.standard_exponential(500)])
    >>> irregular_components(codes).tolist()
    [False, True]
    """
    if not 0 < level <= TAIL:
        raise ValueError(f"expected a level above 0 and at most {TAIL}, received {level}")
    values = _varying(codes, least=20)
    visible = (np.abs(skewness(values)) > skew) | (np.abs(excess_kurtosis(values)) > kurtosis)
    return np.asarray(visible & (stats.false_discovery_control(normal_pvalues(values)) < level))


def normal_pvalues(values: Floats) -> Floats:
    """P-value of the test of D'Agostino and Pearson for each component, for so many codes.

    The statistic is chi-squared only in the limit: at 300 codes its far tail is five times as
    heavy. Beyond a twentieth of normal components the tail is that of simulated ones (`TAILS`, for
    the next smaller number of codes); before it, the chi-squared distribution is stretched to it.

    Parameters
    ----------
    values : ndarray of float64, shape (n >= 20, d)

    Returns
    -------
    ndarray of float64, shape (d,)
    """
    statistic = stats.normaltest(values, axis=0).statistic
    threshold, shape, scale = TAILS[max(n for n in TAILS if n <= len(values))]
    stretched = stats.chi2.sf(statistic * stats.chi2.isf(TAIL, 2) / threshold, 2)
    beyond = TAIL * stats.genpareto.sf(statistic - threshold, shape, scale=scale)
    return np.where(statistic > threshold, beyond, stretched)


@dataclass(frozen=True)
class Mardia:
    """Mardia's measures of n codes in d dimensions, from their own mean and covariance.

    Attributes
    ----------
    skewness : float
        Mean cubed inner product of two whitened codes, itself with itself included: >= 0, near
        d(d+1)(d+2)/n for a normal distribution.
    kurtosis : float
        Mean fourth power of the Mahalanobis distance: near d(d+2) for a normal distribution, more
        with heavier tails.
    n, d : int
    """

    skewness: float
    kurtosis: float
    n: int
    d: int

    @property
    def relative_kurtosis(self) -> float:
        """Kurtosis over its expectation for n normal codes: 1 if normal, > 1 for heavy tails."""
        return self.kurtosis * (self.n + 1) / (self.d * (self.d + 2) * (self.n - 1))

    @property
    def skewness_pvalue(self) -> float:
        """Of skewness 0, by chi-squared of n b / 6; valid for n much larger than d^2."""
        degrees = self.d * (self.d + 1) * (self.d + 2) / 6
        return float(special.chdtrc(degrees, self.n * self.skewness / 6))

    @property
    def kurtosis_pvalue(self) -> float:
        """Of a normal distribution's kurtosis, two-sided; exact mean and variance for n codes.

        Source: Mardia (1974), Applications of some measures of multivariate skewness and kurtosis,
        Sankhya B 36, 115-128.
        """
        n, d = self.n, self.d
        expected = d * (d + 2) * (n - 1) / (n + 1)
        spread = (n - 3) * (n - d - 1) * (n - d + 1) / ((n + 1) ** 2 * (n + 3) * (n + 5))
        if spread <= 0:
            return 1.0  # so few codes always have this kurtosis
        score = (self.kurtosis - expected) / math.sqrt(8 * d * (d + 2) * spread)
        return float(2 * special.ndtr(-abs(score)))


def mardia(codes: ArrayLike) -> Mardia:
    """Mardia's multivariate skewness and kurtosis.

    Parameters
    ----------
    codes : array_like of float64, shape (n > d, d)

    Returns
    -------
    Mardia
        Not changed by an affine map of the codes.

    Raises
    ------
    ValueError
        If n <= d, or if the codes have no variance in some direction: then they have no whitened
        form. Also at a NaN or an infinity.

    Notes
    -----
    Takes n^2 d operations. With n not much larger than d every code is a vertex, all distances are
    nearly equal and nothing can be seen: use `kurtosis_ratio` with moments of more codes.

    Source: Mardia, "Measures of multivariate skewness and kurtosis with applications",
    Biometrika 57 (1970).

    Examples
    --------
    >>> square = mardia([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    >>> round(square.skewness, 6), round(square.kurtosis, 6)
    (0.0, 4.0)
    """
    white = whitened(codes)
    n, d = white.shape
    cubes = sum(
        float(((white[start : start + BLOCK] @ white.T) ** 3).sum()) for start in range(0, n, BLOCK)
    )
    fourth = float(((white**2).sum(axis=1) ** 2).mean())
    return Mardia(cubes / n**2, fourth, n, d)


@dataclass(frozen=True)
class HenzeZirkler:
    """Result of the test of normality by Henze and Zirkler.

    Attributes
    ----------
    statistic : float
        n times the weighted squared distance of two characteristic functions: >= 0, about 1 under
        normality and proportional to n otherwise.
    pvalue : float
    """

    statistic: float
    pvalue: float


def henze_zirkler(codes: ArrayLike) -> HenzeZirkler:
    """Test of multivariate normality by Henze and Zirkler: no alternative escapes it as n grows.

    Parameters
    ----------
    codes : array_like of float64, shape (n > d, d)

    Returns
    -------
    HenzeZirkler
        Not changed by an affine map. The p-value is that of a lognormal distribution with the
        statistic's asymptotic mean and variance.

    Raises
    ------
    ValueError
        As `mardia`.

    Notes
    -----
    Takes n^2 d operations. Its kernel is about one whitened unit wide, and in many dimensions
    all codes are farther apart than that: beyond some ten dimensions it sees nothing. Test
    projections on few dimensions there.

    Source: Henze and Zirkler, "A class of invariant consistent tests for multivariate normality",
    Communications in Statistics - Theory and Methods 19 (1990).

    Examples
    --------
    >>> codes = np.random.default_rng(0).standard_normal((200, 2))
    >>> henze_zirkler(codes).pvalue > 0.05, henze_zirkler(codes**2).pvalue < 1e-6
    (True, True)
    """
    white = whitened(codes)
    n, d = white.shape
    square = (n * (2 * d + 1) / 4) ** (2 / (d + 4)) / 2
    pairs = 0.0
    for start in range(0, n, BLOCK):
        rows = white[start : start + BLOCK]
        pairs += 2 * float(np.exp(-square / 2 * pdist(rows, "sqeuclidean")).sum()) + len(rows)
        apart = (rows**2).sum(axis=1)[:, None] - 2 * rows @ white[start + BLOCK :].T
        apart += (white[start + BLOCK :] ** 2).sum(axis=1)
        pairs += 2 * float(np.exp(-square / 2 * apart).sum())
    lengths = (white**2).sum(axis=1)
    alone = np.exp(-square / (2 * (1 + square)) * lengths).mean() * (1 + square) ** (-d / 2)
    statistic = n * (pairs / n**2 - 2 * float(alone) + (1 + 2 * square) ** (-d / 2))
    mean, variance = _henze_zirkler_moments(square, d)
    scale = math.sqrt(math.log1p(variance / mean**2))
    location = math.log(mean) - scale**2 / 2
    score = (math.log(max(statistic, np.finfo(np.float64).tiny)) - location) / scale
    return HenzeZirkler(statistic, float(special.ndtr(-score)))


def kurtosis_ratio(codes: ArrayLike, fitted: LatentCloud) -> float:
    """Mean fourth power of the Mahalanobis distance, over that of a normal distribution.

    Parameters
    ----------
    codes : array_like of float64, shape (n, d)
    fitted : LatentCloud
        Its mean and covariance are used: those of the full set, where they were recorded.

    Returns
    -------
    float
        1 for draws of the normal distribution with those moments, more for heavier tails: (v - 2) /
        (v - 4) for a multivariate t distribution of v degrees in any dimension; infinite if a code
        lies off the cloud's flat directions. Not changed by an affine map of codes and cloud
        together. Unlike `Mardia.relative_kurtosis` it works for fewer codes than dimensions, if the
        cloud's moments are those of many more.

    Raises
    ------
    ValueError
        As `aelatent.statistics.region.distances`.
    """
    squares = distances(codes, fitted) ** 2
    d = _dimensions(fitted)
    return float((squares**2).mean() / (d * (d + 2)))


def quantile_discrepancy(codes: ArrayLike, fitted: LatentCloud) -> float:
    """How far the quantiles of the Mahalanobis distance are from those of a normal distribution.

    Parameters
    ----------
    codes : array_like of float64, shape (n, d)
    fitted : LatentCloud
        Its mean and covariance are used: those of the full set, where they were recorded.

    Returns
    -------
    float
        Root mean square difference between the ordered distances and the quantiles of the chi
        distribution of d degrees (the root of chi-squared), in standard deviations of that
        distribution. Near 0 for draws of the normal distribution with those moments, about
        ``1 / sqrt(n)`` by chance; about 1 if the distances are off by as much as they should
        scatter. Not changed by an affine map of codes and cloud together.

    Raises
    ------
    ValueError
        As `aelatent.statistics.region.distances`.

    Notes
    -----
    If the moments are those of N codes which hold `codes`, the squared distances of normal codes
    follow (N - 1)^2 / N times a beta distribution instead of chi-squared: their spread is smaller
    by a factor of sqrt(1 - d / N). For N > 10 d that makes no difference of more than 0.05 here.
    """
    ordered, expected = quantiles(codes, fitted)
    d = _dimensions(fitted)
    scatter = float(stats.chi(d).std())
    return float(np.sqrt(((ordered - expected) ** 2).mean()) / scatter)


def quantiles(codes: ArrayLike, fitted: LatentCloud) -> tuple[Floats, Floats]:
    """Return the ordered Mahalanobis distances and where a normal distribution has them, each (n,).

    Parameters
    ----------
    codes : array_like of float64, shape (n, d)
    fitted : LatentCloud
        Its mean and covariance are used.

    Returns
    -------
    ordered : ndarray of float64, shape (n,)
        Mahalanobis distances.
    expected : ndarray of float64, shape (n,)
        Quantiles of the chi distribution.
    """
    ordered = np.sort(distances(codes, fitted))
    ranks = (np.arange(len(ordered)) + 0.5) / len(ordered)
    return ordered, np.sqrt(stats.chi2.ppf(ranks, _dimensions(fitted)))


def whitened(codes: ArrayLike) -> Floats:
    """Codes with mean 0 and covariance I (with divisor n), shape (n, d), up to a rotation.

    Raises
    ------
    ValueError
        As `mardia`.
    """
    values = validation.matrix(codes)
    n, d = values.shape
    if n <= d:
        raise ValueError(f"expected more codes than dimensions, received {n} codes in {d}")
    left, lengths, _ = np.linalg.svd(values - values.mean(axis=0), full_matrices=False)
    if lengths[-1] <= FLAT * lengths[0]:
        raise ValueError("expected codes that vary in every direction, received a flat cloud")
    return np.asarray(math.sqrt(n) * left)


def _henze_zirkler_moments(square: float, d: int) -> tuple[float, float]:
    """Mean and variance of the statistic under normality, for a kernel of that squared width."""
    a, w = 1 + 2 * square, (1 + square) * (1 + 3 * square)
    e = d * (d + 2)
    mean = 1 - a ** (-d / 2) * (1 + d * square / a + e * square**2 / (2 * a**2))
    variance = (
        2 * (1 + 4 * square) ** (-d / 2)
        + 2 * a ** (-d) * (1 + 2 * d * square**2 / a**2 + 3 * e * square**4 / (4 * a**4))
        - 4 * w ** (-d / 2) * (1 + 3 * d * square**2 / (2 * w) + e * square**4 / (2 * w**2))
    )
    return mean, variance


def _dimensions(fitted: LatentCloud) -> int:
    """Count the directions in which a cloud varies: distances are made of these alone."""
    deviations = np.sqrt(fitted.principal[0])
    return int((deviations > FLAT * deviations[-1]).sum())


def _varying(codes: ArrayLike, least: int) -> Floats:
    values = validation.matrix(codes, least=least)
    still = np.ptp(values, axis=0) <= 1e-12 * np.abs(values).max(axis=0)
    if still.any():
        raise ValueError(
            f"expected components that vary, received {int(still.sum())} that do not: "
            f"{np.flatnonzero(still)[:5].tolist()}"
        )
    return values
