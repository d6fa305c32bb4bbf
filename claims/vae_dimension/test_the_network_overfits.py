"""The asker's network overfits, and a validation picture comes out incoherent."""

import numpy as np
import pytest

from aelatent import Above, Estimate, LatentCloud, estimate
from aelatent.figures import overlaid_histograms
from aelatent.simulation import SimulatedModel, SimulatedReplicate, scenario

WORSE = Above(0.05)
INCOHERENT = Above(1.2)


@pytest.mark.claim("C-11", needs="trained vae decoder wide train_codes")
def test_the_network_overfits(model, decide, add_figure):
    """A VAE with so wide a latent space overfits: it does worse on images that it was not shown.

    Source
        Cross Validated, the answer: the asker misread the architecture and simply overfits.
    Statement
        The model's evidence bound on held-out images falls short of that on training images.
    Statistic
        The gap of the negative evidence bound between held-out and training images over its value
        on training images, in nats: the divergence plus half the squared error over the training
        images' own, times the number of pixels (a Gaussian likelihood of that variance), one value
        a replicate.
    Null
        None: no overfitting has no gap. "Simply overfits" is read as at least a twentieth.
    Decision
        Supported when the 95 % interval over replicates lies above 0.05; refuted when it lies
        below; inconclusive otherwise.
    """
    evidence = estimate(bound_gap, model.replicates, unit="relative gap of the evidence bound")

    add_figure(
        errors(model), "Squared error of each image in the training and the held-out sample."
    )

    decide(evidence, WORSE)


@pytest.mark.claim("C-11", compares="mnist_ae_2d_1k")
def test_control_an_autoencoder_of_a_thousand_images_overfits(models, decide, add_figure):
    """The autoencoder that saw 1,000 digits for 200 epochs does worse on others."""
    few = models("mnist_ae_2d_1k")
    add_figure(errors(few), "Squared errors of an autoencoder that saw 1,000 images.")

    decide(estimate(lambda r: ratio(r).value - 1, few.replicates), WORSE)


@pytest.mark.claim("C-15", needs="trained vae decoder wide train_codes")
def test_a_validation_picture_comes_out_incoherent(model, decide, add_figure):
    """A picture that the network was not trained on lands between islands and comes out incoherent.

    Source
        Cross Validated, the answer. The question never reported incoherent validation pictures.
    Statement
        Held-out images are reconstructed much worse than training images.
    Statistic
        Mean squared error of held-out reconstructions over that of training ones, each over all
        images of the split, one value a replicate; the error from having no others is shared.
    Null
        1 if there is no difference; the catalogue's margin is 1.2.
    Decision
        Supported when the 95 % interval over replicates lies above 1.2; refuted when it lies below;
        inconclusive otherwise.
    """
    evidence = estimate(
        ratio, model.replicates, unit="held-out error over training error", bounds=(0, np.inf)
    )

    add_figure(
        errors(model), "Squared error of each image in the training and the held-out sample."
    )

    decide(evidence, INCOHERENT)


@pytest.mark.claim("C-15", compares="mnist_ae_2d_1k")
def test_control_pictures_new_to_a_small_training_set_come_out_worse(models, decide, add_figure):
    """The autoencoder that saw 1,000 digits reconstructs others much worse."""
    few = models("mnist_ae_2d_1k")
    add_figure(errors(few), "Squared errors of an autoencoder that saw 1,000 images.")

    decide(estimate(ratio, few.replicates, bounds=(0, np.inf)), INCOHERENT)


def ratio(replicate):
    """Return the held-out error over the training error, over all images."""
    held_out, train = replicate.mean_error("held_out"), replicate.mean_error("train")
    value = held_out.value / train.value
    return Estimate(
        value,
        shared=value * np.hypot(held_out.shared / held_out.value, train.shared / train.value),
    )


def bound_gap(replicate):
    """Return the relative gap of the evidence bound, with a Gaussian likelihood.

    The likelihood's variance is the training error, so that its part of the bound is half a nat for
    each pixel on training images, and as much more on others as their error is larger.
    """
    pixels = float(np.prod(replicate.arrays["image_shape"]))
    times = ratio(replicate)
    held_out, train = (
        replicate.posteriors(split)["kl_per_dimension"].sum() + pixels / 2 * factor
        for split, factor in (("held_out", times.value), ("train", 1.0))
    )
    return Estimate(held_out / train - 1, shared=pixels / 2 * times.shared / train)


def errors(model):
    """Show the errors of both splits, all replicates together."""
    pooled = {
        name: np.concatenate([r.errors(split) for r in model.replicates])
        for name, split in (("training images", "train"), ("held-out images", "held_out"))
    }
    return overlaid_histograms(pooled, "squared error per pixel of an image")


@scenario(test_the_network_overfits, null=0.0)
def bounds_apart(effect, rng):
    """Simulate errors on held-out images that lower the evidence bound by `effect`."""
    return {"model": overfitted(effect * (1 + 2 * NATS / PIXELS), rng)}


@scenario(test_a_validation_picture_comes_out_incoherent, null=1.0)
def errors_apart(effect, rng):
    """Simulate errors on held-out images that are `effect` times those on training images."""
    return {"model": overfitted(effect - 1, rng)}


NATS = 50.0  # divergence of an image
PIXELS = 28 * 28


def overfitted(excess, rng, n=5000):
    """Return trainings whose held-out errors exceed training errors by a share.

    All trainings have the same images, some harder than others in all of them alike, as measured.
    """
    difficulty = {split: rng.gamma(5, 1 / 5, n) for split in ("train", "held_out")}
    codes = LatentCloud(np.zeros((2, 1)))
    nats = {"kl_per_dimension": np.full(64, NATS / 64)}
    replicates = []
    for times in 1 + excess + 0.003 * rng.standard_normal(5):
        losses = {
            split: 0.007 * values * (1 + 0.12 * rng.standard_normal(n))
            for split, values in difficulty.items()
        }
        losses["held_out"] *= times
        replicates.append(
            SimulatedReplicate(
                codes,
                codes,
                losses=losses,
                measured=dict.fromkeys(losses, nats),
                arrays={"image_shape": np.array([28, 28, 1])},
            )
        )
    return SimulatedModel(replicates)
