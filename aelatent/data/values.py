"""The values of black and white in images that people keep, and images as bytes."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from aelatent.data.images import DataError, to_bytes

Range = tuple[float, float]
UNIT, SYMMETRIC, BYTES = (0.0, 1.0), (-1.0, 1.0), (0.0, 255.0)
SLACK = 0.05  # of the range: resizing overshoots
LEAST_WHITE = 32.0  # of floats in [0, 255]: standardised images stay below


def range_of(array: NDArray[Any]) -> Range:
    """Find the values of black and white: [0, 1], [-1, 1] or [0, 255].

    Raises
    ------
    DataError
        If the array holds no numbers, or numbers outside of the three.
    """
    if array.dtype == np.uint8:
        return BYTES
    if array.dtype == bool:
        return UNIT
    if array.dtype.kind not in "iuf":
        raise DataError(f"images: expected numbers, received {array.dtype}")
    low, high = float(array.min()), float(array.max())
    for black, white in (UNIT, SYMMETRIC, BYTES):
        slack = SLACK * (white - black)
        bright = white < LEAST_WHITE or high > LEAST_WHITE
        if bright and low >= black - slack and high <= white + slack:
            integers = array.dtype.kind in "iu" and white == 1 and high > 1
            return BYTES if integers else (black, white)
    raise DataError(
        "images: expected values in [0, 1], [-1, 1] or [0, 255], received values from "
        f"{low:.3g} to {high:.3g}. If they are standardised, give them before that, and let the "
        "encoder begin with it: encoder=lambda x: encode((x - mean) / sd)"
    )


def as_bytes(array: NDArray[Any], value_range: Range) -> NDArray[np.uint8]:
    """Return images of any range as uint8.

    Parameters
    ----------
    array : ndarray
    value_range : tuple of float
        Values of black and white.

    Returns
    -------
    ndarray of uint8, of the same shape
    """
    if array.dtype == np.uint8:
        return np.ascontiguousarray(array)
    low, high = value_range
    return to_bytes((array.astype(np.float32) - low) / (high - low))
