"""Catalogue F1: the convolutional autoencoder of anracom's posts, in D. Foster's (GDL) lineage."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras
from keras import layers

from aelatent.models import Networks
from aelatent.models.convolution import Conv2D, Conv2DTranspose, ImageConv2DTranspose


def build(
    image_shape: tuple[int, int, int],
    dtype: str,
    latent_dim: int,
    filters: Sequence[int],
    leaky_slope: float = 0.3,
    batch_norm: bool = False,
    variational: bool = False,
) -> Networks:
    """Build strided 3x3 convolutions down to a linear code, and their mirror image back up.

    The code and the decoded image are float32, whatever the layers between them compute in.

    Parameters
    ----------
    image_shape : tuple of int
        Height, width, channels.
    dtype : str
        Keras dtype policy of the hidden layers.
    latent_dim : int
    filters : sequence of int
        Of each convolution of the encoder.
    leaky_slope : float
        Of the leaky rectifiers.
    batch_norm : bool
        Whether each convolution is normalised before its activation.
    variational : bool
        Whether the encoder has a second head, for the log-variance.

    Returns
    -------
    dict of keras.Model
        "encoder" and "decoder".
    """

    def activate() -> list[layers.Layer]:
        norm = [layers.BatchNormalization(dtype=dtype)] if batch_norm else []
        return [*norm, layers.LeakyReLU(negative_slope=leaky_slope, dtype=dtype)]

    height, width, channels = image_shape
    shrink = 2 ** len(filters)
    bottom = (height // shrink, width // shrink, filters[-1])

    encoder = [keras.Input(image_shape)]
    for count in filters:
        encoder += [Conv2D(count, 3, 2, "same", dtype=dtype), *activate()]
    encoder += [layers.Flatten(dtype=dtype)]

    decoder = [
        keras.Input((latent_dim,)),
        layers.Dense(bottom[0] * bottom[1] * bottom[2], dtype=dtype),
        layers.Reshape(bottom, dtype=dtype),
    ]
    for count in reversed(filters[:-1]):
        decoder += [Conv2DTranspose(count, 3, 2, "same", dtype=dtype), *activate()]
    decoder += [
        ImageConv2DTranspose(channels, 3, 2, "same", dtype=dtype),
        layers.Activation("sigmoid", dtype="float32"),
    ]
    return {
        "encoder": _with_heads(encoder, latent_dim, variational),
        "decoder": keras.Sequential(decoder, name="decoder"),
    }


def _with_heads(trunk: list[Any], latent_dim: int, variational: bool) -> keras.Model:
    """Return the encoder: a trunk with one linear head, or two of mean and log-variance."""
    if not variational:
        head = layers.Dense(latent_dim, dtype="float32")
        return keras.Sequential([*trunk, head], name="encoder")
    features = keras.Sequential(trunk, name="encoder")
    codes = [
        layers.Dense(latent_dim, dtype="float32", name=name)(features.outputs[0])
        for name in ("z_mean", "z_log_var")
    ]
    return keras.Model(features.inputs[0], codes, name="encoder")
