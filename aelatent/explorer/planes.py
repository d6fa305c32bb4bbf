"""Planes through latent space, each with a square grid of points that are decoded."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from aelatent.latent.cloud import Floats, LatentCloud

REACH = 3.5  # standard deviations that a plane shows on either side of the centre
MARGIN = 0.12  # of the way from the origin to the centre, shown beyond the origin


@dataclass(frozen=True, eq=False)
class Plane:
    """A square grid on a plane through latent space.

    Attributes
    ----------
    key, title, note : str
        A word for addresses, a name for readers, and what there is to see.
    axes : tuple of str
        Names of the horizontal and of the vertical coordinate.
    anchor : ndarray of float64, shape (d,)
        The point of the plane whose two coordinates are 0.
    basis : ndarray of float64, shape (2, d)
        Orthonormal rows: the directions in which the coordinates grow.
    low : ndarray of float64, shape (2,)
        Coordinates of the grid's lower left point.
    step : float
        Distance of neighbouring points, the same along both axes.
    side : int
        Points along an edge.
    """

    key: str
    title: str
    note: str
    axes: tuple[str, str]
    anchor: Floats
    basis: Floats
    low: Floats
    step: float
    side: int

    @property
    def coordinates(self) -> Floats:
        """Coordinates of all points, (side * side, 2), row by row from the upper left one."""
        ticks = np.arange(self.side) * self.step
        across, up = np.meshgrid(self.low[0] + ticks, self.low[1] + ticks[::-1])
        return np.stack([across.ravel(), up.ravel()], axis=1)

    @property
    def codes(self) -> Floats:
        """The points in latent space, (side * side, d), in the order of `coordinates`."""
        return np.asarray(self.anchor + self.coordinates @ self.basis)

    def project(self, points: ArrayLike) -> Floats:
        """Coordinates of the feet of points of shape (n, d) on the plane, shape (n, 2)."""
        return np.asarray((np.asarray(points) - self.anchor) @ self.basis.T)

    def place(self, coordinates: ArrayLike) -> Floats:
        """Where coordinates lie on the sheet of tiles, in tiles from its upper left corner.

        Examples
        --------
        >>> plane = Plane("", "", "", ("", ""), np.zeros(2), np.eye(2), np.array([-1, -1]), 1.0, 3)
        >>> plane.place([[-1.0, 1.0], [0.0, 0.0]]).tolist()
        [[0.5, 0.5], [1.5, 1.5]]
        """
        steps = (np.asarray(coordinates) - self.low) / self.step
        return np.stack([steps[..., 0] + 0.5, self.side - steps[..., 1] - 0.5], axis=-1)

    def shadow(self, cloud: LatentCloud) -> LatentCloud:
        """Return the cloud as it is projected onto the plane, in the plane's coordinates."""
        whole = cloud.full_covariance
        return LatentCloud(
            self.project(cloud.z_mean),
            labels=cloud.labels,
            full_mean=self.project(cloud.mean[None])[0],
            full_covariance=None if whole is None else self.basis @ whole @ self.basis.T,
        )

    def holds(self, point: Floats) -> bool:
        """Tell whether a point of latent space, shape (d,), lies on the plane and in the grid."""
        seen = self.project(point[None])[0]
        off = float(np.linalg.norm(self.anchor + seen @ self.basis - point))
        inside = np.all((self.place(seen) > 0) & (self.place(seen) < self.side))
        return bool(off < 1e-6 * max(1.0, float(np.linalg.norm(point))) and inside)


def planes(cloud: LatentCloud, side: int) -> list[Plane]:
    """Return the planes to show: a single one where the codes have two dimensions.

    Parameters
    ----------
    cloud : LatentCloud
        Whose centre and spread say where the planes lie and how far they reach.
    side : int
        Points along an edge; odd, so that a centre is a point of the grid.

    Returns
    -------
    list of Plane

    Raises
    ------
    ValueError
        If the codes have fewer than two dimensions, or `side` is no odd number from 3 on.
    """
    if cloud.d < 2 or side < 3 or side % 2 == 0:
        raise ValueError(
            "expected two latent dimensions or more and an odd number of points along an edge, "
            f"received {cloud.d} and {side}"
        )
    if cloud.d == 2:
        return [_whole(cloud, side)]
    found = [_principal(cloud, side), _coordinate(cloud, side)]
    return found + ([_origin(cloud, side)] if np.linalg.norm(cloud.mean) > 0 else [])


def leading(cloud: LatentCloud, count: int = 2) -> tuple[Floats, Floats]:
    """Return the largest standard deviations along principal axes, and these axes.

    Where the covariance of all codes was not kept it comes from the sample, without a (d, d)
    matrix.

    Parameters
    ----------
    cloud : LatentCloud
    count : int
        How many axes.

    Returns
    -------
    deviations : ndarray of float64, shape (count,)
        In descending order.
    axes : ndarray of float64, shape (count, d)
        Orthonormal rows. Each axis points to where its largest entry is positive, as
        `LatentCloud.principal`.
    """
    if cloud.full_covariance is None:
        centred = cloud.z_mean - cloud.mean
        _, singular, rows = np.linalg.svd(centred, full_matrices=False)
        spread, axes = singular / np.sqrt(cloud.n - 1), rows
    else:
        variances, columns = cloud.principal
        spread, axes = np.sqrt(variances[::-1]), columns.T[::-1]
    axes = axes[:count]
    largest = np.take_along_axis(axes, np.abs(axes).argmax(axis=1)[:, None], axis=1)
    return spread[:count], axes * np.where(largest < 0, -1.0, 1.0)


def strongest(cloud: LatentCloud) -> tuple[int, int]:
    """Return the two components of the largest mean square: far from 0, or spread widely."""
    order = np.argsort(-(cloud.mean**2 + cloud.deviations**2), kind="stable")
    return int(order[0]), int(order[1])


def _whole(cloud: LatentCloud, side: int) -> Plane:
    half = max(float((REACH * cloud.deviations).max()), 1.1 * float(np.abs(cloud.mean).max()))
    step = 2 * half / (side - 1)
    middle = np.rint(cloud.mean / step) * step  # so that the origin is a point of the grid
    return Plane(
        "whole",
        "The whole latent space",
        "The codes have two dimensions, so this is all there is: every image that this decoder "
        "can make near its codes.",
        ("component 1", "component 2"),
        np.zeros(2),
        np.eye(2),
        middle - half,
        step,
        side,
    )


def _principal(cloud: LatentCloud, side: int) -> Plane:
    spread, axes = leading(cloud)
    half = REACH * float(spread[0])
    return Plane(
        "principal",
        "Principal axes 1 and 2",
        "Through the centre of the codes, along the two directions in which they differ most. "
        "Coordinates are measured from the centre.",
        ("principal axis 1", "principal axis 2"),
        cloud.mean,
        axes,
        np.full(2, -half),
        2 * half / (side - 1),
        side,
    )


def _coordinate(cloud: LatentCloud, side: int) -> Plane:
    pair = list(strongest(cloud))
    basis = np.zeros((2, cloud.d))
    basis[[0, 1], pair] = 1.0
    anchor = cloud.mean.copy()
    anchor[pair] = 0.0
    half = REACH * float(cloud.deviations[pair].max())
    return Plane(
        "components",
        f"Components {pair[0] + 1} and {pair[1] + 1}",
        "A coordinate plane, as the sources walk on: two components change, of all the ones with "
        "the largest mean square; the others stay at their means.",
        (f"component {pair[0] + 1}", f"component {pair[1] + 1}"),
        anchor,
        basis,
        cloud.mean[pair] - half,
        2 * half / (side - 1),
        side,
    )


def _origin(cloud: LatentCloud, side: int) -> Plane:
    away = float(np.linalg.norm(cloud.mean))
    first = cloud.mean / away
    axis = leading(cloud, 2)[1]
    left_over = axis - np.outer(axis @ first, first)
    across = left_over[np.linalg.norm(left_over, axis=1).argmax()]
    basis = np.stack([first, across / np.linalg.norm(across)])
    spread = _spread(cloud, basis)
    left = min(-MARGIN * away, away - REACH * spread[0])
    width = max(away + REACH * spread[0] - left, 2 * REACH * spread[1])
    step = width / (side - 1)
    if away > step:  # origin and centre are both points of the grid
        step = away / int(away / step)
    low = np.array([np.floor(left / step), -(side // 2)]) * step
    return Plane(
        "origin",
        "From the origin to the centre",
        "Origin and centre lie on it, the codes around the centre. Upwards it follows the "
        "principal axis that points most away from that line.",
        ("along the line from the origin to the centre", "across it"),
        np.zeros(cloud.d),
        basis,
        low,
        step,
        side,
    )


def _spread(cloud: LatentCloud, basis: Floats) -> Floats:
    """Return the standard deviations of the codes along two directions."""
    seen = LatentCloud(
        cloud.z_mean @ basis.T,
        full_covariance=None
        if cloud.full_covariance is None
        else basis @ cloud.full_covariance @ basis.T,
    )
    return seen.deviations
