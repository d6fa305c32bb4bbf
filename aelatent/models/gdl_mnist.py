"""Catalogue F3 and F4: the MNIST autoencoder and VAE of D. Foster's book (GDL 03_01 and 03_03)."""

from __future__ import annotations

import keras
from keras import layers

from aelatent.models import Networks
from aelatent.models.convolution import Conv2D, Conv2DTranspose, ImageConv2DTranspose

ENCODER = ((32, 1), (64, 2), (64, 2), (64, 1))
DECODER = ((64, 1), (64, 2), (32, 2))
LEAKY_SLOPE = 0.3


def build(
    image_shape: tuple[int, int, int],
    dtype: str,
    latent_dim: int,
    variational: bool,
) -> Networks:
    """Build the encoder and the decoder.

    On 28x28x1 images with two latent dimensions the encoder has 98,946 parameters, 105,220 if
    variational, and the decoder 102,017.

    Parameters
    ----------
    image_shape : tuple of int
        Height, width, channels.
    dtype : str
        Keras dtype policy of the hidden layers.
    latent_dim : int
    variational : bool
        Whether the encoder has a second head, for the log-variance.

    Returns
    -------
    dict of keras.Model
        "encoder" and "decoder".
    """

    def leaky(tensor: keras.KerasTensor) -> keras.KerasTensor:
        return layers.LeakyReLU(negative_slope=LEAKY_SLOPE, dtype=dtype)(tensor)

    image = keras.Input(image_shape)
    tensor = image
    for filters, stride in ENCODER:
        tensor = leaky(Conv2D(filters, 3, stride, "same", dtype=dtype)(tensor))
    bottom = tensor.shape[1:]
    tensor = layers.Flatten(dtype=dtype)(tensor)
    heads = ["z_mean", "z_log_var"] if variational else ["z_mean"]
    codes = [layers.Dense(latent_dim, dtype="float32", name=head)(tensor) for head in heads]

    code = keras.Input((latent_dim,))
    tensor = layers.Dense(bottom[0] * bottom[1] * bottom[2], dtype=dtype)(code)
    tensor = layers.Reshape(bottom, dtype=dtype)(tensor)
    for filters, stride in DECODER:
        tensor = leaky(Conv2DTranspose(filters, 3, stride, "same", dtype=dtype)(tensor))
    tensor = ImageConv2DTranspose(image_shape[-1], 3, 1, "same", dtype=dtype)(tensor)
    decoded = layers.Activation("sigmoid", dtype="float32")(tensor)
    return {
        "encoder": keras.Model(image, codes if variational else codes[0], name="encoder"),
        "decoder": keras.Model(code, decoded, name="decoder"),
    }
