"""Training speed of `faces_ae_256d`: ours against plain float32 Keras `fit`, side by side.

    python benchmarks/training.py [--images 6400] [--rounds 3]

Each arm runs in a process of its own, in turn, so that neither profits from the other's warm caches
and the peak memory is its own. Images are made, not photographs: the speed does not depend on them.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[1]
MODEL = "faces_ae_256d"
ARMS = ("ours", "plain fit")


def main() -> None:
    """Measure both arms in turn and print the ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--images", type=int, default=6400)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--arm", choices=ARMS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.arm:
        print(json.dumps(measure(options.arm, options.images)))
        return
    runs: dict[str, list[dict[str, float]]] = {arm: [] for arm in ARMS}
    for _ in range(options.rounds):
        for arm in ARMS:
            runs[arm].append(in_own_process(arm, options.images))
            print(arm, runs[arm][-1], flush=True)
    pairs = zip(*(runs[arm] for arm in ARMS), strict=True)
    ratios = [ours["images_per_second"] / plain["images_per_second"] for ours, plain in pairs]
    print(f"ours over plain fit: median {statistics.median(ratios):.2f}, all {np.round(ratios, 2)}")


def in_own_process(arm: str, images: int) -> dict[str, float]:
    """Run one arm in a fresh interpreter."""
    command = [sys.executable, __file__, "--arm", arm, "--images", str(images)]
    answer = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT)
    result: dict[str, float] = json.loads(answer.stdout.splitlines()[-1])
    return result


def measure(arm: str, count: int) -> dict[str, float]:
    """Return images per second of one epoch after a warm-up, and the peak memory in GB."""
    import keras

    from aelatent import models
    from aelatent.fixtures import Collection
    from aelatent.training.compilation import compile_steps, trainable
    from aelatent.training.loop import precision, run_epoch
    from aelatent.training.objectives import loss

    specification = Collection(ROOT / "fixtures").specification(MODEL)
    settings, architecture = specification.training, specification.architecture
    pixels = np.random.default_rng(0).integers(0, 256, (count, 96, 96, 3), dtype=np.uint8)
    policy = precision() if arm == "ours" else "float32"
    networks = models.build(
        architecture.name, architecture.parameters, (96, 96, 3), seed=0, dtype=policy
    )
    optimizer = keras.optimizers.Adam(settings.learning_rate)
    if arm == "ours":
        optimizer.build(trainable(networks))
        noise = keras.random.SeedGenerator(0)
        labels = np.zeros(count, np.int64)
        steps = compile_steps(
            networks, loss(specification.objective), optimizer, noise, pixels, labels
        )
        order = np.arange(count, dtype=np.int32)

        def epoch() -> None:
            run_epoch(steps, order, settings.batch_size, "benchmark")
    else:
        model = keras.Sequential(list(networks.values()))
        model.compile(optimizer=optimizer, loss="mse")
        inputs = pixels.astype(np.float32) / 255

        def epoch() -> None:
            model.fit(inputs, inputs, batch_size=settings.batch_size, verbose=0)

    epoch()
    started = time.perf_counter()
    epoch()
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    return {"images_per_second": round(count / seconds, 1), "peak_memory_gb": round(peak, 2)}


if __name__ == "__main__":
    main()
