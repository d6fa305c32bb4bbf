"""Many optimiser steps as one compiled call, on whichever backend Keras runs.

The images stay on the device as uint8 and a batch is gathered there by its indices. Keras' own
`fit` feeds float32 batches from outside and compiles with XLA, whose convolutions are slow on a
CPU: `benchmarks/` measures both. Replicates of one specification are trained side by side.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain
from operator import itemgetter
from typing import Any

import keras
import numpy as np
from keras import ops
from numpy.typing import NDArray

from aelatent.training.objectives import Loss
from aelatent.training.state import TrainingState

# (steps, trainings, batch) indices in; the mean over the steps of each loss of each training out.
Steps = Callable[[NDArray[np.int32]], dict[str, NDArray[np.float64]]]
Evaluate = Callable[[TrainingState, Any, Any, Any], dict[str, Any]]


def compile_steps(
    trainings: Sequence[TrainingState],
    loss: Loss,
    pixels: NDArray[np.uint8],
    labels: NDArray[np.int64],
) -> Steps:
    """Return a function that runs an optimiser step of every training for each row of indices.

    Parameters
    ----------
    trainings : sequence of TrainingState
        Of one specification.
    loss : callable
        As `objectives.loss` returns it.
    pixels : ndarray of uint8, shape (n, height, width, channels)
    labels : ndarray of int64, shape (n,)

    Returns
    -------
    callable
        From indices (steps, trainings, batch) to the mean of each loss, (trainings,), by its name.

    Raises
    ------
    ValueError
        If Keras runs on a backend that has no such function.
    """
    backend = keras.backend.backend()
    makers = {"tensorflow": _tensorflow, "jax": _jax, "torch": _torch}
    if backend not in makers:
        raise ValueError(
            f"expected a Keras backend among {', '.join(makers)} for training, received {backend}"
        )

    def evaluate(
        training: TrainingState, indices: Any, images: Any, classes: Any
    ) -> dict[str, Any]:
        batch = ops.cast(ops.take(images, indices, axis=0), "float32") / 255.0
        chosen = ops.take(classes, indices, axis=0)
        return loss(training.networks, batch, chosen, training.noise)

    images = ops.convert_to_tensor(pixels)
    classes = ops.convert_to_tensor(labels.astype(np.int32))
    return makers[backend](trainings, evaluate, images, classes)


def _tensorflow(
    trainings: Sequence[TrainingState], evaluate: Evaluate, images: Any, classes: Any
) -> Steps:
    import tensorflow as tf

    # The remapper fails on this graph with a message; nothing is slower without it.
    tf.config.optimizer.set_experimental_options({"remapping": False})

    def step(training: TrainingState, indices: Any) -> dict[str, Any]:
        with tf.GradientTape() as tape:
            losses = evaluate(training, indices, images, classes)
        weights = training.weights
        training.optimizer.apply(tape.gradient(losses["loss"], weights), weights)
        return losses

    # Steps of different trainings are independent: one computes while another waits.
    def steps(indices: Any) -> dict[str, Any]:
        each = [step(training, indices[i]) for i, training in enumerate(trainings)]
        return {name: tf.stack([losses[name] for losses in each]) for name in each[0]}

    # Without AutoGraph, which cannot read its source on every Python that TensorFlow runs on.
    signature = [tf.TensorSpec([None, len(trainings), None], tf.int32)]

    @tf.function(input_signature=signature, autograph=False)
    def run(batches: Any) -> dict[str, Any]:
        count = tf.shape(batches)[0]

        def advance(row: Any, totals: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
            losses = steps(batches[row])
            return row + 1, {name: total + losses[name] for name, total in totals.items()}

        _, totals = tf.while_loop(
            lambda row, _: row < count, advance, (1, steps(batches[0])), parallel_iterations=1
        )
        return {name: total / tf.cast(count, tf.float32) for name, total in totals.items()}

    return lambda batches: {name: value.numpy() for name, value in run(batches).items()}


def _jax(
    trainings: Sequence[TrainingState], evaluate: Evaluate, images: Any, classes: Any
) -> Steps:
    import jax

    step = _jax_step(trainings[0], evaluate)
    # One alone is not batched: convolutions of several networks at once are grouped ones.
    each = step if len(trainings) == 1 else jax.vmap(step, in_axes=(0, 0, None, None))

    @jax.jit
    def run(carry: Any, batches: Any, images: Any, classes: Any) -> Any:
        return jax.lax.scan(lambda c, indices: each(c, indices, images, classes), carry, batches)

    def steps(batches: NDArray[np.int32]) -> dict[str, NDArray[np.float64]]:
        carries = [
            tuple([variable.value for variable in part] for part in _jax_parts(training))
            for training in trainings
        ]
        if len(trainings) == 1:
            carry, losses = run(carries[0], batches[:, 0], images, classes)
            carries = [carry]
        else:
            stacked = jax.tree.map(lambda *values: jax.numpy.stack(values), *carries)
            carry, losses = run(stacked, batches, images, classes)
            carries = [jax.tree.map(itemgetter(i), carry) for i in range(len(trainings))]
        for training, values in zip(trainings, carries, strict=True):
            for variable, value in zip(chain(*_jax_parts(training)), chain(*values), strict=True):
                variable.assign(value)
        return {
            name: np.asarray(value, np.float64).reshape(len(batches), -1).mean(axis=0)
            for name, value in losses.items()
        }

    return steps


def _jax_parts(training: TrainingState) -> tuple[list[Any], list[Any], list[Any]]:
    """Return the weights, the optimiser's variables, and what a step changes without a gradient."""
    return training.weights, training.optimizer.variables, _without_gradient(training)


def _without_gradient(training: TrainingState) -> list[Any]:
    return [*training.moving, training.noise.state]


def _jax_step(training: TrainingState, evaluate: Evaluate) -> Callable[..., Any]:
    """Return a pure function that takes one step, from values of `_jax_parts` to new ones."""
    import jax

    others = _without_gradient(training)

    def compute(values: Any, rest: Any, indices: Any, images: Any, classes: Any) -> Any:
        pairs = zip([*training.weights, *others], [*values, *rest], strict=True)
        with keras.StatelessScope(state_mapping=list(pairs)) as scope:
            losses = evaluate(training, indices, images, classes)
        # A variable that the step left alone has no new value in the scope.
        changed = [scope.get_current_value(variable) for variable in others]
        kept = [old if new is None else new for old, new in zip(rest, changed, strict=True)]
        return losses["loss"], (losses, kept)

    gradient = jax.grad(compute, has_aux=True)

    def step(carry: Any, indices: Any, images: Any, classes: Any) -> Any:
        values, slots, rest = carry
        gradients, (losses, rest) = gradient(values, rest, indices, images, classes)
        values, slots = training.optimizer.stateless_apply(slots, gradients, values)
        return (values, slots, rest), losses

    return step


def _torch(
    trainings: Sequence[TrainingState], evaluate: Evaluate, images: Any, classes: Any
) -> Steps:
    import torch

    def forward(training: TrainingState) -> Callable[[Any], dict[str, Any]]:
        def losses(indices: Any) -> dict[str, Any]:
            return evaluate(training, indices, images, classes)

        # On a processor compiled convolutions are slower than PyTorch's own.
        return torch.compile(losses) if images.is_cuda else losses

    def step(
        training: TrainingState, losses_of: Callable[[Any], dict[str, Any]], indices: Any
    ) -> Any:
        losses = losses_of(indices)
        parameters = [variable.value for variable in training.weights]
        gradients = torch.autograd.grad(losses["loss"], parameters)
        with torch.no_grad():
            training.optimizer.apply(list(gradients), training.weights)
        return {name: value.detach() for name, value in losses.items()}

    pairs = [(training, forward(training)) for training in trainings]

    def steps(batches: NDArray[np.int32]) -> dict[str, NDArray[np.float64]]:
        taken = [
            [step(*pair, chosen) for pair, chosen in zip(pairs, indices, strict=True)]
            for indices in ops.convert_to_tensor(batches)
        ]
        return {
            name: np.mean([[float(one[name]) for one in row] for row in taken], axis=0)
            for name in taken[0][0]
        }

    return steps
