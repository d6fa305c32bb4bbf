"""The voids between the codes have far more volume than what lies near the codes."""

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from aelatent import Below, LatentCloud, estimate
from aelatent.figures import overlaid_histograms
from aelatent.latent.synthetic import standard_normal
from aelatent.simulation import SimulatedModel, scenario
from aelatent.statistics.jackknife import with_images
from aelatent.statistics.nearest import ellipsoid_fillings, nearest_distances
from aelatent.statistics.surrogates import gaussian_twins

LITTLE = Below(0.1)
FILLED = "share of the ellipsoid's volume that lies near codes"


@pytest.mark.claim("B-29", needs="trained autoencoder wide covariance", amended="2026-11-28")
def test_voids_have_far_more_volume_than_filaments(model, decide, add_figure, rng):
    """Of the volume of the region hardly any lies near codes.

    Source
        anracom II (11 Nov 2022), conclusion: the voids have far more volume than the filaments.
    Statement
        Within the ellipsoid of their mean and covariance the codes leave nearly all of the volume
        empty.
    Statistic
        The share of points drawn uniformly from that ellipsoid, as many as there are held-out
        codes, that lie nearer to a code than a code does to its nearest neighbour in the median,
        one value a replicate. That is the volume near codes over that of the ellipsoid.
    Null
        None: the margin decides. "Far more" has no number in the source and is read as ten times:
        a filled share below one tenth. A normal cloud of as many codes has voids of that volume,
        too; the figure shows it, and whoever infers filaments from voids is wrong.
    Decision
        Supported when the 95 % interval over replicates lies below 0.1; refuted when it lies above;
        inconclusive otherwise.
    """
    evidence = filled_shares(model.clouds, rng)

    add_figure(
        overlaid_histograms(
            {
                "uniform points, to codes": reach(model.clouds[0], rng),
                "uniform points, to normal codes": reach(gaussian_twins(model.clouds[0], rng), rng),
            },
            "distance to the nearest code, over that between codes",
            bound=1.0,
        ),
        "How far points of the ellipsoid are from codes, and from those of a Gaussian twin.",
    )

    decide(evidence, LITTLE)


@pytest.mark.claim("B-29")
@pytest.mark.expect("refuted", because="in a plane many codes leave no voids of that size")
def test_control_codes_of_a_plane_fill_it(decide, rng):
    """Of an ellipse in the plane most lies near some of a thousand codes."""
    clouds = [standard_normal(1000, 2, rng) for _ in range(5)]

    decide(filled_shares(clouds, rng), LITTLE)


def filled_shares(clouds, rng):
    """Estimate which share of the volume lies near codes."""
    return estimate(
        with_images(lambda cloud: float(np.mean(reach(cloud, rng) < 1))), clouds, unit=FILLED
    )


def reach(cloud, rng):
    """Return how far uniform points are from the nearest code, in median distances of codes."""
    points = ellipsoid_fillings(cloud, rng).z_mean
    return cdist(points, cloud.z_mean).min(axis=1) / np.median(nearest_distances(cloud.z_mean))


@scenario(test_voids_have_far_more_volume_than_filaments, null=0.2)
def codes_that_fill_a_share(effect, rng):
    """Simulate codes of one dimension in pairs, so close that they fill a share of their range.

    A pair's distance is the median distance of a code to its nearest neighbour.
    """
    clouds = []
    for share in np.clip(effect * (1 + 0.05 * rng.standard_normal(5)), 0.001, 1):
        places = np.linspace(-1, 1, 151)
        # Each pair fills its own width and its distance on either side.
        gap = share * (places[1] - places[0]) / 3
        codes = np.concatenate([places - gap / 2, places + gap / 2])
        clouds.append(LatentCloud(codes[:, None]))
    return {"model": SimulatedModel.of(clouds)}
