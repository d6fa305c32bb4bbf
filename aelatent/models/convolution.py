"""Convolutions whose biases get their gradient from every pixel, in bfloat16 too.

Keras adds the bias of several channels with TensorFlow's `bias_add`. On a processor the gradient of
that is a sum over all pixels in bfloat16, which stops growing early: 147,456 ones came to 256. The
gradient of a plain addition is right.
"""

from __future__ import annotations

from typing import Any

import keras
from keras import layers, ops


@keras.saving.register_keras_serializable("aelatent")
class Conv2D(layers.Conv2D):
    """Keras' layer, always with a bias and without an activation."""

    def call(self, inputs: Any) -> Any:
        """Map (n, h, w, c) to (n, h', w', filters)."""
        return _add(self.convolution_op(inputs, self.kernel), self.bias)


@keras.saving.register_keras_serializable("aelatent")
class Conv2DTranspose(layers.Conv2DTranspose):
    """Keras' layer, always with a bias and without an activation."""

    def call(self, inputs: Any) -> Any:
        """Map (n, h, w, c) to (n, h', w', filters)."""
        return _add(_without_bias(self, inputs), self.bias)


@keras.saving.register_keras_serializable("aelatent")
class ImageConv2DTranspose(layers.Conv2DTranspose):
    """`Conv2DTranspose` to the one or three channels of an image, with a fast gradient of the bias.

    The bias is added to rows of pixels, in float32. Its gradient is then a sum over rows of some
    hundred numbers instead of a sum over three, which takes TensorFlow a tenth of a training step.
    There is always a bias, and no activation: it would come before a cast.
    """

    def call(self, inputs: Any) -> Any:
        """Map (n, h, w, c) to images (n, h', w', c')."""
        images = _without_bias(self, inputs)
        _, height, width, channels = images.shape
        rows = ops.reshape(ops.cast(images, "float32"), (-1, height, width * channels))
        rows = rows + ops.tile(ops.cast(self.bias, "float32"), width)
        return ops.reshape(rows, (-1, height, width, channels))


def _without_bias(layer: layers.Conv2DTranspose, inputs: Any) -> Any:
    return ops.conv_transpose(
        inputs,
        layer.kernel,
        strides=list(layer.strides),
        padding=layer.padding,
        output_padding=layer.output_padding,
        data_format="channels_last",
        dilation_rate=layer.dilation_rate,
    )


def _add(maps: Any, bias: Any) -> Any:
    """Add one number to each channel, by the operator: `ops.add` would call `bias_add`."""
    return maps + ops.cast(bias, maps.dtype)
