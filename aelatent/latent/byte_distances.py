"""Squared distances between images of bytes: whole numbers, found by matrix products, exact."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from aelatent.latent.cloud import Floats
from aelatent.runtime.threads import limit_algebra_to_one_thread

Pixels = NDArray[np.uint8]

MIDDLE = 128
WIDTH = 1024
"""Bytes in a product: so many products of -128 to 127 add up to 2^24 at most, which float32 holds.
"""
MOST = 2**24
"""Pairs for which all distances at once fit in little memory."""


def are_few_bytes(*sets: Any) -> bool:
    """Tell whether all sets are arrays of bytes, and few enough for `squares_of_bytes`."""
    of_bytes = all(isinstance(items, np.ndarray) and items.dtype == np.uint8 for items in sets)
    return of_bytes and max(map(len, sets)) ** 2 <= MOST


def squares_of_bytes(points: Pixels, others: Pixels) -> Floats:
    """Return the squared Euclidean distances between two sets of rows of bytes.

    Parameters
    ----------
    points, others : ndarray of uint8, shapes (n, d) and (m, d)

    Returns
    -------
    ndarray of float64, shape (n, m)
        Whole numbers without any rounding: equal distances are equal, and their order is that of
        the distances, however these are rounded.

    Examples
    --------
    >>> squares_of_bytes(np.array([[0, 255]], np.uint8), np.array([[3, 251]], np.uint8)).tolist()
    [[25.0]]
    """
    products = np.zeros((len(points), len(others)))
    lengths, others_lengths = np.zeros((len(points), 1)), np.zeros(len(others))
    with limit_algebra_to_one_thread():
        for start in range(0, points.shape[1], WIDTH):
            left, right = (_centred(items[:, start : start + WIDTH]) for items in (points, others))
            products += left @ right.T
            lengths += np.einsum("ij,ij->i", left, left)[:, None]
            others_lengths += np.einsum("ij,ij->i", right, right)
    return np.asarray(lengths + others_lengths - 2 * products)


def _centred(items: Pixels) -> NDArray[np.float32]:
    return items.astype(np.float32) - np.float32(MIDDLE)
