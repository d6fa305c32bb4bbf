"""The components of the codes look very nearly Gaussian."""

import numpy as np
import pytest

from aelatent import Below, LatentCloud, estimate
from aelatent.figures.components import moment_scatter
from aelatent.latent.synthetic import listed_axes
from aelatent.simulation import SimulatedModel, scenario
from aelatent.statistics.normality import irregular_components
from aelatent.statistics.rates import share
from aelatent.statistics.surrogates import gaussian_twins

FEW = Below(0.05)
UNIT = "share of components that are visibly not normal"


@pytest.mark.claim("A-08", needs="trained autoencoder wide covariance")
def test_components_look_gaussian(model, decide, add_figure, rng):
    """The distribution of each component over the codes looks very nearly Gaussian.

    Source
        anracom VI (30 Apr 2023), section on the path: 256 curves, "very similar to a Gaussian".
    Statement
        The number densities of the components look very much like Gaussians.
    Statistic
        `irregular_components` of the held-out codes: the share of components whose skewness exceeds
        0.3 or whose excess kurtosis exceeds 0.5 in size, and that fail D'Agostino and Pearson's
        test at a false discovery rate of 5 % over the components. One value a replicate.
    Null
        Normal components, which that test allows for. The margins 0.3 and 0.5 are those of the
        catalogue; "very similar" falls if more than one component in twenty exceeds them. Whether
        training makes them normal is another claim (B-23).
    Decision
        Supported when the 95 % interval over replicates lies below 0.05; refuted when it lies
        above; inconclusive otherwise.
    """
    evidence = estimate(irregular_share, model.clouds, unit=UNIT, bounds=(0, 1))

    add_figure(moments(model.clouds[0], rng), "Skewness and excess kurtosis of each component.")

    decide(evidence, FEW)


@pytest.mark.claim("A-08")
def test_control_normal_components_look_gaussian(decide, add_figure, rng):
    """Normal components of the source's own widths and centres look Gaussian."""
    clouds = [listed_axes(500, rng) for _ in range(5)]
    evidence = estimate(irregular_share, clouds, unit=UNIT, bounds=(0, 1))

    add_figure(moments(clouds[0], rng), "Skewness and excess kurtosis of normal components.")

    decide(evidence, FEW)


@pytest.mark.claim("A-08")
@pytest.mark.expect("refuted", because="a fifth of the components are gamma-distributed")
def test_control_a_fifth_of_skewed_components_is_seen(decide, add_figure, rng):
    """A fifth of skewed components among normal ones does not pass."""
    clouds = [
        LatentCloud(np.hstack([rng.standard_normal((300, 80)), rng.gamma(4, size=(300, 20))]))
        for _ in range(5)
    ]
    evidence = estimate(irregular_share, clouds, unit=UNIT, bounds=(0, 1))

    add_figure(moments(clouds[0], rng), "Skewness and excess kurtosis; a fifth are skewed.")

    decide(evidence, FEW)


def irregular_share(cloud):
    """Return the share of components that are visibly not normal."""
    return share(irregular_components(cloud.z_mean))


def moments(cloud, rng):
    """Show skewness and excess kurtosis of each component, and of normal ones."""
    return moment_scatter({"codes": cloud, "null": gaussian_twins(cloud, rng)})


@scenario(test_components_look_gaussian, null=0.1)
def skewed_components_among_normal_ones(effect, rng):
    """Simulate 256 components a code, each of which is skewed with a probability of `effect`."""
    return {"model": SimulatedModel.of([partly_skewed(effect, rng) for _ in range(5)])}


def partly_skewed(share_of_them, rng):
    """Draw 1,000 codes; skewed components have a gamma distribution of shape 4, of skewness 1."""
    codes = rng.standard_normal((1000, 256))
    skewed = np.flatnonzero(rng.uniform(size=256) < share_of_them)
    codes[:, skewed] = rng.gamma(4, size=(1000, len(skewed)))
    return LatentCloud(codes)
