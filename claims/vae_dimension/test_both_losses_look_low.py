"""In a wide latent space both losses look low."""

import numpy as np
import pytest

from aelatent import Below, LatentCloud, estimate
from aelatent.figures import overlaid_histograms
from aelatent.inference.estimates import Estimate
from aelatent.simulation import SimulatedModel, SimulatedReplicate, scenario
from aelatent.statistics.posterior import divergences

LOW = Below(0.1)
LOST = "squared error over the variance of the images"
NATS = "divergence of a dimension, nats"


@pytest.mark.claim("C-02", needs="trained vae decoder wide", amended="2026-11-28")
def test_both_losses_are_low(model, decide, add_figure):
    """With a wide latent space the loss of reconstruction and the divergence both look low.

    Source
        Cross Validated, first bullet: with 65,536 dimensions reconstruction was very good and both
        losses seemed to be low.
    Statement
        To whoever looks at the two losses of such a VAE both seem to be low.
    Statistic
        The mean squared error per pixel of held-out images over their variance about the mean
        image; and the divergence of the posteriors from N(0, I) in nats a dimension, one value a
        replicate. The variance of the images is that of their reconstructions plus the squared
        error, as for any regression. Summed over the dimensions a divergence can be large and still
        look low; the source speaks of how it looks.
    Null
        None: margins decide. The source has no number; "low" is read as a tenth, of the variance
        and of a nat.
    Decision
        Reconstruction: Supported when the 95 % interval over replicates lies below 0.1; refuted
        when it lies above; inconclusive otherwise. Divergence: Supported when the 95 % interval
        over replicates lies below 0.1; refuted when it lies above; inconclusive otherwise.
    """
    evidence = [
        estimate(lost, model.replicates, unit=LOST, bounds=(0, 1)),
        estimate(rate, model.replicates, unit=NATS, bounds=(0, np.inf)),
    ]

    add_figure(
        overlaid_histograms(
            {r.name: r.posteriors("train")["kl_per_dimension"] for r in model.replicates},
            "mean divergence of a dimension, nats",
            bound=LOW.bound,
            log=True,
        ),
        "Divergence of the posteriors from N(0, I), dimension by dimension, and the margin.",
    )

    decide(evidence, [LOW, LOW])


@pytest.mark.claim("C-02")
@pytest.mark.parametrize(
    "nats",
    [5, pytest.param(5000, marks=pytest.mark.expect("refuted", because="5 nats a dimension"))],
)
def test_control_few_nats_in_many_dimensions_look_low(nats, decide, rng):
    """Posteriors of 1,024 dimensions that carry five nats in all look low, not with 5,000."""
    clouds = [posteriors_of_nats(nats, rng) for _ in range(5)]
    evidence = estimate(
        lambda c: divergences(c.z_mean, c.z_log_var).mean(), clouds, unit=NATS, bounds=(0, np.inf)
    )

    decide(evidence, LOW)


@pytest.mark.claim("C-02")
@pytest.mark.expect("refuted", because="the decoder returns one image for all codes")
def test_control_a_decoder_that_ignores_its_code_loses_all(decide, rng):
    """A decoder that returns the mean image loses all variance of the images."""
    model = losses(np.full(5, 1.0), np.full(5, 0.05), rng)["model"]

    decide(estimate(lost, model.replicates, unit=LOST, bounds=(0, 1)), LOW)


def lost(replicate):
    """Return the squared error over the variance of the images, the same ones in all replicates."""
    error = replicate.errors("held_out").mean()
    pixels = replicate.decode(replicate.held_out.z_mean) / 255
    flat = pixels.reshape(len(pixels), -1)
    share = error / (flat.var(axis=0).mean() + error)
    return Estimate(share, shared=share * replicate.mean_error("held_out").shared / error)


def rate(replicate):
    """Return the mean divergence of a dimension."""
    nats = replicate.posteriors("train")
    sums = nats["kl_per_image"]
    relative = sums.std(ddof=1) / sums.mean() / np.sqrt(len(sums))
    mean = nats["kl_per_dimension"].mean()
    return Estimate(mean, mean * relative)


def posteriors_of_nats(nats, rng, n=200, d=1024):
    """Return posteriors of unit variance whose means are so long that they carry so many nats."""
    directions = rng.standard_normal((n, d))
    lengths = np.sqrt(2 * nats * rng.uniform(0.9, 1.1, (n, 1)))
    means = directions * lengths / np.linalg.norm(directions, axis=1, keepdims=True)
    return LatentCloud(means, z_log_var=np.zeros((n, d)))


@scenario(test_both_losses_are_low, null=0.15)
def errors_of_a_share_of_the_variance(effect, rng):
    """Simulate errors that are a share of the variance, which scatters by 3 % over trainings."""
    return losses(effect * (1 + 0.03 * rng.standard_normal(5)), np.full(5, 0.01), rng)


@scenario(test_both_losses_are_low, null=0.15, part=1)
def divergences_of_so_many_nats(effect, rng):
    """Simulate divergences whose mean over all images scatters by 1 % between trainings."""
    return losses(np.full(5, 0.02), effect * (1 + 0.01 * rng.standard_normal(5)), rng)


def losses(shares, divergences, rng):
    """Simulate trainings by the share of variance that they lose, and nats a dimension.

    All see the same 200 images of 49 pixels, each of variance 0.04 about the mean image; some are
    harder than others for all trainings.
    """
    codes = LatentCloud(rng.standard_normal((200, 49)))
    difficulty = rng.gamma(4, 1 / 4, 200)
    spread = np.abs(1 + 0.18 * rng.standard_normal(500))
    replicates = []
    for share, nats in zip(shares, divergences, strict=True):
        posterior = {"kl_per_dimension": np.full(64, nats), "kl_per_image": 64 * nats * spread}
        replicates.append(
            SimulatedReplicate(
                codes,
                codes,
                decoder_of_variance(0.04 * (1 - share)),
                losses={"held_out": 0.04 * share * difficulty},
                measured={"train": posterior},
            )
        )
    return {"model": SimulatedModel(replicates)}


def decoder_of_variance(variance):
    """Return a decoder whose pixels are the components of a code, of this variance."""

    def decode(codes):
        pixels = 0.5 + np.sqrt(max(variance, 0)) * codes
        return np.rint(255 * pixels.clip(0, 1)).astype(np.uint8).reshape(-1, 7, 7, 1)

    return decode
