"""The last layer of decoders."""

from __future__ import annotations

from typing import Any

import keras
from keras import layers, ops


@keras.saving.register_keras_serializable("aelatent")
class ImageConv2DTranspose(layers.Conv2DTranspose):
    """`Conv2DTranspose` to the one or three channels of an image, with a fast gradient of the bias.

    The bias is added to rows of pixels, in float32. Its gradient is then a sum over rows of some
    hundred numbers instead of a sum over three, which takes TensorFlow a tenth of a training step.
    There is always a bias, and no activation: it would come before a cast.
    """

    def call(self, inputs: Any) -> Any:
        """Map (n, h, w, c) to images (n, h', w', c')."""
        images = ops.conv_transpose(
            inputs,
            self.kernel,
            strides=list(self.strides),
            padding=self.padding,
            output_padding=self.output_padding,
            data_format="channels_last",
            dilation_rate=self.dilation_rate,
        )
        _, height, width, channels = images.shape
        rows = ops.reshape(ops.cast(images, "float32"), (-1, height, width * channels))
        rows = rows + ops.tile(ops.cast(self.bias, "float32"), width)
        return ops.reshape(rows, (-1, height, width, channels))
