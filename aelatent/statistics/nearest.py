"""How close codes lie to one another, and the uniform clouds that they are held against."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from aelatent.latents import LatentCloud

Floats = NDArray[np.float64]


def neighbours(codes: ArrayLike, k: int) -> tuple[Floats, NDArray[np.int64]]:
    """Distances to the k nearest other codes, ascending, and which codes these are, each (n, k).

    Exact to rounding wherever the codes lie: 0 where two coincide, and the same for equal
    differences. Takes n^2 d operations.

    Examples
    --------
    >>> distances, near = neighbours([[0.0], [1.0], [5.0]], k=2)
    >>> distances.tolist(), near.tolist()
    ([[1.0, 5.0], [1.0, 4.0], [4.0, 5.0]], [[1, 2], [0, 2], [1, 0]])
    """
    # Takes half a second to import, and most claims have no use for it.
    from sklearn.neighbors import NearestNeighbors

    points = np.asarray(codes, dtype=np.float64)
    # It finds squared distances as sums of large numbers of either sign: the farther from the
    # origin the codes lie the more of a distance is lost. So they are centred, and what it found
    # is measured anew, a neighbour at a time.
    centred = points - points.mean(axis=0)
    search = NearestNeighbors(n_neighbors=k).fit(centred)
    near = np.asarray(search.kneighbors(return_distance=False))
    columns = [np.linalg.norm(points - points[found], axis=1) for found in near.T]
    distances = np.stack(columns, axis=1)
    order = np.argsort(distances, axis=1, kind="stable")
    ranked = np.take_along_axis(distances, order, axis=1)
    return ranked, np.take_along_axis(near, order, axis=1)


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
    points = np.asarray(codes, dtype=np.float64)
    if points.ndim != 2 or len(points) < 2 or points.shape[1] < 1:
        raise ValueError(f"expected codes of shape (n >= 2, d >= 1), received {points.shape}")
    if not np.isfinite(points).all():
        raise ValueError("expected finite codes, received NaN or infinity")
    distances, _ = neighbours(points, 1)
    return distances[:, 0]


def nearest_distance(cloud: LatentCloud) -> float:
    """Mean distance of a code from the nearest other one: `nearest_distances`.

    It falls as codes are added, by ``n^(-1/d)`` where they have a density, so that clouds must be
    compared at one size; and it is proportional to their scale. In hundreds of dimensions hardly
    any distance is small, and for a normal law the mean is near that of two arbitrary codes.
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
    """Draw as many codes, uniform in the smallest box along the axes that holds the cloud's own."""
    low, high = cloud.z_mean.min(axis=0), cloud.z_mean.max(axis=0)
    return LatentCloud(rng.uniform(low, high, cloud.z_mean.shape))


def ellipsoid_fillings(cloud: LatentCloud, rng: np.random.Generator) -> LatentCloud:
    """Draw as many codes, uniform in the ellipsoid that has the cloud's mean and covariance.

    Its half-axes are sqrt(d + 2) standard deviations long. In many dimensions nearly all of its
    volume lies beneath its surface, where nearly all of a normal law lies, too.
    """
    variances, axes = cloud.principal
    directions = rng.standard_normal((cloud.n, cloud.d))
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    lengths = np.sqrt(cloud.d + 2) * rng.random((cloud.n, 1)) ** (1 / cloud.d)
    return LatentCloud(cloud.mean + (lengths * directions * np.sqrt(variances)) @ axes.T)
