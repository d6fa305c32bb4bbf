"""Gaussian components are a property of facial features, which training finds."""

import numpy as np
import pytest

from aelatent import Above, LatentCloud, estimate
from aelatent.figures.components import moment_scatter
from aelatent.inference.estimates import Estimate
from aelatent.simulation import SimulatedModel, scenario
from aelatent.statistics.normality import irregular_components
from aelatent.statistics.rates import share

LESS_TRAINED = Above(0.05)
LESS_FACES = Above(0.05)
SAMPLE = 300
UNIT = "share of irregular components, {} minus trained on faces"


@pytest.mark.claim("B-23", compares="faces_ae_256d faces_ae_256d_untrained mnist_ae_256d")
def test_only_trained_face_codes_are_gaussian(models, decide, add_figure, rng):
    """Codes are Gaussian if the images are faces and the network is trained, and else less so.

    Source
        anracom II (11 Nov 2022), conclusion: the Gaussian components are unexplained; perhaps
        facial features are distributed so.
    Statement
        The components of the codes are close to Gaussian because features of faces are: without
        training, or with other images, they are less so.
    Statistic
        The share of components that are visibly not normal (`irregular_components`, see A-08) among
        300 held-out codes of each replicate, minus that of the faces' trained autoencoder of the
        same seed: for the untrained network on the same faces, and for the one trained on digits.
    Null
        The trained autoencoder of faces itself, with the same number of codes, so that the test
        finds as much by chance and by power in all three. The margin is the share that A-08 allows.
    Decision
        Untrained: Supported when the 95 % interval over replicates lies above 0.05; refuted when it
        lies below; inconclusive otherwise. Digits: Supported when the 95 % interval over replicates
        lies above 0.05; refuted when it lies below; inconclusive otherwise.
    """
    faces, blank, digits = (
        sampled(models(name), rng)
        for name in ("faces_ae_256d", "faces_ae_256d_untrained", "mnist_ae_256d")
    )
    evidence = [
        estimate(surplus, paired(blank, faces), unit=UNIT.format("untrained")),
        estimate(surplus, paired(digits, faces), unit=UNIT.format("trained on digits")),
    ]

    add_figure(
        moment_scatter(
            {"codes": faces[0], "untrained, faces": blank[0], "trained, digits": digits[0]}
        ),
        "Skewness and excess kurtosis of each component of three networks.",
    )

    decide(evidence, [LESS_TRAINED, LESS_FACES])


@pytest.mark.claim("B-23")
def test_control_normal_codes_are_more_gaussian_than_others(decide, add_figure, rng):
    """Normal components pass for normal more often than a gamma distribution's and Student's."""
    normal = [LatentCloud(rng.standard_normal((SAMPLE, 64))) for _ in range(5)]
    skewed = [LatentCloud(rng.gamma(4, size=(SAMPLE, 64))) for _ in range(5)]
    heavy = [LatentCloud(rng.standard_t(3, size=(SAMPLE, 64))) for _ in range(5)]
    evidence = [
        estimate(surplus, zip(skewed, normal, strict=True), unit="gamma minus normal"),
        estimate(surplus, zip(heavy, normal, strict=True), unit="Student's t minus normal"),
    ]

    add_figure(
        moment_scatter({"codes": normal[0], "gamma": skewed[0]}), "Normal and gamma components."
    )

    decide(evidence, [LESS_TRAINED, LESS_FACES])


@pytest.mark.claim("B-23")
@pytest.mark.expect("refuted", because="all three have the same distribution")
def test_control_codes_of_one_law_are_equally_gaussian(decide, add_figure, rng):
    """Codes of one distribution are as Gaussian as one another."""
    first, second, third = (
        [LatentCloud(rng.standard_normal((SAMPLE, 64))) for _ in range(5)] for _ in range(3)
    )
    evidence = [
        estimate(surplus, zip(second, first, strict=True), unit="second minus first"),
        estimate(surplus, zip(third, first, strict=True), unit="third minus first"),
    ]

    add_figure(
        moment_scatter({"codes": first[0], "second": second[0]}), "Components of one distribution."
    )

    decide(evidence, [LESS_TRAINED, LESS_FACES])


def sampled(model, rng):
    """Keep 300 held-out codes of each replicate."""
    return [LatentCloud(c.z_mean[rng.permutation(c.n)[:SAMPLE]]) for c in model.clouds]


def paired(clouds, faces):
    """Pair replicates by seed; where one model has more of them, the surplus is left out."""
    return zip(clouds, faces, strict=False)


def surplus(pair):
    """Return by how much the share of irregular components of one cloud exceeds another's."""
    first, second = (share(irregular_components(cloud.z_mean)) for cloud in pair)
    return Estimate(first.value - second.value, float(np.hypot(first.error, second.error)))


@scenario(test_only_trained_face_codes_are_gaussian, null=0.0)
def an_untrained_network_of_more_irregular_components(effect, rng):
    """Simulate five trainings of three networks; codes of digits are far from regular."""
    return {"models": networks({"untrained": (effect, 5), "mnist": (0.5, 5)}, rng)}


@scenario(test_only_trained_face_codes_are_gaussian, null=0.0, part=1)
def digits_of_more_irregular_components(effect, rng):
    """Simulate untrained networks far from regular, and three trainings on digits, as stored."""
    return {"models": networks({"untrained": (0.5, 5), "mnist": (effect, 3)}, rng)}


def networks(others, rng, usual=0.035):
    """Return models by name: that of faces has the usual share of irregular components.

    The others have more of them, by an excess. Between trainings the share scatters by 0.005 for
    faces and by 0.025 for the others, as in the stored models.
    """

    def load(name):
        excess, count, spread = next(
            ((*other, 0.025) for key, other in others.items() if key in name), (0, 5, 0.005)
        )
        wanted = usual + excess + spread * rng.standard_normal(count)
        return SimulatedModel.of([partly_exponential(share, rng) for share in wanted])

    return load


def partly_exponential(found, rng, d=256):
    """Draw codes of which a given share of components is found irregular.

    The affected share are exponential; the rest are normal, and a few of these are found by chance,
    too. How many are found in all was measured on 250 clouds of each share.
    """
    exponential = [0, 0.03, 0.05, 0.1, 0.15, 0.2, 0.6]
    irregular = [0.0014, 0.0343, 0.0554, 0.1082, 0.1604, 0.2131, 0.6137]
    count = round(d * np.interp(found, irregular, exponential))
    codes = rng.standard_normal((SAMPLE, d))
    codes[:, :count] = rng.exponential(size=(SAMPLE, count))
    return LatentCloud(codes)
