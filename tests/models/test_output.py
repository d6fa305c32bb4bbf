"""The last layer of decoders."""

import keras
import numpy as np
import pytest

from aelatent.models.output import ImageConv2DTranspose

SHAPE = (16, 48, 48, 8)


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="GradientTape is TensorFlow's")
@pytest.mark.parametrize("precision", ["float32", "mixed_bfloat16"])
def test_the_gradient_of_the_bias_counts_every_pixel(precision):
    """A sum over all pixels in bfloat16 stops early: that of a bias came to 4, not 1,107."""
    import tensorflow as tf

    layer = ImageConv2DTranspose(3, 3, 2, "same", dtype=precision)
    layer.build(SHAPE)
    inputs = tf.constant(np.random.default_rng(0).standard_normal(SHAPE).astype(np.float32))

    @tf.function
    def gradient():
        with tf.GradientTape() as tape:
            total = tf.reduce_sum(tf.cast(layer(inputs), tf.float32))
        return tape.gradient(total, layer.bias.value)

    pixels = 16 * 96 * 96
    assert gradient().numpy() == pytest.approx(np.full(3, pixels), rel=0.01)
