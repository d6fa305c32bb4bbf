"""In a wide latent space both losses look low."""

import numpy as np
import pytest
from scipy.special import ndtri

from aelatent import Above, Below, LatentCloud, estimate, shared_error
from aelatent.figures import overlaid_histograms
from aelatent.inference.estimates import Estimate
from aelatent.simulation import SimulatedJudge, SimulatedModel, SimulatedReplicate, scenario
from aelatent.statistics.posterior import divergences
from aelatent.statistics.rates import share

FAITHFUL = Above(0.9)
LOW = Below(1.0)
TELLING_APART = np.log(60_000)  # nats needed to tell 60,000 images apart: 11.0


@pytest.mark.claim("C-02", needs="trained vae mnist decoder wide")
def test_both_losses_are_low(model, image_judge, decide, add_figure):
    """With a wide latent space, reconstructions are very good and the divergence is low as well.

    Source
        001, first bullet: with 65,536 dimensions reconstruction was very good and both losses low.
    Statement
        The VAE reconstructs very well while the divergence of its posteriors from N(0, I) is low.
    Statistic
        The share of held-out reconstructions that the judge accepts over that of the originals; and
        the divergence of an image's posterior, summed over the dimensions, over ln 60,000 = 11.0
        nats, one value a replicate.
    Null
        It takes ln n nats to tell n images apart: a lower divergence would be low indeed, a higher
        one is not, however small its mean over the dimensions looks. "Very good" is read as nine
        tenths.
    Decision
        Reconstruction: Supported when the 95 % interval over replicates lies above 0.9; refuted
        when it lies below; inconclusive otherwise. Divergence: Supported when the 95 % interval
        over replicates lies below 1; refuted when it lies above; inconclusive otherwise.
    """
    judge = image_judge(model)
    evidence = [
        estimate(
            lambda r: acceptance_ratio(r, judge),
            model.replicates,
            unit="acceptance over originals'",
        ),
        estimate(rate, model.replicates, unit="divergence over ln 60,000"),
    ]

    nats = {r.name: r.posteriors("train")["kl_per_image"] for r in model.replicates}
    add_figure(
        overlaid_histograms(nats, "divergence of an image, nats", bound=TELLING_APART),
        "Divergence of each image's posterior from N(0, I), and the 11 nats that distinguish "
        "60,000 images.",
    )
    add_figure(
        overlaid_histograms(
            {r.name: r.posteriors("train")["kl_per_dimension"] for r in model.replicates},
            "mean divergence of a dimension, nats",
            log=True,
        ),
        "The same by dimension: the mean over dimensions is small whatever the sum is.",
    )

    decide(evidence, [FAITHFUL, LOW])


@pytest.mark.claim("C-02")
def test_control_posteriors_that_say_little_have_a_low_divergence(decide, rng):
    """Posteriors that carry five nats an image are below the 11 needed to tell 60,000 apart."""
    clouds = [posteriors_of_five_nats(rng) for _ in range(5)]
    evidence = estimate(
        lambda c: divergences(c.z_mean, c.z_log_var).sum(axis=1).mean() / TELLING_APART, clouds
    )

    decide(evidence, LOW)


def acceptance_ratio(replicate, judge):
    """Return the acceptance of reconstructions over that of originals, the same ones for all."""
    accepted = {kind: share(values >= judge.threshold) for kind, values in replicate.scores.items()}
    ratio = accepted["reconstructions"].value / accepted["originals"].value
    return shared_error(
        Estimate(ratio, accepted["reconstructions"].error / accepted["originals"].value)
    )


def rate(replicate):
    """Return the mean divergence of an image over ln 60,000."""
    nats = replicate.posteriors("train")
    error = nats["kl_per_image"].std(ddof=1) / np.sqrt(len(nats["kl_per_image"]))
    return Estimate(nats["kl_per_dimension"].sum() / TELLING_APART, error / TELLING_APART)


def posteriors_of_five_nats(rng, n=200, d=1024):
    """Return posteriors of unit variance whose means are sqrt(10) long: five nats each."""
    directions = rng.standard_normal((n, d))
    lengths = np.sqrt(10) / np.linalg.norm(directions, axis=1, keepdims=True)
    return LatentCloud(directions * lengths, z_log_var=np.zeros((n, d)))


@scenario(test_both_losses_are_low, null=1.5, part=1)
def divergences_of_so_many_nats(effect, rng):
    """Simulate divergences whose mean over all images scatters by 1 % between trainings."""
    return losses(np.ones(5), effect * (1 + 0.01 * rng.standard_normal(5)), rng)


@scenario(test_both_losses_are_low, null=0.8)
def reconstructions_accepted_less_often(effect, rng):
    """Simulate reconstructions that the judge accepts `effect` times as often as the originals.

    All trainings reconstruct the same images, and largely fail at the same ones.
    """
    return losses(effect + 0.01 * rng.standard_normal(5), np.full(5, 0.1), rng)


def losses(ratios, divergences, rng, accepted=0.967):
    """Simulate trainings by their reconstructions and divergences, of the same 200 images."""
    difficulty = rng.standard_normal(200)
    spread = np.abs(1 + 0.18 * rng.standard_normal(500))
    codes = LatentCloud(np.zeros((200, 1)))
    replicates = []
    for ratio, divergence in zip(ratios, divergences, strict=True):
        nats = divergence * TELLING_APART
        posterior = {"kl_per_dimension": np.full(64, nats / 64), "kl_per_image": nats * spread}
        own = 0.95 * difficulty + 0.31 * rng.standard_normal(200)
        scores = {
            "originals": np.less(difficulty, ndtri(accepted)).astype(float),
            "reconstructions": np.less(own, ndtri(min(accepted * ratio, 0.999))).astype(float),
        }
        replicates.append(
            SimulatedReplicate(codes, codes, scores=scores, measured={"train": posterior})
        )
    return {"model": SimulatedModel(replicates), "image_judge": lambda _: SimulatedJudge(rng)}
