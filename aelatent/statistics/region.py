"""The region that codes fill: Mahalanobis distances and the ellipsoid that holds most codes."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike
from scipy.spatial.distance import cdist

from aelatent.inference.estimates import Estimate, InsufficientEvidence, shared_error
from aelatent.latent.cloud import Floats, LatentCloud
from aelatent.statistics import validation
from aelatent.statistics.nearest import neighbours
from aelatent.statistics.rates import share

# A direction whose standard deviation is below this share of the largest one counts as flat.
FLAT = 1e-6


def distances(codes: ArrayLike, fitted: LatentCloud) -> Floats:
    """Mahalanobis distances of codes from the mean of a cloud, by its covariance.

    Parameters
    ----------
    codes : array_like of float64, shape (n, d)
    fitted : LatentCloud
        Its mean and covariance are used: those of the full set, where they were recorded.

    Returns
    -------
    ndarray of float64, shape (n,)
        In standard deviations, >= 0: about sqrt(d) for codes that follow the fitted distribution, 0
        at the mean. Not changed by an affine map of codes and cloud together, as long as no
        direction turns flat.

        A direction in which the cloud has no variance (a standard deviation below `FLAT` times the
        largest) is flat: a displacement along it of more than ten times that cut-off is infinitely
        far, a smaller one counts as none. A cloud of n <= d codes is flat in d - n + 1 directions,
        so that nearly every code that it was not fitted to is infinitely far.

    Raises
    ------
    ValueError
        If the shape of `codes` does not match, or they hold a NaN or an infinity, or if the cloud
        has no variance at all.
    """
    points = validation.matrix(codes, d=fitted.d)
    variances, axes = fitted.principal
    deviations = np.sqrt(variances)
    cutoff = FLAT * deviations[-1]
    if cutoff == 0:
        raise ValueError("expected codes that differ, received a cloud without any variance")
    displacements = (points - fitted.mean) @ axes
    flat = deviations <= cutoff
    result = np.linalg.norm(displacements[:, ~flat] / deviations[~flat], axis=1)
    result[(np.abs(displacements[:, flat]) > 10 * cutoff).any(axis=1)] = np.inf
    return np.asarray(result)


def edge(fitted: LatentCloud, held_out: ArrayLike, level: float = 0.99) -> float:
    """Mahalanobis distance within which a share `level` of held-out codes lies.

    The ``ceil((n + 1) level)``-th smallest distance of the n held-out codes, so that one more such
    code lies within it with a probability of at least `level`.

    Parameters
    ----------
    fitted : LatentCloud
        Whose mean and covariance the distances use.
    held_out : array_like of float64, shape (n, d)
    level : float
        Between 0 and 1.

    Returns
    -------
    float
        In standard deviations.

    Raises
    ------
    ValueError
        If there are too few held-out codes for such a distance to exist (99 are needed for a level
        of 0.99), or if it is infinite since the fitted cloud is flat.
    """
    ordered = np.sort(distances(held_out, fitted))
    return _limit(ordered, level)


def inside_share(
    draws: ArrayLike, fitted: LatentCloud, held_out: ArrayLike, level: float = 0.99
) -> Estimate:
    """Share of draws inside the ellipsoid that holds a share `level` of the held-out codes.

    Parameters
    ----------
    draws : array_like of float64, shape (n, d)
    fitted : LatentCloud
        Codes of training images, whose mean and covariance give the shape of the ellipsoid.
    held_out : array_like of float64, shape (m, d)
        Codes of other images, which give its size.
    level : float
        Between 0 and 1.

    Returns
    -------
    Estimate
        0 if every draw lies outside, about `level` for draws that are spread as the held-out codes
        are, 1 if every draw lies inside. The edge is known from the held-out codes only; its
        error is one that replicates share, since they show the same images.

    Raises
    ------
    ValueError
        As `distances` and `edge`.
    """
    far = distances(draws, fitted)
    ordered = np.sort(distances(held_out, fitted))
    inside = share(far <= _limit(ordered, level))
    spread = math.sqrt(level * (1 - level) / (len(ordered) + 2))
    narrow, wide = np.quantile(ordered, [level - spread, min(level + spread, 1.0)])
    from_edge = float(np.mean(far <= wide) - np.mean(far <= narrow)) / 2
    known = shared_error(Estimate(inside.value, from_edge))
    return replace(known, error=math.hypot(inside.error, known.error))


def inside_ratio(
    draws: ArrayLike, fitted: LatentCloud, held_out: ArrayLike, level: float = 0.99
) -> Estimate:
    """`inside_share` over the share of the held-out codes that lies inside, which is near `level`.

    Parameters
    ----------
    draws : array_like of float64, shape (m, d)
    fitted : LatentCloud
        Its mean and covariance make the ellipsoid.
    held_out : array_like of float64, shape (n, d)
        Codes that it was not fitted to.
    level : float
        Share of the held-out codes that the ellipsoid holds.

    Returns
    -------
    Estimate
        0 if every draw lies outside, about 1 for draws that are spread as the held-out codes are.

    Raises
    ------
    ValueError
        As `inside_share`.
    """
    inside = inside_share(draws, fitted, held_out, level)
    far = distances(held_out, fitted)
    reference = float(np.mean(far <= _limit(np.sort(far), level)))
    return Estimate(inside.value / reference, inside.error / reference, inside.shared / reference)


def near_ratio(draws: ArrayLike, codes: ArrayLike, held_out: ArrayLike, k: int = 5) -> Estimate:
    """Share of draws within the support of codes, over the share of held-out codes within it.

    A point lies within the support if it is nearer to some code than the k-th nearest other code
    is. Draws may lie inside the ellipsoid of the codes and yet far from all of them: in the voids
    of a cloud of filaments.

    Parameters
    ----------
    draws : array_like of float64, shape (m, d)
    codes : array_like of float64, shape (n, d)
        Of training images, more than `k`.
    held_out : array_like of float64, shape (h, d)
        Codes of other images.
    k : int

    Returns
    -------
    Estimate
        0 if no draw lies near a code, 1 if as many do as of the held-out codes. All replicates
        share the error from the held-out codes.

    Raises
    ------
    ValueError
        If shapes do not match, a number is not finite, or there are `k` codes or fewer.
    InsufficientEvidence
        If no held-out code lies near the others.

    Notes
    -----
    Source: the estimated manifold of Kynkäänniemi et al., "Improved precision and recall metric for
    assessing generative models", NeurIPS 2019.

    Examples
    --------
    >>> codes = [[0.0], [1.0], [2.0]]
    >>> near_ratio([[0.5], [9.0]], codes, [[1.5]], k=1).value
    0.5
    """
    centres = validation.matrix(codes)
    radii = neighbours(centres, k)[0][:, -1]
    drawn, reference = (
        share((cdist(validation.matrix(points, d=centres.shape[1]), centres) < radii).any(axis=1))
        for points in (draws, held_out)
    )
    if reference.value == 0:
        raise InsufficientEvidence("expected held-out codes near the others, received none that is")
    ratio = drawn.value / reference.value
    known = shared_error(Estimate(ratio, ratio * reference.error / reference.value))
    return replace(known, error=math.hypot(drawn.error / reference.value, known.error))


def _limit(ordered: Floats, level: float) -> float:
    if not 0 < level < 1:
        raise ValueError(f"expected a level between 0 and 1, received {level}")
    rank = math.ceil((len(ordered) + 1) * level - 1e-9)
    if rank > len(ordered):
        needed = math.ceil(level / (1 - level) - 1e-9)
        raise ValueError(
            f"expected {needed} held-out codes or more for a level of {level}, "
            f"received {len(ordered)}"
        )
    limit = float(ordered[rank - 1])
    if math.isinf(limit):
        raise ValueError(
            "expected a cloud fitted on more codes than dimensions, received one that is flat in a "
            "direction in which held-out codes differ: fit on more codes"
        )
    return limit
