"""Whether Keras' backends agree: the same weights, and the same specification trained on each.

Each backend runs in a process of its own, on scikit-learn's digits and stored codes; no images are
needed. The others are compared with TensorFlow, since stored replicates come from it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.records import Record

ROOT = Path(__file__).parents[1]
TRAINED = Path(__file__).with_name("digits_ae_8d.yaml")
STORED = "faces_ae_256d"
REFERENCE, OTHERS = "tensorflow", ("jax", "torch")
CODES = 32  # decoded and encoded again: JAX takes a tenth of a second for each on a CPU
TOLERANCE = 1e-4  # of the largest number of an output; float32 has 1e-7, and layers add up
EQUIVALENT = 0.05  # of an effect: no margin of a claim is narrower

Found = dict[str, Any]


def records() -> Iterator[Record]:
    """Yield how far each backend that is installed is from the reference."""
    reference = alone(REFERENCE)
    for backend in OTHERS:
        if find_spec(backend) is None:
            print(f"{backend}: not measured, it is not installed", flush=True)
            continue
        yield from held(backend, alone(backend), REFERENCE, reference)


def held(ours: str, found: Found, theirs: str, reference: Found) -> Iterator[Record]:
    """Hold what one way of computing found against another."""
    for what in ("images", "codes"):
        off = agreement(f"{what} of the same weights on {ours}", found[what], reference[what])
        yield replace(off, against=theirs)
    for effect, values in found["effects"].items():
        name = f"{effect} of digits_ae_8d trained on {ours}"
        yield replace(equivalence(name, values, reference["effects"][effect]), against=theirs)


def agreement(name: str, ours: list[float], theirs: list[float]) -> Record:
    """Return by how much of the largest number two backends differ at most."""
    largest = float(np.abs(theirs).max())
    off = float(np.abs(np.subtract(ours, theirs)).max()) / largest
    detail = f"{len(ours):,} numbers of up to {largest:.3g}"
    return Record(name, REFERENCE, float(f"{off:.2g}"), TOLERANCE, "less", detail)


def equivalence(name: str, ours: list[float], theirs: list[float]) -> Record:
    """Return the far end of the interval of a relative difference, seed by seed."""
    from aelatent import estimate

    ratios = [a / b - 1 for a, b in zip(ours, theirs, strict=True)]
    if not any(ratios):  # nothing to take an interval of
        detail = f"the same numbers, {len(ours)} seeds"
        return Record(name, REFERENCE, 0.0, EQUIVALENT, "less", detail)
    found = estimate(float, ratios)
    low, high = found.interval
    detail = (
        f"{np.mean(ours):.4g} against {np.mean(theirs):.4g}; seed by seed "
        f"{100 * found.effect:+.2g} % [{100 * low:.2g}, {100 * high:.2g}], {len(ours)} seeds"
    )
    return Record(name, REFERENCE, round(max(-low, high), 4), EQUIVALENT, "less", detail)


def alone(backend: str, **variables: str) -> Found:
    """Measure a backend in a fresh interpreter, with further variables of the environment."""
    command = [sys.executable, "-W", "ignore", "-m", __name__]
    environment = {**os.environ, "KERAS_BACKEND": backend, **variables}
    answer = subprocess.run(
        command, check=True, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment
    )
    found: Found = json.loads(answer.stdout.splitlines()[-1])
    print(backend, found["effects"], flush=True)
    return found


def measure() -> Found:
    """Decode and encode with stored weights, and train; on the backend of this process."""
    from aelatent.zoo import Collection

    replicate = Collection(ROOT / "fixtures").replicate(STORED, 0)
    images = replicate.networks["decoder"](replicate.held_out.z_mean[:CODES].astype(np.float32))
    noise = np.random.default_rng(0).integers(0, 256, (CODES, 96, 96, 3), dtype=np.uint8)
    codes, _ = replicate.encode(noise)
    return {"images": _some(images), "codes": _some(codes), "effects": effects()}


def _some(values: Any) -> list[float]:
    import keras

    flat = keras.ops.convert_to_numpy(values).astype(np.float64).ravel()
    return [float(x) for x in flat[:: max(1, flat.size // 10_000)]]


def effects() -> dict[str, list[float]]:
    """Return the effects of a few claims on models trained here, one value a seed."""
    from aelatent import LatentCloud, data
    from aelatent.statistics import radius, spectrum
    from aelatent.training import train
    from aelatent.zoo import specification

    described = specification.read(TRAINED)
    images = data.load(described.images)
    held_out = images.pixels[~images.train].astype(np.float32) / 255
    found: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for seed in described.seeds:
            networks, _ = train(described, images, seed, Path(folder) / f"{seed}.npz", "float32")
            codes = networks["encoder"](held_out, training=False)
            decoded = networks["decoder"](codes, training=False)
            z = _array(codes)
            cloud = LatentCloud(z)
            for name, value in {
                "error": float(np.mean((_array(decoded) - held_out) ** 2)),
                "radius peak over root N": radius.peak_over_root_n(cloud).value,
                "share of the leading component": spectrum.leading_share(cloud.principal[0], 1),
            }.items():
                found.setdefault(name, []).append(float(value))
    return found


def _array(values: Any) -> np.ndarray:
    import keras

    return np.asarray(keras.ops.convert_to_numpy(values), np.float64)


if __name__ == "__main__":
    print(json.dumps(measure()))
