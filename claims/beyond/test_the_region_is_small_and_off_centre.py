"""The region of the codes is small, ellipsoidal and off-centre; the origin lies near its border."""

import numpy as np
import pytest
from scipy import special

from aelatent import Above, Below, Between, LatentCloud, estimate
from aelatent.figures import distance_histogram
from aelatent.latent.synthetic import gaussian, standard_normal
from aelatent.simulation import SimulatedModel, SimulatedReplicate, scenario, stored_cloud
from aelatent.statistics.axes import direction_kurtosis, offset, relative_size, standing_of_origin
from aelatent.statistics.jackknife import with_images
from aelatent.statistics.region import distances

OFF_CENTRE = Above(0.5)
SMALL = Below(0.5)
ELLIPSOIDAL = Below(0.5)
BORDER = Between(0, 3.72)
RULES = [OFF_CENTRE, SMALL, ELLIPSOIDAL, BORDER]


@pytest.mark.claim("X-03", needs="trained autoencoder wide covariance")
def test_the_region_is_small_and_off_centre(model, decide, add_figure):
    """The codes fill a small off-centre ellipsoid, and the origin lies near its border.

    Source
        anracom's later posts, fragmentation IV (24 Apr 2023).
    Statement
        The codes fill a small region of ellipsoidal shape whose centre is off the origin; the
        origin lies near its border.
    Statistic
        Four numbers, one value a replicate: the distance of the centre from the origin over that of
        held-out codes from the centre (`offset`); the width of the ellipsoid over that of a ball
        about the origin with the codes' radius (`relative_size`); the excess kurtosis of directions
        (`direction_kurtosis`, see A-04); and how far out the origin lies, in standard deviations of
        the codes' Mahalanobis distances (`standing_of_origin`, see A-11).
    Null
        None: margins decide. The source's words are read as: at least half as far off as the codes
        scatter; at most half as wide as the ball in the typical direction, a volume 2^256 times
        smaller; a kurtosis of less than 0.5, the catalogue's margin for what looks normal; and
        between half and 99.99 % of the codes nearer to the centre than the origin.
    Decision
        Off-centre: Supported when the 95 % interval over replicates lies above 0.5; refuted when it
        lies below; inconclusive otherwise. Small and ellipsoidal, each: Supported when the 95 %
        interval over replicates lies below 0.5; refuted when it lies above; inconclusive otherwise.
        Border: Supported when the 95 % interval over replicates lies between 0 and 3.72; refuted
        when it lies outside; inconclusive otherwise.
    """
    references = [codes_for_moments(replicate) for replicate in model.replicates]
    evidence = region_evidence(model.clouds, references)

    add_figure(
        origin_figure(model.clouds, references), "Mahalanobis distances of codes and of the origin."
    )

    decide(evidence, RULES)


@pytest.mark.claim("X-03")
def test_control_a_small_ellipsoid_beside_the_origin_is_found(decide, add_figure, rng):
    """Codes in a flat ellipsoid, shifted along its longest axes, lie as the sentence describes."""
    variances = np.array([100.0] * 12 + [0.5] * 52)
    mean = np.where(variances > 1, 9.4 / 12**0.5 * 10, 0.0)
    clouds = [gaussian(500, mean, np.diag(variances), rng) for _ in range(5)]
    references = [gaussian(5000, mean, np.diag(variances), rng) for _ in range(5)]
    evidence = region_evidence(clouds, references)

    add_figure(origin_figure(clouds, references), "The origin at the border of a flat ellipsoid.")

    decide(evidence, RULES)


@pytest.mark.claim("X-03")
@pytest.mark.expect("refuted", because="the codes fill the ball about the origin")
def test_control_standard_normal_codes_fill_a_ball_about_the_origin(decide, add_figure, rng):
    """Codes of N(0, I) are neither off-centre nor small, and the origin is their centre."""
    clouds = [standard_normal(500, 64, rng) for _ in range(5)]
    references = [standard_normal(5000, 64, rng) for _ in range(5)]
    evidence = region_evidence(clouds, references)

    add_figure(origin_figure(clouds, references), "The origin at the centre of normal codes.")

    decide(evidence, RULES)


def codes_for_moments(replicate):
    """Return the codes whose moments give the distances: other codes than the compared ones."""
    stored = replicate.specification.store.train_codes != 0
    return replicate.train if stored else replicate.held_out


def region_evidence(clouds, references):
    """Estimate the four properties of the region that the sentence names."""
    joined = [
        LatentCloud(cloud.z_mean, full_mean=reference.mean, full_covariance=reference.covariance)
        for cloud, reference in zip(clouds, references, strict=True)
    ]
    return [
        estimate(offset, joined, unit="distance of the centre over that of codes from it"),
        estimate(relative_size, joined, unit="width of the ellipsoid over that of a ball"),
        estimate(with_images(direction_kurtosis), joined, unit="excess kurtosis of directions"),
        estimate(standing_of_origin, joined, unit="standard deviations beyond the mean distance"),
    ]


def origin_figure(clouds, references):
    """Show the distances of codes and that of the origin."""
    pairs = list(zip(clouds, references, strict=True))
    return distance_histogram(
        [distances(cloud.z_mean, reference) for cloud, reference in pairs],
        {
            "the origin": [
                distances(np.zeros((1, cloud.d)), reference) for cloud, reference in pairs
            ]
        },
    )


@scenario(test_the_region_is_small_and_off_centre, null=1.86, part=3)
def flat_ellipsoids_at_a_distance(effect, rng):
    """Simulate flat normal clouds, shifted along their long axes: the origin is `effect` out."""
    typical = np.sqrt(2) * special.poch(32, 0.5)  # mean length of 64 components of N(0, 1)
    scatter = np.sqrt(64 - typical**2)
    widths = np.array([10.0] * 12 + [0.7] * 52)
    replicates = []
    for place in effect + 0.3 * rng.standard_normal(5):
        centre = np.where(widths > 1, (typical + place * scatter) / 12**0.5 * 10, 0.0)
        train, held_out = (
            stored_cloud(centre + widths * rng.standard_normal((n, 64))) for n in (5800, 3700)
        )
        replicates.append(SimulatedReplicate(held_out, train))
    return {"model": SimulatedModel(replicates)}
