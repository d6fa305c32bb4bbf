"""Catalogue F1: the convolutional autoencoder of source 000, in D. Foster's (GDL) lineage."""

from __future__ import annotations

from collections.abc import Sequence

import keras
from keras import layers

from aelatent.models import Networks


def build(
    image_shape: tuple[int, int, int],
    dtype: str,
    latent_dim: int,
    filters: Sequence[int],
    leaky_slope: float = 0.3,
) -> Networks:
    """Build strided 3x3 convolutions down to a linear code, and their mirror image back up.

    The code and the decoded image are float32 whatever `dtype` the layers between them compute in.
    """

    def leaky() -> layers.Layer:
        return layers.LeakyReLU(negative_slope=leaky_slope, dtype=dtype)

    height, width, channels = image_shape
    shrink = 2 ** len(filters)
    bottom = (height // shrink, width // shrink, filters[-1])

    encoder = [keras.Input(image_shape)]
    for count in filters:
        encoder += [layers.Conv2D(count, 3, 2, "same", dtype=dtype), leaky()]
    encoder += [layers.Flatten(dtype=dtype), layers.Dense(latent_dim, dtype="float32")]

    decoder = [
        keras.Input((latent_dim,)),
        layers.Dense(bottom[0] * bottom[1] * bottom[2], dtype=dtype),
        layers.Reshape(bottom, dtype=dtype),
    ]
    for count in reversed(filters[:-1]):
        decoder += [layers.Conv2DTranspose(count, 3, 2, "same", dtype=dtype), leaky()]
    decoder += [
        layers.Conv2DTranspose(channels, 3, 2, "same", dtype=dtype),
        layers.Activation("sigmoid", dtype="float32"),
    ]
    return {
        "encoder": keras.Sequential(encoder, name="encoder"),
        "decoder": keras.Sequential(decoder, name="decoder"),
    }
