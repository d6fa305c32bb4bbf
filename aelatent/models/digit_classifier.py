"""The small convolutional classifier behind the digit judge."""

from __future__ import annotations

import keras
from keras import layers

from aelatent.models import Networks
from aelatent.models.convolution import Conv2D


def build(
    image_shape: tuple[int, int, int],
    dtype: str,
    feature_dim: int,
    classes: int,
) -> Networks:
    """Build a feature extractor and a linear head of class logits.

    Parameters
    ----------
    image_shape : tuple of int
        Height, width, channels.
    dtype : str
        Keras dtype policy of the hidden layers.
    feature_dim : int
    classes : int

    Returns
    -------
    dict of keras.Model
        "features", from images to (feature_dim,), and "head", from these to (classes,).
    """

    def convolve(filters: int, stride: int) -> list[layers.Layer]:
        convolution = Conv2D(filters, 3, stride, "same", dtype=dtype)
        return [convolution, layers.ReLU(dtype=dtype)]

    features = keras.Sequential(
        [
            keras.Input(image_shape),
            *convolve(32, 1),
            *convolve(32, 2),
            *convolve(64, 1),
            *convolve(64, 2),
            layers.Flatten(dtype=dtype),
            layers.Dense(feature_dim, activation="relu", dtype="float32"),
        ],
        name="features",
    )
    head = keras.Sequential(
        [keras.Input((feature_dim,)), layers.Dense(classes, dtype="float32")], name="head"
    )
    return {"features": features, "head": head}
