"""Architectures: one a file, each with a function `build` that returns Keras networks."""

from __future__ import annotations

import importlib
import inspect
from typing import TYPE_CHECKING, Any

import numpy as np

from aelatent.runtime.quiet_keras import check_keras

if TYPE_CHECKING:
    import keras

Networks = dict[str, "keras.Model"]
ARCHITECTURES = ("strided_conv", "gdl_mnist", "spatial_vae", "digit_classifier")


def build(
    name: str,
    parameters: dict[str, Any],
    image_shape: tuple[int, int, int],
    seed: int,
    dtype: str = "float32",
) -> Networks:
    """Build the networks of an architecture with weights drawn from `seed`.

    Parameters
    ----------
    name : str
        A module of `aelatent.models`.
    parameters : dict
        Passed to the module's `build`.
    image_shape : tuple of int
        Height, width, channels.
    seed : int
        Initial weights depend on it alone: not on the backend, the device or the precision.
    dtype : str
        A Keras dtype policy, such as "float32" or "mixed_bfloat16".

    Returns
    -------
    dict of keras.Model

    Raises
    ------
    ValueError
        If the architecture is unknown or does not take these parameters.
    MissingKeras
        If Keras is not installed.
    """
    if name not in ARCHITECTURES:
        raise ValueError(f"expected an architecture among {ARCHITECTURES}, received {name!r}")
    check_keras()
    module = importlib.import_module(f"aelatent.models.{name}")
    try:
        inspect.signature(module.build).bind(image_shape, dtype, **parameters)
    except TypeError as error:
        raise ValueError(f"architecture {name!r} does not fit {parameters}: {error}") from error
    networks: Networks = module.build(image_shape, dtype, **parameters)
    rng = np.random.default_rng(seed)
    for network in networks.values():
        initialise(network, rng)
    return networks


def initialise(network: keras.Model, rng: np.random.Generator) -> None:
    """Draw every kernel from the Glorot uniform distribution, Keras' default; biases stay zero.

    Keras' own initialisers draw from the backend's generator, so the same seed would give different
    weights on TensorFlow and on JAX, and an untrained model could not be rebuilt from its seed.

    Parameters
    ----------
    network : keras.Model
        Changed in place.
    rng : numpy.random.Generator
    """
    for variable in network.trainable_variables:
        if len(variable.shape) < 2:
            continue
        *field, fan_a, fan_b = variable.shape
        limit = np.sqrt(6 / (np.prod(field, dtype=int) * (fan_a + fan_b)))
        variable.assign(rng.uniform(-limit, limit, variable.shape).astype(np.float32))
