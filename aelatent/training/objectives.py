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
WIDEST = 10.0  # cap of the log-variance where no divergence limits the noise
Loss = Callable[[Networks, Tensor, Tensor, keras.random.SeedGenerator], Losses]


def loss(objective: Objective) -> Loss:
    """Return the function (networks, images, labels, noise) -> losses.

    The entry "loss" is minimised. Images are float32 in [0, 1], labels int32, noise is the
    source of all random numbers.
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
        noise_width=objective.noise_width,
    )


def autoencoder(
    networks: Networks, images: Tensor, labels: Tensor, noise: keras.random.SeedGenerator
) -> Losses:
    """Return the mean squared error per pixel.

    Parameters
    ----------
    networks : dict of keras.Model
    images : tensor of float32, shape (n, h, w, c)
        In [0, 1].
    labels : tensor of int32, shape (n,)
        Not used.
    noise : keras.random.SeedGenerator
        Not used.

    Returns
    -------
    dict of tensor
        "loss".
    """
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
    noise_width: float | None = None,
) -> Losses:
    """Return the weighted error per pixel plus the weighted divergence from N(0, I).

    Parameters
    ----------
    networks : dict of keras.Model
    images : tensor of float32, shape (n, h, w, c)
        In [0, 1].
    labels : tensor of int32, shape (n,)
        Not used.
    noise : keras.random.SeedGenerator
        Of the draws from the posteriors.
    reconstruction_factor, kl_weight : float
        Weights of the error and of the divergence.
    likelihood : {"gaussian", "bernoulli"}
        Of the error: squared, or cross-entropy in nats.
    noisy : bool
        Whether to decode draws from the posteriors; otherwise the means.
    noise_width : float or None
        Width of the noise as a share of the batch's standard deviation along each axis; None for
        the widths of the posteriors. A share, since noise of a fixed width would vanish beside
        codes that grow.

    Returns
    -------
    dict of tensor
        "loss"; "error", per pixel; with a weight of the divergence "kl", in nats per image.
    """
    del labels
    z_mean, z_log_var = networks["encoder"](images, training=True)
    z = z_mean
    if noisy:
        epsilon = keras.random.normal(ops.shape(z_mean), seed=noise)
        z = z_mean + _widths(z_mean, z_log_var, kl_weight, noise_width) * epsilon
    decoded = networks["decoder"](z, training=True)
    if likelihood == "bernoulli":
        error = ops.mean(keras.losses.binary_crossentropy(images, decoded))
    else:
        error = ops.mean(ops.square(decoded - images))
    if not kl_weight:  # the exponential in the divergence might overflow
        return {"loss": reconstruction_factor * error, "error": error}
    divergence = -0.5 * ops.sum(1 + z_log_var - ops.square(z_mean) - ops.exp(z_log_var), axis=-1)
    kl = ops.mean(divergence)
    return {"loss": reconstruction_factor * error + kl_weight * kl, "error": error, "kl": kl}


def _widths(
    z_mean: Tensor, z_log_var: Tensor, kl_weight: float, noise_width: float | None
) -> Tensor:
    """Return the standard deviations of the noise."""
    if noise_width is not None:
        # Keras warns of a layer without gradients; that of the log-variances gets zeros.
        return noise_width * ops.std(z_mean, axis=0, keepdims=True) + 0.0 * z_log_var
    # Without a divergence nothing limits the width of the noise; a replicate overflowed.
    return ops.exp(0.5 * (z_log_var if kl_weight else ops.minimum(z_log_var, WIDEST)))


def classifier(
    networks: Networks, images: Tensor, labels: Tensor, noise: keras.random.SeedGenerator
) -> Losses:
    """Return the cross-entropy of the labels in nats, and the accuracy.

    Parameters
    ----------
    networks : dict of keras.Model
    images : tensor of float32, shape (n, h, w, c)
        In [0, 1].
    labels : tensor of int32, shape (n,)
        Classes.
    noise : keras.random.SeedGenerator
        Not used.

    Returns
    -------
    dict of tensor
        "loss" and "accuracy".
    """
    del noise
    logits = networks["head"](networks["features"](images, training=True), training=True)
    entropy = keras.losses.sparse_categorical_crossentropy(labels, logits, from_logits=True)
    right = ops.equal(ops.argmax(logits, axis=-1), ops.cast(labels, "int64"))
    return {"loss": ops.mean(entropy), "accuracy": ops.mean(ops.cast(right, "float32"))}
