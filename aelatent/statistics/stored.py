"""Statistics of clouds that do not fit in memory, by passes over their files."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, optimize, stats
from scipy.spatial.distance import pdist

from aelatent.latent.cloud import Floats
from aelatent.latent.npy_chunks import Codes
from aelatent.latent.out_of_core import StoredCloud
from aelatent.statistics import region
from aelatent.statistics.radius import bandwidth

BINS = 128  # of a histogram of radii, within a bandwidth
RANKS = 10_000  # at which the quantiles of more distances than these are compared
# Largest offset or width over the smallest width that float32 is good for. The covariance errs by
# some 1e-7 of the largest variance, which is 1e-4 of one that is a thousand times smaller.
STRETCHED = 30
ROUNDING = 1e-5  # variance of a feature that may be an error of float32
STRIP = 64  # rows of a triangular matrix that are multiplied at once
PAIRED = 500  # codes of either cloud whose distances give the width of a kernel


def peak_radius(stored: StoredCloud) -> float:
    """Mode of the density of codes over their radius: `aelatent.statistics.radius.peak_radius`.

    The radii are counted in bins of a 128th of the bandwidth, which moves the mode by less than a
    thousandth of the bandwidth. No pass beyond that for the moments.

    Raises
    ------
    ValueError
        If the radii do not differ.
    """
    width = bandwidth(stored.radii)
    bins, counts = np.unique(np.floor(stored.radii * (BINS / width)), return_counts=True)
    centres = (bins + 0.5) * (width / BINS)

    def depth(position: float) -> float:
        return -float(counts @ np.exp(-(((position - centres) / width) ** 2) / 2))

    tried = np.quantile(stored.radii, np.linspace(0, 1, 257))
    start = min(tried.tolist(), key=depth)
    summit = optimize.minimize_scalar(
        depth, bounds=(start - width, start + width), options={"xatol": 1e-6 * width}
    )
    return float(summit.x)


def distances(stored: StoredCloud) -> Floats:
    """Mahalanobis distance of each code: `aelatent.statistics.region.distances` in one pass.

    Returns
    -------
    ndarray of float64, shape (n,)
        By the mean and covariance of all codes, to a relative 1e-4: they are multiplied in float32
        unless the file is float64 or the codes are 30 times as wide, or as far off the origin, as
        in their narrowest direction. In that case all is measured in float64, with one pass more
        for the covariance.

    Raises
    ------
    ValueError
        If the codes do not differ; a `CloudError` if there are too many dimensions.
    """
    found, stretched = np.empty(stored.n), _stretched(stored)
    fitted = stored.doubled.summary if stretched else stored.summary
    strips = [] if stretched else _whitening(stored)
    mean = stored.mean.astype(np.float32)

    def measure(codes: Codes, first: int) -> None:
        part = slice(first, first + len(codes))
        if stretched:
            found[part] = region.distances(codes, fitted)
            return
        np.subtract(codes, mean, out=codes)
        squares = np.zeros(len(codes), np.float32)
        # The routine for triangles takes fewer operations, but SciPy has other threads wait for it.
        for strip in strips:
            white = codes[:, : len(strip)] @ strip
            squares += np.einsum("ij,ij->i", white, white)
        found[part] = np.sqrt(squares)

    for _ in stored.file.map_chunks(measure):
        pass
    return found


@dataclass(frozen=True)
class Normality:
    """How far the codes of a stored cloud are from normal.

    Attributes
    ----------
    kurtosis_ratio, quantile_discrepancy : float
        Of the Mahalanobis distances, as in `aelatent.statistics.normality`: 1 and near 0 for a
        normal distribution.
    skewness, excess_kurtosis : ndarray of float64, shape (d,)
        Of the components: 0 for a normal distribution.
    """

    kurtosis_ratio: float
    quantile_discrepancy: float
    skewness: Floats
    excess_kurtosis: Floats


def normality(stored: StoredCloud) -> Normality:
    """Measure normality of the components and of the Mahalanobis distances, in one more pass.

    The quantiles of more than 10,000 distances are compared at as many ranks.

    Raises
    ------
    ValueError
        As `distances`, or if there are fewer than four codes or a component does not vary.
    """
    skewness, kurtosis = stored.skewness, stored.excess_kurtosis
    far = distances(stored)
    variances = (stored.doubled if _stretched(stored) else stored).principal[0]
    d = int((variances > region.FLAT**2 * variances[-1]).sum())
    ranks = (np.arange(min(stored.n, RANKS)) + 0.5) / min(stored.n, RANKS)
    # Hazen's quantiles. `numpy.quantile` seeks thousands of ranks one by one: 0.38 s of 32,000.
    quantiles = np.interp(ranks * stored.n - 0.5, np.arange(stored.n), np.sort(far))
    off = quantiles - np.sqrt(stats.chi2.ppf(ranks, d))
    discrepancy = math.sqrt(float((off**2).mean())) / float(stats.chi(d).std())
    ratio = float((far**4).mean()) / (d * (d + 2))
    return Normality(ratio, discrepancy, skewness, kurtosis)


@dataclass(frozen=True)
class EmbeddingTest:
    """Result of a two-sample test by mean embeddings.

    Attributes
    ----------
    discrepancy : float
        Squared maximum mean discrepancy of a Gaussian kernel of that width, estimated without bias
        on random frequencies: near 0 if the distributions agree (it may fall below), at most 2.
    statistic : float
        Hotelling's T-squared of the mean features.
    pvalue : float
        Of equal distributions, by the chi-squared distribution of as many degrees as there are
        features.
    width : float
        Of the kernel: the median distance of two codes.
    """

    discrepancy: float
    statistic: float
    pvalue: float
    width: float


def embedding_test(
    first: StoredCloud, second: StoredCloud, rng: np.random.Generator, frequencies: int = 32
) -> EmbeddingTest:
    """Test whether two clouds follow one distribution, in one pass over each file.

    Cosines and sines of random projections have the same mean in both clouds if their distributions
    agree, and, for nearly every choice of frequencies, only then. All codes count, in whatever
    order they lie, and none is compared with another: the time grows with n, not with its square.

    Parameters
    ----------
    first, second : StoredCloud
        With as many dimensions; codes within a cloud independent of one another.
    rng : Generator
        Draws the frequencies, and 500 codes of either cloud for the kernel's width.
    frequencies : int
        Half the number of features; each cloud needs ten times as many codes as features.

    Returns
    -------
    EmbeddingTest

    Raises
    ------
    ValueError
        If dimensions differ, if there are too few codes, or if no two codes differ.

    Notes
    -----
    Source: Chwialkowski, Ramdas, Sejdinovic and Gretton, "Fast two-sample testing with analytic
    representations of probability measures", NeurIPS 28 (2015).
    """
    if first.d != second.d:
        raise ValueError(f"expected clouds of one dimension, received {first.d} and {second.d}")
    if min(first.n, second.n) < 20 * frequencies or frequencies < 1:
        raise ValueError(
            f"expected {20 * frequencies} codes or more for {frequencies} frequencies, received "
            f"{min(first.n, second.n)}: ask for fewer frequencies, but one at least"
        )
    width = _median_distance(first, second, rng)
    waves = rng.standard_normal((first.d, frequencies)) / width
    centre = first.file.at(np.arange(2)).mean(axis=0)
    (mean, spread), (other, other_spread) = (
        _features(cloud, waves, centre) for cloud in (first, second)
    )
    apart, error = mean - other, spread / first.n + other_spread / second.n
    variances, axes = np.linalg.eigh(error)
    kept = variances > ROUNDING * (1 / first.n + 1 / second.n)
    if not kept.any():
        raise ValueError("expected codes that vary, received one code over and over")
    statistic = float(((apart @ axes[:, kept]) ** 2 / variances[kept]).sum())
    pvalue = float(stats.chi2.sf(statistic, kept.sum()))
    discrepancy = float(apart @ apart - np.trace(error)) / frequencies
    return EmbeddingTest(discrepancy, statistic, pvalue, width)


def _stretched(cloud: StoredCloud) -> bool:
    """Tell whether distances by float32 would not do."""
    deviations = np.sqrt(cloud.principal[0])
    largest = max(deviations[-1], np.abs(cloud.mean).max())
    return bool(cloud.precision == np.float64 or largest >= STRETCHED * deviations[0])


def _whitening(cloud: StoredCloud) -> list[NDArray[np.float32]]:
    """Return what makes a cloud's covariance the identity.

    It is the inverse of the covariance's lower root, in strips (columns, rows) without the zeros
    beside the triangle: each multiplies as many of the first components as it has columns.
    """
    root = np.linalg.cholesky(cloud.covariance)
    inverse = linalg.solve_triangular(root, np.eye(cloud.d), lower=True)
    return [
        np.ascontiguousarray(inverse[first : first + STRIP, : first + STRIP].T, dtype=np.float32)
        for first in range(0, cloud.d, STRIP)
    ]


def _median_distance(first: StoredCloud, second: StoredCloud, rng: np.random.Generator) -> float:
    codes = [
        cloud.file.at(np.sort(rng.choice(cloud.n, min(cloud.n, PAIRED), replace=False)))
        for cloud in (first, second)
    ]
    width = float(np.median(pdist(np.concatenate(codes))))
    if width == 0:
        raise ValueError("expected codes that differ, received most of them equal")
    return width


def _features(cloud: StoredCloud, waves: Floats, centre: Floats) -> tuple[Floats, Floats]:
    """Return mean and covariance of the cosines and sines of all codes: one pass."""
    precision = cloud.precision

    def measure(codes: Codes, _: int) -> tuple[Codes, Codes]:
        phases = (codes - centre.astype(precision)) @ waves.astype(precision)
        features = np.concatenate([np.cos(phases), np.sin(phases)], axis=1).astype(np.float64)
        return features.sum(axis=0), features.T @ features

    total = np.zeros(2 * waves.shape[1])
    products = np.zeros((len(total), len(total)))
    for features, chunk in cloud.file.map_chunks(measure):
        total += features
        products += chunk
    return total / cloud.n, (products - np.outer(total, total) / cloud.n) / (cloud.n - 1)
