"""Normal components of codes arise whatever the images, with batch normalisation or without."""

import numpy as np
import pytest

from aelatent import Below, Between, LatentCloud, estimate
from aelatent.figures import ladder_bars
from aelatent.figures.components import moment_scatter
from aelatent.inference.estimates import Estimate
from aelatent.latent.synthetic import standard_normal
from aelatent.simulation import SimulatedModel, scenario
from aelatent.statistics.normality import irregular_components
from aelatent.statistics.rates import share

NORMAL = Below(0.05)
SAME = Between(-0.05, 0.05)
RULES = [NORMAL, SAME, SAME, SAME]
SAMPLE = 300
ARMS = {
    "batch normalisation": "faces_ae_256d_bn",
    "digits": "mnist_ae_256d",
    "clothing": "fashion_ae_256d",
}


@pytest.mark.claim(
    "X-11",
    compares="faces_ae_256d faces_ae_256d_bn mnist_ae_256d fashion_ae_256d faces_ae_256d_untrained",
)
def test_normality_arises_whatever_images_and_layers(models, decide, add_figure, rng):
    """Codes become normal unenforced, whatever the images and with batch normalisation or without.

    Source
        anracom's later posts, the series on convolutional autoencoders, I (8 Aug 2024): it asks
        whether data set or batch normalisation matter.
    Statement
        The codes of a trained autoencoder form a multivariate normal distribution although nothing
        enforces it; here read as a general law of trained autoencoders.
    Statistic
        The share of components that are visibly not normal (`irregular_components`, see A-08) among
        300 held-out codes, one value a replicate: of an autoencoder of faces; and how much it
        differs from that with batch normalisation, with digits and with clothing, pairs of one
        seed. The untrained network is shown beside them.
    Null
        The autoencoder of faces without batch normalisation, with the same number of codes. The
        margins are the share that A-08 allows: nothing but the images or the layer may add or
        remove more.
    Decision
        Faces: Supported when the 95 % interval over replicates lies below 0.05; refuted when it
        lies above; inconclusive otherwise. Batch normalisation, digits, clothing, each: Supported
        when the 95 % interval over replicates lies between -0.05 and 0.05; refuted when it lies
        outside; inconclusive otherwise.
    """
    faces = sampled(models("faces_ae_256d"), rng)
    others = {arm: sampled(models(name), rng) for arm, name in ARMS.items()}
    blank = sampled(models("faces_ae_256d_untrained"), rng)
    evidence = universality(faces, others)

    normal = [standard_normal(SAMPLE, cloud.d, rng) for cloud in faces]
    add_figure(
        shares({"faces": faces} | others | {"untrained": blank, "N(0, I)": normal}),
        "Share of components that are visibly not normal; N(0, I): what chance gives.",
    )
    add_figure(
        moment_scatter({"codes": faces[0], "clothing": others["clothing"][0]}),
        "Skewness and excess kurtosis of each component; codes: faces.",
    )

    decide(evidence, RULES)


@pytest.mark.claim("X-11")
def test_control_normal_codes_in_every_arm_are_a_law(decide, add_figure, rng):
    """Normal codes in every arm, of whatever width, are a law."""
    faces, *arms = (
        [LatentCloud(width * rng.standard_normal((SAMPLE, 64))) for _ in range(5)]
        for width in (1, 2, 3, 4)
    )
    evidence = universality(faces, dict(zip(ARMS, arms, strict=True)))

    add_figure(moment_scatter({"codes": faces[0], "another arm": arms[0][0]}), "Normal components.")

    decide(evidence, RULES)


@pytest.mark.claim("X-11")
@pytest.mark.expect("refuted", because="one arm has skewed components")
def test_control_one_skewed_arm_breaks_the_law(decide, add_figure, rng):
    """One arm with skewed components is enough to break the law."""
    faces, *arms = (
        [LatentCloud(rng.standard_normal((SAMPLE, 64))) for _ in range(5)] for _ in range(4)
    )
    arms[1] = [LatentCloud(rng.gamma(4, size=(SAMPLE, 64))) for _ in range(5)]
    evidence = universality(faces, dict(zip(ARMS, arms, strict=True)))

    add_figure(
        moment_scatter({"codes": faces[0], "skewed arm": arms[1][0]}),
        "Normal and skewed components.",
    )

    decide(evidence, RULES)


def universality(faces, others):
    """Estimate the share of irregular components in one arm, and how far the others differ."""
    return [
        estimate(irregular, faces, unit="share of irregular components, faces", bounds=(0, 1)),
        *(
            estimate(
                difference,
                zip(clouds, faces, strict=False),
                unit=f"share of irregular components, {arm} minus faces",
            )
            for arm, clouds in others.items()
        ),
    ]


def sampled(model, rng):
    """Keep 300 held-out codes of each replicate."""
    return [LatentCloud(c.z_mean[rng.permutation(c.n)[:SAMPLE]]) for c in model.clouds]


def irregular(cloud):
    """Return the share of components that are visibly not normal."""
    return share(irregular_components(cloud.z_mean))


def difference(pair):
    """Return the difference of the shares of two clouds."""
    first, second = (irregular(cloud) for cloud in pair)
    return Estimate(first.value - second.value, float(np.hypot(first.error, second.error)))


def shares(arms):
    """Show the share of irregular components of each arm, a dot a replicate."""
    label = "share of components that are visibly not normal"
    rates = [estimate(irregular, clouds, bounds=(0, 1)) for clouds in arms.values()]
    return ladder_bars(list(arms), rates, labels=(label, ""))


@scenario(test_normality_arises_whatever_images_and_layers, null=0.095)
def irregular_components_in_every_arm(effect, rng):
    """Simulate the same share of irregular components in all arms.

    The numbers of trainings are those of the stored models; between them the share scatters by
    0.005 for faces and by 0.01 for the others. No arm can have fewer than faces where faces have
    few.
    """

    def load(name):
        count, spread = (5, 0.005) if name.startswith("faces_ae_256d") else (3, 0.01)
        wanted = np.clip(effect + spread * rng.standard_normal(count), 0, 1)
        return SimulatedModel.of([partly_exponential(share, rng) for share in wanted])

    return {"models": load}


def partly_exponential(wanted, rng, d=256):
    """Draw codes of which a given share of components is found irregular, on average.

    The affected share are exponential, which are always found; normal ones are found among 300
    codes as often as was measured on 250 clouds of each share.
    """
    irregular = [0.0014, 0.0343, 0.0554, 0.1082, 0.1604, 0.2131]
    exponential = np.interp(wanted, irregular, [0, 0.03, 0.05, 0.1, 0.15, 0.2])
    count = int(d * exponential + rng.uniform())
    codes = rng.standard_normal((SAMPLE, d))
    codes[:, :count] = rng.exponential(size=(SAMPLE, count))
    return LatentCloud(codes)
