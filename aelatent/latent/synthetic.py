"""Synthetic codes (catalogue F0), drawn from known distributions; controls for claims."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy import interpolate

from aelatent.latent.cloud import Floats, LatentCloud

# anracom (II) lists its axes as (centre, full width at half maximum); the other 244 of the 256
# are centred. Read so, the list predicts the source's own radius density (catalogue, trap 2).
LISTED_AXES = {
    52: (5.0, 8.0),
    61: (1.0, 3.0),
    73: (0.0, 5.5),
    83: (-0.5, 5.0),
    94: (0.0, 4.0),
    116: (0.0, 4.0),
    119: (1.0, 3.0),
    130: (-2.0, 9.0),
    171: (0.7, 5.0),
    188: (0.75, 2.75),
    200: (0.5, 11.0),
    221: (-1.0, 8.0),
}
FWHM = 2 * np.sqrt(2 * np.log(2))  # full width at half maximum of a normal density of sd 1


def standard_normal(n: int, d: int, rng: np.random.Generator) -> LatentCloud:
    """Draw n codes from N(0, I) in d dimensions.

    Parameters
    ----------
    n, d : int
        Numbers of codes and of dimensions.
    rng : numpy.random.Generator

    Returns
    -------
    LatentCloud
    """
    return LatentCloud(rng.standard_normal((n, d)))


def gaussian(
    n: int, mean: ArrayLike, covariance: ArrayLike, rng: np.random.Generator
) -> LatentCloud:
    """Draw n normal codes with that mean (d,) and covariance (d, d).

    Parameters
    ----------
    n : int
        Number of codes.
    mean : array_like of float64, shape (d,)
    covariance : array_like of float64, shape (d, d)
        Positive definite.
    rng : numpy.random.Generator

    Returns
    -------
    LatentCloud
    """
    centre = np.asarray(mean, dtype=np.float64)
    spread = np.asarray(covariance, dtype=np.float64)
    return LatentCloud(rng.multivariate_normal(centre, spread, n, method="cholesky"))


def listed_axes(n: int, rng: np.random.Generator, bulk_sd: float = 2 / FWHM) -> LatentCloud:
    """Draw n codes in 256 dimensions as source anracom II describes its autoencoder's.

    Twelve axes have the listed centres and widths, the others are N(0, bulk_sd²), all independent.

    Parameters
    ----------
    n : int
        Number of codes.
    rng : numpy.random.Generator
    bulk_sd : float
        Standard deviation of the 244 axes that are not listed.

    Returns
    -------
    LatentCloud
    """
    mean, sd = np.zeros(256), np.full(256, bulk_sd)
    for axis, (centre, width) in LISTED_AXES.items():
        mean[axis], sd[axis] = centre, width / FWHM
    return LatentCloud(mean + sd * rng.standard_normal((n, 256)))


def uniform(n: int, d: int, b: float, rng: np.random.Generator) -> LatentCloud:
    """Draw n codes whose components are independent and uniform in [-b, b].

    Parameters
    ----------
    n, d : int
        Numbers of codes and of dimensions.
    b : float
        Half the width of the interval, > 0.
    rng : numpy.random.Generator

    Returns
    -------
    LatentCloud
    """
    return LatentCloud(rng.uniform(-b, b, (n, d)))


def student(
    n: int, mean: ArrayLike, covariance: ArrayLike, degrees: float, rng: np.random.Generator
) -> LatentCloud:
    """Draw n codes from a multivariate t distribution with that mean and covariance; degrees > 2.

    Elliptical like a normal distribution, with heavier tails.

    Parameters
    ----------
    n : int
        Number of codes.
    mean : array_like of float64, shape (d,)
    covariance : array_like of float64, shape (d, d)
        Of the codes, positive definite.
    degrees : float
        Degrees of freedom, > 2.
    rng : numpy.random.Generator

    Returns
    -------
    LatentCloud
    """
    if degrees <= 2:
        raise ValueError(f"expected degrees > 2, or there is no covariance, received {degrees}")
    centre = np.asarray(mean, dtype=np.float64)
    normal = gaussian(n, np.zeros(len(centre)), covariance, rng).z_mean
    stretch = np.sqrt((degrees - 2) / rng.chisquare(degrees, (n, 1)))
    return LatentCloud(centre + stretch * normal)


def blobs(n: int, d: int, separation: float, rng: np.random.Generator) -> LatentCloud:
    """Draw n codes from two equal N(c, I), labelled, whose centres lie `separation` apart.

    Parameters
    ----------
    n, d : int
        Numbers of codes and of dimensions.
    separation : float
        Distance of the two centres, along the first axis.
    rng : numpy.random.Generator

    Returns
    -------
    LatentCloud
        With labels 0 and 1.
    """
    labels = np.arange(n) % 2
    codes = rng.standard_normal((n, d))
    codes[:, 0] += separation * (labels - 0.5)
    return LatentCloud(codes, labels=labels)


def curves(
    n: int, d: int, count: int, noise: float, rng: np.random.Generator, knots: int = 6
) -> LatentCloud:
    """Draw n codes on `count` random smooth curves in d dimensions, with N(0, noise²) about them.

    Each curve is a cubic spline through `knots` draws of N(0, I). Positions along a curve are
    uniformly random: equal spacing fools estimators of the intrinsic dimension.

    Parameters
    ----------
    n, d : int
        Numbers of codes and of dimensions.
    count : int
        Number of curves.
    noise : float
        Standard deviation of each component about the curve.
    rng : numpy.random.Generator
    knots : int
        Points that a curve passes through, >= 2.

    Returns
    -------
    LatentCloud
        Labelled by curve.
    """
    which = rng.integers(count, size=n)
    along = rng.uniform(0, knots - 1, n)
    codes = noise * rng.standard_normal((n, d))
    for curve in range(count):
        spline = interpolate.CubicSpline(np.arange(knots), rng.standard_normal((knots, d)))
        codes[which == curve] += spline(along[which == curve])
    return LatentCloud(codes, labels=which)


def unit_centres(n: int, d: int, length: float, rng: np.random.Generator) -> Floats:
    """Draw n directions of R^d, uniform on the sphere of radius `length`: (n, d).

    They are the centres of a mixture of unit Gaussians, as in source 001.

    Parameters
    ----------
    n, d : int
        Numbers of codes and of dimensions.
    length : float
        Radius of the sphere.
    rng : numpy.random.Generator

    Returns
    -------
    ndarray of float64, shape (n, d)
    """
    directions = rng.standard_normal((n, d))
    return np.asarray(length * directions / np.linalg.norm(directions, axis=1, keepdims=True))
