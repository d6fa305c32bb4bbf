"""How varied draws are, and how much of the references they cover."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.spatial.distance import cdist

from aelatent.inference import Estimate

Floats = NDArray[np.float64]


def mean_distance(items: ArrayLike, rng: np.random.Generator, most: int = 1000) -> Estimate:
    """Mean Euclidean distance between two different items.

    Parameters
    ----------
    items : array_like, shape (n >= 3, ...)
        Features or pixels, one entry of the first axis an item.
    rng : numpy.random.Generator
    most : int
        Of more items than this, so many are chosen at random.

    Returns
    -------
    Estimate
        In the units of the items. 0 if all are equal. Proportional to their scale, and not changed
        by adding a constant. The error is that of a U-statistic: twice the scatter of the items'
        own mean distances, over the root of their number.

    Raises
    ------
    ValueError
        If there are fewer than three items, or a NaN or an infinity.

    Examples
    --------
    >>> items = [[0.0, 0.0], [3.0, 4.0], [6.0, 8.0]]
    >>> round(mean_distance(items, np.random.default_rng(0)).value, 3)
    6.667
    """
    chosen = _flat(items, least=3)
    chosen = chosen[rng.permutation(len(chosen))[:most]]
    chosen = chosen - chosen.mean(axis=0)
    lengths = (chosen**2).sum(axis=1)
    squares = lengths[:, None] + lengths - 2 * chosen @ chosen.T
    np.fill_diagonal(squares, 0.0)
    own = np.sqrt(np.clip(squares, 0.0, None)).sum(axis=1) / (len(chosen) - 1)
    return Estimate(float(own.mean()), 2 * float(own.std(ddof=1)) / len(own) ** 0.5)


def relative_diversity(
    draws: ArrayLike, references: ArrayLike, rng: np.random.Generator, most: int = 1000
) -> Estimate:
    """`mean_distance` of draws over that of references.

    Returns
    -------
    Estimate
        0 if all draws are equal, 1 if they are as varied as the references.

    Raises
    ------
    ValueError
        As `mean_distance`, and if all references are equal.

    Examples
    --------
    >>> references = [[0.0, 0.0], [3.0, 4.0], [6.0, 8.0]]
    >>> draws = [[0.0, 0.0], [1.5, 2.0], [3.0, 4.0]]
    >>> round(relative_diversity(draws, references, np.random.default_rng(0)).value, 3)
    0.5
    """
    drawn, reference = mean_distance(draws, rng, most), mean_distance(references, rng, most)
    if reference.value == 0:
        raise ValueError("expected references that differ, received equal ones")
    ratio = drawn.value / reference.value
    return Estimate(ratio, math.hypot(drawn.error, ratio * reference.error) / reference.value)


def precision(references: ArrayLike, draws: ArrayLike, k: int = 5) -> float:
    """Share of draws that lie nearer to some reference than its k-th nearest fellow does.

    Parameters
    ----------
    references, draws : array_like of float, shapes (n > k, ...) and (m, ...)
        Features of real images and of decoded draws.
    k : int
        Which neighbour of a reference, itself not counted, sets the radius of its ball.

    Returns
    -------
    float
        0 if no draw lies among the references, 1 if all do, however few references they resemble.

    Raises
    ------
    ValueError
        If there are `k` references or fewer, no draw, a NaN or an infinity, or items of different
        sizes.

    Notes
    -----
    Source: Kynkäänniemi et al., "Improved precision and recall metric for assessing generative
    models", NeurIPS 2019. One reference with a large ball, an outlier, raises it: see `density`.
    """
    return float(_inside(references, draws, k).any(axis=0).mean())


def recall(references: ArrayLike, draws: ArrayLike, k: int = 5) -> float:
    """Share of references that lie nearer to some draw than its k-th nearest fellow does.

    Returns
    -------
    float
        0 if the draws are nowhere near the references, 1 if they surround all of them: the
        `precision` with draws and references exchanged.

    Raises
    ------
    ValueError
        If there are `k` draws or fewer, and as `precision`.
    """
    return precision(draws, references, k)


def density(references: ArrayLike, draws: ArrayLike, k: int = 5) -> float:
    """Mean number of references in whose ball a draw lies, over `k`.

    Returns
    -------
    float
        0 if no draw lies among the references, about 1 for draws from their law; more if the draws
        crowd where references are dense.

    Raises
    ------
    ValueError
        As `precision`.

    Notes
    -----
    Source: Naeem et al., "Reliable fidelity and diversity metrics for generative models",
    ICML 2020.
    """
    return float(_inside(references, draws, k).sum(axis=0).mean() / k)


def coverage(references: ArrayLike, draws: ArrayLike, k: int = 5) -> float:
    """Share of references that have a draw within the distance of their k-th nearest fellow.

    Returns
    -------
    float
        0 if the draws resemble no reference; for as many draws as references from one law it
        expects ``1 - (n - 1) ... (n - k) / ((2n - 1) ... (2n - k))``, about ``1 - 2^-k``.

    Raises
    ------
    ValueError
        As `precision`.

    Notes
    -----
    Source: Naeem et al., "Reliable fidelity and diversity metrics for generative models",
    ICML 2020.
    """
    return float(_inside(references, draws, k).any(axis=1).mean())


@dataclass(frozen=True, eq=False)
class Distances:
    """All distances among references and draws: what the measures are read from, often at once.

    Attributes
    ----------
    references : ndarray of float64, shape (n, n)
    between : ndarray of float64, shape (n, m)
        From each reference to each draw.
    draws : ndarray of float64, shape (m, m)

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> known, drawn = rng.normal(size=(2, 50, 3))
    >>> Distances.of(known, drawn).coverage() == coverage(known, drawn)
    True
    """

    references: Floats
    between: Floats
    draws: Floats

    @classmethod
    def of(cls, references: ArrayLike, draws: ArrayLike) -> Distances:
        """Measure them, among features of shapes (n, ...) and (m, ...)."""
        known, drawn = _flat(references, least=1), _flat(draws, least=1)
        return cls(cdist(known, known), cdist(known, drawn), cdist(drawn, drawn))

    def part(self, references: NDArray[np.intp], draws: NDArray[np.intp]) -> Distances:
        """Return those among some references and some draws."""
        return Distances(
            self.references[np.ix_(references, references)],
            self.between[np.ix_(references, draws)],
            self.draws[np.ix_(draws, draws)],
        )

    def precision(self, k: int = 5) -> float:
        """As the function of this name."""
        return float(_balls(self.references, self.between, k).any(axis=0).mean())

    def recall(self, k: int = 5) -> float:
        """As the function of this name."""
        return float(_balls(self.draws, self.between.T, k).any(axis=0).mean())

    def density(self, k: int = 5) -> float:
        """As the function of this name."""
        return float(_balls(self.references, self.between, k).sum(axis=0).mean() / k)

    def coverage(self, k: int = 5) -> float:
        """As the function of this name."""
        return float(_balls(self.references, self.between, k).any(axis=1).mean())

    def remoteness(self, k: int = 5) -> float:
        """How far draws lie from the manifold of the references.

        The median distance from a draw to its k-th nearest reference, over that from a reference to
        its k-th nearest fellow: 1 for draws from the law of the references, 0 for copies.
        """
        away = np.partition(self.between, k - 1, axis=0)[k - 1]
        return float(np.median(away) / np.median(_radii(self.references, k)))


def _inside(references: ArrayLike, draws: ArrayLike, k: int) -> NDArray[np.bool_]:
    """Whether draw j lies inside the ball of reference i, shape (references, draws)."""
    centres, points = _flat(references, least=k + 1), _flat(draws, least=1)
    if k < 1 or centres.shape[1] != points.shape[1]:
        raise ValueError(
            "expected k >= 1 and items of one size, received "
            f"k = {k} and sizes {centres.shape[1]} and {points.shape[1]}"
        )
    # By the same routine as the distances to the draws, so that ties stay ties.
    return _balls(cdist(centres, centres), cdist(centres, points), k)


def _balls(among: Floats, between: Floats, k: int) -> NDArray[np.bool_]:
    return np.asarray(between < _radii(among, k))


def _radii(among: Floats, k: int) -> Floats:
    """Return the distance of each to its k-th nearest fellow, (n, 1); 0 is to itself."""
    return np.partition(among, k, axis=1)[:, [k]]


def _flat(features: ArrayLike, least: int) -> Floats:
    items = np.asarray(features, dtype=np.float64)
    if items.ndim < 2 or len(items) < least:
        raise ValueError(f"expected {least} items or more, received shape {items.shape}")
    if not np.isfinite(items).all():
        raise ValueError("expected finite features, received NaN or infinity")
    return items.reshape(len(items), -1)
