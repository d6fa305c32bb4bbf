"""Posteriors of a VAE's encoder: normal distributions, and their distance from the prior."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import logsumexp

from aelatent.latent.cloud import Floats

ACTIVE = 0.01  # Burda, Grosse, Salakhutdinov (2016), Importance Weighted Autoencoders, section 5.1
BLOCK = 2**24  # numbers in memory at once


def divergences(z_mean: ArrayLike, z_log_var: ArrayLike) -> Floats:
    """Kullback-Leibler divergence of each posterior from N(0, I) by dimension.

    Parameters
    ----------
    z_mean, z_log_var : array_like of float64, shape (n, d)
        Means and logarithms of the variances of the posteriors.

    Returns
    -------
    ndarray of float64, shape (n, d)
        In nats, >= 0; its sum over a row is the rate of that image.

    Raises
    ------
    ValueError
        If the arguments are not of one shape (n, d).

    Examples
    --------
    >>> divergences([[0.0, 2.0]], [[0.0, 0.0]]).tolist()
    [[0.0, 2.0]]
    """
    mean, log_var = _pair(z_mean, z_log_var)
    return 0.5 * (np.square(mean) + np.exp(log_var) - 1 - log_var)


def log_ratio(codes: ArrayLike, z_mean: ArrayLike, z_log_var: ArrayLike) -> Floats:
    """Log of the aggregate posterior's density over the prior's, in nats, at each code.

    The aggregate posterior is the mixture of the posteriors of n images, the prior is N(0, I).

    Parameters
    ----------
    codes : array_like of shape (m, d)
    z_mean, z_log_var : array_like of shape (n, d)

    Returns
    -------
    ndarray of float64, shape (m,)
        Positive where a code is more likely to come from an image. Costs O(m n d) time and 128 MiB.

    Raises
    ------
    ValueError
        As `divergences`, and if the codes have another number of dimensions.

    Examples
    --------
    >>> log_ratio([[0.3, 0.7]], [[0.0, 0.0]], [[0.0, 0.0]]).tolist()
    [0.0]
    """
    mean, log_var = _pair(z_mean, z_log_var)
    points = np.asarray(codes, dtype=np.float64)
    if points.ndim != 2 or points.shape[1] != mean.shape[1]:
        raise ValueError(f"expected codes of shape (m, {mean.shape[1]}), received {points.shape}")
    squares = np.square(points)
    prior = squares.sum(axis=1)
    mixture = np.full(len(points), -np.inf)
    step = max(1, BLOCK // max(mean.shape[1], len(points)))
    for start in range(0, len(mean), step):
        m, s = mean[start : start + step], log_var[start : start + step]
        precision = np.exp(-s)
        constant = (np.square(m) * precision + s).sum(axis=1)
        exponents = -0.5 * (
            squares @ precision.T - 2 * points @ (m * precision).T + constant - prior[:, None]
        )
        mixture = np.logaddexp(mixture, logsumexp(exponents, axis=1))
    return np.asarray(mixture - np.log(len(mean)))


def _pair(z_mean: ArrayLike, z_log_var: ArrayLike) -> tuple[Floats, Floats]:
    mean, log_var = (np.asarray(values, dtype=np.float64) for values in (z_mean, z_log_var))
    if mean.ndim != 2 or mean.shape != log_var.shape:
        raise ValueError(
            f"expected means and log-variances of one shape (n, d), received {mean.shape} and "
            f"{log_var.shape}"
        )
    return mean, log_var
