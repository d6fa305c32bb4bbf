"""What may be plotted: one finite number at least, and only finite ones."""

from __future__ import annotations

from collections.abc import Sized

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Limits = tuple[float, float, float]


def finite(values: ArrayLike, what: str) -> Floats:
    """Return `values` as float64.

    Raises
    ------
    ValueError
        If there are none, or one is NaN or infinite. `what` names them in the message.

    Examples
    --------
    >>> finite([1, 2], "distances").tolist()
    [1.0, 2.0]
    """
    array = np.asarray(values, dtype=np.float64)
    if not array.size or not np.isfinite(array).all():
        raise ValueError(
            f"figure: expected {what} to hold finite numbers, received shape {array.shape} with "
            f"{int(array.size - np.isfinite(array).sum())} that are not finite; measure them first"
        )
    return array


def same_length(what: str, **sequences: Sized) -> int:
    """Return the common length of the named sequences.

    Raises
    ------
    ValueError
        If lengths differ, or there is nothing.
    """
    lengths = {name: len(values) for name, values in sequences.items()}
    if len(set(lengths.values())) != 1 or 0 in lengths.values():
        raise ValueError(f"{what}: expected as many of each, one or more, received {lengths}")
    return next(iter(lengths.values()))
