"""The spectrum of a covariance: how variance is shared out over principal or coordinate axes."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from aelatent.latent.cloud import Floats, LatentCloud
from aelatent.statistics import validation


def scree(covariance: ArrayLike) -> Floats:
    """Variances along the principal axes, the largest first.

    Parameters
    ----------
    covariance : array_like of float64, shape (d, d)
        Symmetric.

    Returns
    -------
    ndarray of float64, shape (d,)
        >= 0: rounding errors below zero are cut off. Not changed by rotating the codes. Takes d^3
        operations.

    Raises
    ------
    ValueError
        If the matrix is not square, not symmetric or not finite.

    Examples
    --------
    >>> scree([[1.0, 0.0], [0.0, 4.0]]).tolist()
    [4.0, 1.0]
    """
    return np.asarray(np.clip(np.linalg.eigvalsh(_matrix(covariance))[::-1], 0.0, None))


def crossed_scree(fitted: ArrayLike, other: ArrayLike) -> Floats:
    """Variances of other codes along the principal axes of a first set, in the order of the first.

    Parameters
    ----------
    fitted, other : array_like of float64, shape (d, d)
        Covariances of two independent sets of codes.

    Returns
    -------
    ndarray of float64, shape (d,)
        Eigenvalues that are estimated from n codes spread out even if all true ones are equal
        (Marchenko and Pastur, 1967). These do not: if both sets have a covariance proportional to
        I, each has the same expectation. They need not be in descending order.

    Raises
    ------
    ValueError
        As `scree`, and if the shapes differ.

    Examples
    --------
    >>> crossed_scree([[1.0, 0.0], [0.0, 4.0]], [[2.0, 0.5], [0.5, 3.0]]).tolist()
    [3.0, 2.0]
    """
    first, second = _matrix(fitted), _matrix(other)
    if first.shape != second.shape:
        raise ValueError(
            f"expected covariances of one shape, received {first.shape} and {second.shape}"
        )
    axes = np.linalg.eigh(first)[1][:, ::-1]
    return np.asarray(np.einsum("ij,ik,kj->j", axes, second, axes, optimize=True))


def dominance(variances: ArrayLike) -> float:
    """Return the first variance over the second, such as 1 for a flat spectrum.

    Parameters
    ----------
    variances : array_like of float64, shape (d >= 2,)
        Along principal axes, the largest first. Scaling them changes nothing.

    Raises
    ------
    ValueError
        If there are fewer than two, or the second is not above zero.

    Examples
    --------
    >>> dominance([6.0, 2.0, 1.0])
    3.0
    """
    values = validation.vector(variances, least=2, low=0)
    if values[1] <= 0:
        raise ValueError("expected a second variance above zero, received none")
    return float(values[0] / values[1])


def unevenness(variances: ArrayLike, skipped: int = 10) -> float:
    """Largest factor by which the variances after the first few depart from their geometric mean.

    Not the number of `aelatent.statistics.classes.unevenness`, which is about sizes of classes.

    Parameters
    ----------
    variances : array_like of float64, shape (d,)
        Along principal axes, the largest first. Scaling them changes nothing.
    skipped : int
        How many of the first are left out; two or more must remain.

    Returns
    -------
    float
        1 if all that remain are equal; 2 if one of them is twice or half their geometric mean and
        none departs further; infinite if one is zero.

    Raises
    ------
    ValueError
        If fewer than two remain, or all that remain are zero.

    Notes
    -----
    Eigenvalues of a sample are uneven even where the true ones are equal: compare with
    what Marchenko and Pastur (1967) expect, or measure them by `crossed_scree`.

    Examples
    --------
    >>> unevenness([9.0, 4.0, 1.0], skipped=1)
    2.0
    """
    tail = validation.vector(variances, least=skipped + 2, low=0)[skipped:]
    if tail.max() == 0:
        raise ValueError("expected a variance above zero among those that remain, received none")
    if tail.min() <= 0:
        return math.inf
    logarithms = np.log(tail)
    return float(np.exp(np.abs(logarithms - logarithms.mean()).max()))


def leading_share(weights: ArrayLike, count: int) -> float:
    """Share of the sum of all weights that the largest `count` of them hold.

    Parameters
    ----------
    weights : array_like of float64, shape (d,)
        >= 0, in any order: variances, or second moments about the origin.
    count : int
        From 1 to d.

    Returns
    -------
    float
        From count / d (all are equal) to 1. Scaling the weights changes nothing.

    Raises
    ------
    ValueError
        If a weight is negative, all are zero, or there are fewer than `count`.

    Examples
    --------
    >>> leading_share([1.0, 2.0, 5.0], 1)
    0.625
    """
    values = validation.vector(weights, least=max(count, 1), low=0)
    if count < 1 or values.sum() <= 0:
        raise ValueError(f"expected a count >= 1 and a weight above zero, received {count}")
    return float(np.sort(values)[-count:].sum() / values.sum())


def second_moments(cloud: LatentCloud) -> Floats:
    """Mean square of each component, shape (d,): its variance and the square of its mean.

    Their sum is the mean squared radius of the codes.
    """
    return np.asarray(np.diag(cloud.covariance) + cloud.mean**2)


def _matrix(covariance: ArrayLike) -> Floats:
    matrix = np.asarray(covariance, dtype=np.float64)
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or not matrix.size:
        raise ValueError(f"expected a covariance of shape (d, d), received {matrix.shape}")
    validation.finite(matrix, "covariances")
    if not np.allclose(matrix, matrix.T, rtol=0, atol=1e-5 * np.abs(matrix).max()):
        raise ValueError("expected a symmetric covariance, received one that is not")
    return matrix
