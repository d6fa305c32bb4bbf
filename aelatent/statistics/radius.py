"""Radii of codes: where their density peaks, and where a normal distribution says it should."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import optimize

from aelatent.inference.estimates import Estimate
from aelatent.latent.cloud import Floats, LatentCloud
from aelatent.statistics import validation
from aelatent.statistics.generalised_chi import GeneralisedChi

__all__ = [
    "GeneralisedChi",
    "bandwidth",
    "peak_contributions",
    "peak_over_predicted",
    "peak_over_root_n",
    "peak_radius",
]


def bandwidth(radii: ArrayLike) -> float:
    """Bandwidth of the kernel density from which `peak_radius` reads the mode.

    The normal reference bandwidth for the *derivative* of a density, ``s (4 / 5n)^(1/7)``, since
    the mode is where the derivative crosses zero; ``s`` is the smaller of the standard deviation
    and the interquartile range over 1.349.

    Measured on N(0, I_256) and on two broad and skewed distributions, its root mean square error
    was 0.5, 1.0 and 2.1 % of the mode at n = 1000 and 0.3, 0.7 and 1.3 % at n = 3700: two thirds of
    that of Silverman's bandwidth and less than half of that of the half-sample mode. The price is a
    bias towards the longer flank, measured as a mean over 60 samples or more: below 0.1 % of the
    mode on N(0, I_256), 0.7 % at n = 300 and 0.3 % at n = 1000 for radii of a gamma distribution of
    shape 30, but 7.5, 5.0 and 3.1 % at n = 300, 1000 and 4000 for shape 4. Compare such a mode with
    that of surrogates through the same estimator, not with an exact one.

    Source: Chacón, Duong and Wand, "Asymptotics for general multivariate kernel density derivative
    estimators", Statistica Sinica 21 (2011).

    Raises
    ------
    ValueError
        If there are fewer than two radii, if one is negative, NaN or infinite, or if so many agree
        that there is no spread.
    """
    values = _checked(radii)
    lower, upper = np.quantile(values, [0.25, 0.75])
    spread = min(float(values.std(ddof=1)), float(upper - lower) / 1.349)
    if spread <= 1e-12 * float(values.max()):
        raise ValueError("expected radii that differ, received radii without spread: no density")
    return spread * float((4 / (5 * len(values))) ** (1 / 7))


def peak_radius(radii: ArrayLike) -> float:
    """Mode of the number density of codes over their radius.

    Parameters
    ----------
    radii : array_like of float64, shape (n >= 2,)
        Distances from the origin, finite and >= 0.

    Returns
    -------
    float
        The radius at which a Gaussian kernel density with `bandwidth` is highest. It scales with
        the radii, and does not depend on their order. Of several modes it is the highest.

    Raises
    ------
    ValueError
        As `bandwidth`.

    Examples
    --------
    >>> round(peak_radius([0.0, 1.0, 2.0, 3.0, 4.0]), 3)
    2.0
    """
    values = _checked(radii)
    width = bandwidth(values)

    def depth(position: float) -> float:
        return -float(np.exp(-(((position - values) / width) ** 2) / 2).sum())

    # Quantiles lie close together where codes do, so that one of them lies beside the mode.
    positions = np.quantile(values, np.linspace(0, 1, 257))
    start = min(positions.tolist(), key=depth)
    summit = optimize.minimize_scalar(
        depth, bounds=(start - width, start + width), options={"xatol": 1e-6 * width}
    )
    return float(summit.x)


def peak_contributions(
    radii: ArrayLike, groups: NDArray[np.int64] | None = None
) -> tuple[float, ...]:
    """Return what each radius, or each group of them, adds to the error of `peak_radius`.

    By the delta method on the root of the density's derivative: its part of the error of the
    derivative at the mode, over the curvature there. Radii of one group count as one observation,
    since they are not independent.

    Parameters
    ----------
    radii : array_like of float64, shape (n,)
    groups : ndarray of int64, shape (n,), optional
        Each radius is its own group if they are not given.

    Returns
    -------
    tuple of float
        In the units of the radii, in the order of the radii or of the sorted groups. The root of
        the sum of their squares is the standard error of the mode.

    Raises
    ------
    ValueError
        As `bandwidth`.
    """
    values = _checked(radii)
    width = bandwidth(values)
    offsets = (values - peak_radius(values)) / width
    kernel = np.exp(-(offsets**2) / 2)
    members = (
        np.arange(len(values)) if groups is None else np.unique(groups, return_inverse=True)[1]
    )
    slopes = np.bincount(members, weights=offsets * kernel)
    curvature = float(((1 - offsets**2) * kernel).sum()) / width
    return tuple(((slopes - slopes.mean()) / curvature).tolist())


def peak_over_root_n(cloud: LatentCloud) -> Estimate:
    """Radius at which the codes are densest, over the root of the number of latent dimensions.

    Returns
    -------
    Estimate
        1 where the peak lies at sqrt(d), as it nearly does for N(0, I) in many dimensions;
        proportional to the scale of the codes, and not changed by rotating them. What the images
        add to the error are `peak_contributions`, with the groups of the cloud.

    Raises
    ------
    ValueError
        As `bandwidth`.
    """
    return _peak_over(math.sqrt(cloud.d), cloud)


def peak_over_predicted(cloud: LatentCloud) -> Estimate:
    """Radius at which the codes are densest, over that of normal codes with their moments.

    Returns
    -------
    Estimate
        1 where the radii peak as those of N(mean, covariance) do; not changed by scaling or
        rotating the codes. The error is that of the measured peak, as
        for `peak_over_root_n`; the moments are taken as exact.

    Raises
    ------
    ValueError
        As `bandwidth`.
    """
    return _peak_over(GeneralisedChi.of(cloud).peak, cloud)


def _peak_over(reference: float, cloud: LatentCloud) -> Estimate:
    added = peak_contributions(cloud.radii, cloud.groups)
    return Estimate(
        peak_radius(cloud.radii) / reference, images=tuple(part / reference for part in added)
    )


def _checked(radii: ArrayLike) -> Floats:
    return validation.vector(radii, "radii", least=2, low=0)
