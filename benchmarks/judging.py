"""How long the judge of faces takes: 1,000 decoded images of 96x96, against a limit in seconds.

It is judged by the time of the processor, over two cores: what it takes on two cores that do
nothing else, if both are always busy. The wall time stands beside it.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from aelatent.judges import FaceJudge
from aelatent.judges.judge import Pixels
from aelatent.samplers.ladder import Gaussian
from aelatent.zoo import Collection
from benchmarks.records import Record
from benchmarks.starting import against

FIXTURES = Path(__file__).parents[1] / "fixtures"
MODEL, IMAGES, LIMIT = "faces_ae_256d", 1000, 10.0
ROUNDS, CORES = 3, 2


def records() -> Iterator[Record]:
    """Yield how many times judging 1,000 faces fits into its limit."""
    pixels = faces(IMAGES)
    runs = [seconds(pixels) for _ in range(ROUNDS)]
    wall, used = (statistics.median(run[i] for run in runs) for i in range(2))
    detail = f"{used:.2f} s of processor time on {CORES} cores, {wall:.2f} s of wall time"
    yield against("judging 1,000 faces of 96x96, all principles", LIMIT, used / CORES, detail)


def faces(n: int) -> Pixels:
    """Return decoded Gaussian draws of a stored model, all different."""
    collection = Collection(FIXTURES)
    replicate = collection.replicate(MODEL, collection.specification(MODEL).seeds[0])
    return replicate.decode(Gaussian().draw(n, replicate.train, np.random.default_rng(0)))


def seconds(pixels: Pixels) -> tuple[float, float]:
    """Return the wall time and the processor time that judging images takes, once warm."""
    judge = FaceJudge.load()
    judge.grade(pixels[:2])
    started, before = time.perf_counter(), time.process_time()
    judge.grade(pixels)
    return time.perf_counter() - started, time.process_time() - before
