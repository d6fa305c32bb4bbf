"""Catalogue F2: the deep convolutional VAE of source 001, its latent space a stack of 8x8 maps."""

from __future__ import annotations

from collections.abc import Sequence

import keras
from keras import layers

from aelatent.models import Networks
from aelatent.models.convolution import Conv2D, Conv2DTranspose

SIDE = 32
GRID = 8
LEAKY_SLOPE = 0.3


def build(
    image_shape: tuple[int, int, int],
    dtype: str,
    latent_dim: int,
    filters: Sequence[int],
    dense: bool = False,
) -> Networks:
    """Build two strided convolutions to 8x8 maps, heads of mean and log-variance, and a decoder.

    Images are padded to 32x32 within the encoder and cut back within the decoder.

    Parameters
    ----------
    image_shape : tuple of int
        Height, width (32 at most), channels.
    dtype : str
        Keras dtype policy of the hidden layers.
    latent_dim : int
    filters : sequence of int
        Of the two convolutions of the encoder.
    dense : bool
        Whether the heads are dense layers. Otherwise they are 1x1 convolutions to latent_dim / 64
        channels, flattened: at 65,536 dimensions dense layers would need 4e9 weights.

    Returns
    -------
    dict of keras.Model
        "encoder" and "decoder".

    Raises
    ------
    ValueError
        If the filters do not shrink 32x32 to 8x8, if the images are larger than that, or if
        `latent_dim` is no multiple of 64 and the heads are convolutions.
    """
    height, width, channels = image_shape
    _check(height, width, latent_dim, filters, dense)
    margins = tuple(((SIDE - size) // 2, -(-(SIDE - size) // 2)) for size in (height, width))

    image = keras.Input(image_shape)
    tensor = layers.ZeroPadding2D(margins, dtype=dtype)(image)
    for count in filters:
        tensor = _leaky(Conv2D(count, 3, 2, "same", dtype=dtype)(tensor), dtype)
    if dense:
        tensor = layers.Flatten(dtype=dtype)(tensor)
    codes = [_head(name, tensor, latent_dim, dense) for name in ("z_mean", "z_log_var")]

    code = keras.Input((latent_dim,))
    tensor = _maps(code, filters[-1], latent_dim, dense, dtype)
    for count in reversed(filters):
        tensor = _leaky(Conv2DTranspose(count, 3, 2, "same", dtype=dtype)(tensor), dtype)
    tensor = Conv2D(channels, 3, 1, "same", dtype=dtype)(tensor)
    tensor = layers.Cropping2D(margins, dtype=dtype)(tensor)
    decoded = layers.Activation("sigmoid", dtype="float32")(tensor)
    return {
        "encoder": keras.Model(image, codes, name="encoder"),
        "decoder": keras.Model(code, decoded, name="decoder"),
    }


def _leaky(tensor: keras.KerasTensor, dtype: str) -> keras.KerasTensor:
    return layers.LeakyReLU(negative_slope=LEAKY_SLOPE, dtype=dtype)(tensor)


def _maps(
    code: keras.KerasTensor, filters: int, latent_dim: int, dense: bool, dtype: str
) -> keras.KerasTensor:
    """Return the 8x8 maps with which a decoder begins."""
    if dense:
        tensor = layers.Dense(GRID**2 * filters, dtype=dtype)(code)
        return layers.Reshape((GRID, GRID, filters), dtype=dtype)(tensor)
    tensor = layers.Reshape((GRID, GRID, latent_dim // GRID**2), dtype=dtype)(code)
    return _leaky(Conv2D(filters, 3, 1, "same", dtype=dtype)(tensor), dtype)


def _head(name: str, tensor: keras.KerasTensor, latent_dim: int, dense: bool) -> keras.KerasTensor:
    if dense:
        return layers.Dense(latent_dim, dtype="float32", name=name)(tensor)
    maps = Conv2D(latent_dim // GRID**2, 1, dtype="float32")(tensor)
    return layers.Flatten(dtype="float32", name=name)(maps)


def _check(height: int, width: int, latent_dim: int, filters: Sequence[int], dense: bool) -> None:
    if SIDE >> len(filters) != GRID:
        raise ValueError(f"expected two counts of filters, received {list(filters)}")
    if latent_dim % GRID**2 and not dense:
        raise ValueError(f"expected latent_dim a multiple of {GRID**2}, received {latent_dim}")
    if height > SIDE or width > SIDE:
        raise ValueError(f"expected images of at most {SIDE}x{SIDE}, received {height}x{width}")
