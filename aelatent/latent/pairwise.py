"""Squared distances by matrix products, block by block, and how far rounding may have moved them.

A product of matrices finds a hundred million distances many times as fast as sums of squared
differences do, but rounds them. So it only tells which pairs may matter; what is reported of them
is measured from the differences (`measured`), by one routine for all, so that ties stay ties.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from aelatent.latent.cloud import Floats
from aelatent.runtime import environment
from aelatent.runtime.threads import limit_algebra_to_one_thread

Block = NDArray[Any]  # of float32 or float64
Places = NDArray[np.int64]
Result = TypeVar("Result")

BLOCK = 2**21  # numbers in a block of distances: 8 MiB in float32
# Points in a block of many distances: as many as dimensions, within these limits. With fewer a
# product is busier with arranging the others than with them, the more so the wider they are; with
# more a block does not stay in the processor's cache until it is looked through.
ROWS = 32, 128
MOST = 2**25  # numbers at most in a block of `rows` points
PIECE = 2**17  # numbers in a piece of differences: they stay in the processor's cache
GROUPS = 64  # groups of distances for each neighbour, of whose minima the k-th bounds that of all
WIDEST = 1024  # dimensions beyond which the rounding of float32 adds up to too much


@dataclass(frozen=True, eq=False)
class Rounded:
    """Points as two factors of matrix products that give squared distances.

    Attributes
    ----------
    left, right : ndarray of float32 or float64, shape (n, d + 2)
        Rows (-2x, |x|^2, 1) and (x, 1, |x|^2), so that left times right transposed is |x - y|^2.
    unit : float
        The length that is 1 in them.
    """

    left: Block
    right: Block
    unit: float

    def squares(self, chosen: slice, others: Rounded, first: int = 0) -> Block:
        """Squared distances of the chosen points from the others from `first` on, a row each.

        Parameters
        ----------
        chosen : slice
            Of these points.
        others : Rounded
        first : int
            Place of the first of the others that counts.

        Returns
        -------
        ndarray of float32 or float64, shape (chosen, others)
            In squared `unit`.
        """
        return self.left[chosen] @ others.right[first:].T

    def slack(self, chosen: slice, reach: Block) -> Block:
        """How far off a squared distance near `reach` may be, for each chosen point.

        A product of d + 2 terms is off by (d + 2) half units in the last place of the sum of their
        sizes, which is at most 2 (|x|^2 + |y|^2); and |y| is at most |x| + |x - y|. The rest is for
        the rounding of the factors, and of a `reach` that was found by the same product.

        Parameters
        ----------
        chosen : slice
            Of these points.
        reach : ndarray of float, shape (chosen,)
            Squared distances, in squared `unit`.

        Returns
        -------
        ndarray of float, shape (chosen,)
            In squared `unit`.
        """
        info = np.finfo(self.left.dtype)
        unit = 8 * (self.left.shape[1] + 8) * info.eps
        return np.asarray(unit * (self.left[chosen, -2] + reach) + 1e3 * info.tiny)


def over_blocks(
    work: Callable[[slice, Block], Result], points: Rounded, others: Rounded | None = None
) -> list[Result]:
    """Return what `work` makes of some points and their squared distances from all others.

    Without others, from the same points, but only those from the first chosen one on: each pair
    once, and those among the chosen twice. Blocks are worked on side by side, each by one thread:
    threads within a product of this size wait for one another, and what follows it would have none.

    Parameters
    ----------
    work : callable
        From a slice of the points and their squared distances (rows, others) to any result.
    points, others : Rounded
        By default the others are the points themselves.

    Returns
    -------
    list
        The results, in the order of the points.
    """
    n = len(points.left)
    m = n if others is None else len(others.right)
    few, many = ROWS
    rows = min(max(few, points.left.shape[1] - 2), many)
    step = max(1, BLOCK // m, min(rows, MOST // m))
    pieces = [slice(start, min(start + step, n)) for start in range(0, n, step)]

    def run(chosen: slice) -> Result:
        if others is None:
            return work(chosen, points.squares(chosen, points, chosen.start))
        return work(chosen, points.squares(chosen, others))

    # One thread for small inputs too: how a sum is split decides its last digit.
    with limit_algebra_to_one_thread():
        if len(pieces) == 1:
            return [run(pieces[0])]
        with ThreadPoolExecutor(environment.threads()) as pool:
            return list(pool.map(run, pieces))


def pairs(selected: NDArray[np.bool_]) -> tuple[Places, Places]:
    """Return rows and columns of what is True, as `numpy.nonzero` does, several times as fast."""
    rows, columns = np.divmod(np.flatnonzero(selected), selected.shape[1])
    return rows, columns


def rounded(*sets: Floats, precision: type[np.floating] | None = None) -> list[Rounded]:
    """Return sets of points, each (n, d), about one centre and in one unit of length, rounded.

    About their centre they are small, so that little is lost in sums; at most 1, so that no square
    overflows. Rounded to float32, unless its errors add up over many dimensions.

    Parameters
    ----------
    *sets : ndarray of float64, shape (n, d)
    precision : type or None
        float32 or float64; by default what the number of dimensions allows.

    Returns
    -------
    list of Rounded
        One for each set.
    """
    centre = sets[0].mean(axis=0)
    unit = max(float(np.abs(points - centre).max()) for points in sets) * centre.size**0.5 or 1.0
    precision = precision or (np.float32 if centre.size <= WIDEST else np.float64)
    return [_factors(((points - centre) / unit).astype(precision), unit) for points in sets]


def _factors(points: Block, unit: float) -> Rounded:
    squares = np.einsum("ij,ij->i", points, points, dtype=np.float64)
    lengths = squares.astype(points.dtype)[:, None]
    ones = np.ones_like(lengths)
    left, right = (-2 * points, lengths, ones), (points, ones, lengths)
    return Rounded(np.hstack(left), np.hstack(right), unit)


def measured(points: Floats, rows: Places, others: Floats, columns: Places) -> Floats:
    """Distances of pairs of points, exact to rounding: the same for equal differences, (pairs,).

    Parameters
    ----------
    points, others : ndarray of float64, shapes (n, d) and (m, d)
    rows, columns : ndarray of int64, shape (pairs,)
        Places of each pair among the points and among the others.

    Returns
    -------
    ndarray of float64, shape (pairs,)
    """
    found = np.empty(len(rows))
    step = max(1, PIECE // points.shape[1])
    for start in range(0, len(rows), step):
        piece = slice(start, start + step)
        differences = points[rows[piece]] - others[columns[piece]]
        found[piece] = np.linalg.norm(differences, axis=1)
    return found
