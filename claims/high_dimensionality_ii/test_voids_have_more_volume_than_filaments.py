"""The voids between the codes have far more volume than what lies near the codes."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from aelatent import Below, LatentCloud, estimate
from aelatent.figures import overlaid_histograms
from aelatent.latent.synthetic import standard_normal
from aelatent.simulation import SimulatedModel, scenario
from aelatent.statistics.jackknife import with_images
from aelatent.statistics.nearest import ellipsoid_fillings, nearest_distances, neighbours
from aelatent.statistics.rates import share
from aelatent.statistics.surrogates import gaussian_twins

LITTLE = Below(0.1)
FELLOWS, TWIN = 5, 0.05
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
        one value a replicate. That is the volume near codes over that of the ellipsoid. Where most
        codes have a twin, nearer than a twentieth of the distance to their fifth neighbour, that
        distance says nothing of the voids, and the claim does not apply.
    Null
        None: the margin decides. "Far more" has no number in the source and is read as ten times:
        a filled share below one tenth. A normal cloud of as many codes has voids of that volume,
        too; the figure shows it, and whoever infers filaments from voids is wrong.
    Decision
        Supported when the 95 % interval over replicates lies below 0.1; refuted when it lies above;
        inconclusive otherwise.
    """
    if any(twinned(cloud) for cloud in model.clouds):
        pytest.skip("most codes have a twin at hardly any distance")
    evidence = filled_shares(model.clouds, rng)

    twin = gaussian_twins(model.clouds[0], rng)
    even = [ellipsoid_fillings(cloud, rng).z_mean for cloud in (model.clouds[0], twin)]
    add_figure(
        overlaid_histograms(
            {
                "uniform points, to codes": reach(model.clouds[0], even[0]),
                "uniform points, to normal codes": reach(twin, even[1]),
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
    return estimate(lambda cloud: filled_share(cloud, rng), clouds, unit=FILLED, bounds=(0, 1))


def filled_share(cloud, rng):
    """Return the share of points near codes, with the errors from the points and from the codes."""
    points = ellipsoid_fillings(cloud, rng).z_mean
    found = with_images(lambda some: float(np.mean(reach(some, points) < 1)))(cloud)
    return replace(found, error=share(reach(cloud, points) < 1).error)


def twinned(cloud):
    """Tell whether the nearest neighbour of most codes is a twin."""
    distances = neighbours(cloud.z_mean, FELLOWS)[0]
    return np.median(distances[:, 0]) <= TWIN * np.median(distances[:, -1])


def reach(cloud, points):
    """Return how far points are from the nearest code, in median distances of codes."""
    return cdist(points, cloud.z_mean).min(axis=1) / np.median(nearest_distances(cloud.z_mean))


@scenario(test_voids_have_far_more_volume_than_filaments, null=0.2)
def codes_that_fill_a_share(effect, rng):
    """Simulate codes of one dimension in tens, so close that they fill a share of their range.

    The distance within a ten is the median distance of a code to its nearest neighbour.
    """
    clouds = []
    for filled in np.clip(effect * (1 + 0.05 * rng.standard_normal(5)), 0.001, 1):
        places = np.linspace(-1, 1, 31)
        # Each ten fills its own width of nine distances, and one more on either side.
        gap = filled * (places[1] - places[0]) / 11
        codes = places[:, None] + gap * (np.arange(10) - 4.5)
        clouds.append(LatentCloud(codes.reshape(-1, 1)))
    return {"model": SimulatedModel.of(clouds)}
