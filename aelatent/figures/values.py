"""What may be plotted: one finite number at least, and only finite ones."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from aelatent.latent.cloud import Floats


def finite(values: ArrayLike, what: str) -> Floats:
    """Return `values` as float64.

    Parameters
    ----------
    values : array_like
    what : str
        What the values are, for the message of an error.

    Returns
    -------
    ndarray of float64

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
