"""Many optimiser steps as one compiled call, on whichever backend Keras runs.

The images stay on the device as uint8 and a batch is gathered there by its indices. Keras' own
`fit` feeds float32 batches from outside and compiles with XLA, whose convolutions are slow on a
CPU: `benchmarks/` measures both.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
from keras import ops
from numpy.typing import NDArray

from aelatent.models import Networks
from aelatent.training.objectives import Loss

# (steps, batch) indices in; the mean of each loss over the steps out.
Steps = Callable[[NDArray[np.int32]], dict[str, float]]


def compile_steps(
    networks: Networks,
    loss: Loss,
    optimizer: keras.Optimizer,
    noise: keras.random.SeedGenerator,
    pixels: NDArray[np.uint8],
    labels: NDArray[np.int64],
) -> Steps:
    """Return a function that runs one optimiser step for each row of indices."""
    backend = keras.backend.backend()
    makers = {"tensorflow": _tensorflow, "jax": _jax, "torch": _torch}
    if backend not in makers:
        raise ValueError(
            f"expected a Keras backend among {', '.join(makers)} for training, received {backend}"
        )
    images = ops.convert_to_tensor(pixels)
    classes = ops.convert_to_tensor(labels.astype(np.int32))

    def evaluate(indices: Any, images: Any, classes: Any) -> dict[str, Any]:
        batch = ops.cast(ops.take(images, indices, axis=0), "float32") / 255.0
        return loss(networks, batch, ops.take(classes, indices, axis=0), noise)

    moving = [variable for n in networks.values() for variable in n.non_trainable_variables]
    return makers[backend](
        _Step(evaluate, trainable(networks), moving, optimizer, noise, images, classes)
    )


def trainable(networks: Networks) -> list[keras.Variable]:
    """Return the trainable variables of all networks in one order."""
    return [variable for network in networks.values() for variable in network.trainable_variables]


@dataclass(frozen=True, eq=False)
class _Step:
    """What an optimiser step needs, in the types of the backend.

    Attributes
    ----------
    evaluate : callable
        From indices, images and classes to losses, the one to minimise under "loss".
    variables, moving : list of keras.Variable
        Changed by the optimiser; changed by the networks themselves.
    optimizer : keras.Optimizer
    noise : keras.random.SeedGenerator
    images, classes : tensor
    """

    evaluate: Any
    variables: Any
    moving: Any
    optimizer: Any
    noise: Any
    images: Any
    classes: Any


def _tensorflow(made: _Step) -> Steps:
    import tensorflow as tf

    variables, optimizer = made.variables, made.optimizer
    # The remapper gives up on this graph and says so in the terminal; nothing is slower without it.
    tf.config.optimizer.set_experimental_options({"remapping": False})

    def step(indices: Any) -> dict[str, Any]:
        with tf.GradientTape() as tape:
            losses = made.evaluate(indices, made.images, made.classes)
        optimizer.apply(tape.gradient(losses["loss"], variables), variables)
        return losses

    # Without AutoGraph, which cannot read its source on every Python that TensorFlow runs on.
    @tf.function(input_signature=[tf.TensorSpec([None, None], tf.int32)], autograph=False)
    def run(batches: Any) -> dict[str, Any]:
        count = tf.shape(batches)[0]

        def advance(row: Any, totals: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
            losses = step(batches[row])
            return row + 1, {name: total + losses[name] for name, total in totals.items()}

        _, totals = tf.while_loop(
            lambda row, _: row < count, advance, (1, step(batches[0])), parallel_iterations=1
        )
        return {name: total / tf.cast(count, tf.float32) for name, total in totals.items()}

    return lambda batches: {name: float(value) for name, value in run(batches).items()}


def _jax(made: _Step) -> Steps:
    import jax

    variables, optimizer = made.variables, made.optimizer
    others = [*made.moving, made.noise.state]  # what a step changes without a gradient
    state = [variables, optimizer.variables, others]

    def compute(values: Any, rest: Any, indices: Any, images: Any, classes: Any) -> Any:
        mapping = [*zip(variables, values, strict=True), *zip(others, rest, strict=True)]
        with keras.StatelessScope(state_mapping=mapping) as scope:
            losses = made.evaluate(indices, images, classes)
        # A variable that the step left alone has no new value in the scope.
        changed = [scope.get_current_value(variable) for variable in others]
        kept = [old if new is None else new for old, new in zip(rest, changed, strict=True)]
        return losses["loss"], (losses, kept)

    gradient = jax.grad(compute, has_aux=True)

    @jax.jit
    def run(carry: Any, batches: Any, images: Any, classes: Any) -> Any:
        def step(carry: Any, indices: Any) -> Any:
            values, slots, rest = carry
            gradients, (losses, rest) = gradient(values, rest, indices, images, classes)
            values, slots = optimizer.stateless_apply(slots, gradients, values)
            return (values, slots, rest), losses

        return jax.lax.scan(step, carry, batches)

    def steps(batches: NDArray[np.int32]) -> dict[str, float]:
        carry = tuple([variable.value for variable in part] for part in state)
        carry, losses = run(carry, batches, made.images, made.classes)
        for part, values in zip(state, carry, strict=True):
            for variable, value in zip(part, values, strict=True):
                variable.assign(value)
        return {name: float(value.mean()) for name, value in losses.items()}

    return steps


def _torch(made: _Step) -> Steps:
    import torch

    parameters = [variable.value for variable in made.variables]

    def step(indices: Any) -> dict[str, Any]:
        losses = made.evaluate(indices, made.images, made.classes)
        gradients = torch.autograd.grad(losses["loss"], parameters)
        with torch.no_grad():
            made.optimizer.apply(list(gradients), made.variables)
        return {name: value.detach() for name, value in losses.items()}

    def steps(batches: NDArray[np.int32]) -> dict[str, float]:
        found = [step(indices) for indices in ops.convert_to_tensor(batches)]
        return {
            name: float(torch.stack([losses[name] for losses in found]).mean()) for name in found[0]
        }

    return steps
