"""Neighbours among codes that do not fit in memory."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from aelatent.latent.cloud import Floats
from aelatent.latent.npy_chunks import Codes
from aelatent.latent.out_of_core import StoredCloud
from aelatent.statistics import validation

Places = NDArray[np.int64]

AT_ONCE = 1024  # points whose neighbours are sought in one pass
SPARE = 8  # more neighbours are kept than asked for, and measured anew
FAR = 1e15  # squares of larger components may not fit in float32


def neighbours(
    stored: StoredCloud, points: ArrayLike, k: int, places: ArrayLike | None = None
) -> tuple[Floats, Places]:
    """Distances of points to their k nearest codes, ascending, and the places of these codes.

    Parameters
    ----------
    stored : StoredCloud
    points : array_like of float64, shape (m, d)
        Draws, for instance, or some of the codes.
    k : int
        Between 1 and n, or n - 1 if `places` are given.
    places : array_like of int64, shape (m,), optional
        Where the points are among the codes, if they are: none is then its own neighbour.

    Returns
    -------
    distances, near : ndarray of float64 and int64, shape (m, k)
        Exact: what is found in float32 is measured anew in float64 with eight more, and a point for
        which rounding might have hidden a neighbour is sought again in float64. Of codes equally
        far any may be named.

    Raises
    ------
    ValueError
        If shapes do not match, a point is not finite, or k is out of range.

    Notes
    -----
    One pass for each 1,024 points, and a second one where float32 left doubts; m n d operations,
    which take longer than a pass from some hundred points on.
    """
    sought = validation.matrix(points, "points", d=stored.d)
    own = None if places is None else np.asarray(places, dtype=np.int64)
    if own is not None and own.shape != (len(sought),):
        raise ValueError(f"expected places of shape ({len(sought)},), received {own.shape}")
    if own is not None and len(own) and not 0 <= own.min() <= own.max() < stored.n:
        raise ValueError(f"expected places from 0 to {stored.n - 1:,}, received others")
    if not 1 <= k <= stored.n - (own is not None):
        raise ValueError(f"expected k between 1 and the number of other codes, received {k}")
    far, near = np.empty((len(sought), k)), np.empty((len(sought), k), np.int64)
    for start in range(0, len(sought), AT_ONCE):
        part = slice(start, start + AT_ONCE)
        far[part], near[part] = _nearest(
            stored, sought[part], k, None if own is None else own[part]
        )
    return far, near


def _nearest(
    cloud: StoredCloud, points: Floats, k: int, own: Places | None
) -> tuple[Floats, Places]:
    """Seek neighbours in the cloud's precision, and those that are in doubt in float64."""
    fits = np.abs(points).max() < FAR
    precision = cloud.precision if fits else np.dtype(np.float64)
    far, near, doubtful = _sought(cloud, points, k, own, precision)
    if doubtful.any():
        rest = None if own is None else own[doubtful]
        far[doubtful], near[doubtful], _ = _sought(
            cloud, points[doubtful], k, rest, np.dtype(np.float64)
        )
    return far, near


def _sought(
    cloud: StoredCloud, points: Floats, k: int, own: Places | None, precision: np.dtype[Any]
) -> tuple[Floats, Places, NDArray[np.bool_]]:
    """Make one pass; return distances and places of neighbours, and whose are in doubt."""
    centre = cloud.mean.astype(precision)
    centred = points - centre
    lengths = np.einsum("ij,ij->i", centred, centred)
    turned = np.ascontiguousarray(-2 * centred.T, dtype=precision)
    kept = min(k + SPARE, cloud.n - (own is not None))
    # Squared distances without the point's own length, which does not change their order.
    squares = np.full((len(points), kept), np.inf)
    places = np.full((len(points), kept), -1)
    longest = 0.0

    def measure(codes: Codes, first: int) -> tuple[float, Places, Places, Floats]:
        codes = codes.astype(precision, copy=False)
        np.subtract(codes, centre, out=codes)
        own_lengths = np.einsum("ij,ij->i", codes, codes)
        found = codes @ turned
        found += own_lengths[:, None]
        if own is not None:
            here = np.flatnonzero((own >= first) & (own < first + len(codes)))
            found[own[here] - first, here] = np.inf
        # What is no nearer than the farthest kept so far need not be looked at again.
        farthest = squares[:, -1].astype(precision)
        if len(codes) > kept and np.isinf(farthest).any():
            # Nothing is kept yet: without this, all of the first chunks would have to be sorted.
            enough = np.partition(found, kept - 1, axis=0)[kept - 1]
            farthest = np.minimum(farthest, np.nextafter(enough, np.inf))
        columns, rows = np.divmod(np.flatnonzero(found < farthest), found.shape[1])
        order = np.argsort(rows, kind="stable")
        rows, columns = rows[order], columns[order]
        return float(own_lengths.max()), rows, columns + first, found[columns, rows]

    for length, rows, columns, values in cloud.file.map_chunks(measure):
        longest = max(longest, length)
        _keep(squares, places, rows, columns, values)
    exact = np.stack(
        [np.linalg.norm(points - cloud.file.at(column), axis=1) for column in places.T], axis=1
    )
    order = np.argsort(exact, axis=1, kind="stable")[:, :k]
    far, near = np.take_along_axis(exact, order, 1), np.take_along_axis(places, order, 1)
    # A sum of d products errs by at most d eps / 2 of what their absolute values add up to: for
    # |x|² and 2 x·p together no more than (|x| + |p|)². This is twice that, and eight more for the
    # rounding of x, p and the last sum.
    rounding = (cloud.d + 8) * np.finfo(precision).eps * (np.sqrt(lengths) + longest**0.5) ** 2
    every = kept == cloud.n - (own is not None)
    doubtful = far[:, -1] ** 2 + rounding > squares[:, -1] + lengths - rounding
    return far, near, doubtful & (not every)


def _keep(squares: Floats, places: Places, rows: Places, columns: Places, values: Floats) -> None:
    """Put found codes among the nearest of their rows, ascending, in place."""
    touched, starts, counts = np.unique(rows, return_index=True, return_counts=True)
    if not len(touched):
        return
    kept = squares.shape[1]
    within = np.arange(len(rows)) - np.repeat(starts, counts)
    line = np.repeat(np.arange(len(touched)), counts)
    wide = np.full((len(touched), kept + counts.max()), np.inf)
    named = np.full(wide.shape, -1)
    wide[:, :kept], named[:, :kept] = squares[touched], places[touched]
    wide[line, kept + within], named[line, kept + within] = values, columns
    order = np.argsort(wide, axis=1, kind="stable")[:, :kept]
    squares[touched] = np.take_along_axis(wide, order, 1)
    places[touched] = np.take_along_axis(named, order, 1)
