"""Checks of what statistics are given: shapes, finite numbers, judges that know something."""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from aelatent.latent.cloud import Floats

Array = TypeVar("Array", bound=NDArray[Any])


def finite(values: Array, what: str = "codes") -> Array:
    """Return an array as it is, if all its numbers are finite.

    Parameters
    ----------
    values : ndarray of float
    what : str
        Plural name of its numbers, for the message.

    Returns
    -------
    ndarray of float
        `values` itself.

    Raises
    ------
    ValueError
        If there is a NaN or an infinity.
    """
    if not np.isfinite(values).all():
        raise ValueError(f"expected finite {what}, received NaN or infinity")
    return values


def matrix(
    values: ArrayLike,
    what: str = "codes",
    *,
    least: int = 0,
    d: int | None = None,
    least_d: int = 1,
) -> Floats:
    """Return codes or other points, a row each, as float64.

    Parameters
    ----------
    values : array_like of float, shape (n, d)
    what : str
        Plural name of the rows, for the message.
    least : int
        Fewest rows.
    d : int or None
        Number of columns; by default any from `least_d` on.
    least_d : int
        Fewest columns.

    Returns
    -------
    ndarray of float64, shape (n, d)

    Raises
    ------
    ValueError
        If the shape is another one, or there is a NaN or an infinity.

    Examples
    --------
    >>> matrix([[1, 2]], least=2)
    Traceback (most recent call last):
    ValueError: expected codes of shape (n >= 2, d >= 1), received (1, 2)
    """
    points = np.asarray(values, dtype=np.float64)
    fits = points.ndim == 2 and len(points) >= least
    if not fits or (points.shape[1] < least_d if d is None else points.shape[1] != d):
        rows = f"n >= {least}" if least else "n"
        columns = f"d >= {least_d}" if d is None else d
        raise ValueError(f"expected {what} of shape ({rows}, {columns}), received {points.shape}")
    return finite(points, what)


def vector(
    values: ArrayLike, what: str = "values", *, least: int = 1, low: float | None = None
) -> Floats:
    """Return numbers in a row as float64.

    Parameters
    ----------
    values : array_like of float, shape (n,)
    what : str
        Plural name of the numbers, for the message.
    least : int
        Fewest of them.
    low : float or None
        Smallest that is allowed.

    Returns
    -------
    ndarray of float64, shape (n,)

    Raises
    ------
    ValueError
        If the shape is another one, a number is too small, or there is a NaN or an infinity.

    Examples
    --------
    >>> vector([1, -2], "radii", low=0)
    Traceback (most recent call last):
    ValueError: expected radii >= 0, received -2.0
    """
    numbers = np.asarray(values, dtype=np.float64)
    if numbers.ndim != 1 or len(numbers) < least:
        raise ValueError(f"expected {what} of shape (n >= {least},), received {numbers.shape}")
    finite(numbers, what)
    if low is not None and len(numbers) and numbers.min() < low:
        raise ValueError(f"expected {what} >= {low:g}, received {numbers.min()}")
    return numbers


def youden_index(sensitivity: float, false_acceptance: float) -> float:
    """Return by how much a judge's sensitivity exceeds its false acceptance, if it does.

    Parameters
    ----------
    sensitivity, false_acceptance : float
        Shares of meaningful and of other images that the judge accepts.

    Returns
    -------
    float
        Above 0, at most 1 (Youden, "Index for rating diagnostic tests", Cancer 3, 1950).

    Raises
    ------
    ValueError
        If the sensitivity is not larger than the false acceptance: the judge knows nothing.

    Examples
    --------
    >>> youden_index(0.75, 0.25)
    0.5
    """
    index = sensitivity - false_acceptance
    if not index > 0:
        raise ValueError(
            "expected a judge that accepts meaningful images more often than others, received "
            f"sensitivity {sensitivity:.3g} and false acceptance {false_acceptance:.3g}"
        )
    return index
