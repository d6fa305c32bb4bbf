"""Codes do not fill the latent space evenly; do they clump more than normal draws?"""

from functools import partial

import numpy as np
import pytest

from aelatent import Above, Below, LatentCloud, contrast
from aelatent.figures import null_histogram
from aelatent.latent import synthetic
from aelatent.simulation import SimulatedModel, scatter_about_one, scenario, stored_cloud
from aelatent.statistics.jackknife import contributions_of_codes
from aelatent.statistics.nearest import (
    box_fillings,
    ellipsoid_fillings,
    nearest_distance,
    nearest_variation,
)
from aelatent.statistics.surrogates import gaussian_twins

MOST = 500  # codes of a replicate: nearest distances are compared with equally many draws
UNEVEN = Above(1.1)
CLOSER = Below(0.9)
VARIATION = "variation of the distance to the nearest code over that in surrogates"
DISTANCE = "distance to the nearest code over that in surrogates"
FILLINGS = {"box": box_fillings, "ellipsoid": ellipsoid_fillings}


@pytest.mark.claim("B-01", needs="trained autoencoder covariance")
@pytest.mark.parametrize("filling", ["box", "ellipsoid"])
def test_codes_do_not_fill_their_region_uniformly(model, filling, decide, add_figure, rng):
    """Codes do not fill the latent space densely and uniformly.

    Source
        anracom II (11 Nov 2022), introduction.
    Statement
        The codes of an autoencoder are dense in some places and rare in others, so that the
        distance from one to the next varies more than among the same number of points that fill the
        space.
    Statistic
        `nearest_variation` of up to 500 held-out codes over its mean in 39 clouds of the same size,
        one value a replicate. The replicates share the error of the images that they show, by
        jackknife. It replaced the mean of that distance after a first run: a normal
        distribution in two dimensions has a larger mean than the uniform distribution of its
        covariance, although it is less even. By the mean, mnist_ae_2d (1.23), mnist_ae_2d_1k (1.28)
        and faces_ae_256d (0.91, at a margin of 0.9) had been refuted within the ellipsoid.
    Null
        Uniform draws from the smallest box along the axes that holds the codes ("box"), or from
        the ellipsoid with the codes' mean and covariance ("ellipsoid"). In 256 dimensions a box is
        nearly all corners and any cloud with correlations differs from it: the box is the literal
        reading, and the weakest. The ellipsoid is weak, too: normal draws with the codes' moments
        have a ratio of 1.2 in it for faces_ae_256d and of 1.9 for mnist_ae_2d, as its codes have.
        Support shows that the codes are not uniform; it does not show gaps between them.
    Decision
        "Not uniformly" is read as a variation larger by a tenth or more. Supported when the 95 %
        interval over replicates lies above 1.1; refuted when it lies below; inconclusive otherwise.
    """
    evidence = contrast(
        nearest_variation,
        thinned(model, rng),
        FILLINGS[filling],
        rng,
        scale="ratio",
        unit=VARIATION,
        images=partial(contributions_of_codes, nearest_variation),
    )

    add_figure(
        null_histogram(evidence.values, evidence.null, VARIATION),
        f"Variation of the distance to the nearest code: codes, and uniform draws from their "
        f"{filling}.",
    )

    decide(evidence, UNEVEN)


@pytest.mark.claim("B-01", needs="trained autoencoder covariance")
def test_codes_are_clumped_more_than_a_normal_law(model, decide, add_figure, rng):
    """Codes lie closer together than normal draws with their mean and covariance.

    Source
        anracom II (11 Nov 2022), introduction; here in the one reading that claims more than that
        the codes have a covariance.
    Statement
        Even within the ellipsoid that mean and covariance describe the codes are not spread out as
        a normal distribution would spread them: there are gaps, and clumps between them.
    Statistic
        `nearest_distance` of up to 500 held-out codes over its mean in 39 clouds of the same size,
        one value a replicate. The replicates share the error of the images that they show,
        by jackknife.
    Null
        `gaussian_twins`: draws from the normal distribution with the codes' mean and covariance.
    Decision
        The margin is a tenth, as for uniform draws. Supported when the 95 % interval over
        replicates lies below 0.9; refuted when it lies above; inconclusive otherwise.
    """
    evidence = contrast(
        nearest_distance,
        thinned(model, rng),
        gaussian_twins,
        rng,
        scale="ratio",
        unit=DISTANCE,
        images=partial(contributions_of_codes, nearest_distance),
    )

    add_figure(
        null_histogram(evidence.values, evidence.null, DISTANCE),
        "Distance to the nearest code, of codes and of normal draws with their moments.",
    )

    decide(evidence, CLOSER)


@pytest.mark.claim("B-01")
@pytest.mark.expect("refuted", because="these codes were drawn from the null itself")
@pytest.mark.parametrize("law", [*FILLINGS, "normal"])
def test_control_codes_of_the_null_fill_their_region(law, decide, add_figure, rng):
    """Codes drawn uniformly from a box or an ellipsoid, or from a normal distribution, fill it."""
    null, statistic, rule = reading(law)
    seeds = [synthetic.standard_normal(300, 16, rng) for _ in range(5)]
    clouds = [null(seed, rng) for seed in seeds]
    evidence = contrast(statistic, clouds, null, rng, surrogates=19, scale="ratio")

    add_figure(null_histogram(evidence.values, evidence.null), f"Codes of the null itself, {law}.")

    decide(evidence, rule)


@pytest.mark.claim("B-01")
@pytest.mark.parametrize("law", [*FILLINGS, "normal"])
def test_control_codes_along_curves_leave_gaps(law, decide, add_figure, rng):
    """Codes along twenty curves are neither even in their region nor as far apart as normal."""
    null, statistic, rule = reading(law)
    clouds = [synthetic.curves(300, 64, 20, noise=0.1, rng=rng) for _ in range(5)]
    evidence = contrast(statistic, clouds, null, rng, surrogates=19, scale="ratio")

    add_figure(null_histogram(evidence.values, evidence.null), f"Codes along curves; null: {law}.")

    decide(evidence, rule)


@pytest.mark.claim("B-01")
def test_control_normal_codes_in_two_dimensions_are_not_even(decide, add_figure, rng):
    """Normal codes in two dimensions are denser in the middle than at the rim of their ellipse."""
    clouds = [synthetic.standard_normal(300, 2, rng) for _ in range(5)]
    evidence = contrast(
        nearest_variation, clouds, ellipsoid_fillings, rng, surrogates=19, scale="ratio"
    )

    add_figure(
        null_histogram(evidence.values, evidence.null, VARIATION), "Normal codes in a plane."
    )

    decide(evidence, UNEVEN)


def reading(law):
    """Return null, statistic and rule of one reading of the claim."""
    if law == "normal":
        return gaussian_twins, nearest_distance, CLOSER
    return FILLINGS[law], nearest_variation, UNEVEN


def thinned(model, rng):
    """Return the codes of the same 500 held-out images, or fewer, with the moments of all."""
    chosen = rng.permutation(min(cloud.n for cloud in model.clouds))[:MOST]
    return [cloud.some(chosen) for cloud in model.clouds]


@scenario(test_codes_do_not_fill_their_region_uniformly, null=1.0)
def rectangles_with_a_dense_side(effect, rng):
    """Simulate codes in the plane whose first component is a power of a uniform one.

    How the variation grows with the power was measured on 3,000 clouds of 500 codes each.
    """
    powers = [1.0, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7, 1.8, 1.9, 2.0, 2.1, 2.3]
    uneven = [
        1.0,
        1.003,
        1.014,
        1.031,
        1.05,
        1.075,
        1.104,
        1.132,
        1.162,
        1.193,
        1.226,
        1.258,
        1.323,
    ]
    clouds = [
        LatentCloud(np.column_stack([shares[:, 0] ** power, shares[:, 1]]))
        for power, shares in squares(np.interp(scatter_about_one(effect, rng), uneven, powers), rng)
    ]
    return {"model": SimulatedModel.of(clouds), "filling": "box"}


@scenario(test_codes_do_not_fill_their_region_uniformly, null=1.0)
def discs_with_a_dense_middle(effect, rng):
    """Simulate codes in the plane whose radii are a power of those that fill a disc.

    How the variation grows with the power was measured on 3,000 clouds of 500 codes each.
    """
    powers = [1.0, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7, 1.8, 1.9, 2.0, 2.1, 2.3]
    uneven = [1.0, 1.01, 1.025, 1.048, 1.076, 1.105, 1.136, 1.168, 1.205, 1.239, 1.272, 1.31, 1.379]
    clouds = []
    for power, shares in squares(np.interp(scatter_about_one(effect, rng), uneven, powers), rng):
        angles = 2 * np.pi * shares[:, 1]
        directions = np.column_stack([np.cos(angles), np.sin(angles)])
        clouds.append(LatentCloud(shares[:, :1] ** (power / 2) * directions))
    return {"model": SimulatedModel.of(clouds), "filling": "ellipsoid"}


@scenario(test_codes_are_clumped_more_than_a_normal_law, null=1.0)
def normal_codes_of_unequal_widths(effect, rng):
    """Simulate normal codes in 64 dimensions, each times a lognormal width of its own.

    How much closer they lie was measured on 1,000 clouds of 500 codes for each spread of the
    widths. All trainings show the same images: of one half of the images the distance to the next
    goes up or down alike in them, with a correlation of 0.99 in faces_ae_256d. Twins lie closer
    than draws of the exact distribution, by less than a hundredth: the covariance of 2,000 codes is
    uneven.
    """
    spreads = [0.0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55]
    closer = [1.0, 0.993, 0.973, 0.948, 0.921, 0.895, 0.871, 0.848, 0.824, 0.801, 0.778, 0.755]
    widths, codes = rng.standard_normal((2000, 1)), rng.standard_normal((2000, 64))
    clouds = []
    for spread in np.interp(scatter_about_one(effect, rng), closer[::-1], spreads[::-1]):
        own = 0.99 * codes + 0.14 * rng.standard_normal(codes.shape)
        clouds.append(stored_cloud(np.exp(spread * widths - spread**2) * own))
    return {"model": SimulatedModel.of(clouds)}


def squares(powers, rng, n=1000, common=0.93):
    """Pair each power with uniform codes of the unit square, most of them the same for all.

    All trainings show the same images: of one half of the images the variation goes up or down
    alike in them, with a correlation of 0.7 in mnist_ae_2d.
    """
    images = rng.random((n, 2))
    for power in powers:
        yield power, np.where(rng.random((n, 1)) < common, images, rng.random((n, 2)))
