"""Ways to walk through latent space, as points in the order in which they are passed."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from aelatent.latent.cloud import Floats, LatentCloud


class PathError(ValueError):
    """A path is not defined by what was given."""


def straight(start: ArrayLike, end: ArrayLike, steps: int) -> Floats:
    """Points at equal distances on the straight segment between two codes.

    Parameters
    ----------
    start, end : array_like of float64, shape (d,)
    steps : int
        Number of points, both ends included, >= 2.

    Returns
    -------
    ndarray of float64, shape (steps, d)

    Raises
    ------
    PathError
        If shapes differ, a number is not finite, or there are fewer than two steps.

    Examples
    --------
    >>> straight([0.0, 0.0], [2.0, 4.0], steps=3).tolist()
    [[0.0, 0.0], [1.0, 2.0], [2.0, 4.0]]
    """
    first, last = _ends(start, end)
    return first + _shares(steps) * (last - first)


def spherical(start: ArrayLike, end: ArrayLike, steps: int) -> Floats:
    """Points between two codes whose direction turns, and whose radius changes, at a steady rate.

    Parameters
    ----------
    start, end : array_like of float64, shape (d,)
        Not the origin, and not in opposite directions.
    steps : int
        Number of points, both ends included, >= 2.

    Returns
    -------
    ndarray of float64, shape (steps, d)
        Of radii that change linearly from that of `start` to that of `end`. Turning or scaling both
        ends turns or scales the path.

    Raises
    ------
    PathError
        As `straight`, and where no direction, or no shortest way from one to the other, exists.

    Notes
    -----
    Source: Shoemake, "Animating rotation with quaternion curves", SIGGRAPH 1985; with the radius
    apart, since the codes of an autoencoder differ in radius.
    """
    first, last = _ends(start, end)
    shares = _shares(steps)
    radii = np.linalg.norm(first), np.linalg.norm(last)
    if min(radii) == 0:
        raise PathError("expected ends away from the origin, received the origin: no direction")
    a, b = first / radii[0], last / radii[1]
    across = b - (a @ b) * a
    height = np.linalg.norm(across)
    if height < 1e-12:
        if a @ b < 0:
            raise PathError("expected no opposite directions, received some: no shortest way")
        return straight(first, last, steps)
    angles = shares * math.atan2(height, a @ b)
    directions = np.cos(angles) * a + np.sin(angles) * across / height
    return np.asarray(directions * (radii[0] + shares * (radii[1] - radii[0])))


def through_centre(
    cloud: LatentCloud,
    plane: tuple[int, int],
    angle: float,
    steps: int = 11,
    reach: float = 1.0,
) -> Floats:
    """Points of a straight segment through the mean of a cloud, inside a coordinate plane.

    Parameters
    ----------
    cloud : LatentCloud
    plane : tuple of int
        The two different components that change.
    angle : float
        In radians, in units of standard deviations: 0 is along the first axis, pi/2 along the
        second. An angle and that angle plus pi give the same points in the opposite order.
    steps : int
        Number of points, both ends included, >= 2; the mean is one of them if it is odd.
    reach : float
        Standard deviations from the mean to either end.

    Returns
    -------
    ndarray of float64, shape (steps, d)
        ``mean + s (cos(angle) sd_i e_i + sin(angle) sd_j e_j)``, s from -reach to reach. All other
        components stay at the mean.

    Raises
    ------
    PathError
        If the plane has not two different axes among the components, or there are fewer than two
        steps.
    """
    i, j = plane
    if i == j or not all(0 <= axis < cloud.d for axis in plane):
        raise PathError(f"expected two different axes from 0 to {cloud.d - 1}, received {plane}")
    end = np.zeros(cloud.d)
    end[i] = math.cos(angle) * reach * cloud.deviations[i]
    end[j] = math.sin(angle) * reach * cloud.deviations[j]
    return straight(cloud.mean - end, cloud.mean + end, steps)


def along(cloud: LatentCloud, direction: ArrayLike, steps: int = 11, reach: float = 1.0) -> Floats:
    """Points of a straight segment through the mean of a cloud, in any direction.

    Parameters
    ----------
    cloud : LatentCloud
    direction : array_like of float64, shape (d,)
        Of any length but 0.
    steps : int
        Number of points, both ends included, >= 2.
    reach : float
        From the mean to either end, in standard deviations of the codes along `direction`.

    Returns
    -------
    ndarray of float64, shape (steps, d)

    Raises
    ------
    PathError
        If the direction is 0, not finite or of another shape, or there are fewer than two steps.
    """
    way, mean = _ends(direction, cloud.mean)
    length = np.linalg.norm(way)
    if length == 0:
        raise PathError("expected a direction, received the zero vector")
    unit = way / length
    end = reach * math.sqrt(max(float(unit @ cloud.covariance @ unit), 0.0)) * unit
    return straight(mean - end, mean + end, steps)


def random_planes(d: int, count: int, rng: np.random.Generator) -> list[tuple[int, int]]:
    """Different coordinate planes (i, j), i < j, each equally likely.

    There are d (d - 1) / 2 of them, a single one in two dimensions: if `count` exceeds that, all
    are returned, once each and in random order.

    Parameters
    ----------
    d : int
        Number of dimensions, >= 2.
    count : int
        Planes that are wanted, >= 1.
    rng : numpy.random.Generator

    Returns
    -------
    list of tuple of int
        Pairs (i, j) with i < j.

    Raises
    ------
    PathError
        If there are fewer than two dimensions, or `count` is below 1.

    Examples
    --------
    >>> random_planes(2, 200, np.random.default_rng(0))
    [(0, 1)]
    """
    if d < 2 or count < 1:
        raise PathError(f"expected d >= 2 and count >= 1, received d = {d} and count = {count}")
    first, second = np.triu_indices(d, k=1)
    chosen = rng.permutation(len(first))[:count]
    return list(zip(first[chosen].tolist(), second[chosen].tolist(), strict=True))


def _ends(start: ArrayLike, end: ArrayLike) -> tuple[Floats, Floats]:
    first, last = np.asarray(start, dtype=np.float64), np.asarray(end, dtype=np.float64)
    if first.ndim != 1 or first.shape != last.shape:
        raise PathError(f"expected two vectors of one shape, received {first.shape}, {last.shape}")
    if not (np.isfinite(first).all() and np.isfinite(last).all()):
        raise PathError("expected finite vectors, received NaN or infinity")
    return first, last


def _shares(steps: int) -> Floats:
    if steps < 2:
        raise PathError(f"expected two steps or more, received {steps}")
    return np.linspace(0.0, 1.0, steps)[:, None]
