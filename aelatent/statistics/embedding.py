"""Maps by t-SNE, and how torn they are.

t-SNE tears apart what is whole: a map of a normal cloud has gaps too, more of them the
fewer dimensions the cloud has and the smaller the perplexity. A statistic of a map means nothing
by itself; compare it with maps of `gaussian_twins` made with the same parameters. Densities of a
map say less than its gaps: t-SNE evens them out, and codes on ten curves in 256 dimensions, whose
maps have three times the gaps of their twins', differ in density hardly more than these.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike
from scipy.spatial import ConvexHull, Delaunay, cKDTree

from aelatent.latent.cloud import Floats
from aelatent.runtime import environment
from aelatent.statistics import validation
from aelatent.statistics.point_patterns import central_window, void_share

LOCATIONS = 80  # a side of the bounding box, at which it is asked how far the nearest point is


def embed(
    codes: ArrayLike,
    perplexity: float = 30.0,
    exaggeration: float = 12.0,
    iterations: int = 1000,
    seed: int = 0,
    method: str = "scikit-learn",
) -> Floats:
    """Map codes to the plane by t-SNE, a pure function of its arguments.

    Parameters
    ----------
    codes : array_like of float64, shape (n > perplexity, d >= 2)
    perplexity, exaggeration, iterations
        As in `sklearn.manifold.TSNE`, whose defaults these are.
    seed : int
        Of what is random in it; it begins with the first two principal components.
    method : str
        "scikit-learn", whose maps verdicts rest on, or "openTSNE", which is several times as fast
        from ten thousand codes on and draws another map of the same kind:
        ``pip install aelatent[tsne]``.

    Returns
    -------
    ndarray of float64, shape (n, 2)
        Neighbourhoods are kept, distances and densities are not. Cost n log n for each iteration:
        0.6 s at n = 250, 3 s at n = 1000.

    Raises
    ------
    ValueError
        If there are too few codes or dimensions, a NaN or an infinity, or if all codes are equal;
        or if there is no such method.
    ImportError
        If openTSNE is asked for and not installed.

    Notes
    -----
    Source: van der Maaten and Hinton, "Visualizing data using t-SNE", Journal of Machine Learning
    Research 9 (2008).
    """
    points = validation.matrix(codes, least=math.floor(perplexity) + 1, least_d=2)
    if not np.ptp(points, axis=0).any():
        raise ValueError("expected codes that differ, received equal ones")
    if method not in METHODS:
        raise ValueError(f"expected a method among {[*METHODS]}, received {method!r}")
    return METHODS[method](points, perplexity, exaggeration, iterations, seed)


def _by_sklearn(
    points: Floats, perplexity: float, exaggeration: float, iterations: int, seed: int
) -> Floats:
    # Takes a second to import, and most claims have no use for it.
    from sklearn.manifold import TSNE
    from threadpoolctl import threadpool_limits

    maker = TSNE(
        perplexity=perplexity,
        early_exaggeration=exaggeration,
        max_iter=iterations,
        init="pca",
        random_state=seed,
    )
    # Threads that share a core wait for each other in each of a thousand steps: two of them took
    # twenty times as long for the same map.
    with threadpool_limits(1, user_api="openmp"):
        return np.asarray(maker.fit_transform(points), np.float64)


def _by_opentsne(
    points: Floats, perplexity: float, exaggeration: float, iterations: int, seed: int
) -> Floats:
    try:
        from openTSNE import TSNE
    except ImportError as error:
        raise ImportError(
            "expected openTSNE, found none. Run: pip install aelatent[tsne]"
        ) from error
    exaggerated = min(250, iterations)  # as scikit-learn does
    maker = TSNE(
        perplexity=perplexity,
        early_exaggeration=exaggeration,
        early_exaggeration_iter=exaggerated,
        n_iter=iterations - exaggerated,
        initialization="pca",
        random_state=seed,
        n_jobs=environment.threads(),
    )
    return np.array(maker.fit(points), np.float64)


METHODS = {"scikit-learn": _by_sklearn, "openTSNE": _by_opentsne}


def torn_share(points: ArrayLike, radius: float = 0.75) -> float:
    """Share of the convex hull of a map that is farther than `radius` spacings from any point.

    Parameters
    ----------
    points : array_like of float64, shape (n >= 10, 2)
    radius : float
        In spacings: the root of the area of the hull over n.

    Returns
    -------
    float
        0 for points spread evenly over their hull, about 0.19 for points scattered over it at
        random (at 0.75; the rim adds to ``exp(-pi radius^2)``), towards 1 for points in few clumps.
        A map of 250 normal codes in 256 dimensions has 0.15 to 0.17, one in 2 dimensions 0.29.
        Not changed by moving, turning (to within the lattice of locations) and scaling. Cost
        n log n.

    Raises
    ------
    ValueError
        If there are too few points, a NaN or an infinity, or all lie on a line.
    """
    plane = _plane(points)
    hull = ConvexHull(plane)
    shares = (np.arange(LOCATIONS) + 0.5) / LOCATIONS
    low, high = plane.min(axis=0), plane.max(axis=0)
    x, y = np.meshgrid(*(low + np.outer(shares, high - low)).T)
    locations = np.column_stack([x.ravel(), y.ravel()])
    locations = locations[Delaunay(plane[hull.vertices]).find_simplex(locations) >= 0]
    spacing = np.sqrt(hull.volume / len(plane))  # the volume of a plane figure is its area
    return float(np.mean(cKDTree(plane).query(locations)[0] > radius * spacing))


def zoomed_void_share(points: ArrayLike, share: float = 0.1, radius: float = 0.75) -> float:
    """Share of voids in windows that hold a tenth of a map each, a mean over windows inside it.

    Parameters
    ----------
    points : array_like of float64, shape (n >= 50, 2)
    share : float
        Of the points that each window holds. Windows are centred on up to twenty points of the
        inner quarter of the map, so that few reach over its rim.
    radius : float
        In spacings of the window's own points.

    Returns
    -------
    float
        As `aelatent.statistics.point_patterns.void_share`: 0.171 for points scattered at random,
        however dense, at a radius of 0.75.

    Raises
    ------
    ValueError
        As `torn_share`.
    """
    plane = _plane(points, least=50)
    count = round(share * len(plane))
    away = np.linalg.norm(plane - np.median(plane, axis=0), axis=1)
    inner = plane[np.argsort(away)[: len(plane) // 4]]
    # Spread over the inner points by their place along the first axis: nothing is drawn.
    order = np.argsort(inner[:, 0], kind="stable")
    centres = inner[order[np.linspace(0, len(inner) - 1, min(20, len(inner))).astype(int)]]
    return float(np.mean([void_share(central_window(plane, count, c), radius) for c in centres]))


def smoothed(points: ArrayLike, rng: np.random.Generator, share: float = 0.1) -> Floats:
    """Scatter as many points by an inhomogeneous Poisson process of the map's smoothed density.

    A null: each point is one of the map's, drawn with replacement and moved by a normal jitter
    whose standard deviation is half the mean side of the windows of `zoomed_void_share`. Gaps the
    size of such a window stay, smaller ones are left to chance.

    Parameters
    ----------
    points : array_like of float64, shape (n >= 10, 2)
    rng : numpy.random.Generator
    share : float
        Area of a window, as a share of the area of the points' convex hull.

    Returns
    -------
    ndarray of float64, shape (n, 2)

    Raises
    ------
    ValueError
        As `torn_share`.
    """
    plane = _plane(points)
    bandwidth = np.sqrt(share * ConvexHull(plane).volume) / 2
    drawn = plane[rng.integers(len(plane), size=len(plane))]
    return np.asarray(drawn + bandwidth * rng.standard_normal(plane.shape))


def _plane(points: ArrayLike, least: int = 10) -> Floats:
    plane = validation.matrix(points, "points", least=least, d=2)
    if np.linalg.matrix_rank(plane - plane.mean(axis=0)) < 2:
        raise ValueError("expected points that span a plane, received points on a line")
    return plane
