"""The codes of an autoencoder fill one region, not several."""

import numpy as np
import pytest

from aelatent import Below, LatentCloud, contrast, estimate
from aelatent.figures import null_histogram
from aelatent.latent.synthetic import blobs, student
from aelatent.simulation import SimulatedModel, scenario
from aelatent.statistics.axes import LEADING, principal_scores
from aelatent.statistics.modes import largest_dip, mode_count
from aelatent.statistics.rates import share
from aelatent.statistics.surrogates import gaussian_twins

ONE = Below(0.01)
RARE = Below(0.5)
UNIT = "excess dip (share of codes)"
HALVINGS = 10


@pytest.mark.claim("A-02", needs="trained autoencoder")
def test_codes_fill_one_region(model, decide, add_figure, rng):
    """The codes of a trained autoencoder fill one region, not several.

    Source
        anracom VI (30 Apr 2023), introduction and recap.
    Statement
        The codes lie in one compact region of the latent space.
    Statistic
        Two numbers, one value a replicate. `largest_dip` of the held-out codes along their ten
        widest principal axes: how far they are from any distribution with one hump, in the
        projection that shows most of it, minus the same of normal codes. And `mode_count` along the
        three widest axes: the share of ten random halvings in which the mixture of normal
        distributions that predicts the other half best has more than one hump. The second was added
        since the dip alone does not detect the digits in two-dimensional codes, which the catalogue
        names as a positive control.
    Null
        Gaussian twins of these components: the same number of normal draws with their mean and
        covariance, searched for humps in the same way. Heavy tails and skewness alone leave the dip
        where it is. The source gives no number; "not several" is read as less than one code in a
        hundred misplaced, and as one hump in most halvings. Two equal normal regions four standard
        deviations apart misplace two to four, and have two humps in most.
    Decision
        Dip: Supported when the 95 % interval over replicates lies below 0.01; refuted when it lies
        above; inconclusive otherwise. Humps: Supported when the 95 % interval over replicates lies
        below 0.5; refuted when it lies above; inconclusive otherwise.
    """
    evidence = hump_evidence(model.clouds, rng)

    add_figure(
        null_histogram(evidence[0].values, evidence[0].null, UNIT),
        "Dip beyond that of normal codes.",
    )

    decide(evidence, [ONE, RARE])


@pytest.mark.claim("A-02")
def test_control_heavy_tails_are_one_region(decide, add_figure, rng):
    """Codes with heavy tails fill one region, however far they are from normal."""
    clouds = [student(500, np.zeros(10), np.eye(10), 5, rng) for _ in range(5)]
    evidence = hump_evidence(clouds, rng, surrogates=9)

    add_figure(
        null_histogram(evidence[0].values, evidence[0].null, UNIT), "Dip of codes with heavy tails."
    )

    decide(evidence, [ONE, RARE])


@pytest.mark.claim("A-02")
@pytest.mark.expect("refuted", because="the codes lie in two regions six standard deviations apart")
def test_control_two_clusters_are_two_regions(decide, add_figure, rng):
    """Codes in two clusters of 64 dimensions fill two regions."""
    evidence = hump_evidence([blobs(500, 64, 6.0, rng) for _ in range(5)], rng, surrogates=9)

    add_figure(
        null_histogram(evidence[0].values, evidence[0].null, UNIT), "Dip of codes in two clusters."
    )

    decide(evidence, [ONE, RARE])


def hump_evidence(clouds, rng, surrogates=19):
    """Estimate the dip against that of normal codes, and how often there are several humps."""
    scores = [LatentCloud(principal_scores(cloud, LEADING)) for cloud in clouds]
    return [
        contrast(
            lambda cloud: largest_dip(cloud.z_mean, rng),
            scores,
            gaussian_twins,
            rng,
            surrogates=surrogates,
            unit=UNIT,
        ),
        estimate(
            lambda cloud: several(cloud.z_mean[:, :3], rng),
            scores,
            unit="share of halvings with several humps",
            bounds=(0, 1),
        ),
    ]


def several(codes, rng):
    """Return how often the mixture that predicts one half of the codes best has several humps."""
    return share([mode_count(codes, rng) > 1 for _ in range(HALVINGS)])


# A simulation takes some four seconds: humps are searched twenty times in each of five trainings.
@scenario(test_codes_fill_one_region, null=1.0, part=1, count=100)
def a_tenth_apart(effect, rng):
    """Simulate codes, a tenth of them so far off that `effect` of the halvings see two humps.

    None do at a distance of 0 and all at 9 standard deviations; half of them at 4.65, as measured
    on clouds like these. By the dip alone they are one region there.
    """
    distance = np.interp(effect, [0, 0.5, 1], [0, 4.65, 9])
    return {"model": SimulatedModel.of([region_and_tenth(distance, rng) for _ in range(5)])}


def region_and_tenth(distance, rng):
    """Draw 1,000 codes in ten dimensions, a tenth of them shifted along the widest axis."""
    codes = rng.standard_normal((1000, 10))
    codes[:100, 0] += distance
    return LatentCloud(codes / np.sqrt(np.arange(1, 11)))


@scenario(test_codes_fill_one_region, null=0.02, count=100)
def two_halves(effect, rng):
    """Simulate codes in a plane, in two equal regions so far apart that the dip is `effect`.

    The dip of 1,000 such codes exceeds that of normal ones by 0.01 at 2.99 standard deviations and
    by 0.02 at 3.34, as measured; few halvings see two humps at the first.
    """
    distances = np.interp(effect, [0, 0.01, 0.02], [0, 2.99, 3.34]) + rng.normal(0, 0.05, 5)
    return {"model": SimulatedModel.of([blobs(1000, 2, abs(d), rng) for d in distances])}
