"""How well a number tells one kind from another."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from aelatent.inference.estimates import Estimate


def auc(positives: ArrayLike, negatives: ArrayLike) -> float:
    """Area under the ROC curve: the chance that a positive scores above a negative.

    Parameters
    ----------
    positives, negatives : array_like of shape (n,) and (m,)
        Scores; ties count half.

    Returns
    -------
    float
        0.5 if the score says nothing, 1 if it separates the two, 0 if it does so the wrong way.
        Unchanged by any increasing map of the scores.

    Raises
    ------
    ValueError
        If either is empty or holds a number that is NaN.

    Notes
    -----
    Takes (n + m) log(n + m) operations, of sorting.

    Examples
    --------
    >>> auc([2.0, 3.0], [1.0, 2.0])
    0.875
    """
    above = np.asarray(positives, dtype=np.float64).ravel()
    below = np.asarray(negatives, dtype=np.float64).ravel()
    if not (above.size and below.size) or np.isnan(above).any() or np.isnan(below).any():
        raise ValueError(
            f"expected scores of both kinds and no NaN, received {above.size} and {below.size}"
        )
    above, below = np.sort(above), np.sort(below)  # the positives too: their places then ascend
    # Negatives below a positive count once from either side, those that tie with it from one.
    twice = sum(int(np.searchsorted(below, above, side).sum()) for side in ("left", "right"))
    return twice / (2 * above.size * below.size)


def auc_estimate(positives: ArrayLike, negatives: ArrayLike) -> Estimate:
    """Area under the ROC curve with its standard error.

    The error is that of Hanley and McNeil (1982), The meaning and use of the area under a ROC
    curve, Radiology 143. Where no pair is in the wrong order it would be 0; it is then that of an
    area with half a pair in the wrong order for each of the fewer scores.

    Parameters
    ----------
    positives, negatives : array_like of shape (n,) and (m,)
        Scores; ties count half.

    Returns
    -------
    Estimate

    Raises
    ------
    ValueError
        As `auc`.

    Examples
    --------
    >>> estimate = auc_estimate([2.0, 3.0], [0.0, 1.0])
    >>> estimate.value, round(estimate.error, 2)
    (1.0, 0.28)
    """
    value = auc(positives, negatives)
    n, m = np.size(positives), np.size(negatives)
    nearest = 0.5 / min(n, m)
    area = float(np.clip(value, nearest, 1 - nearest))
    above, below = area / (2 - area), 2 * area**2 / (1 + area)
    variance = area * (1 - area) + (n - 1) * (above - area**2) + (m - 1) * (below - area**2)
    return Estimate(value, float(np.sqrt(max(variance, 0.0) / (n * m))))
