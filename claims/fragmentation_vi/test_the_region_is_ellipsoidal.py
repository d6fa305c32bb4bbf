"""The region of the codes is ellipsoidal and stretched along few main axes."""

from functools import partial

import numpy as np
import pytest

from aelatent import Below, LatentCloud, contrast, estimate
from aelatent.figures import null_histogram
from aelatent.latent.synthetic import gaussian, student
from aelatent.samplers.ladder import Gaussian
from aelatent.simulation import SimulatedModel, scenario
from aelatent.statistics.axes import direction_kurtosis, direction_skewness, participation_ratio
from aelatent.statistics.jackknife import contributions_of_codes

SYMMETRIC = Below(0.3)
ROUND = Below(0.5)
STRETCHED = Below(0.1)


@pytest.mark.claim("A-04", needs="trained autoencoder wide covariance")
def test_the_region_is_ellipsoidal(model, decide, add_figure, rng):
    """The region of the codes is an ellipsoid, stretched along few main axes.

    Source
        anracom VI (30 Apr 2023), recap.
    Statement
        The overall shape of the region is ellipsoidal; it is stretched along a few main axes.
    Statistic
        Three numbers, one value a replicate. Whitened held-out codes, each divided by its length,
        have a skewness and an excess kurtosis along each of the ten widest principal axes: the
        median absolute value of each, minus the same of normal codes, with the error of the images,
        which all replicates share. And the participation ratio
        of the principal variances over the number of dimensions.
    Null
        Normal draws with the codes' moments, which stand for every elliptical distribution:
        directions of whitened codes have the same distribution for all of them, with heavy tails or
        light ones. Margins are those that the catalogue sets for a component that looks normal (0.3
        and 0.5); "few" is read as at most a tenth of the axes.
    Decision
        Skewness: Supported when the 95 % interval over replicates lies below 0.3; refuted when it
        lies above; inconclusive otherwise. Kurtosis: Supported when the 95 % interval over
        replicates lies below 0.5; refuted when it lies above; inconclusive otherwise. Stretch:
        Supported when the 95 % interval over replicates lies below 0.1; refuted when it lies above;
        inconclusive otherwise.
    """
    evidence = shape_evidence(model.clouds, rng)

    for part in evidence[:2]:
        add_figure(null_histogram(part.values, part.null, part.unit), f"The {part.unit}.")

    decide(evidence, [SYMMETRIC, ROUND, STRETCHED])


@pytest.mark.claim("A-04")
def test_control_heavy_tails_are_ellipsoidal(decide, add_figure, rng):
    """Codes of a multivariate t distribution are ellipsoidal, though their tails are heavy."""
    clouds = [student(4000, np.ones(64), stretched(), 5, rng).head(500) for _ in range(5)]
    evidence = shape_evidence(clouds, rng)

    add_figure(
        null_histogram(evidence[1].values, evidence[1].null, evidence[1].unit), "Heavy tails."
    )

    decide(evidence, [SYMMETRIC, ROUND, STRETCHED])


@pytest.mark.claim("A-04")
@pytest.mark.expect("refuted", because="components with sharp peaks fill a star and no ellipsoid")
def test_control_independent_peaked_components_are_no_ellipsoid(decide, add_figure, rng):
    """Codes of independent sharply peaked components reach out along the axes, as a star does."""
    widths = np.sqrt(np.diag(stretched()))
    clouds = [LatentCloud(rng.laplace(size=(4000, 64)) ** 3 * widths).head(500) for _ in range(5)]
    evidence = shape_evidence(clouds, rng)

    add_figure(null_histogram(evidence[1].values, evidence[1].null, evidence[1].unit), "A star.")

    decide(evidence, [SYMMETRIC, ROUND, STRETCHED])


def shape_evidence(clouds, rng):
    """Estimate skewness and kurtosis of the directions against normal draws, and the stretch."""
    kinds = {"skewness": direction_skewness, "excess kurtosis": direction_kurtosis}
    parts = [
        contrast(
            measure,
            clouds,
            elliptical_twins,
            rng,
            surrogates=9,
            unit=f"median absolute {kind} of directions beyond that of an ellipsoid",
            images=partial(contributions_of_codes, measure),
        )
        for kind, measure in kinds.items()
    ]
    stretch = estimate(
        lambda cloud: participation_ratio(cloud.principal[0]) / cloud.d,
        clouds,
        unit="effective share of the principal axes",
    )
    return [*parts, stretch]


def elliptical_twins(cloud, rng):
    """Draw the same number of normal codes, which keep the moments that they were drawn with."""
    return LatentCloud(
        Gaussian().draw(cloud.n, cloud, rng),
        full_mean=cloud.mean,
        full_covariance=cloud.covariance,
    )


def stretched():
    """Return a covariance in 64 dimensions with four broad axes."""
    return np.diag([100.0, 60.0, 40.0, 20.0] + [0.5] * 60)


@scenario(test_the_region_is_ellipsoidal, null=0.15, part=2)
def normal_codes_on_a_share_of_the_axes(effect, rng):
    """Simulate normal codes whose variances fall off geometrically, by effective axes.

    Variances 1, q, q² and so on have (1 + q) / (1 - q) effective axes, where q is not near 1.
    """
    clouds = []
    for part in effect * (1 + 0.05 * rng.standard_normal(5)):
        number = max(64 * part, 1)
        variances = ((number - 1) / (number + 1)) ** np.arange(64)
        clouds.append(gaussian(3700, np.ones(64), np.diag(variances), rng).head(1000))
    return {"model": SimulatedModel.of(clouds)}
