"""What training minimises, as functions of networks and a batch."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import keras
from keras import ops

from aelatent.models import Networks
from aelatent.zoo.specification import Objective

Tensor = Any
Losses = dict[str, Tensor]
WIDEST = 10.0  # log-variance at which noise that no divergence holds is capped
Loss = Callable[[Networks, Tensor, Tensor, keras.random.SeedGenerator], Losses]


def loss(objective: Objective) -> Loss:
    """Return the function (networks, images, labels, noise) -> losses.

    The entry "loss" is minimised. Images are float32 in [0, 1], labels int32, noise the source of
    every random number.
    """
    if objective.name == "autoencoder":
        return autoencoder
    if objective.name == "classifier":
        return classifier
    return partial(
        vae,
        reconstruction_factor=objective.reconstruction_factor,
        kl_weight=objective.kl_weight,
        likelihood=objective.likelihood,
        noisy=objective.noise,
    )


def autoencoder(
    networks: Networks, images: Tensor, labels: Tensor, noise: keras.random.SeedGenerator
) -> Losses:
    """Mean squared error per pixel."""
    del labels, noise
    decoded = networks["decoder"](networks["encoder"](images, training=True), training=True)
    return {"loss": ops.mean(ops.square(decoded - images))}


def vae(
    networks: Networks,
    images: Tensor,
    labels: Tensor,
    noise: keras.random.SeedGenerator,
    *,
    reconstruction_factor: float,
    kl_weight: float,
    likelihood: str,
    noisy: bool,
) -> Losses:
    """Weighted error per pixel plus the weighted divergence from N(0, I) in nats per image."""
    del labels
    z_mean, z_log_var = networks["encoder"](images, training=True)
    z = z_mean
    if noisy:
        epsilon = keras.random.normal(ops.shape(z_mean), seed=noise)
        # Without a divergence nothing holds the width of the noise; a replicate overflowed.
        width = z_log_var if kl_weight else ops.minimum(z_log_var, WIDEST)
        z = z_mean + ops.exp(0.5 * width) * epsilon
    decoded = networks["decoder"](z, training=True)
    if likelihood == "bernoulli":
        error = ops.mean(keras.losses.binary_crossentropy(images, decoded))
    else:
        error = ops.mean(ops.square(decoded - images))
    if not kl_weight:  # nothing then keeps the exponential in the divergence from overflowing
        return {"loss": reconstruction_factor * error, "error": error}
    divergence = -0.5 * ops.sum(1 + z_log_var - ops.square(z_mean) - ops.exp(z_log_var), axis=-1)
    kl = ops.mean(divergence)
    return {"loss": reconstruction_factor * error + kl_weight * kl, "error": error, "kl": kl}


def classifier(
    networks: Networks, images: Tensor, labels: Tensor, noise: keras.random.SeedGenerator
) -> Losses:
    """Cross-entropy of the labels in nats, and the share of images that are told right."""
    del noise
    logits = networks["head"](networks["features"](images, training=True), training=True)
    entropy = keras.losses.sparse_categorical_crossentropy(labels, logits, from_logits=True)
    right = ops.equal(ops.argmax(logits, axis=-1), ops.cast(labels, "int64"))
    return {"loss": ops.mean(entropy), "accuracy": ops.mean(ops.cast(right, "float32"))}
