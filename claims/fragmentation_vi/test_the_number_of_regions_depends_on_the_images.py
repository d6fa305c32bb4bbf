"""How many regions the codes fill depends on the images."""

import numpy as np
import pytest

from aelatent import Above, Estimate, LatentCloud, estimate
from aelatent.figures.estimates import estimate_dots
from aelatent.latent.synthetic import standard_normal
from aelatent.simulation import SimulatedModel, scenario
from aelatent.statistics.axes import principal_scores
from aelatent.statistics.modes import mode_count

FACES, DIGITS, CLOTHES = "faces_ae_256d", "mnist_ae_256d", "fashion_ae_256d"
CODES, HALVINGS, AXES = 300, 10, 3
MORE = Above(0.5)
REGIONS = "regions of digits minus regions of faces"


@pytest.mark.claim("A-20", compares=f"{FACES} {DIGITS} {CLOTHES}", amended="2026-11-28")
def test_digits_fill_more_regions_than_faces(models, decide, add_figure, rng):
    """The number of regions depends on the images: digits fill more of them than faces.

    Source
        anracom VI (30 Apr 2023), introduction: faces fill one region; how many there are depends
        on the images.
    Statement
        Autoencoders of one architecture and as many latent dimensions put images of ten kinds into
        more regions than images of one kind.
    Statistic
        The mean over ten random halvings of `mode_count` along the three widest principal axes of
        300 held-out codes, as for A-02: of digits minus of faces, one value a pair of trainings, of
        which there are as many as both have. The figure shows clothing as well.
    Null
        0 if the number is the same. Regions are whole, so that half a region is the margin.
    Decision
        Supported when the 95 % interval over replicates lies above 0.5; refuted when it lies below;
        inconclusive otherwise.
    """
    found = {
        name: [regions(cloud, rng) for cloud in models(name).clouds]
        for name in (FACES, DIGITS, CLOTHES)
    }
    evidence = difference(found[DIGITS], found[FACES])

    rows = [
        {name: count.value for name, count in zip(found, row, strict=True)}
        for row in zip(*found.values(), strict=False)
    ]
    add_figure(
        estimate_dots({"trainings": rows}, "regions, mean over ten halvings"),
        "How many regions the codes of faces, digits and clothing fill.",
    )

    decide(evidence, MORE)


@pytest.mark.claim("A-20")
def test_control_ten_clusters_are_more_regions_than_one(decide, rng):
    """Ten well separated clusters are more regions than one normal cloud."""
    many = [regions(clusters(8.0, rng), rng) for _ in range(5)]
    one = [regions(clusters(0.0, rng), rng) for _ in range(5)]

    decide(difference(many, one), MORE)


@pytest.mark.claim("A-20")
@pytest.mark.expect("refuted", because="both are normal clouds")
def test_control_normal_clouds_have_as_many_regions(decide, rng):
    """Two normal clouds have as many regions: one."""
    found = [[regions(clusters(0.0, rng), rng) for _ in range(5)] for _ in range(2)]

    decide(difference(*found), MORE)


def regions(cloud, rng):
    """Return the mean number of humps over ten halvings, with its error.

    A count is a whole number, so that its error is at least that of rounding.
    """
    codes = principal_scores(cloud, AXES)[:CODES]
    counts = [mode_count(codes, rng) for _ in range(HALVINGS)]
    return Estimate(float(np.mean(counts)), float(np.sqrt((np.var(counts) + 1 / 12) / HALVINGS)))


def difference(first, second):
    """Estimate how many more regions there are, pair by pair."""
    return estimate(
        lambda pair: Estimate(
            pair[0].value - pair[1].value, float(np.hypot(pair[0].error, pair[1].error))
        ),
        zip(first, second, strict=False),
        unit=REGIONS,
    )


def clusters(apart, rng):
    """Draw 300 codes of ten normal clusters in three dimensions, whose centres are so far apart."""
    centres = apart * np.array([[i % 2, i // 2 % 2, i // 4] for i in range(10)], float)
    cloud = standard_normal(CODES, 3, rng)
    return LatentCloud(cloud.z_mean + centres[np.arange(CODES) % 10])


@scenario(test_digits_fill_more_regions_than_faces, null=0.0, count=40)
def a_second_region_in_a_share_of_the_trainings(effect, rng):
    """Simulate one region of faces, and of digits two whose share of trainings is the effect.

    The number of trainings with a second region varies as by chance; at an effect of 1 all have it.
    """
    digits = [clusters_of_two(rng.random() < effect, rng) for _ in range(5)]
    faces = [clusters(0.0, rng) for _ in range(5)]
    found = {DIGITS: digits, FACES: faces, CLOTHES: faces}
    return {"models": lambda name: SimulatedModel.of(found[name])}


def clusters_of_two(apart, rng):
    """Draw 300 codes of two clusters eight standard deviations apart, or of one."""
    cloud = standard_normal(CODES, 3, rng)
    places = 8.0 * apart * (np.arange(CODES) % 2)
    return LatentCloud(cloud.z_mean + np.column_stack([places, np.zeros((CODES, 2))]))
