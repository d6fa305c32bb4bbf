"""How many dimensions codes fill locally: about 1 for strings, the whole rank for a cloud.

All estimators live on distances to nearest neighbours. At n codes they see no dimension much above
``2 log10 n`` right: 1,000 codes of N(0, I) in 256 dimensions look like about 50 to 80. Noise about
a string counts as soon as it is as wide as neighbours are apart, and `two_nn`, which looks nearest,
loses a string first. Duplicates, as of a bootstrap, break all of them: subsample instead.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from aelatent.latent.cloud import Floats
from aelatent.statistics import validation
from aelatent.statistics.nearest import neighbours

SCALES = (10, 20, 50, 100)
PAIR = (10, 20)


def two_nn(codes: ArrayLike, discarded: float = 0.1) -> float:
    """Intrinsic dimension from the distances to the first and to the second neighbour.

    Parameters
    ----------
    codes : array_like of float64, shape (n >= 10, d)
    discarded : float
        Share of the codes, those with the largest ratio of the two distances, that is left out;
        above 0 and below 1, since F is 1 at the largest.

    Returns
    -------
    float
        > 0: slope through the origin of ``-log(1 - F)`` over the logarithm of the ratio. Not
        changed by moving, turning and scaling. About 1 for random positions on a curve. Cost n^2 d.

    Raises
    ------
    ValueError
        If there are too few codes, a NaN or an infinity, or codes that coincide; if `discarded` is
        no share, or so large that no code is left; also if the two distances are equal throughout,
        as on a lattice.

    Notes
    -----
    Source: Facco et al., "Estimating the intrinsic dimension of datasets by a minimal neighborhood
    information", Scientific Reports 7 (2017). Positions at equal distances along a curve fool it:
    the two neighbours are equally far, as in many dimensions.

    Examples
    --------
    >>> line = np.outer(np.random.default_rng(0).random(500), [3.0, 4.0])
    >>> round(two_nn(line), 1)
    1.0
    """
    if not 0 < discarded < 1:
        raise ValueError(f"expected a share above 0 and below 1, received {discarded}")
    distances = _distances(codes, 2)
    ratios = np.sort(np.log(distances[:, 1] / distances[:, 0]))
    n = len(ratios)
    kept = ratios[: int(n * (1 - discarded))]
    if not len(kept):
        raise ValueError(f"expected a share that leaves some of {n} codes, received {discarded}")
    below = -np.log1p(-np.arange(1, len(kept) + 1) / n)
    length = float(kept @ kept)
    if length == 0:
        raise ValueError("expected neighbours at different distances, received a lattice")
    return float(kept @ below) / length


def likelihood_dimension(codes: ArrayLike, k: int = 20) -> float:
    """Intrinsic dimension of largest likelihood, from the distances to k neighbours.

    Parameters
    ----------
    codes : array_like of float64, shape (n > k, d)
    k : int
        Neighbours of each code, >= 3: the scale at which the codes are looked at.

    Returns
    -------
    float
        > 0. Not changed by moving, turning and scaling. Cost n^2 d.

    Raises
    ------
    ValueError
        As `two_nn`.

    Notes
    -----
    Source: Levina and Bickel, "Maximum likelihood estimation of intrinsic dimension", NIPS 2004;
    averaged over codes by inverses, as MacKay and Ghahramani correct it.

    Examples
    --------
    >>> line = np.outer(np.random.default_rng(0).random(500), [3.0, 4.0])
    >>> round(likelihood_dimension(line), 1)
    1.0
    """
    return _likelihood(_distances(codes, k), k)


def correlation_dimension(codes: ArrayLike, pair: tuple[int, int] = PAIR) -> float:
    """Growth of the number of pairs of codes with their distance, as a power of it.

    Parameters
    ----------
    codes : array_like of float64, shape (n, d)
    pair : tuple of int
        The slope is taken between the median distances to these two neighbours.

    Returns
    -------
    float
        >= 0: slope of log C(r) over log r. Not changed by moving, turning and scaling. Cost n^2 d.

    Raises
    ------
    ValueError
        As `two_nn`.

    Notes
    -----
    Source: Grassberger and Procaccia, "Measuring the strangeness of strange attractors", Physica D
    9 (1983).
    """
    from scipy.spatial.distance import pdist

    low, high = np.median(_distances(codes, max(pair)), axis=0)[[pair[0] - 1, pair[1] - 1]]
    between = pdist(np.asarray(codes, dtype=np.float64))
    # Of an odd number of codes the medians are distances of pairs, which count as that near.
    nearer, all_of_them = (np.mean(between <= reach * (1 + 1e-9)) for reach in (low, high))
    if high == low or nearer == 0:
        raise ValueError("expected neighbours at different distances, received a lattice")
    return float(np.log(all_of_them / nearer) / np.log(high / low))


def local_pca_dimension(codes: ArrayLike, k: int = 20) -> float:
    """Participation ratio of the principal variances of a code's k neighbours, a mean over codes.

    Parameters
    ----------
    codes : array_like of float64, shape (n, d)
    k : int
        Neighbours that span a code's surroundings.

    Returns
    -------
    float
        From 1, all neighbours on a line, to at most k - 1. With variances v it is
        ``sum(v)^2 / sum(v^2)``. Cost n k^2 d. Unlike the others it does not exceed the number of
        neighbours, and a curve that bends among them counts as more than one dimension.

    Raises
    ------
    ValueError
        As `two_nn`.
    """
    points = _checked(codes, k)
    _, near = neighbours(points, k)
    flocks = points[near]
    flocks = flocks - flocks.mean(axis=1, keepdims=True)
    # The variances are the eigenvalues of the small matrix too, and only traces of it are needed.
    small = flocks @ flocks.transpose(0, 2, 1)
    totals = np.trace(small, axis1=1, axis2=2)
    if not totals.all():
        raise ValueError("expected codes that differ, received coinciding ones")
    return float(np.mean(totals**2 / (small**2).sum(axis=(1, 2))))


def dimensions(codes: ArrayLike, scales: tuple[int, ...] = SCALES) -> dict[str, float]:
    """Return all of these estimates by name: `likelihood_dimension` at each scale, and the others.

    Parameters
    ----------
    codes : array_like of float64, shape (n, d)
    scales : tuple of int
        Numbers of neighbours. Those of n or more are left out.

    Returns
    -------
    dict of str to float

    Raises
    ------
    ValueError
        If no scale is below n, and as the estimates themselves.
    """
    points = np.asarray(codes, dtype=np.float64)
    reach = [k for k in scales if k < len(points)]
    if not reach:
        raise ValueError(f"expected more than {min(scales)} codes, received {len(points)}")
    distances = _distances(points, max(reach))
    return {
        "TwoNN": two_nn(points),
        **{f"likelihood, k = {k}": _likelihood(distances[:, :k], k) for k in reach},
        "correlation": correlation_dimension(points),
        "local PCA": local_pca_dimension(points),
    }


def least_dimension(codes: ArrayLike) -> float:
    """Return the smallest of the `dimensions`: low if any estimator at any scale sees strings."""
    return min(dimensions(codes).values())


def _likelihood(distances: Floats, k: int) -> float:
    total = float(np.log(distances[:, -1:] / distances[:, :-1]).sum(axis=1).mean())
    if total == 0:
        raise ValueError("expected neighbours at different distances, received a lattice")
    return (k - 1) / total


def _distances(codes: ArrayLike, k: int) -> Floats:
    """Distances to the k nearest other codes, ascending, shape (n, k); none of them 0."""
    distances, _ = neighbours(_checked(codes, k), k)
    if distances[:, 0].min() == 0:
        raise ValueError("expected codes that differ, received duplicates")
    return distances


def _checked(codes: ArrayLike, k: int) -> Floats:
    return validation.matrix(codes, least=max(10, k + 1))
