"""Axes, coordinate and principal: how few matter, how wide they are, where the origin lies."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from aelatent.inference.estimates import Estimate
from aelatent.latent.cloud import Floats, LatentCloud
from aelatent.latent.out_of_core import WIDEST
from aelatent.statistics import validation
from aelatent.statistics.normality import excess_kurtosis, skewness
from aelatent.statistics.region import FLAT, distances

# Principal axes that are looked at one by one, where a cloud has so many.
LEADING = 10


def participation_ratio(weights: ArrayLike) -> float:
    """Effective number of axes that carry a weight: the squared sum over the sum of squares.

    Parameters
    ----------
    weights : array_like of float64, shape (d,)
        >= 0: variances of the axes, or squared components of a vector.

    Returns
    -------
    float
        From 1 (one axis carries all) to d (all carry the same). Not changed by scaling. For the
        squared components of a uniformly random direction it is near (d + 2) / 3.

    Raises
    ------
    ValueError
        If a weight is negative or not finite, or if all are zero.

    Examples
    --------
    >>> participation_ratio([1.0, 1.0, 0.0, 0.0])
    2.0
    """
    shares = validation.vector(weights, "weights", low=0)
    if shares.max() == 0:
        raise ValueError("expected a weight above zero, received none")
    shares = shares / shares.max()
    return float(shares.sum() ** 2 / (shares**2).sum())


def strongest_correlation(cloud: LatentCloud) -> float:
    """Largest absolute correlation of two components.

    Returns
    -------
    float
        From 0 to 1. Not changed by shifting or scaling a component. Among n independent codes of
        d independent components it is about ``2 sqrt(ln(d) / n)`` by chance. Components that do
        not vary correlate with none.

    Raises
    ------
    ValueError
        If there is only one component.

    Examples
    --------
    >>> cloud = LatentCloud(np.array([[0.0, 0.0, 1.0], [1.0, -2.0, 1.0], [2.0, -4.0, 0.0]]))
    >>> round(strongest_correlation(cloud), 6)
    1.0
    """
    if cloud.d < 2:
        raise ValueError("expected two components or more, received one")
    return float(np.abs(correlations(cloud)).max())


def correlations(cloud: LatentCloud) -> Floats:
    """Return the correlation of each pair of components, shape (d (d - 1) / 2,)."""
    spread = np.where(cloud.deviations > 0, cloud.deviations, np.inf)
    matrix = cloud.covariance / np.outer(spread, spread)
    return np.asarray(np.clip(matrix[np.triu_indices(cloud.d, k=1)], -1.0, 1.0))


def common_width(cloud: LatentCloud) -> float:
    """Width of one interval for all components, over the typical width of their own intervals.

    Returns
    -------
    float
        Standard deviation of all values of all components together, over the geometric mean of the
        components' own: 1 if all have the same mean and width, more otherwise. Its logarithm is
        the likelihood ratio per value of normal components with own means and widths against
        common ones. Not changed by scaling the codes.

    Raises
    ------
    ValueError
        If a component does not vary.

    Examples
    --------
    >>> cloud = LatentCloud(np.array([[-1.0, -4.0], [1.0, 4.0]]))
    >>> round(common_width(cloud), 4)  # sqrt((1 + 16) / 2) over sqrt(1 * 4)
    1.4577
    """
    own = cloud.deviations
    if own.min() <= FLAT * own.max():
        raise ValueError("expected components that vary, received one that does not")
    pooled = math.sqrt(float((own**2).mean() + cloud.mean.var()))
    return pooled / float(np.exp(np.log(own).mean()))


def resultant_length(codes: ArrayLike) -> float:
    """Length of the mean of the codes' unit vectors.

    Parameters
    ----------
    codes : array_like of float64, shape (n, d)

    Returns
    -------
    float
        From 0 to 1: 1 if all codes point the same way, near ``1 / sqrt(n)`` if they point
        anywhere. It is the mean cosine of the angle between a code and their mean direction. Not
        changed by rotating the codes or by rescaling single ones.

    Raises
    ------
    ValueError
        If a code lies at the origin or is not finite.

    Examples
    --------
    >>> resultant_length([[2.0, 0.0], [-1.0, 0.0]])
    0.0
    """
    points = validation.matrix(codes)
    lengths = np.linalg.norm(points, axis=1, keepdims=True)
    if lengths.min(initial=np.inf) == 0:
        raise ValueError("expected codes other than the origin, received one that lies there")
    return float(np.linalg.norm((points / lengths).mean(axis=0)))


def largest_gap(values: ArrayLike) -> tuple[float, int]:
    """Find the largest gap in the upper half of the ordered values.

    Parameters
    ----------
    values : array_like of float64, shape (n >= 4,)

    Returns
    -------
    tuple of float and int
        The gap over the root mean square of the values, and how many lie above it, at least one
        and at most half. The gap is not changed by scaling; large if a few values stand apart.

    Raises
    ------
    ValueError
        If there are fewer than four values, one is not finite, or all are zero.

    Examples
    --------
    >>> gap, above = largest_gap([0.0, 0.0, 0.0, 0.0, 1.0, 1.0])
    >>> round(gap, 3), above
    (1.732, 2)
    """
    ordered = np.sort(validation.vector(np.ravel(values), least=4))
    if not ordered.any():
        raise ValueError("expected values, not all of them 0, received zeros alone")
    upper = np.diff(ordered)[(len(ordered) - 1) // 2 :]
    at = int(upper.argmax())
    return float(upper[at] / np.sqrt((ordered**2).mean())), len(upper) - at


def offset(cloud: LatentCloud) -> float:
    """Distance of the centre from the origin, over the root mean square distance of codes from it.

    Returns
    -------
    float
        0 if the codes are centred on the origin, 1 if it lies as far from their centre as they do.
        Not changed by rotating or scaling the codes.

    Raises
    ------
    ValueError
        If the codes do not vary.

    Examples
    --------
    >>> offset(LatentCloud(np.array([[2.0], [4.0]]), full_mean=[3.0], full_covariance=[[1.0]]))
    3.0
    """
    spread = float(np.trace(cloud.covariance))
    if spread <= 0:
        raise ValueError("expected codes that differ, received a cloud without any variance")
    return float(np.linalg.norm(cloud.mean)) / math.sqrt(spread)


def relative_size(cloud: LatentCloud) -> float:
    """Size of the codes' ellipsoid over that of the ball about the origin with their radius.

    Returns
    -------
    float
        Geometric mean of the principal standard deviations over the root mean square of the codes'
        components: the d-th root of a ratio of volumes. 1 for N(0, I), less the farther off-centre
        and the more unequally stretched the codes are; 0 if they are flat in a direction. Not
        changed by rotating or scaling them.

    Raises
    ------
    ValueError
        If all codes lie at the origin.

    Notes
    -----
    A sample of not many more codes than dimensions looks too small: use moments of many.

    Examples
    --------
    >>> cloud = LatentCloud(np.zeros((2, 2)), full_mean=[0, 0], full_covariance=[[1, 0], [0, 16]])
    >>> round(relative_size(cloud), 4)  # sqrt(1 * 4) over sqrt((1 + 16) / 2)
    0.686
    """
    variances, _ = cloud.principal
    square = float(variances.sum() + (cloud.mean**2).sum()) / cloud.d
    if square == 0:
        raise ValueError("expected codes off the origin, received none")
    if variances.min() <= FLAT**2 * variances.max():
        return 0.0
    return float(np.exp(np.log(variances).mean() / 2)) / math.sqrt(square)


def standing_of_origin(
    cloud: LatentCloud, fitted: LatentCloud | None = None, *, diagonal: bool = False
) -> Estimate:
    """How much farther out the origin lies than codes do, in units of their own scatter.

    Parameters
    ----------
    cloud : LatentCloud
        Whose codes the origin is compared with.
    fitted : LatentCloud or None
        Whose mean and covariance give the distances: best one of other codes, many more than
        dimensions. By default `cloud` itself; if its moments are those of N codes that hold its
        sample, the origin looks farther out than it is by a factor of about sqrt(N / (N - d)).
    diagonal : bool
        Measure distances by the components' variances alone, without their correlations.

    Returns
    -------
    Estimate
        Mahalanobis distance of the origin from the mean, minus the codes' mean distance, over the
        standard deviation of their distances. 0 where a typical code lies, about -sqrt(2 d) at the
        centre of normal codes, and large far outside; where one normal code in 10,000 lies farther
        out it is 3.72 in many dimensions. With the full covariance not changed by a linear map.
        The error is that of the codes' mean and standard deviation.

    Raises
    ------
    ValueError
        As `aelatent.statistics.region.distances`; also if all codes are equally far out, or if the
        distribution is flat and the origin off it.

    Examples
    --------
    >>> law = LatentCloud(np.array([[1.0], [5.0]]), full_mean=[3.0], full_covariance=[[1.0]])
    >>> round(standing_of_origin(LatentCloud(np.array([[3.0], [5.0]])), law).value, 3)
    1.414
    """
    law = cloud if fitted is None else fitted
    law = diagonal_law(law) if diagonal else law
    codes = distances(cloud.z_mean, law)
    origin = float(distances(np.zeros((1, cloud.d)), law)[0])
    scatter = float(codes.std(ddof=1)) if np.isfinite(codes).all() else math.inf
    if not (0 < scatter < math.inf and math.isfinite(origin)):
        raise ValueError(
            "expected codes and an origin at various finite distances, received a "
            "covariance flat in some direction or distances of one size; fit it to more codes"
        )
    score = (origin - float(codes.mean())) / scatter
    return Estimate(score, math.sqrt((1 + score**2 / 2) / cloud.n))


def diagonal_law(cloud: LatentCloud) -> LatentCloud:
    """Return the cloud with all correlations of components struck from its covariance."""
    variances = np.diag(cloud.deviations**2)
    return LatentCloud(cloud.z_mean, full_mean=cloud.mean, full_covariance=variances)


def principal_scores(cloud: LatentCloud, count: int | None = None) -> Floats:
    """Codes along the principal axes, centred and divided by their standard deviations.

    Parameters
    ----------
    cloud : LatentCloud
    count : int or None
        How many axes, the widest first; by default all along which the cloud varies.

    Returns
    -------
    ndarray of float64, shape (n, count)
        Fewer columns if the cloud varies along fewer axes.

    Notes
    -----
    Above 4,096 dimensions the axes of fewer codes than dimensions are found from the products of
    the codes with each other: the same axes, without a matrix of 34 GB for 65,536 dimensions.
    """
    if cloud.d > max(WIDEST, cloud.n) and cloud.full_covariance is None:
        variances, axes = _spanned(cloud, count)
    else:
        variances, axes = cloud.principal
        kept = np.flatnonzero(variances > FLAT**2 * variances[-1])[::-1][:count]
        variances, axes = variances[kept], axes[:, kept]
    return np.asarray((cloud.z_mean - cloud.mean) @ axes / np.sqrt(variances))


def _spanned(cloud: LatentCloud, count: int | None) -> tuple[Floats, Floats]:
    """Return the widest principal variances and axes of fewer codes than dimensions."""
    centred = cloud.z_mean - cloud.z_mean.mean(axis=0)
    variances, weights = np.linalg.eigh(centred @ centred.T / (cloud.n - 1))
    kept = np.flatnonzero(variances > FLAT**2 * variances[-1])[::-1][: cloud.n - 1][:count]
    axes = centred.T @ weights[:, kept]
    largest = np.take_along_axis(axes, np.abs(axes).argmax(axis=0)[None], axis=0)
    return variances[kept], axes * (np.where(largest < 0, -1.0, 1.0) / np.linalg.norm(axes, axis=0))


def direction_skewness(cloud: LatentCloud, count: int = LEADING) -> float:
    """Median absolute skewness of the codes' directions along the leading principal axes.

    See `direction_kurtosis`.

    Parameters
    ----------
    cloud : LatentCloud
        Its moments should be those of many more codes than dimensions.
    count : int
        How many axes, the widest first.

    Returns
    -------
    float
        >= 0.

    Raises
    ------
    ValueError
        As `aelatent.statistics.normality.skewness`.
    """
    return float(np.median(np.abs(skewness(_directions(cloud, count)))))


def direction_kurtosis(cloud: LatentCloud, count: int = LEADING) -> float:
    """Median absolute excess kurtosis of the codes' directions along the leading principal axes.

    Parameters
    ----------
    cloud : LatentCloud
        Its moments should be those of many more codes than dimensions.
    count : int
        How many axes, the widest first.

    Returns
    -------
    float
        Whitened codes, each divided by its length, have the same distribution for every elliptical
        distribution of the codes, with heavy tails or light ones: a normal distribution is a null
        for all of them. So has this number, which is small for them (about ``0.7 sqrt(24 / n)``)
        and grows if the profile of the density differs by direction. Not changed by a rotation or
        by scaling. It is a median over the axes since heavy tails turn one axis or another towards
        an outlier.

    Raises
    ------
    ValueError
        As `aelatent.statistics.normality.excess_kurtosis`.
    """
    return float(np.median(np.abs(excess_kurtosis(_directions(cloud, count)))))


def _directions(cloud: LatentCloud, count: int) -> Floats:
    scores = principal_scores(cloud)
    return np.asarray(scores[:, :count] / np.linalg.norm(scores, axis=1, keepdims=True))
