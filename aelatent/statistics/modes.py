"""One hump or several: the dip of single projections, and mixtures judged on unseen codes."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy import optimize
from scipy.cluster.vq import kmeans2
from scipy.sparse.csgraph import connected_components

from aelatent.inference.estimates import Estimate
from aelatent.latent.cloud import Floats
from aelatent.statistics import validation


def dip(values: ArrayLike) -> float:
    """Hartigan's dip: distance of the empirical distribution from the nearest with one hump.

    Parameters
    ----------
    values : array_like of float64, shape (n,)

    Returns
    -------
    float
        Largest difference of the distribution functions, from 1 / (2n) to 1/4. About 0.36 / sqrt(n)
        for a uniform distribution, less for other distributions with one hump, 1/4 for two far
        points. Not changed by shifting, scaling or mirroring. Equal values count as if they lay
        very close together.

    Raises
    ------
    ValueError
        If there is no value or one is not finite.

    Notes
    -----
    Sorting takes n log n operations, the rest about n for each of a few rounds. It sees humps
    along one line only: clusters that overlap there are one to it.

    Source: Hartigan and Hartigan, "The dip test of unimodality", Annals of Statistics 13 (1985).

    Examples
    --------
    >>> round(dip([0.0, 0.0, 1.0, 1.0]), 3), round(dip([0.0, 1.0, 2.0, 3.0]), 3)
    (0.25, 0.125)
    """
    x, up = _steps(values)
    below = np.concatenate([[0.0], up[:-1]])  # the distribution function just left of each value
    low, high = 0, len(x) - 1
    width = 1 / np.size(values)
    while high > low:
        part = slice(low, high + 1)
        convex, concave = _minorant(x[part], below[part]), -_minorant(x[part], -up[part])
        apart = concave - convex
        on_convex, on_concave = convex >= below[part] - 1e-12, concave <= up[part] + 1e-12
        touching = np.flatnonzero(on_convex | on_concave)
        at = int(touching[apart[touching].argmax()])
        if apart[at] <= width + 1e-12:
            break
        first = int(np.flatnonzero(on_convex[: at + 1])[-1])
        last = at + int(np.flatnonzero(on_concave[at:])[0])
        left = up[part][: first + 1] - convex[: first + 1]
        # The convex part ends at `first`, where it meets the function from the left.
        left[-1] = 0.0
        right = concave[last:] - below[part][last:]
        right[0] = 0.0
        width = max(width, float(left.max()), float(right.max()))
        low, high = low + first, low + last
        if (first, last) == (0, len(apart) - 1):
            break
    return width / 2


def largest_dip(codes: ArrayLike, rng: np.random.Generator, clusters: int = 8) -> float:
    """Largest dip of all codes, over the projections in which several humps are likeliest seen.

    Parameters
    ----------
    codes : array_like of float64, shape (n, d)
        Whitened, such as the leading `principal_scores` of a cloud.
    rng : numpy.random.Generator
        For the starting points of the clusters.
    clusters : int
        Projected are the codes on their own axes, and on the lines that join the centres of so
        many clusters, found by k-means.

    Returns
    -------
    float
        As `dip`; larger by chance than that of a single projection: compare with surrogates.

    Raises
    ------
    ValueError
        As `dip`; also if there are fewer codes than clusters.
    """
    points = validation.matrix(codes, least=clusters)
    if not np.ptp(points, axis=0).any():
        raise ValueError("expected codes that differ, received coinciding ones")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # an empty cluster leaves fewer lines
        centres, _ = kmeans2(points, clusters, minit="++", rng=rng)
    first, second = np.triu_indices(clusters, k=1)
    lines = centres[first] - centres[second]
    projections = np.hstack([points, points @ lines.T])
    return max(dip(column) for column in projections.T)


def mixture_gain(
    codes: ArrayLike, rng: np.random.Generator, most: int = 4, folds: int = 2
) -> Estimate:
    """How much better a mixture of Gaussians predicts unseen codes than one Gaussian does.

    Parameters
    ----------
    codes : array_like of float64, shape (n, d)
        A few dimensions: a mixture has about k d^2 / 2 parameters.
    rng : numpy.random.Generator
    most : int
        Mixtures of 2 to so many distributions are tried, each with its own covariance.
    folds : int
        Each part of the codes is predicted by distributions fitted to the other parts.

    Returns
    -------
    Estimate
        Gain in log-likelihood, in nats a code, of the mixture that predicts best, with the error of
        its mean over the codes. At most about 0 for normal codes, since the surplus distributions
        overfit; positive for several clusters, but also for heavy tails or bent clouds. Not changed
        by scaling the codes.

    Raises
    ------
    ValueError
        If there are fewer than 2 d codes in a fold or if they do not vary.
    """
    points = _standardised(codes, least=2 * folds)
    parts = np.array_split(rng.permutation(len(points)), folds)
    gains = {k: np.empty(len(points)) for k in range(2, most + 1)}
    for part in parts:
        seen = np.delete(points, part, axis=0)
        single = _mixture(1, seen, rng).score_samples(points[part])
        for k, gain in gains.items():
            gain[part] = _mixture(k, seen, rng).score_samples(points[part]) - single
    best = max(gains.values(), key=lambda gain: float(gain.mean()))
    return Estimate(float(best.mean()), float(best.std(ddof=1)) / len(best) ** 0.5)


def mode_count(
    codes: ArrayLike,
    rng: np.random.Generator,
    sizes: Sequence[int] = (1, 2, 4, 8),
    valley: float = 0.5,
    least: float = 0.05,
) -> int:
    """Count the humps of the mixture of normal distributions that predicts unseen codes best.

    Parameters
    ----------
    codes : array_like of float64, shape (n, d)
        A few dimensions: see `mixture_gain`.
    rng : numpy.random.Generator
    sizes : sequence of int
        How many distributions a mixture may have. Each is fitted to a random half of the codes, and
        the one is chosen that gives the other half the largest likelihood.
    valley : float
        Two peaks of its density are two humps if on the line between them, or on the way over
        other peaks, it falls below this share of the lower one.
    least : float
        A hump counts if it holds this share of the codes or more: a few codes far out are no
        region.

    Returns
    -------
    int
        1 or more. Two equal normal distributions have a valley of one half at 3.3 standard
        deviations. Not changed by shifting or by scaling the codes.

    Raises
    ------
    ValueError
        As `mixture_gain`.

    Notes
    -----
    Of normal codes it finds one hump nearly always, and of ten clusters in two or three dimensions
    several. A distribution with one hump and hard edges or heavy tails (uniform, exponential,
    Student's with three degrees) breaks into two in a third of the trials or more: repeat it on
    other halves.

    Source for the peaks: Carreira-Perpiñán, "Mode-finding for mixtures of Gaussian distributions",
    IEEE Transactions on Pattern Analysis and Machine Intelligence 22 (2000).
    """
    points = _standardised(codes, least=4)
    seen, unseen = np.array_split(rng.permutation(points), 2)
    mixtures = [_mixture(k, seen, rng) for k in sizes]
    best = max(mixtures, key=lambda mixture: float(mixture.score(unseen)))
    peaks = _peaks(best)
    lines = np.linspace(peaks[:, None], peaks[None], 25)
    heights = best.score_samples(lines.reshape(-1, points.shape[1])).reshape(lines.shape[:3])
    lower = np.minimum(heights[0], heights[-1])
    joined = heights.min(axis=0) >= lower + np.log(valley)
    count, hump = connected_components(joined, directed=False)
    shares = np.bincount(hump, weights=best.weights_, minlength=count)
    return max(int(np.sum(shares >= least)), 1)


def _peaks(mixture: Any) -> Floats:
    """Climb from the centre of each part to a peak of the density: expectation-maximisation."""
    peaks = mixture.means_.copy()
    for _ in range(200):
        weights = mixture.predict_proba(peaks)
        metric = np.einsum("pk,kij->pij", weights, mixture.precisions_)
        pull = np.einsum("pk,kij,kj->pi", weights, mixture.precisions_, mixture.means_)
        moved = np.linalg.solve(metric, pull[..., None])[..., 0]
        if np.abs(moved - peaks).max() < 1e-6:
            break
        peaks = moved
    return np.asarray(peaks)


def _standardised(codes: ArrayLike, least: int) -> Floats:
    """Codes with every component centred and of width 1, so that mixtures start alike."""
    points = np.asarray(codes, dtype=np.float64)
    if points.ndim != 2 or len(points) < least * max(points.shape[1], 1):
        raise ValueError(f"expected {least} codes or more a dimension, received {points.shape}")
    spread = points.std(axis=0)
    if not spread.min() > 0:
        raise ValueError("expected codes that vary along every axis, received some that do not")
    return np.asarray((points - points.mean(axis=0)) / spread)


def _steps(values: ArrayLike) -> tuple[Floats, Floats]:
    """Return the different values, ascending, and the distribution function there."""
    sample = validation.vector(np.ravel(values))
    x, counts = np.unique(sample, return_counts=True)
    return x, np.cumsum(counts) / len(sample)


def _minorant(x: Floats, y: Floats) -> Floats:
    """Greatest convex function below the points, at x: its slopes are an isotonic regression."""
    if len(x) < 3:
        return y.copy()
    runs = np.diff(x)
    slopes = optimize.isotonic_regression(np.diff(y) / runs, weights=runs).x
    return np.asarray(y[0] + np.concatenate([[0.0], np.cumsum(slopes * runs)]))


def _mixture(k: int, seen: Floats, rng: np.random.Generator) -> Any:
    """Fit a mixture of k normal distributions."""
    # Takes a second to import, and most claims have no use for it.
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.mixture import GaussianMixture

    seed = int(rng.integers(2**31))
    mixture = GaussianMixture(
        k, init_params="k-means++", reg_covar=1e-3, max_iter=50, tol=1e-2, random_state=seed
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # a poor fit only predicts worse
        return mixture.fit(seen)
