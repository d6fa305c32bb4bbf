"""Each component of the codes has its own range of values, which confines their angles."""

import numpy as np
import pytest

from aelatent import Above, LatentCloud, contrast, estimate
from aelatent.figures import null_histogram
from aelatent.figures.components import component_scatter
from aelatent.latent.synthetic import standard_normal
from aelatent.simulation import SimulatedModel, scenario, stored_cloud
from aelatent.statistics.axes import common_width, resultant_length

WIDER = Above(1.1)
CONFINED = Above(0.1)


@pytest.mark.claim("A-06", needs="trained autoencoder wide covariance")
def test_each_component_has_its_own_range(model, decide, add_figure, rng):
    """Each component has its own range of values, which confines the angles of the codes.

    Source
        anracom VI (30 Apr 2023), recap: mean and width differ from component to component.
    Statement
        Each component has a value range of its own; hence lengths and angles of the codes are
        confined.
    Statistic
        Two numbers, one value a replicate: the width of one interval for all components over the
        typical width of their own intervals (`common_width`); and the mean cosine between held-out
        codes and their mean direction, minus the same without own ranges. Lengths are left out:
        codes of one common range have even more equal lengths.
    Null
        Common ranges: all values of all components are shuffled together, so that no component has
        a range of its own. The source gives no numbers; "own range" is read as a common interval at
        least a tenth too wide, which in 256 dimensions is a volume 4e10 times too large; "confined"
        as a mean cosine larger by a tenth.
    Decision
        Width: Supported when the 95 % interval over replicates lies above 1.1; refuted when it lies
        below; inconclusive otherwise. Angle: Supported when the 95 % interval over replicates lies
        above 0.1; refuted when it lies below; inconclusive otherwise.
    """
    evidence = range_evidence(model.clouds, rng)

    add_figure(component_figure(model.clouds[0], rng), "Mean and width of each component.")
    add_figure(
        null_histogram(evidence[1].values, evidence[1].null, evidence[1].unit),
        "Mean cosine to the mean direction beyond that of codes without own ranges.",
    )

    decide(evidence, [WIDER, CONFINED])


@pytest.mark.claim("A-06")
def test_control_own_means_and_widths_are_own_ranges(decide, add_figure, rng):
    """Components with own means and widths have own ranges."""
    clouds = []
    for _ in range(5):
        mean, widths = rng.standard_normal(64), rng.lognormal(0, 0.5, 64)
        clouds.append(LatentCloud(mean + widths * rng.standard_normal((500, 64))))
    evidence = range_evidence(clouds, rng)

    add_figure(component_figure(clouds[0], rng), "Mean and width of components that differ.")

    decide(evidence, [WIDER, CONFINED])


@pytest.mark.claim("A-06")
@pytest.mark.expect("refuted", because="all components have the same distribution")
def test_control_equal_components_share_one_range(decide, add_figure, rng):
    """Components of one distribution share one range."""
    clouds = [standard_normal(500, 256, rng) for _ in range(5)]
    evidence = range_evidence(clouds, rng)

    add_figure(
        component_figure(clouds[0], rng), "Mean and width of components of one distribution."
    )

    decide(evidence, [WIDER, CONFINED])


def range_evidence(clouds, rng):
    """Estimate the common width, and the angles against codes whose components share one range."""
    return [
        estimate(
            common_width, clouds, unit="width of a common interval over that of own intervals"
        ),
        contrast(
            lambda cloud: resultant_length(cloud.z_mean),
            clouds,
            common_ranges,
            rng,
            surrogates=9,
            unit="mean cosine beyond that of codes of one common range",
        ),
    ]


def common_ranges(cloud, rng):
    """Shuffle all values of all components together."""
    return LatentCloud(rng.permutation(cloud.z_mean.ravel()).reshape(cloud.z_mean.shape))


def component_figure(cloud, rng):
    """Show mean and standard deviation of each component, and of shuffled values."""
    shuffled = common_ranges(cloud, rng)
    return component_scatter(
        {
            "codes": (cloud.mean, cloud.deviations),
            "null": (shuffled.mean, np.asarray(shuffled.deviations)),
        },
        "mean of the component",
        "standard deviation of the component",
    )


# At a null of 1 all components are alike, and no angles confined, which is the other part.
@scenario(test_each_component_has_its_own_range, null=1.02, count=2000)
def centres_that_widen_a_common_interval(effect, rng):
    """Simulate components of one width whose centres widen a common interval `effect` times."""
    clouds = []
    for wider in effect + 0.01 * rng.standard_normal(5):
        centres = rng.standard_normal(64)
        centres *= np.sqrt(max(wider**2 - 1, 0)) / centres.std()
        clouds.append(stored_cloud(centres + rng.standard_normal((3700, 64))))
    return {"model": SimulatedModel.of(clouds)}
