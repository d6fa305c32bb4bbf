"""PCA only turns the codes; but voids seen in its planes are no evidence without a surrogate."""

import math

import numpy as np
import pytest

from aelatent import Equals, LatentCloud, Near, estimate, fact
from aelatent.figures.patterns import pattern_panels
from aelatent.latent.synthetic import standard_normal
from aelatent.simulation import not_simulated
from aelatent.statistics.point_patterns import Pattern, void_share

CENTRED = Equals(0.0, within=1e-9)
AS_CHANCE = Near(1.0, factor=1.25)
BY_CHANCE = math.exp(-math.pi * 0.75**2)
SAMPLE, SPREAD = 165_000, (8.0, 5.0)  # the source's codes, and the spread of its PC1 and PC2
SIDE = 5.0


@pytest.mark.claim("B-25", needs="trained autoencoder wide covariance")
def test_pca_centres_and_turns_the_codes(model, decide):
    """PCA centres the codes and turns them: distances between them stay as they are.

    Source
        anracom II (11 Nov 2022), section on PCA.
    Statement
        PCA subtracts the mean and rotates, so that its planes show the codes themselves.
    Statistic
        Two numbers, the largest over replicates: the mean of a principal component of the codes
        over the largest standard deviation, and the relative change of a distance between codes.
    Null
        None: it is true by construction.
    Decision
        Both numbers. Supported when the number is 0, give or take 1e-09; refuted otherwise.
    """
    turned = [(cloud, components(cloud)) for cloud in model.clouds]
    evidence = [
        fact(max(centring(scores) for _, scores in turned), unit="mean over spread"),
        fact(max(stretching(*pair) for pair in turned), unit="relative change of distances"),
    ]

    decide(evidence, [CENTRED, CENTRED])


@pytest.mark.claim("B-25")
@pytest.mark.expect("refuted", because="the codes are turned, but their mean of 3 stays")
def test_control_turning_alone_does_not_centre(decide, rng):
    """Codes off the origin that are turned without being centred keep their mean."""
    clouds = [LatentCloud(standard_normal(200, 8, rng).z_mean + 3) for _ in range(5)]
    turned = [(cloud, components(cloud) + cloud.z_mean.mean(axis=0)) for cloud in clouds]
    evidence = [
        fact(max(centring(scores) for _, scores in turned), unit="mean over spread"),
        fact(max(stretching(*pair) for pair in turned), unit="relative change of distances"),
    ]

    decide(evidence, [CENTRED, CENTRED])


@pytest.mark.claim("B-25")
def test_small_windows_of_gaussian_samples_show_voids(decide, add_figure, rng):
    """Small windows of a whole, Gaussian cloud show lines round voids: one sees them in any sample.

    Source
        anracom II (11 Nov 2022), section on PCA: since PCA only turns the codes, fragments in its
        planes are taken "safely" for fragments of the codes.
    Statement
        The inference is false without a surrogate: a Gaussian cloud, which has no fragments,
        projected and looked at in the same windows, shows as many voids as chance leaves.
    Statistic
        The share of the source's window of side 5 that is farther than three quarters of the mean
        spacing from any of 165,000 codes, Gaussian, with standard deviations 8 and 5 in the plane,
        over what complete spatial randomness leaves empty (17 %); one value a cloud, five clouds
        stand for replicates. A window of side 5 is a hundred of side 0.5, 164 codes in each.
    Null
        None: an equivalence. A quarter is the smallest difference that a viewer sees.
    Decision
        Supported when the 95 % interval over replicates lies within a factor of 1.25 of 1; refuted
        when it lies outside; inconclusive otherwise.
    """
    samples = [SPREAD * rng.standard_normal((SAMPLE, 2)) for _ in range(5)]
    evidence = estimate(
        voids, samples, unit="share of voids over that of chance", bounds=(0, np.inf)
    )

    add_figure(
        pattern_panels(small_windows(samples[0])), "Three windows of side 0.5 of a Gaussian cloud."
    )

    decide(evidence, AS_CHANCE)


@pytest.mark.claim("B-25")
@pytest.mark.expect("refuted", because="points of a jittered lattice leave next to no voids")
def test_control_evenly_spread_points_show_no_voids(decide, add_figure, rng):
    """Points that are spread evenly show no voids: the windows would have shown them."""
    samples = [lattice(rng) for _ in range(5)]
    evidence = estimate(
        voids, samples, unit="share of voids over that of chance", bounds=(0, np.inf)
    )

    add_figure(pattern_panels(small_windows(samples[0])), "Three windows of points spread evenly.")

    decide(evidence, AS_CHANCE)


def components(cloud):
    """Return the principal components of the sample's codes."""
    own = LatentCloud(cloud.z_mean)
    return (own.z_mean - own.mean) @ own.principal[1]


def centring(scores):
    """Return the largest mean of a component over the largest standard deviation."""
    return float(np.abs(scores.mean(axis=0)).max() / scores.std(axis=0).max())


def stretching(cloud, scores):
    """Return the largest relative change of the distance between one code and the next."""
    before = np.linalg.norm(np.diff(cloud.z_mean, axis=0), axis=1)
    after = np.linalg.norm(np.diff(scores, axis=0), axis=1)
    return float(np.abs(after / before - 1).max())


def voids(sample):
    """Return the share of voids in the central window over what chance leaves."""
    half = np.full(2, SIDE / 2)
    return void_share(Pattern(sample, -half, half)) / BY_CHANCE


def small_windows(sample):
    """Return three windows of a tenth of the side, about the centre and beside it."""
    corners = {f"window {i + 1}": np.array([0.5 * i - 0.75, -0.25]) for i in range(3)}
    return {name: Pattern(sample, low, low + SIDE / 10) for name, low in corners.items()}


def lattice(rng, step=0.04):
    """Points of a square lattice, each moved by a tenth of the step."""
    ticks = np.arange(-SIDE, SIDE, step)
    points = np.stack(np.meshgrid(ticks, ticks), axis=-1).reshape(-1, 2)
    return points + 0.1 * step * rng.standard_normal(points.shape)


not_simulated(
    test_pca_centres_and_turns_the_codes,
    because="it is true by construction of any codes: nothing is estimated but rounding",
)
not_simulated(
    test_small_windows_of_gaussian_samples_show_voids,
    because="it draws Gaussian clouds itself, whose voids have one true share; no other can be "
    "simulated",
)
