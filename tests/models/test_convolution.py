"""Convolutions: the gradient of a bias is the sum over all pixels, in bfloat16 as in float32."""

import keras
import numpy as np
import pytest
from keras import layers

from aelatent import models
from aelatent.models.convolution import Conv2D, Conv2DTranspose, ImageConv2DTranspose

SHAPE = (16, 48, 48, 8)
STRIDED = {"latent_dim": 4, "filters": [8, 8]}
ARCHITECTURES = {
    "strided_conv": STRIDED,
    "gdl_mnist": {"latent_dim": 4, "variational": False},
    "spatial_vae": {"latent_dim": 64, "filters": [8, 8]},
    "digit_classifier": {"feature_dim": 8, "classes": 10},
}


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="GradientTape is TensorFlow's")
@pytest.mark.parametrize("precision", ["float32", "mixed_bfloat16"])
@pytest.mark.parametrize("kind", [Conv2D, Conv2DTranspose, ImageConv2DTranspose])
def test_the_gradient_of_the_bias_counts_every_pixel(kind, precision):
    """By `bias_add` the sum over all pixels in bfloat16 stops at 256 for Keras' own layers."""
    import tensorflow as tf

    layer = kind(3, 3, 2, "same", dtype=precision)
    layer.build(SHAPE)
    inputs = tf.constant(np.random.default_rng(0).standard_normal(SHAPE).astype(np.float32))

    @tf.function
    def gradient():
        with tf.GradientTape() as tape:
            images = layer(inputs)
            total = tf.reduce_sum(tf.cast(images, tf.float32))
        return tape.gradient(total, layer.bias.value), tf.size(images) // 3

    sums, pixels = gradient()
    assert sums.numpy() == pytest.approx(np.full(3, pixels), rel=0.01)


@pytest.mark.parametrize(
    ("kind", "theirs"), [(Conv2D, layers.Conv2D), (Conv2DTranspose, layers.Conv2DTranspose)]
)
def test_layers_compute_what_those_of_keras_do(kind, theirs):
    ours, keras_own = (layer(3, 3, 2, "same") for layer in (kind, theirs))
    for layer in (ours, keras_own):
        layer.build(SHAPE)
    rng = np.random.default_rng(0)
    weights = [rng.standard_normal(variable.shape) for variable in keras_own.variables]
    for layer in (ours, keras_own):
        layer.set_weights(weights)
    maps = rng.standard_normal(SHAPE).astype(np.float32)

    results = [keras.ops.convert_to_numpy(layer(maps)) for layer in (ours, keras_own)]

    np.testing.assert_allclose(*results, atol=1e-5)


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_every_convolution_of_a_fixture_model_is_ours(name):
    networks = models.build(name, ARCHITECTURES[name], (32, 32, 1), 0)

    found = [layer for network in networks.values() for layer in network.layers]
    convolutions = [layer for layer in found if "conv" in type(layer).__name__.lower()]

    assert convolutions
    assert {type(layer) for layer in convolutions} <= {
        Conv2D,
        Conv2DTranspose,
        ImageConv2DTranspose,
    }


def test_architectures_of_this_test_are_all():
    assert set(ARCHITECTURES) == set(models.ARCHITECTURES)
