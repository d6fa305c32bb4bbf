"""Encoding and training of `faces_ae_256d` against Keras' own loops and PyTorch's.

Images are made, not photographs: the speed does not depend on them.
"""

from __future__ import annotations

import os
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.arms import Comparison, Work, library

HERE = __name__
ROOT = Path(__file__).parents[1]
MODEL = "faces_ae_256d"
SHAPE = (96, 96, 3)
ENCODED = int(os.environ.get("AELATENT_BENCH_ENCODED", "13000"))
TRAINED = int(os.environ.get("AELATENT_BENCH_TRAINED", "4800"))

COMPARISONS = [
    Comparison(
        f"encoding {ENCODED:,} images",
        "Keras' predict",
        1.5,
        f"{HERE}:encoding",
        f"{HERE}:predicting",
        "tensorflow",
    ),
    Comparison(
        f"training {MODEL}, an epoch of {TRAINED:,} images",
        "Keras' fit, float32",
        2,
        f"{HERE}:training",
        f"{HERE}:fitting",
        "keras",
        rounds=3,
    ),
    Comparison(
        f"training {MODEL}, its peak memory",
        "Keras' fit, float32",
        1,
        f"{HERE}:training",
        f"{HERE}:fitting",
        "keras",
        memory=True,
        rounds=3,
    ),
    Comparison(
        f"training {MODEL}, an epoch of {TRAINED:,} images, and PyTorch",
        "PyTorch, bfloat16, channels last",
        1,
        f"{HERE}:training",
        f"{HERE}:torch_loop",
        "torch",
    ),
]


def made(count: int, shape: tuple[int, int, int] = SHAPE) -> np.ndarray:
    """Make images of noise."""
    return np.random.default_rng(0).integers(0, 256, (count, *shape), dtype=np.uint8)


def specification(name: str = MODEL) -> Any:
    """Read what a model is."""
    from aelatent.zoo import Collection

    return Collection(ROOT / "fixtures").specification(name)


def built(policy: str) -> Any:
    """Build the networks in a precision."""
    from aelatent import models

    architecture = specification().architecture
    return models.build(architecture.name, architecture.parameters, SHAPE, seed=0, dtype=policy)


def encoding() -> Work:
    """Encode as replicates are measured: the graph is made within the time."""
    from aelatent.zoo import Collection

    replicate = Collection(ROOT / "fixtures").replicate(MODEL, 0).untrained()
    pixels = made(ENCODED)
    replicate.encode(pixels[:512])
    return lambda: replicate.encode(pixels)


def predicting() -> Work:
    """Encode by `predict`, whose graph is made before."""
    encoder, pixels = built("float32")["encoder"], made(ENCODED)
    encoder.predict(pixels[:512].astype(np.float32) / 255, verbose=0)
    return lambda: encoder.predict(pixels.astype(np.float32) / 255, verbose=0)


def training() -> Work:
    """Train an epoch as `aelatent train` does, after some batches to warm up."""
    from aelatent.training.loop import run_epoch

    steps, _ = compiled(specification(), made(TRAINED))
    size, order = specification().training.batch_size, np.arange(TRAINED, dtype=np.int32)[None]
    run_epoch(steps, order[:, : 8 * size], size, "warm")
    return lambda: run_epoch(steps, order, size, "benchmark")


def compiled(described: Any, pixels: np.ndarray, replicates: int = 1) -> tuple[Any, Any]:
    """Compile the steps of some replicates on images; return them, and the first one's networks."""
    from aelatent.training.compilation import compile_steps
    from aelatent.training.loop import precision
    from aelatent.training.objectives import loss
    from aelatent.training.state import TrainingState

    shape, labels = pixels.shape[1:], np.zeros(len(pixels), np.int64)
    trainings = [
        TrainingState.new(described, shape, seed, precision()) for seed in range(replicates)
    ]
    steps = compile_steps(trainings, loss(described.objective), pixels, labels)
    return steps, trainings[0].networks


def fitting() -> Work:
    """Train an epoch by Keras' own `fit`."""
    import keras

    settings = specification().training
    model = keras.Sequential(list(built("float32").values()))
    model.compile(optimizer=keras.optimizers.Adam(settings.learning_rate), loss="mse")
    inputs = made(TRAINED).astype(np.float32) / 255
    few = inputs[: 8 * settings.batch_size]
    model.fit(few, few, batch_size=settings.batch_size, verbose=0)
    return lambda: model.fit(inputs, inputs, batch_size=settings.batch_size, verbose=0)


def torch_loop() -> Work:
    """Train an epoch in PyTorch: bfloat16 by autocast, channels last, images kept as bytes."""
    torch = library("torch")
    settings, model = specification().training, torch_model()
    optimizer = torch.optim.Adam(model.parameters(), lr=settings.learning_rate, fused=True)
    pixels = torch.from_numpy(made(TRAINED)).permute(0, 3, 1, 2)

    def epoch(count: int) -> None:
        for chosen in torch.randperm(count).split(settings.batch_size):
            batch = pixels[chosen].float().div_(255)
            batch = batch.contiguous(memory_format=torch.channels_last)
            with torch.autocast("cpu", torch.bfloat16):
                decoded = model(batch)
            optimizer.zero_grad(set_to_none=True)
            torch.nn.functional.mse_loss(decoded.float(), batch).backward()
            optimizer.step()

    epoch(8 * settings.batch_size)
    return lambda: epoch(TRAINED)


def torch_model() -> Any:
    """Build the same layers in PyTorch, with as many parameters."""
    torch = library("torch")
    parameters = specification().architecture.parameters
    filters, latent_dim = parameters["filters"], parameters["latent_dim"]
    slope, side = parameters["leaky_slope"], SHAPE[0] // 2 ** len(filters)
    nn = torch.nn
    encoder: list[Any] = []
    for before, after in zip([SHAPE[2], *filters], filters, strict=False):
        encoder += [nn.Conv2d(before, after, 3, 2, 1), nn.LeakyReLU(slope)]
    flat = filters[-1] * side**2
    middle = [nn.Flatten(), nn.Linear(flat, latent_dim), nn.Linear(latent_dim, flat)]
    decoder: list[Any] = [nn.Unflatten(1, (filters[-1], side, side))]
    outward = filters[::-1]
    for before, after in pairwise(outward):
        decoder += [nn.ConvTranspose2d(before, after, 3, 2, 1, 1), nn.LeakyReLU(slope)]
    last = [nn.ConvTranspose2d(outward[-1], SHAPE[2], 3, 2, 1, 1), nn.Sigmoid()]
    model = nn.Sequential(*encoder, *middle, *decoder, *last)
    return model.to(memory_format=torch.channels_last)
