"""The training loop: epochs, a progress bar, and a checkpoint after each."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path

import keras
import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from aelatent.data import Images
from aelatent.models import Networks
from aelatent.runtime import environment
from aelatent.training.checkpoint import Checkpoint
from aelatent.training.compilation import Steps, compile_steps
from aelatent.training.objectives import loss
from aelatent.training.trainee import Trainee
from aelatent.zoo.specification import Specification

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
    (trained,) = train_together(specification, images, {seed: path}, policy)
    return trained


def train_together(
    specification: Specification,
    images: Images,
    paths: Mapping[int, Path],
    policy: str | None = None,
) -> list[tuple[Networks, Checkpoint]]:
    """Train replicates of one specification side by side: what `train` makes of each, in order.

    A compiled call takes a step of each. On JAX these are batched, on TensorFlow they run beside
    one another, on PyTorch one after the other. What comes out is the same as of `train` up to
    rounding. A replicate whose checkpoint is behind the others' catches up first.

    Parameters
    ----------
    specification, images, policy
        As `train`.
    paths : mapping of int to Path
        Where the checkpoint of each seed is. The seconds in it are its share of the time.

    Raises
    ------
    FloatingPointError
        If a loss is not finite; the checkpoints of the epoch before stay.
    """
    policy, epochs = policy or precision(), specification.training.epochs
    everyone = {seed: Trainee.new(specification, images.shape, seed, policy) for seed in paths}
    states = {seed: _begun(specification, seed, path) for seed, path in paths.items()}
    for seed, state in states.items():
        for variable, value in zip(everyone[seed].variables, state.variables, strict=False):
            variable.assign(value)
    while (epoch := min(state.epoch for state in states.values())) < epochs:
        seeds = [seed for seed, state in states.items() if state.epoch == epoch]
        until = min([state.epoch for state in states.values() if state.epoch > epoch] + [epochs])
        training = images.training(specification.training.first)
        steps = _compiled(specification, [everyone[seed] for seed in seeds], training)
        while epoch < until:
            started = time.perf_counter()
            orders = [np.random.default_rng([i, epoch]).permutation(len(training)) for i in seeds]
            title = f"{specification.name} seed {', '.join(map(str, seeds))} epoch"
            epoch += 1
            found = run_epoch(
                steps,
                np.array(orders, np.int32),
                specification.training.batch_size,
                f"{title} {epoch}/{epochs}",
            )
            seconds = (time.perf_counter() - started) / len(seeds)
            for seed, losses in zip(seeds, found, strict=True):
                state = states[seed]
                state.epoch, state.seconds = epoch, state.seconds + seconds
                state.history.append(losses)
                variables = everyone[seed].variables
                state.variables = [keras.ops.convert_to_numpy(variable) for variable in variables]
                state.write(paths[seed])
    return [(everyone[seed].networks, states[seed]) for seed in paths]


def _begun(specification: Specification, seed: int, path: Path) -> Checkpoint:
    """Return the checkpoint at `path`, or a new one where that is of another training."""
    state = Checkpoint.read(path)
    if state is None or (state.specification, state.seed) != (specification.digest, seed):
        return Checkpoint(specification.digest, seed, 0, [], 0.0, [])
    return state


def _compiled(specification: Specification, trainees: list[Trainee], training: Images) -> Steps:
    labels = training.labels if training.labels is not None else np.zeros(len(training), np.int64)
    return compile_steps(trainees, loss(specification.objective), training.pixels, labels)


def run_epoch(
    steps: Steps, orders: NDArray[np.int32], batch_size: int, title: str
) -> list[dict[str, float]]:
    """Run one epoch over `orders`, (trainees, n); return each one's mean of each loss per image."""
    count, n = orders.shape
    whole = n // batch_size * batch_size
    batches = orders[:, :whole].reshape(count, -1, batch_size).swapaxes(0, 1)
    calls = [batches[i : i + STEPS_PER_CALL] for i in range(0, len(batches), STEPS_PER_CALL)]
    if whole < n:
        calls.append(orders[None, :, whole:])
    totals: dict[str, NDArray[np.float64]] = {}
    seen = 0
    with tqdm(total=n * count, desc=title, unit="image", disable=None, leave=False) as bar:
        for call in calls:
            images = call.size // count
            for name, value in steps(call).items():
                totals[name] = totals.get(name, np.zeros(count)) + value * images
            seen += images
            bar.update(call.size)
            bar.set_postfix(loss=f"{totals['loss'].mean() / seen:.4g}")
    if not np.isfinite(totals["loss"]).all():
        found = ", ".join(f"{total:g}" for total in totals["loss"])
        raise FloatingPointError(f"{title}: the loss is {found}; nothing was stored")
    return [{name: float(total[i] / n) for name, total in totals.items()} for i in range(count)]
