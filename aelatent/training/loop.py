"""The training loop: epochs, a progress bar, and a checkpoint after each."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
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
from aelatent.training.state import TrainingState
from aelatent.zoo.lock import PROCEDURE
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
    """Train one replicate, from the checkpoint at `path` on if it belongs to this training.

    Parameters
    ----------
    specification : Specification
    images : Images
        The set that the specification names; only its training part is used.
    seed : int
        Of the initial weights, the order of the images and the noise.
    path : Path
        The checkpoint is written here after every epoch.
    policy : str, optional
        Keras dtype policy of the hidden layers; by default `precision()`.

    Returns
    -------
    networks : dict of keras.Model
        In the precision in which they were trained.
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
    """Train replicates of one specification side by side.

    One compiled call takes a step of each: batched on JAX, in parallel on TensorFlow, one after the
    other on PyTorch. The results equal those of `train` up to rounding. Replicates that are behind
    the others catch up first.

    Parameters
    ----------
    specification, images, policy
        As `train` takes them.
    paths : mapping of int to Path
        The checkpoint of each seed. Its seconds are its share of the time.

    Returns
    -------
    list of (dict of keras.Model, Checkpoint)
        What `train` returns, for each seed in the order of `paths`.

    Raises
    ------
    FloatingPointError
        If a loss is not finite; the checkpoints of the epoch before stay.
    """
    policy, epochs = policy or precision(), specification.training.epochs
    replicates = [
        _Replicate.begin(specification, images, seed, path, policy) for seed, path in paths.items()
    ]
    while (epoch := min(replicate.epoch for replicate in replicates)) < epochs:
        behind = [replicate for replicate in replicates if replicate.epoch == epoch]
        until = min([r.epoch for r in replicates if r.epoch > epoch] + [epochs])
        _train_until(until, specification, images.training(specification.training.first), behind)
    return [(replicate.state.networks, replicate.checkpoint) for replicate in replicates]


@dataclass(frozen=True, eq=False)
class _Replicate:
    """One training, with its checkpoint and the file of that."""

    state: TrainingState
    checkpoint: Checkpoint
    path: Path

    @classmethod
    def begin(
        cls, specification: Specification, images: Images, seed: int, path: Path, policy: str
    ) -> _Replicate:
        """Begin a training, or continue from its checkpoint."""
        state = TrainingState.new(specification, images.shape, seed, policy)
        checkpoint = Checkpoint.read(path)
        if checkpoint is None or not checkpoint.belongs_to(specification, seed):
            checkpoint = Checkpoint(specification.digest, seed, PROCEDURE, 0, [], 0.0, [])
        for variable, value in zip(state.variables, checkpoint.variables, strict=False):
            variable.assign(value)
        return cls(state, checkpoint, path)

    @property
    def epoch(self) -> int:
        """Epochs done."""
        return self.checkpoint.epoch

    def record(self, losses: dict[str, float], seconds: float) -> None:
        """Write the checkpoint of one more epoch."""
        self.checkpoint.epoch += 1
        self.checkpoint.seconds += seconds
        self.checkpoint.history.append(losses)
        variables = self.state.variables
        self.checkpoint.variables = [keras.ops.convert_to_numpy(value) for value in variables]
        self.checkpoint.write(self.path)


def _train_until(
    until: int, specification: Specification, training: Images, replicates: list[_Replicate]
) -> None:
    """Train replicates that are in the same epoch until the end of another one."""
    steps = _compiled(specification, [replicate.state for replicate in replicates], training)
    seeds = [replicate.checkpoint.seed for replicate in replicates]
    title = f"{specification.name} seed {', '.join(map(str, seeds))} epoch"
    for epoch in range(replicates[0].epoch, until):
        started = time.perf_counter()
        orders = [np.random.default_rng([seed, epoch]).permutation(len(training)) for seed in seeds]
        losses = run_epoch(
            steps,
            np.array(orders, np.int32),
            specification.training.batch_size,
            f"{title} {epoch + 1}/{specification.training.epochs}",
        )
        seconds = (time.perf_counter() - started) / len(replicates)
        for replicate, own in zip(replicates, losses, strict=True):
            replicate.record(own, seconds)


def _compiled(specification: Specification, states: list[TrainingState], training: Images) -> Steps:
    labels = training.labels if training.labels is not None else np.zeros(len(training), np.int64)
    return compile_steps(states, loss(specification.objective), training.pixels, labels)


def run_epoch(
    steps: Steps, orders: NDArray[np.int32], batch_size: int, title: str
) -> list[dict[str, float]]:
    """Run one epoch.

    Parameters
    ----------
    steps : callable
        As `compile_steps` returns it.
    orders : ndarray of int32, shape (trainings, n)
        The order of the images for each training.
    batch_size : int
    title : str
        Of the progress bar.

    Returns
    -------
    list of dict of float
        For each training the mean of each loss per image.

    Raises
    ------
    FloatingPointError
        If a loss is not finite.
    """
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
        values = ", ".join(f"{total:g}" for total in totals["loss"])
        raise FloatingPointError(f"{title}: the loss is {values}; nothing was stored")
    return [{name: float(total[i] / n) for name, total in totals.items()} for i in range(count)]
