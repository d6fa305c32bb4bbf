"""Point patterns in windows of a plane: their voids and neighbours, and those of chance.

Every length is given in spacings, the root of the area that a point has to itself in the window, so
that windows of any side and density compare. Under complete spatial randomness the mean distance to
the nearest neighbour is half a spacing, and ``exp(-pi r^2)`` of the plane lies farther than r
spacings from any point: voids and near neighbours are what chance makes, and only more of them
mean anything. A pattern whose density changes over the window departs from complete randomness
too; compare it with surrogates with the same change.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.spatial import cKDTree

from aelatent.latent.cloud import Floats
from aelatent.statistics import validation

LOCATIONS = 30  # a side of the window, at which it is asked how far the nearest point is
FRAME = 3.0  # spacings that a scattered pattern goes on beyond its window


@dataclass(frozen=True, eq=False)
class Pattern:
    """Points of a plane, and the rectangle through which they are looked at.

    Attributes
    ----------
    points : ndarray of float64, shape (n, 2)
        All of them. Those outside the window count as neighbours of those inside, which is the
        correction for edges: without them voids and distances at the rim would seem too large.
    low, high : ndarray of float64, shape (2,)
        Corners of the window.

    Raises
    ------
    ValueError
        If points are not finite, not of shape (n, 2), or fewer than two of them lie inside.
    """

    points: Floats
    low: Floats
    high: Floats

    def __post_init__(self) -> None:
        for field in ("points", "low", "high"):
            object.__setattr__(self, field, np.asarray(getattr(self, field), dtype=np.float64))
        validation.matrix(self.points, "points", d=2)
        if self.count < 2:
            raise ValueError(f"expected two points or more in the window, received {self.count}")

    @cached_property
    def inside(self) -> NDArray[np.bool_]:
        """Which points lie in the window, shape (n,)."""
        return np.asarray(((self.points >= self.low) & (self.points <= self.high)).all(axis=1))

    @cached_property
    def count(self) -> int:
        """Number of points in the window."""
        return int(self.inside.sum())

    @cached_property
    def spacing(self) -> float:
        """Root of the area of the window over the number of points in it."""
        return float(np.sqrt(np.prod(self.high - self.low) / self.count))

    @cached_property
    def tree(self) -> cKDTree:
        """All points, arranged for the search of neighbours."""
        return cKDTree(self.points)

    @cached_property
    def locations(self) -> Floats:
        """A regular lattice of locations in the window, shape (LOCATIONS ** 2, 2)."""
        shares = (np.arange(LOCATIONS) + 0.5) / LOCATIONS
        x, y = np.meshgrid(*(self.low + np.outer(shares, self.high - self.low)).T)
        return np.column_stack([x.ravel(), y.ravel()])

    @cached_property
    def clearances(self) -> Floats:
        """Distance of each location from the nearest point, in spacings, shape (m,)."""
        return np.asarray(self.tree.query(self.locations)[0] / self.spacing)

    @cached_property
    def neighbours(self) -> Floats:
        """Distance of each point in the window from the nearest other one, in spacings."""
        distances, _ = self.tree.query(self.points[self.inside], k=2)
        return np.asarray(np.asarray(distances)[:, 1] / self.spacing)


def central_window(points: ArrayLike, count: int, centre: ArrayLike | None = None) -> Pattern:
    """Return the points in the square about their centre that holds `count` of them.

    Sample sizes differ, and with them what a window of a given side would show; a window of a given
    number of points shows as much of any sample.

    Parameters
    ----------
    points : array_like of float64, shape (n, 2)
    count : int
        From 2 to n - 1.
    centre : array_like of float64, shape (2,), optional
        The mean of the points if it is not given.

    Returns
    -------
    Pattern

    Raises
    ------
    ValueError
        If `count` is not between 2 and n - 1, and as `Pattern`.

    Examples
    --------
    >>> pattern = central_window(np.random.default_rng(0).standard_normal((1000, 2)), 160)
    >>> pattern.count
    160
    """
    plane = np.asarray(points, dtype=np.float64)
    if not 2 <= count < len(plane):
        raise ValueError(f"expected a count from 2 to {len(plane) - 1}, received {count}")
    middle = plane.mean(axis=0) if centre is None else np.asarray(centre, dtype=np.float64)
    reach = np.sort(np.abs(plane - middle).max(axis=1))
    half = (reach[count - 1] + reach[count]) / 2
    return Pattern(plane, middle - half, middle + half)


def scattered(pattern: Pattern, rng: np.random.Generator) -> Pattern:
    """Scatter as many points over the window by complete spatial randomness: a null.

    Beyond the window it goes on for `FRAME` spacings, so that nearest neighbours have no edge.

    Parameters
    ----------
    pattern : Pattern
    rng : numpy.random.Generator

    Returns
    -------
    Pattern
        With the same window.
    """
    frame = FRAME * pattern.spacing
    sides = pattern.high - pattern.low
    outer = np.prod(sides + 2 * frame) - np.prod(sides)
    wanted, found = rng.poisson(outer / pattern.spacing**2), np.empty((0, 2))
    while len(found) < wanted:
        drawn = rng.uniform(pattern.low - frame, pattern.high + frame, (2 * wanted + 8, 2))
        beyond = ((drawn < pattern.low) | (drawn > pattern.high)).any(axis=1)
        found = np.concatenate([found, drawn[beyond]])
    within = rng.uniform(pattern.low, pattern.high, (pattern.count, 2))
    return Pattern(np.concatenate([within, found[:wanted]]), pattern.low, pattern.high)


def clark_evans(pattern: Pattern) -> float:
    """Mean distance to the nearest neighbour, over what complete spatial randomness expects.

    Returns
    -------
    float
        0 for points that coincide, 1 under complete spatial randomness, 2.149 for a triangular
        lattice. Not changed by moving, turning by right angles and scaling. Its standard error
        under randomness is 0.52 over the root of the count. Cost n log n.

    Notes
    -----
    Source: Clark and Evans, "Distance to nearest neighbor as a measure of spatial relationships in
    populations", Ecology 35 (1954); here with the points around the window as its guard area.
    Duplicates, as of a bootstrap, break it.

    Examples
    --------
    >>> lattice = np.stack(np.meshgrid(np.arange(9.0), np.arange(9.0)), axis=-1).reshape(-1, 2)
    >>> round(clark_evans(Pattern(lattice, np.array([2.5, 2.5]), np.array([5.5, 5.5]))), 3)
    2.0
    """
    return float(2 * pattern.neighbours.mean())


def crowding(pattern: Pattern) -> float:
    """Inverse of `clark_evans`: how many times nearer than by chance a neighbour is.

    Returns
    -------
    float
        1 under complete spatial randomness, above 1 for points in clumps or strung on lines, 0.465
        for a triangular lattice.

    Raises
    ------
    ValueError
        If all points coincide with another one.
    """
    regularity = clark_evans(pattern)
    if regularity == 0:
        raise ValueError("expected points that differ, received every one at least twice")
    return 1 / regularity


def void_share(pattern: Pattern, radius: float = 0.75) -> float:
    """Share of the window that is farther than `radius` spacings from any point: 1 - F.

    Parameters
    ----------
    pattern : Pattern
    radius : float
        In spacings.

    Returns
    -------
    float
        0 for points spread evenly, ``exp(-pi radius^2)`` under complete spatial randomness (0.171
        at 0.75), towards 1 for points in few clumps. At the default it scatters under randomness,
        in a window of 160 points, by a tenth of itself; at a radius of 1 by a quarter.

    Notes
    -----
    F is the empty-space function: Diggle, "Statistical analysis of spatial and spatio-temporal
    point patterns" (2013).
    """
    return float(np.mean(pattern.clearances > radius))


def ripley_l(pattern: Pattern, radii: ArrayLike) -> Floats:
    """Ripley's L: the root of K over pi, where K counts other points within each radius.

    Parameters
    ----------
    pattern : Pattern
    radii : array_like of float64, shape (m,)
        In spacings. Points must go on for as long beyond the window.

    Returns
    -------
    ndarray of float64, shape (m,)
        In spacings: r under complete spatial randomness, larger where points crowd within r.

    Notes
    -----
    Source: Ripley, "Modelling spatial patterns", Journal of the Royal Statistical Society B 39
    (1977); Besag's square root in its discussion.
    """
    reach = np.atleast_1d(np.asarray(radii, dtype=np.float64)) * pattern.spacing
    pairs = cKDTree(pattern.points[pattern.inside]).count_neighbors(pattern.tree, reach)
    # Each point is its own neighbour once; a spacing is the root of the area a point has.
    others = np.asarray(pairs, dtype=np.float64) / pattern.count - 1
    return np.asarray(np.sqrt(np.clip(others, 0.0, None) / np.pi))


def departures(curves: ArrayLike, surrogates: ArrayLike) -> NDArray[np.bool_]:
    """Tell which curves leave the envelope that holds all curves of all surrogates but the widest.

    Parameters
    ----------
    curves : array_like of float64, shape (planes, m)
        A summary function in each plane.
    surrogates : array_like of float64, shape (b >= 19, planes, m)
        The same of b surrogates.

    Returns
    -------
    ndarray of bool, shape (planes,)
        True where the largest departure of a curve from the surrogates' mean, in their standard
        deviations, exceeds the family-wise bound: the 95 % point over surrogates of the largest
        departure over all planes. Under the null not one plane is True in 19 cases of 20.

    Raises
    ------
    ValueError
        If there are fewer than 19 surrogates, which cannot tell one case in twenty.

    Notes
    -----
    Source: Myllymäki et al., "Global envelope tests for spatial processes", Journal of the Royal
    Statistical Society B 79 (2017): the studentised maximum deviation.
    """
    observed, null = np.asarray(curves, np.float64), np.asarray(surrogates, np.float64)
    if len(null) < 19 or null.shape[1:] != observed.shape:
        raise ValueError(
            f"expected 19 surrogates or more of shape {observed.shape}, received {null.shape}"
        )
    together = np.concatenate([observed[None], null])  # exchangeable under the null
    spread = together.std(axis=0, ddof=1)
    deviations = np.abs(together - together.mean(axis=0)) / np.where(spread > 0, spread, np.inf)
    widest = deviations.max(axis=2)
    families = np.sort(widest[1:].max(axis=1))
    bound = families[int(np.ceil(0.95 * (len(families) + 1))) - 1]
    return np.asarray(widest[0] > bound)
