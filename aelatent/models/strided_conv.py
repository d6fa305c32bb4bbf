"""Catalogue F1: the convolutional autoencoder of source 000, in D. Foster's (GDL) lineage."""

from __future__ import annotations

from collections.abc import Sequence

import keras
from keras import layers

from aelatent.models import Networks
from aelatent.models.output import ImageConv2DTranspose


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

    With `batch_norm` each convolution is normalised before its activation; if `variational` the
    encoder has a second head for the log-variance. The code and the decoded image are float32
    whatever `dtype` the layers between them compute in.
    """

    def leaky() -> list[layers.Layer]:
        norm = [layers.BatchNormalization(dtype=dtype)] if batch_norm else []
        return [*norm, layers.LeakyReLU(negative_slope=leaky_slope, dtype=dtype)]

    height, width, channels = image_shape
    shrink = 2 ** len(filters)
    bottom = (height // shrink, width // shrink, filters[-1])

    encoder = [keras.Input(image_shape)]
    for count in filters:
        encoder += [layers.Conv2D(count, 3, 2, "same", dtype=dtype), *leaky()]
    encoder += [layers.Flatten(dtype=dtype)]
    if not variational:
        encoder += [layers.Dense(latent_dim, dtype="float32")]

    decoder = [
        keras.Input((latent_dim,)),
        layers.Dense(bottom[0] * bottom[1] * bottom[2], dtype=dtype),
        layers.Reshape(bottom, dtype=dtype),
    ]
    for count in reversed(filters[:-1]):
        decoder += [layers.Conv2DTranspose(count, 3, 2, "same", dtype=dtype), *leaky()]
    decoder += [
        ImageConv2DTranspose(channels, 3, 2, "same", dtype=dtype),
        layers.Activation("sigmoid", dtype="float32"),
    ]
    trunk = keras.Sequential(encoder, name="encoder")
    if variational:
        heads = ("z_mean", "z_log_var")
        (features,) = trunk.outputs
        codes = [layers.Dense(latent_dim, dtype="float32", name=h)(features) for h in heads]
        trunk = keras.Model(trunk.inputs[0], codes, name="encoder")
    return {"encoder": trunk, "decoder": keras.Sequential(decoder, name="decoder")}
