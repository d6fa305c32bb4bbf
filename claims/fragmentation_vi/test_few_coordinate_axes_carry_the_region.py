"""The core of the region lies in a hyper-volume that few coordinate axes span."""

import numpy as np
import pytest

from aelatent import Below, LatentCloud, contrast, estimate
from aelatent.figures import null_histogram
from aelatent.figures.components import component_scatter
from aelatent.latent.synthetic import gaussian
from aelatent.simulation import SimulatedModel, scenario
from aelatent.statistics.axes import participation_ratio
from aelatent.statistics.surrogates import haar_rotations

FEWER = Below(0.5)
FEW = Below(0.1)
WEIGHTS = {
    "centre": lambda cloud: cloud.mean**2,
    "spread": lambda cloud: cloud.deviations**2,
}


@pytest.mark.claim("A-03", needs="trained autoencoder wide covariance")
@pytest.mark.parametrize("part", ["centre", "spread"])
def test_few_coordinate_axes_carry_the_region(model, part, decide, add_figure, rng):
    """Few coordinate axes carry the centre of the codes' region, and few carry its extent.

    Source
        anracom VI (30 Apr 2023), recap: "a few" of 256 axes. Its author names two dominant axes,
        151 and 195; the earlier autoencoder of part 2 has a list of twelve.
    Statement
        The core of the region lies in or near a hyper-volume that only a few coordinate axes of the
        latent space span.
    Statistic
        Participation ratio of the centre's squared components, or of the components' variances: the
        effective number of axes that carry them. Two numbers, one value a replicate: over the same
        for randomly rotated axes, and over the number of axes.
    Null
        Haar rotations: the same codes in a random basis, where no axis is special. The source gives
        no number; "few" is read as at most a tenth of the axes (26 of 256, more than twice its
        longest list) and as fewer than half as many as in a random basis.
    Decision
        Over rotated axes: Supported when the 95 % interval over replicates lies below 0.5; refuted
        when it lies above; inconclusive otherwise. Over all axes: Supported when the 95 % interval
        over replicates lies below 0.1; refuted when it lies above; inconclusive otherwise.
    """
    evidence = axes_evidence(model.clouds, WEIGHTS[part], rng)

    add_figure(
        null_histogram(evidence[0].values, evidence[0].null, evidence[0].unit),
        f"Effective number of axes of the {part}, over that in random bases.",
    )
    add_figure(axes(model.clouds[0], rng), "Mean and standard deviation of each component.")

    decide(evidence, [FEWER, FEW])


@pytest.mark.claim("A-03")
@pytest.mark.parametrize("part", WEIGHTS)
def test_control_codes_on_six_axes_lie_along_few(part, decide, add_figure, rng):
    """Codes that are broad and off-centre along six of 128 axes lie along few."""
    clouds = [gaussian(300, *six_axes(rng), rng) for _ in range(5)]
    evidence = axes_evidence(clouds, WEIGHTS[part], rng)

    add_figure(axes(clouds[0], rng), "Components of codes that are broad along six axes.")

    decide(evidence, [FEWER, FEW])


@pytest.mark.claim("A-03")
@pytest.mark.expect("refuted", because="in a random basis the six directions lie along no axis")
@pytest.mark.parametrize("part", WEIGHTS)
def test_control_the_same_codes_rotated_lie_along_none(part, decide, add_figure, rng):
    """The same codes in a random basis lie along few directions, but along no few axes."""
    clouds = [haar_rotations(gaussian(300, *six_axes(rng), rng), rng) for _ in range(5)]
    evidence = axes_evidence(clouds, WEIGHTS[part], rng)

    add_figure(axes(clouds[0], rng), "Components of rotated codes.")

    decide(evidence, [FEWER, FEW])


def axes_evidence(clouds, weights, rng):
    """Estimate the effective number of axes against random bases and against their number."""
    # Only moments are rotated: with a few codes there is less to rotate.
    moments = [cloud.head(2) for cloud in clouds]

    def number(cloud):
        return participation_ratio(weights(cloud))

    return [
        contrast(
            number,
            moments,
            haar_rotations,
            rng,
            surrogates=9,
            scale="ratio",
            unit="effective number of axes over that in a random basis",
            bounds=(0, np.inf),
        ),
        estimate(
            lambda cloud: number(cloud) / cloud.d,
            moments,
            unit="effective share of the axes",
            bounds=(0, 1),
        ),
    ]


def axes(cloud, rng):
    """Show mean and standard deviation of each component, and of each rotated one."""
    rotated = haar_rotations(cloud, rng)
    return component_scatter(
        {
            "codes": (cloud.mean, cloud.deviations),
            "codes in a random basis": (rotated.mean, rotated.deviations),
        },
        "mean of the component",
        "standard deviation of the component",
    )


def six_axes(rng, d=128, count=6):
    """Return a mean and a covariance that single out six axes."""
    mean, variances = 0.1 * rng.standard_normal(d), np.ones(d)
    mean[:count], variances[:count] = 4.0, 100.0
    return mean, np.diag(variances)


@scenario(test_few_coordinate_axes_carry_the_region, null=0.15, part=1)
def centres_on_a_share_of_the_axes(effect, rng):
    """Simulate centres whose squared components fall off geometrically, by effective axes.

    Weights 1, q, q² and so on have (1 + q) / (1 - q) effective axes, where q is not near 1.
    """
    clouds = []
    for share in effect * (1 + 0.2 * rng.standard_normal(5)):
        number = max(64 * share, 1)
        weights = ((number - 1) / (number + 1)) ** np.arange(64)
        centre = 5 * np.sqrt(weights / weights.sum()) * rng.choice([-1, 1], 64)
        clouds.append(LatentCloud(centre + rng.standard_normal((1000, 64))))
    return {"model": SimulatedModel.of(clouds), "part": "centre"}
