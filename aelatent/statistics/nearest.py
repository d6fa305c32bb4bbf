"""How close codes lie to one another, and the uniform clouds that they are held against."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.neighbors import NearestNeighbors

from aelatent.latents import LatentCloud

Floats = NDArray[np.float64]


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
    # Squared distances are sums of large numbers of either sign unless the codes are centred.
    centred = points - points.mean(axis=0)
    distances, _ = NearestNeighbors(n_neighbors=1).fit(centred).kneighbors()
    return np.asarray(distances[:, 0])


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
