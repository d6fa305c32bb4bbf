"""Vectors of independent uniform components lie on a shell that gets thinner with N."""

import numpy as np
import pytest
from scipy import special

from aelatent import Equals, fact
from aelatent.figures import radius_density, trend
from aelatent.latent import synthetic
from aelatent.simulation import not_simulated

HALF_WIDTH = 1.5
DIMENSIONS = (2, 3, 8, 32, 256, 1024)
AS_DERIVED = Equals(1.0, within=0.02)
THINNER = Equals(-0.5, within=0.02)
UNITS = (
    "mean radius at N = 256 over b sqrt(N / 3)",
    "standard deviation of the radius at N = 256 over b / sqrt(15)",
    "exponent of N in the relative thickness, from N = 8 to 1024",
)


@pytest.mark.claim("X-01", source_value=1.0)
def test_uniform_components_lie_on_a_thin_shell(decide, add_figure, rng):
    """Vectors of independent uniform components lie on a shell, relatively thinner the larger N is.

    Source
        anracom's later posts, "pitfalls I" and "II" (11 and 14 Apr 2023): the density 1/(2b) on
        [-b, b]; broad shells only for N = 2 and 3.
    Statement
        The radii of such vectors have a mean of about b sqrt(N / 3) and a spread of b / sqrt(15)
        that does not grow with N: the shell is thin in relation to its radius, and fills the space
        only in few dimensions.
    Statistic
        Mean and standard deviation of the radius at N = 256 over these forms, and the slope of the
        logarithm of their ratio over that of N. The mean is an integral over Laplace's transform of
        the squared radius and known to all digits; b = 1.5 is a matter of scale.
    Null
        None: these are facts. Two per cent are allowed for what the forms leave out.
    Decision
        Mean and spread: Supported when the number is 1, give or take 0.02; refuted otherwise. The
        exponent: Supported when the number is -0.5, give or take 0.02; refuted otherwise.
    """
    evidence = parts(radius_moments)

    clouds = [synthetic.uniform(1000, 256, HALF_WIDTH, rng) for _ in range(5)]
    add_figure(thickness_over_n(radius_moments), "Relative thickness of the shell over N.")
    add_figure(
        radius_density(clouds, root_n=False), "Radii of 1,000 draws for N = 256 and b = 1.5."
    )

    decide(evidence, [AS_DERIVED, AS_DERIVED, THINNER])


@pytest.mark.claim("X-01")
@pytest.mark.expect("refuted", because="a random factor of each vector keeps the shell thick")
def test_control_dependent_components_fill_the_ball(decide, add_figure):
    """Vectors stretched by a uniform random factor each lie on a thick shell for every N."""
    evidence = parts(stretched_moments)

    add_figure(thickness_over_n(stretched_moments), "Relative thickness of the shell over N.")

    decide(evidence, [AS_DERIVED, AS_DERIVED, THINNER])


def parts(moments):
    """Return the three facts about a distribution of vectors."""
    mean, spread = moments(256)
    thin = [d for d in DIMENSIONS if d >= 8]
    ratios = [np.divide(*moments(d)[::-1]) for d in thin]
    slope = np.polyfit(np.log(thin), np.log(ratios), 1)[0]
    return [
        fact(mean / (HALF_WIDTH * np.sqrt(256 / 3)), UNITS[0]),
        fact(spread / (HALF_WIDTH / np.sqrt(15)), UNITS[1]),
        fact(slope, UNITS[2]),
    ]


def radius_moments(d):
    """Return mean and standard deviation of the radius of d uniform components.

    E[R] = int (1 - E[exp(-t R^2)]) t^(-3/2) dt / (2 sqrt(pi)), with t on a logarithmic scale.
    """
    step = 0.05
    y = np.arange(-60.0, 60.0, step)
    root = HALF_WIDTH * np.exp(y / 2)
    # The transform of one squared component, 1 - b^2 t / 3 where the quotient would lose digits.
    small = root < 1e-4
    quotient = np.sqrt(np.pi) * special.erf(root) / (2 * np.where(small, 1.0, root))
    logarithm = np.where(small, -(root**2) / 3, np.log(np.where(small, 1.0, quotient)))
    integral = (-np.expm1(d * logarithm) * np.exp(-y / 2)).sum() * step
    mean = integral / (2 * np.sqrt(np.pi))
    return float(mean), float(np.sqrt(HALF_WIDTH**2 * d / 3 - mean**2))


def stretched_moments(d):
    """Return the same moments if each vector is stretched by a factor uniform in [0, 2]."""
    mean, spread = radius_moments(d)
    return mean, float(np.sqrt(4 / 3 * (mean**2 + spread**2) - mean**2))


def thickness_over_n(moments):
    """Show the standard deviation of the radius over its mean, by number of dimensions."""
    return trend(
        {"vectors": {d: [np.divide(*moments(d)[::-1])] for d in DIMENSIONS}},
        "number of dimensions N",
        "standard deviation of the radius over its mean",
        log="xy",
    )


not_simulated(
    test_uniform_components_lie_on_a_thin_shell,
    because="its three numbers are integrals, known to all digits: nothing is drawn or estimated",
)
