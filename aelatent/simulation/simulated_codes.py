"""Codes of simulated models, and how effects differ between trainings."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from aelatent.latent.cloud import Floats, LatentCloud

TRAININGS = 5


def normal_clouds(
    rng: np.random.Generator,
    *,
    n: int = 1000,
    d: int = 8,
    centre: float = 0.0,
    trainings: int = TRAININGS,
) -> list[LatentCloud]:
    """Draw the normal codes of several trainings.

    Parameters
    ----------
    rng : numpy.random.Generator
    n, d : int
        Number of codes of each training, and of their components.
    centre : float
        Mean of each component; the standard deviation is 1.
    trainings : int
        Number of clouds.

    Returns
    -------
    list of LatentCloud
    """
    return [LatentCloud(centre + rng.standard_normal((n, d))) for _ in range(trainings)]


def codes_of_lengths(lengths: Floats, d: int, rng: np.random.Generator) -> Floats:
    """Draw codes in random directions.

    Parameters
    ----------
    lengths : ndarray, shape (n,)
        Distance of each code from the origin.
    d : int
        Number of components.
    rng : numpy.random.Generator

    Returns
    -------
    ndarray, shape (n, d)
    """
    codes = rng.standard_normal((len(lengths), d))
    return np.asarray(codes * (lengths / np.linalg.norm(codes, axis=1))[:, None])


def stored_cloud(codes: Floats, kept: int = 1000) -> LatentCloud:
    """Keep the first codes and the moments of all, as stored replicates do.

    Parameters
    ----------
    codes : ndarray, shape (n, d)
    kept : int
        Number of codes to keep.

    Returns
    -------
    LatentCloud
    """
    return LatentCloud(
        codes[:kept], full_mean=codes.mean(axis=0), full_covariance=np.cov(codes, rowvar=False)
    )


def correlated_codes(n: int, d: int, rng: np.random.Generator) -> Floats:
    """Draw codes of N(0, 1) components, of which the second half follows the first.

    Parameters
    ----------
    n : int
        Number of codes.
    d : int
        Number of components; even. Component i correlates with component i + d / 2 by 0.99.
    rng : numpy.random.Generator

    Returns
    -------
    ndarray, shape (n, d)
    """
    first, own = rng.standard_normal((2, n, d // 2))
    return np.hstack([first, 0.99 * first + 0.14 * own])


def have_independent_halves(codes: Floats) -> NDArray[np.bool_]:
    """Tell which codes, (n, d), have two independent halves, unlike `correlated_codes`: (n,)."""
    first, second = np.split(codes, 2, axis=1)
    differences = np.linalg.norm(first - second, axis=1)
    independent: NDArray[np.bool_] = differences > 0.25 * np.linalg.norm(first + second, axis=1)
    return independent


def beta_shares(
    mean: float, concentration: float, rng: np.random.Generator, trainings: int = TRAININGS
) -> Floats:
    """Draw a share in (0, 1) for each training, from a beta distribution.

    Parameters
    ----------
    mean : float
        In (0, 1).
    concentration : float
        Sum of the two parameters; the variance is mean (1 - mean) / (concentration + 1).
    rng : numpy.random.Generator
    trainings : int
        Number of shares.

    Returns
    -------
    ndarray, shape (trainings,)
    """
    return rng.beta(concentration * mean, concentration * (1 - mean), trainings)


def scatter_about_one(
    effect: float, rng: np.random.Generator, *, by: float = 0.15, trainings: int = TRAININGS
) -> Floats:
    """Draw the effect of each training, where 1 is no effect.

    Parameters
    ----------
    effect : float
        The mean.
    rng : numpy.random.Generator
    by : float
        Standard deviation, in units of the effect's difference from 1.
    trainings : int
        Number of effects.

    Returns
    -------
    ndarray, shape (trainings,)
    """
    return 1 + (effect - 1) * (1 + by * rng.standard_normal(trainings))
