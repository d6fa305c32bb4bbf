"""The training loop: epochs, a progress bar, and a checkpoint after each."""

from __future__ import annotations

import time
from pathlib import Path

import keras
import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from aelatent import environment, models
from aelatent.data import Images
from aelatent.models import Networks
from aelatent.specification import Specification
from aelatent.training.checkpoint import Checkpoint
from aelatent.training.compilation import Steps, compile_steps, trainable
from aelatent.training.objectives import loss

STEPS_PER_CALL = 64


def precision() -> str:
    """Return the dtype policy that trains fastest here: bfloat16 where the processor has it."""
    return "mixed_bfloat16" if environment.native_bfloat16() else "float32"


def train(
    specification: Specification,
    images: Images,
    seed: int,
    path: Path,
    policy: str | None = None,
) -> tuple[Networks, Checkpoint]:
    """Train one replicate, or go on with the checkpoint at `path` if it belongs to this training.

    Parameters
    ----------
    specification : Specification
    images : Images
        The set that the specification names; only its training part is used.
    seed : int
        Initial weights, order of the images and noise depend on it.
    path : Path
        The checkpoint is written here after every epoch.
    policy : str, optional
        Keras dtype policy of the hidden layers; by default `precision()`.

    Returns
    -------
    networks : dict of keras.Model
        In the precision they were trained in.
    checkpoint : Checkpoint
        With the losses of all epochs.
    """
    architecture, settings = specification.architecture, specification.training
    policy = policy or precision()
    networks = models.build(
        architecture.name, architecture.parameters, images.shape, seed, dtype=policy
    )
    optimizer = keras.optimizers.Adam(settings.learning_rate)
    optimizer.build(trainable(networks))
    noise = keras.random.SeedGenerator(seed)
    variables = [
        *(variable for network in networks.values() for variable in network.variables),
        *optimizer.variables,
        noise.state,
    ]
    state = Checkpoint.read(path)
    if state is None or (state.specification, state.seed) != (specification.digest, seed):
        state = Checkpoint(specification.digest, seed, 0, [], 0.0, [])
    for variable, value in zip(variables, state.variables, strict=False):
        variable.assign(value)
    if state.epoch == settings.epochs:
        return networks, state

    training = images.training(settings.first)
    labels = training.labels if training.labels is not None else np.zeros(len(training), np.int64)
    steps = compile_steps(
        networks, loss(specification.objective), optimizer, noise, training.pixels, labels
    )
    title = f"{specification.name} seed {seed}"
    while state.epoch < settings.epochs:
        started = time.perf_counter()
        order = np.random.default_rng([seed, state.epoch]).permutation(len(training))
        label = f"{title} epoch {state.epoch + 1}/{settings.epochs}"
        state.history.append(run_epoch(steps, order.astype(np.int32), settings.batch_size, label))
        state.epoch += 1
        state.seconds += time.perf_counter() - started
        state.variables = [keras.ops.convert_to_numpy(variable) for variable in variables]
        state.write(path)
    return networks, state


def run_epoch(
    steps: Steps, order: NDArray[np.int32], batch_size: int, title: str
) -> dict[str, float]:
    """Run one epoch over `order` and return the mean of each loss per image."""
    whole = len(order) // batch_size * batch_size
    batches = order[:whole].reshape(-1, batch_size)
    calls = [batches[i : i + STEPS_PER_CALL] for i in range(0, len(batches), STEPS_PER_CALL)]
    if whole < len(order):
        calls.append(order[None, whole:])
    totals: dict[str, float] = {}
    seen = 0
    with tqdm(total=len(order), desc=title, unit="image", disable=None, leave=False) as bar:
        for call in calls:
            for name, value in steps(call).items():
                totals[name] = totals.get(name, 0.0) + value * call.size
            seen += call.size
            bar.update(call.size)
            bar.set_postfix(loss=f"{totals['loss'] / seen:.4g}")
    if not np.isfinite(totals["loss"]):
        raise FloatingPointError(f"{title}: the loss is {totals['loss']}; nothing was stored")
    return {name: total / len(order) for name, total in totals.items()}
