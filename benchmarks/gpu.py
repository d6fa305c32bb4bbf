"""What a GPU does: training, epochs, the largest model, replicates together, pairs, agreement.

    KERAS_BACKEND=jax python -m benchmarks.gpu                  # all, on a GPU: half an hour
    KERAS_BACKEND=torch python -m benchmarks.gpu training pairs
    python -m benchmarks.gpu --scale 0.01                       # tries the script, on any machine

Each part runs in a process of its own. Figures are printed, and go to `benchmarks/gpu.json` where
there is a GPU and nothing was scaled down. The part `largest` trains on MNIST, which `aelatent data
mnist` explains; all others make their images.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np

from aelatent.runtime import environment
from benchmarks import backends, networks
from benchmarks.records import ROOT, Record, keep

RESULTS = Path(__file__).with_name("gpu.json")
FACES, LARGEST = networks.MODEL, "mnist_vae_8x8x1024"
SHAPES = {FACES: networks.SHAPE, "mnist_vae_2d": (28, 28, 1), "mnist_vae_2d_dense": (28, 28, 1)}
TOGETHER = 5
SPEED = 100_000  # images/s
EPOCHS, IMAGES, MINUTE = 24, 200_000, 60  # epochs, images and seconds of the timed training
SEED = 300  # seconds for a seed of the largest model


def main() -> None:
    """Run the parts that are asked for, each in a fresh interpreter."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"some of {', '.join(PARTS)}")
    parser.add_argument("--scale", type=float, default=1.0, help="of the work, to try the script")
    parser.add_argument("--alone", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    for part in options.parts or PARTS:
        if options.alone:
            for record in PARTS[part](options.scale):
                print(json.dumps(vars(record)), flush=True)
            continue
        for record in apart(part, options.scale):
            print(f"{record.name}, to {record.against}: {record.ratio:g} ({record.detail})")
            if environment.accelerator() and options.scale == 1:
                keep(record, RESULTS)


def apart(part: str, scale: float) -> Iterator[Record]:
    """Yield the records of a part as its process prints them."""
    command = [sys.executable, "-W", "ignore", "-m", __spec__.name, part, "--alone"]
    # Parts that start processes of their own leave them memory of the GPU; TensorFlow talks a lot.
    own = {"XLA_PYTHON_CLIENT_PREALLOCATE": "false", "TF_CPP_MIN_LOG_LEVEL": "3"}
    with subprocess.Popen(
        [*command, "--scale", str(scale)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=os.environ | own,
    ) as process:
        for line in process.stdout or ():
            if line.startswith("{"):
                yield Record(**json.loads(line))
    if process.returncode:
        print(f"{part}: not measured, its process ended with status {process.returncode}")


def training(scale: float) -> Iterator[Record]:
    """Images a second, in the fixture's batches and in larger ones, and what bounds them."""
    matrix, copy = ceilings(scale)
    for batch in (64, 512):
        steps, order, model = ready(FACES, max(2 * batch, int(50_000 * scale)), 1, batch)
        took = epoch(steps, order, batch)
        forward = timed(partial(forward_pass, model, batch)) / batch
        rate = order.size / took
        flops, moved = 3 * multiplications(model), traffic(model)
        yield Record(
            f"training {FACES}, batches of {batch}",
            f"{SPEED:,} images/s",
            round(rate / SPEED, 4),
            1,
            detail=(
                f"{rate:,.0f} images/s; {rate * flops / 1e12:.3g} TFLOP/s, "
                f"{100 * rate * flops / matrix:.2g} % of {matrix / 1e12:.3g} measured; at least "
                f"{rate * moved / 1e9:.3g} GB/s, {100 * rate * moved / copy:.2g} % of "
                f"{copy / 1e9:.3g} measured; forward alone takes {100 * rate * forward:.2g} % of a "
                f"step, not compiled; {runs_on()}"
            ),
        )


def epochs(scale: float) -> Iterator[Record]:
    """Many epochs of many images, all on the device."""
    count = max(128, int(IMAGES * scale))
    rounds = max(1, round(EPOCHS * min(1, 10 * scale)))
    steps, order, _ = ready(FACES, count, 1, 64)
    took = sum(epoch(steps, order, 64) for _ in range(rounds))
    yield Record(
        f"{rounds} epochs of {count:,} images of 96x96",
        f"{MINUTE} s",
        round(MINUTE / took * (rounds * count) / (EPOCHS * IMAGES), 4),
        1,
        detail=f"{took:.1f} s, batches of 64; {runs_on()}",
    )


def largest(scale: float) -> Iterator[Record]:
    """Seeds of the model of 65,536 dimensions, then the claims about it."""
    from aelatent import data
    from aelatent.training.pipeline import produce
    from aelatent.zoo import Collection

    if scale < 1:
        yield from shortened(scale)
        return
    collection, images = Collection(ROOT / "fixtures"), cache(data.load)
    for seed in collection.specification(LARGEST).seeds:
        started = time.perf_counter()
        state = produce(collection, LARGEST, seed, images).state
        took = time.perf_counter() - started
        detail = f"{took:.0f} s with measuring and storing, {state}; {runs_on()}"
        yield Record(f"{LARGEST} seed {seed}", f"{SEED} s", round(SEED / took, 2), 1, detail=detail)
    command = ["-m", "pytest", "claims", "-q", "-k", LARGEST, "--aelatent-record"]
    answer = subprocess.run(
        [sys.executable, *command], cwd=ROOT, check=False, capture_output=True, text=True
    )
    print(answer.stdout[-2000:], file=sys.stderr)


def shortened(scale: float) -> Iterator[Record]:
    """Train the largest model on a few made images."""
    count = max(64, int(60_000 * scale))
    steps, order, _ = ready(LARGEST, count, 1, 64)
    took = epoch(steps, order, 64) * 3 * 60_000 / count
    yield Record(
        f"{LARGEST}, its time from {count:,} images",
        f"{SEED} s",
        round(SEED / took, 2),
        1,
        detail=f"{took:.0f} s for 3 epochs of 60,000; {runs_on()}",
    )


def together(scale: float) -> Iterator[Record]:
    """Replicates of one model side by side against one after the other."""
    for name in SHAPES:
        count = max(128, int(10_000 * scale))
        rates = []
        for replicates in (1, TOGETHER):
            steps, order, _ = ready(name, count, replicates, 64)
            rates.append(order.size / epoch(steps, order, 64))
        yield Record(
            f"{TOGETHER} replicates of {name} together",
            "one at a time",
            round(rates[1] / rates[0], 3),
            1,
            detail=f"{rates[1]:,.0f} against {rates[0]:,.0f} images/s; {runs_on()}",
        )


def pairs(scale: float) -> Iterator[Record]:
    """Neighbours and a two-sample test on the device against the processor."""
    from aelatent.latent import pairwise_gpu
    from aelatent.statistics import nearest, two_samples

    n = max(500, int(60_000 * scale**0.5))
    codes = np.random.default_rng(0).standard_normal((n, 256))
    halves = codes[: n // 2], codes[n // 2 :] + 0.01

    def search() -> Any:
        return np.stack(nearest.neighbours(codes, 10))

    def test() -> Any:
        return two_samples.energy_test(*halves, np.random.default_rng(0)).null

    for what, work in ((f"10 neighbours of {n:,} codes", search), (f"energy test of {n:,}", test)):
        found, took = [], []
        for sent in (True, False):
            with mock.patch.object(pairwise_gpu, "worth", return_value=sent):
                if sent:
                    work()  # what is compiled and loaded
                started = time.perf_counter()
                found.append(work())
                took.append(time.perf_counter() - started)
        off = float(np.abs(found[0] - found[1]).max() / np.abs(found[1]).max())
        yield Record(
            f"{what}, d = 256, on the device",
            "the processor",
            round(took[1] / took[0], 2),
            1,
            detail=f"{took[0]:.3g} s against {took[1]:.3g} s; off by {off:.1g}; {runs_on()}",
        )


def agreement(_: float) -> Iterator[Record]:
    """Compare the same weights, and the same trainings, on the device and on the processor."""
    import keras

    backend = keras.backend.backend()
    here, there = backends.alone(backend), backends.alone(backend, CUDA_VISIBLE_DEVICES="")
    yield from backends.held(f"{backend} on the device", here, f"{backend} on the processor", there)


PARTS: dict[str, Callable[[float], Iterator[Record]]] = {
    "training": training,
    "epochs": epochs,
    "largest": largest,
    "together": together,
    "pairs": pairs,
    "agreement": agreement,
}


def ready(name: str, count: int, replicates: int, batch: int) -> tuple[Any, Any, Any]:
    """Return compiled steps of some replicates, an order of made images for each, and networks."""
    from aelatent.training.loop import run_epoch

    pixels = networks.made(count, SHAPES.get(name, (28, 28, 1)))
    steps, first = networks.compiled(networks.specification(name), pixels, replicates)
    rng = np.random.default_rng(0)
    order = np.array([rng.permutation(count) for _ in range(replicates)], np.int32)
    run_epoch(steps, order, batch, "compiles every shape")
    return steps, order, first


def epoch(steps: Any, order: Any, batch: int) -> float:
    """Return the seconds of an epoch."""
    from aelatent.training.loop import run_epoch

    started = time.perf_counter()
    run_epoch(steps, order, batch, "benchmark")
    return time.perf_counter() - started


def forward_pass(model: Any, batch: int) -> Any:
    """Encode and decode a batch."""
    from keras import ops

    images = ops.zeros((batch, *SHAPES[FACES]))
    return model["decoder"](model["encoder"](images, training=True), training=True)


def multiplications(model: Any) -> float:
    """Floating-point operations of one image there and back, two for a multiplication."""
    total = 0
    for layer in (layer for network in model.values() for layer in network.layers):
        kernel = getattr(layer, "kernel", None)
        if kernel is None:
            continue
        wide = layer.input if "Transpose" in type(layer).__name__ else layer.output
        places = np.prod(wide.shape[1:-1], dtype=int) if len(kernel.shape) == 4 else 1
        total += 2 * int(np.prod(kernel.shape)) * int(places)
    return float(total)


def traffic(model: Any) -> float:
    """Bytes that a step moves at least for an image: each output and its gradient, both ways.

    Written once and read twice, in bfloat16; weights and what the optimiser keeps are left out.
    """
    outputs = [layer.output for network in model.values() for layer in network.layers]
    return float(sum(2 * 6 * int(np.prod(output.shape[1:])) for output in outputs))


def ceilings(scale: float) -> tuple[float, float]:
    """Measure operations a second of a bfloat16 product, and bytes a second of a copy."""
    from keras import ops

    side = int(8192 * max(0.1, scale))
    values = np.random.default_rng(0).standard_normal((side, side)).astype(np.float32)
    left = ops.cast(ops.convert_to_tensor(values), "bfloat16")
    matrix = 2 * side**3 / timed(lambda: left @ left)
    array = ops.zeros((int(2**31 * max(0.02, scale)),), "uint8")
    return matrix, 2 * array.shape[0] / timed(lambda: array + 1)


def timed(work: Callable[[], Any], rounds: int = 20) -> float:
    """Return seconds of a call, after three that warm up; the device works its queue off."""
    for _ in range(3):
        finished(work())
    started = time.perf_counter()
    for _ in range(rounds):
        result = work()
    finished(result)
    return (time.perf_counter() - started) / rounds


def finished(tensor: Any) -> None:
    """Wait until a tensor is there: a number of it is asked for."""
    from keras import ops

    ops.convert_to_numpy(ops.ravel(tensor)[:1])


def runs_on() -> str:
    """Say which framework ran, on what."""
    import keras

    return f"{keras.backend.backend()} on {environment.accelerator() or 'a processor'}"


if __name__ == "__main__":
    main()
