"""How varied draws are, and how much of the references they cover."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.spatial.distance import cdist

from aelatent.inference.estimates import Estimate
from aelatent.latent.byte_distances import Pixels, are_few_bytes, squares_of_bytes
from aelatent.latent.cloud import Floats
from aelatent.latent.pairwise import Block, Rounded, measured, over_blocks, pairs, rounded
from aelatent.statistics import validation
from aelatent.statistics.nearest import neighbours


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
    items = np.asarray(items)
    chosen = _flat(items, least=3, precision=_precision(items))
    chosen = chosen[rng.permutation(len(chosen))[:most]]
    chosen = chosen - chosen.mean(axis=0)
    products = (chosen @ chosen.T).astype(np.float64)
    lengths = np.diagonal(products)
    squares = lengths[:, None] + lengths - 2 * products
    own = np.sqrt(np.clip(squares, 0.0, None)).sum(axis=1) / (len(chosen) - 1)
    return Estimate(float(own.mean()), 2 * float(own.std(ddof=1)) / len(own) ** 0.5)


def relative_diversity(
    draws: ArrayLike, references: ArrayLike, rng: np.random.Generator, most: int = 1000
) -> Estimate:
    """`mean_distance` of draws over that of references.

    Parameters
    ----------
    draws, references : array_like, shapes (n >= 3, ...) and (m >= 3, ...)
        Features or pixels.
    rng : numpy.random.Generator
    most : int
        Of more items than this, so many are chosen at random.

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


@dataclass(frozen=True)
class Scores:
    """`precision`, `recall`, `density` and `coverage` of the same draws."""

    precision: float
    recall: float
    density: float
    coverage: float


def precision(references: ArrayLike, draws: ArrayLike, k: int = 5) -> float:
    """Share of draws that lie nearer to some reference than its k-th nearest neighbour does.

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
    return _scores(references, draws, k).precision


def recall(references: ArrayLike, draws: ArrayLike, k: int = 5) -> float:
    """Share of references that lie nearer to some draw than its k-th nearest neighbour does.

    Parameters
    ----------
    references, draws : array_like of float, shapes (n, ...) and (m, ...)
        Features of real images and of decoded draws.
    k : int
        Which nearest neighbour of the same kind sets the radius of a ball.

    Returns
    -------
    float
        0 if the draws are nowhere near the references, 1 if they surround all of them: the
        `precision` with draws and references exchanged.

    Raises
    ------
    ValueError
        If there are `k` draws or fewer, and as `precision`.

    Notes
    -----
    Where images fall into kinds, a kind that is never drawn is missed only if the balls of other
    kinds do not reach it: if there are about `2 k` draws of each kind or more. With 200 draws of 60
    kinds and ``k = 5``, a loss of a fifth of the kinds lowers recall by 0.07, with 600 draws by
    0.17; with 200 draws of 120 kinds it is not seen (`tests/statistics/test_diversity.py`).
    """
    return precision(draws, references, k)


def density(references: ArrayLike, draws: ArrayLike, k: int = 5) -> float:
    """Mean number of references in whose ball a draw lies, over `k`.

    Parameters
    ----------
    references, draws : array_like of float, shapes (n, ...) and (m, ...)
        Features of real images and of decoded draws.
    k : int
        Which nearest neighbour of the same kind sets the radius of a ball.

    Returns
    -------
    float
        0 if no draw lies among the references, about 1 for draws from their distribution; more if
        the draws crowd where references are dense.

    Raises
    ------
    ValueError
        As `precision`.

    Notes
    -----
    Source: Naeem et al., "Reliable fidelity and diversity metrics for generative models",
    ICML 2020.
    """
    return _scores(references, draws, k).density


def coverage(references: ArrayLike, draws: ArrayLike, k: int = 5) -> float:
    """Share of references that have a draw within the distance of their k-th nearest neighbour.

    Parameters
    ----------
    references, draws : array_like of float, shapes (n, ...) and (m, ...)
        Features of real images and of decoded draws.
    k : int
        Which nearest neighbour of the same kind sets the radius of a ball.

    Returns
    -------
    float
        0 if the draws resemble no reference; for as many draws as references from one distribution
        it expects ``1 - (n - 1) ... (n - k) / ((2n - 1) ... (2n - k))``, about ``1 - 2^-k``.

    Raises
    ------
    ValueError
        As `precision`.

    Notes
    -----
    Source: Naeem et al., "Reliable fidelity and diversity metrics for generative models",
    ICML 2020.
    """
    return _scores(references, draws, k).coverage


def scores(references: ArrayLike, draws: ArrayLike, k: int = 5) -> Scores:
    """All four of them, in less time than two take: distances are found once.

    Parameters
    ----------
    references, draws : array_like of float, shapes (n, ...) and (m, ...)
        Features of real images and of decoded draws.
    k : int
        Which nearest neighbour of the same kind sets the radius of a ball.

    Returns
    -------
    Scores

    Raises
    ------
    ValueError
        If there are `k` references or draws or fewer, and as `precision`.

    Notes
    -----
    Takes (n + m)^2 d operations; memory for two copies of the items and, a thread, for 128 rows of
    distances.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> scores(rng.standard_normal((400, 2)), np.full((400, 2), 0.1))
    Scores(precision=1.0, recall=0.0, density=0.4, coverage=0.005)
    """
    return _scores(references, draws, k, back=True)


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
    def of(cls, references: ArrayLike, draws: ArrayLike, among: Floats | None = None) -> Distances:
        """Measure them, among features of shapes (n, ...) and (m, ...).

        Parameters
        ----------
        references, draws : array_like of float, shapes (n, ...) and (m, ...)
            Features.
        among : ndarray of float64, shape (n, n), or None
            Distances among the references, where they are known.

        Returns
        -------
        Distances
        """
        known, drawn = _flat(references, least=1), _flat(draws, least=1)
        own = cdist(known, known) if among is None else among
        return cls(own, cdist(known, drawn), cdist(drawn, drawn))

    @classmethod
    def of_pixels(
        cls,
        references: NDArray[np.uint8],
        draws: NDArray[np.uint8],
        among: Floats | None = None,
    ) -> Distances:
        """Measure them among images, (n, ...) and (m, ...): whole numbers, so without rounding.

        Parameters
        ----------
        references, draws : ndarray of uint8, shapes (n, ...) and (m, ...)
        among : ndarray of float64, shape (n, n), or None
            Distances among the references, where they are known.

        Returns
        -------
        Distances
            Those among equal images are 0.
        """
        known, drawn = (x.reshape(len(x), -1) for x in (references, draws))
        own = np.sqrt(squares_of_bytes(known, known)) if among is None else among
        return cls(own, *(np.sqrt(squares_of_bytes(items, drawn)) for items in (known, drawn)))

    def part(self, references: NDArray[np.intp], draws: NDArray[np.intp]) -> Distances:
        """Return those among some references and some draws.

        Parameters
        ----------
        references, draws : ndarray of int
            Their places.

        Returns
        -------
        Distances
        """
        return Distances(
            self.references[np.ix_(references, references)],
            self.between[np.ix_(references, draws)],
            self.draws[np.ix_(draws, draws)],
        )

    def precision(self, k: int = 5) -> float:
        """Return the `precision` of these draws, as that function does."""
        return float(_balls(self.references, self.between, k).any(axis=0).mean())

    def recall(self, k: int = 5) -> float:
        """Return the `recall` of these draws, as that function does."""
        return float(self.reached(k).mean())

    def reached(self, k: int = 5, most: float = math.inf) -> NDArray[np.bool_]:
        """Tell which references lie nearer to some draw than its k-th nearest neighbour does.

        Their share is the `recall`.

        Parameters
        ----------
        k : int
        most : float
            No draw reaches farther than this, however far it lies from the other draws: a draw that
            resembles nothing is near to all references otherwise. See `reach`.

        Returns
        -------
        ndarray of bool, shape (n,)
            None where there are `k` draws or fewer.
        """
        if len(self.draws) <= k:
            return np.zeros(len(self.references), dtype=np.bool_)
        radii = np.minimum(_radii(self.draws, k), most)
        return np.asarray((radii > self.between.T).any(axis=0))

    def reach(self, k: int = 5) -> float:
        """Return how far 95 % of the draws lie, at most, from their k-th nearest neighbour."""
        return float(np.quantile(_radii(self.draws, k), 0.95))

    def density(self, k: int = 5) -> float:
        """Return the `density` of these draws, as that function does."""
        return float(_balls(self.references, self.between, k).sum(axis=0).mean() / k)

    def coverage(self, k: int = 5) -> float:
        """Return the `coverage` of these draws, as that function does."""
        return float(_balls(self.references, self.between, k).any(axis=1).mean())

    def remoteness(self, k: int = 5) -> float:
        """How far draws lie from the manifold of the references.

        The median distance from a draw to its k-th nearest reference, over that from a reference to
        its k-th nearest neighbour: 1 for draws from the distribution of the references, 0 for
        copies.
        """
        away = np.partition(self.between, k - 1, axis=0)[k - 1]
        return float(np.median(away) / np.median(_radii(self.references, k)))


@dataclass(frozen=True, eq=False)
class _Balls:
    """Balls about items that reach to the k-th nearest neighbour, their borders not counted.

    `reach` and `slack` are the squares of the radii and what rounding may make of them, in the unit
    of the approximate squared distances.
    """

    centres: Floats
    radii: Floats
    reach: Block
    slack: Block

    @classmethod
    def about(cls, centres: Floats, approximate: Rounded, k: int) -> _Balls:
        radii = neighbours(centres, k)[0][:, -1]
        reach = (radii / approximate.unit) ** 2
        return cls(centres, radii, reach, approximate.slack(slice(None), reach))

    def hold(self, chosen: slice, squares: Block, points: Floats) -> NDArray[np.bool_]:
        """Tell which points lie in the chosen balls, shape of `squares`: (chosen, points).

        Where rounding may have decided, distances are measured as the radii were: ties stay ties.
        """
        reach, slack = self.reach[chosen, None], self.slack[chosen, None]
        low, high = (bound.astype(squares.dtype) for bound in (reach - slack, reach + slack))
        inside, perhaps = squares < low, squares <= high
        if np.count_nonzero(inside) < np.count_nonzero(perhaps):
            rows, columns = pairs(perhaps & ~inside)
            distances = measured(self.centres[chosen], rows, points, columns)
            inside[rows, columns] = distances < self.radii[chosen][rows]
        return inside


def _scores(references: ArrayLike, draws: ArrayLike, k: int, *, back: bool = False) -> Scores:
    """Return the scores; the recall, for which balls about draws are needed, only if `back`."""
    bytes_only = are_few_bytes(references, draws)
    precision = np.uint8 if bytes_only else np.float64
    items = _flat(references, k + 1, precision)
    drawn = _flat(draws, k + 1 if back else 1, precision)
    if k < 1 or items.shape[1] != drawn.shape[1]:
        raise ValueError(
            "expected k >= 1 and items of one size, received "
            f"k = {k} and sizes {items.shape[1]} and {drawn.shape[1]}"
        )
    return (_scores_of_bytes if bytes_only else _scores_of_numbers)(items, drawn, k, back=back)


def _scores_of_bytes(items: Pixels, drawn: Pixels, k: int, *, back: bool) -> Scores:
    """Return the scores of bytes, whose squared distances are exact and stand for distances."""
    own = squares_of_bytes(drawn, drawn) if back else np.empty((0, 0))
    found = Distances(squares_of_bytes(items, items), squares_of_bytes(items, drawn), own)
    recalled = found.recall(k) if back else np.nan
    return Scores(found.precision(k), recalled, found.density(k), found.coverage(k))


def _scores_of_numbers(items: Floats, drawn: Floats, k: int, *, back: bool) -> Scores:
    approximate = rounded(items, drawn)
    balls = _Balls.about(items, approximate[0], k)
    others = _Balls.about(drawn, approximate[1], k) if back else None

    def count(chosen: slice, squares: Block) -> tuple[Any, ...]:
        held = balls.hold(chosen, squares, drawn)
        recalled = others.hold(slice(None), squares.T, items[chosen]) if others else None
        back_again = np.nan if recalled is None else recalled.any(axis=0).sum()
        return held.any(axis=0), held.sum(), held.any(axis=1).sum(), back_again

    hit, pairs_held, covered, recalled = zip(*over_blocks(count, *approximate), strict=True)
    return Scores(
        precision=float(np.any(hit, axis=0).mean()),
        recall=float(sum(recalled) / len(items)),
        density=float(sum(pairs_held) / len(drawn) / k),
        coverage=float(sum(covered) / len(items)),
    )


def _balls(among: Floats, between: Floats, k: int) -> NDArray[np.bool_]:
    return np.asarray(between < _radii(among, k))


def _radii(among: Floats, k: int) -> Floats:
    """Return the distance of each to its k-th nearest neighbour, (n, 1); 0 is to itself."""
    return np.partition(among, k, axis=1)[:, [k]]


def _precision(items: NDArray[Any]) -> type[np.floating]:
    """Return float32 for pixels: a mean distance of theirs needs no more, in half the time."""
    return np.float32 if items.dtype == np.uint8 else np.float64


def _flat(
    features: ArrayLike, least: int, precision: type[np.floating | np.uint8] = np.float64
) -> Any:
    items = np.asarray(features, dtype=precision)
    if items.ndim < 2 or len(items) < least:
        raise ValueError(f"expected {least} items or more, received shape {items.shape}")
    return validation.finite(items, "features").reshape(len(items), -1)
