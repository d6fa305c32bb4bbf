"""Dominant components, off the origin and broad, stand apart from all others."""

import numpy as np
import pytest

from aelatent import Above, contrast, estimate
from aelatent.figures import null_histogram
from aelatent.figures.components import component_scatter
from aelatent.latent.synthetic import gaussian
from aelatent.simulation import SimulatedModel, scenario, stored_cloud
from aelatent.statistics.axes import largest_gap

APART = Above(2.0)
BROAD = Above(1.0)
HALF_WIDTH = np.sqrt(2 * np.log(2))  # half width at half maximum of a normal density of sd 1


@pytest.mark.claim("A-12", needs="trained autoencoder wide covariance", source_value=1.0)
def test_dominant_components_stand_apart(model, decide, add_figure, rng):
    """Dominant components, whose mean is off the origin, stand apart from the others and are broad.

    Source
        anracom VI (30 Apr 2023), section on components 151 and 195: half-width above 1.0.
    Statement
        Some components are dominant: their mean lies off the origin and their half-width exceeds 1.
    Statistic
        Two numbers, one value a replicate: the largest gap in the upper half of the components'
        absolute means, each over its standard deviation, relative to the null, with an interval
        that allows for numbers that cannot be below 0 and differ several times between trainings;
        and the geometric mean of the half-widths at half maximum of the components above that gap.
    Null
        Standardised means that are normal over the components, with the same root mean square: the
        gap between their largest values. The source gives no number for "dominant"; they are a
        group of their own if they lie at least twice as far above the others as chance has it.
    Decision
        Gap: Supported when the 95 % interval over replicates lies above 2; refuted when it lies
        below; inconclusive otherwise. Half-width: Supported when the 95 % interval over replicates
        lies above 1; refuted when it lies below; inconclusive otherwise.
    """
    evidence = dominance_evidence(model.clouds, rng)

    add_figure(
        null_histogram(evidence[0].values, evidence[0].null, evidence[0].unit), "Largest gap."
    )
    add_figure(
        components(model.clouds[0], rng), "Standardised mean and half-width of each component."
    )

    decide(evidence, [APART, BROAD])


@pytest.mark.claim("A-12")
def test_control_five_components_off_the_origin_stand_apart(decide, add_figure, rng):
    """Five broad components far off the origin stand apart from those about it."""
    clouds = []
    for _ in range(5):
        mean, widths = 0.2 * rng.standard_normal(128), np.ones(128)
        mean[:5], widths[:5] = 6.0, 2.0
        clouds.append(gaussian(500, mean, np.diag(widths**2), rng))
    evidence = dominance_evidence(clouds, rng)

    add_figure(components(clouds[0], rng), "Five components stand apart.")

    decide(evidence, [APART, BROAD])


@pytest.mark.claim("A-12")
@pytest.mark.expect("refuted", because="normal means have a largest value, but no group apart")
def test_control_normal_means_have_no_group_apart(decide, add_figure, rng):
    """Means that are normal over the components single out no group, though the largest is large.

    The half-widths here are 1.8, so that the gap decides.
    """
    clouds = [
        gaussian(500, 1.5 * rng.standard_normal(256), 2.25 * np.eye(256), rng) for _ in range(8)
    ]
    evidence = dominance_evidence(clouds, rng)

    add_figure(components(clouds[0], rng), "Normal means; none stands apart.")

    decide(evidence, [APART, BROAD])


def dominance_evidence(clouds, rng):
    """Estimate the largest gap of the standardised means against normal ones, and widths."""
    return [
        contrast(
            lambda values: largest_gap(values)[0],
            [c.standardised_means for c in clouds],
            half_normals,
            rng,
            surrogates=199,
            scale="ratio",
            bounds=(0, np.inf),
            unit="largest gap of standardised means over that of normal ones",
        ),
        estimate(
            half_width,
            clouds,
            unit="half-width at half maximum of the components above",
            bounds=(0, np.inf),
        ),
    ]


def half_normals(values, rng):
    """Draw half-normal values in the same number and with the same root mean square."""
    return np.sqrt((values**2).mean()) * np.abs(rng.standard_normal(len(values)))


def half_width(cloud):
    """Return the typical half-width of the components above the largest gap."""
    _, above = largest_gap(cloud.standardised_means)
    group = np.argsort(cloud.standardised_means)[-above:]
    return float(HALF_WIDTH * np.exp(np.log(cloud.deviations[group]).mean()))


def components(cloud, rng):
    """Show standardised mean and half-width of each component."""
    widths = HALF_WIDTH * cloud.deviations
    return component_scatter(
        {
            "codes": (cloud.standardised_means, widths),
            "null": (half_normals(cloud.standardised_means, rng), widths),
        },
        "absolute mean over standard deviation",
        "half-width at half maximum",
    )


@scenario(test_dominant_components_stand_apart, null=1.0)
def components_with_a_gap(effect, rng):
    """Simulate 64 broad components, one of which stands apart by `effect`.

    The gap of 64 normal means is 0.470 on average. Gaps of trainings scatter by half of their mean,
    as those of the stored models do.
    """
    gaps = 0.470 * effect * rng.gamma(4, size=5) / 4
    return {"model": SimulatedModel.of([apart(gap, rng) for gap in gaps])}


def apart(gap, rng):
    """Draw codes whose standardised means have that gap, over their root mean square."""
    means = np.linspace(0, 1, 64)
    rest, share = (means[:-1] ** 2).sum() / 64, min(gap**2 / 64, 0.9)
    # The last mean, 1 + x, solves x^2 = gap^2 (rest + (1 + x)^2 / 64).
    means[-1] = 1 + (share + np.sqrt(share + (1 - share) * gap**2 * rest)) / (1 - share)
    width = 1.4 * (1 + 0.05 * rng.standard_normal())
    return stored_cloud(width * (2 * means + rng.standard_normal((3700, 64))))
