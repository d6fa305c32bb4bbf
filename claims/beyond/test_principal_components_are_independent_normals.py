"""Along its principal axes the codes have Gaussian components that do not depend on one another."""

from functools import partial

import numpy as np
import pytest
from scipy import stats

from aelatent import Below, LatentCloud, contrast, estimate
from aelatent.figures import null_histogram
from aelatent.figures.components import moment_scatter
from aelatent.latent.synthetic import gaussian
from aelatent.simulation import SimulatedModel, scenario
from aelatent.statistics.axes import LEADING, principal_scores
from aelatent.statistics.dependence import distance_correlations
from aelatent.statistics.jackknife import contributions_of_codes
from aelatent.statistics.normality import irregular_components
from aelatent.statistics.rates import share
from aelatent.statistics.surrogates import column_shuffles, gaussian_twins

FEW = Below(0.05)
INDEPENDENT = Below(0.1)
UNIT = "mean distance correlation beyond that of shuffled components"


@pytest.mark.claim("X-07", needs="trained autoencoder wide covariance")
def test_principal_components_are_independent_normals(model, decide, add_figure, rng):
    """After a principal component analysis the components are Gaussian and independent.

    Source
        anracom's later posts, fragmentation IX (31 May 2023).
    Statement
        After a principal component analysis the densities of the components are Gaussian, and the
        elliptical contours are aligned with the axes.
    Statistic
        Two numbers, one value a replicate: the share of principal components of the held-out codes
        that are visibly not normal (`irregular_components`, see A-08); and the mean distance
        correlation between the ten widest of them, minus that of shuffled components. That they are
        not linearly correlated is true by construction, and not tested.
    Null
        Normal components; and column shuffles of the principal components, which keep each of them
        and remove all dependence. The first margin is that of A-08. Contours that are aligned with
        the axes of a normal distribution mean independence; it is read as less than 0.1 beyond
        chance, as much as two normal components with a correlation of 0.2 have among 300 codes.
    Decision
        Gaussian: Supported when the 95 % interval over replicates lies below 0.05; refuted when it
        lies above; inconclusive otherwise. Independent: Supported when the 95 % interval over
        replicates lies below 0.1; refuted when it lies above; inconclusive otherwise.
    """
    evidence = independence(model.clouds, rng)

    add_figure(
        moments(model.clouds[0], rng), "Skewness and excess kurtosis of principal components."
    )
    add_figure(
        null_histogram(evidence[1].values, evidence[1].null, evidence[1].unit),
        "Distance correlation beyond that of shuffled components.",
    )

    decide(evidence, [FEW, INDEPENDENT])


@pytest.mark.claim("X-07")
def test_control_normal_codes_have_independent_principal_components(decide, add_figure, rng):
    """Normal codes have normal and independent principal components."""
    variances = np.diag(np.geomspace(50, 0.5, 64))
    clouds = [gaussian(400, np.ones(64), variances, rng) for _ in range(5)]
    evidence = independence(clouds, rng)

    add_figure(moments(clouds[0], rng), "Skewness and excess kurtosis of normal components.")

    decide(evidence, [FEW, INDEPENDENT])


@pytest.mark.claim("X-07")
@pytest.mark.expect("refuted", because="the components share their scale, which is no correlation")
def test_control_uncorrelated_components_may_depend(decide, add_figure, rng):
    """Codes whose components share a random scale are uncorrelated, but neither independent."""
    clouds = [
        LatentCloud(
            rng.standard_normal((400, 64))
            * np.geomspace(7, 0.7, 64)
            * rng.choice([0.2, 1.4], size=(400, 1))
        )
        for _ in range(5)
    ]
    evidence = independence(clouds, rng)

    add_figure(moments(clouds[0], rng), "Skewness and excess kurtosis of components of one scale.")

    decide(evidence, [FEW, INDEPENDENT])


def independence(clouds, rng):
    """Estimate how many principal components are not normal, and how they depend on one another."""
    scores = [LatentCloud(principal_scores(cloud, LEADING)) for cloud in clouds]
    return [
        estimate(
            lambda cloud: share(irregular_components(principal_scores(cloud))),
            clouds,
            unit="share of principal components that are visibly not normal",
            bounds=(0, 1),
        ),
        contrast(
            dependence,
            scores,
            column_shuffles,
            rng,
            surrogates=9,
            unit=UNIT,
            images=partial(contributions_of_codes, dependence),
        ),
    ]


def dependence(cloud):
    """Return the mean distance correlation between two components."""
    return float(distance_correlations(cloud.z_mean).mean())


def moments(cloud, rng):
    """Show skewness and excess kurtosis of each principal component, and of normal ones."""
    scores = LatentCloud(principal_scores(cloud))
    return moment_scatter({"codes": scores, "null": gaussian_twins(scores, rng)})


@scenario(test_principal_components_are_independent_normals, null=0.095, count=300)
def exponential_principal_components(effect, rng):
    """Simulate a share of exponential components among 256 of falling width, the narrowest ones.

    The share scatters by a tenth of itself between trainings. A normal component is
    never found irregular among a thousand codes, nor an exponential one regular.
    """
    clouds = []
    for wanted in effect * (1 + 0.1 * rng.standard_normal(5)):
        codes = rng.standard_normal((1000, 256))
        count = int(256 * wanted + rng.uniform())
        codes[:, 256 - count :] = rng.exponential(size=(1000, count)) - 1
        clouds.append(of_falling_width(codes))
    return {"model": SimulatedModel.of(clouds)}


@scenario(test_principal_components_are_independent_normals, null=0.19, part=1, count=300)
def sizes_that_go_together(effect, rng):
    """Simulate normal components whose absolute values correlate, and whose signs do not.

    By how much distance correlations then exceed those of shuffled components was measured on 40
    clouds of this size for each correlation. They scatter by a tenth between trainings.
    """
    wanted = effect * (1 + 0.1 * rng.standard_normal(5))
    correlations = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95]
    excess = [0, 0.0066, 0.0164, 0.0348, 0.0522, 0.0758, 0.0996, 0.1281, 0.1605, 0.1914, 0.2099]
    clouds = [
        correlated_sizes(correlation, rng)
        for correlation in np.interp(wanted, excess, correlations)
    ]
    return {"model": SimulatedModel.of(clouds)}


def correlated_sizes(correlation, rng, n=1000, d=256):
    """Draw codes of normal components; absolute values of the ten widest correlate by `bond`."""
    codes = rng.standard_normal((n, d))
    scores = (
        correlation**0.5 * rng.standard_normal((n, 1))
        + (1 - correlation) ** 0.5 * codes[:, :LEADING]
    )
    codes[:, :LEADING] = stats.halfnorm.ppf(stats.norm.cdf(scores)) * rng.choice(
        [-1, 1], (n, LEADING)
    )
    return of_falling_width(codes)


def of_falling_width(codes):
    """Return a cloud of which these are the principal components but for their widths."""
    widths = np.geomspace(7, 0.7, codes.shape[1])
    return LatentCloud(
        codes * widths, full_mean=np.zeros(len(widths)), full_covariance=np.diag(widths**2)
    )
