"""Passes over codes that do not fit in memory, against one plain read of their file.

    python benchmarks/stored_codes.py [--codes 1000000] [--dimensions 256] [--rounds 3]

Makes a file of float16 codes under a temporary folder (`--folder` says where; 10,000,000 codes of
256 dimensions take 5.1 GB) and deletes it. A read and a pass take turns, each after the file has
been dropped from the page cache where the system does that, so that both read from the disk. Prints
one record a line as JSON, and writes them with `--out`.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_info

from aelatent.latent.out_of_core import StoredCloud, open_cloud
from aelatent.statistics import stored, stored_neighbours

BLOCK = 2**20
AIM, MOST = 3.0, 2.0  # times a plain read, GB
ASKED = 64  # codes whose neighbours are sought

Record = dict[str, object]


def main() -> None:
    """Make a file, measure each pass, print and write records."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--codes", type=int, default=1_000_000)
    parser.add_argument("--dimensions", type=int, default=256)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", type=Path, help="where the file is made")
    parser.add_argument("--out", type=Path, help="a JSON file for the records")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        path = Path(folder) / "codes.npy"
        make(path, options.codes, options.dimensions)
        records = measure(path, options.rounds)
    if options.out:
        options.out.write_text(json.dumps(records, indent=1) + "\n", encoding="utf-8")


def make(path: Path, n: int, d: int) -> None:
    """Write correlated, skewed codes off the origin, a chunk at a time."""
    rng = np.random.default_rng(0)
    mixing = rng.standard_normal((d, d), dtype=np.float32) / d**0.5 + np.eye(d, dtype=np.float32)
    header = {"descr": "<f2", "fortran_order": False, "shape": (n, d)}
    with path.open("wb") as file:
        np.lib.format.write_array_header_1_0(file, header)
        for start in range(0, n, 10_000):
            chunk = rng.standard_normal((min(n - start, 10_000), d), dtype=np.float32) @ mixing
            file.write((chunk + 0.1 * chunk**2 + 0.3).astype(np.float16).data)
        file.flush()
        os.fsync(file.fileno())


def measure(path: Path, rounds: int) -> list[Record]:
    """Return a record a pass, and one of the peak memory of all."""
    cloud = open_cloud(path)
    places = np.linspace(0, cloud.n - 1, ASKED).astype(np.int64)
    points = cloud.file.at(places)
    passes: dict[str, tuple[Callable[[StoredCloud], object], int]] = {
        "moments, radii, skewness, kurtosis": (lambda fresh: fresh.mean, 1),
        "Mahalanobis distances": (lambda _: stored.distances(cloud), 1),
        f"10 neighbours of {ASKED} codes": (
            lambda _: stored_neighbours.neighbours(cloud, points, 10, places),
            1,
        ),
        "two-sample test": (
            lambda _: stored.embedding_test(cloud, cloud, np.random.default_rng(0)),
            2,
        ),
    }
    cloud.principal  # noqa: B018 -- distances ask for it; the pass is measured by itself
    records = [compare(name, path, run, count, rounds) for name, (run, count) in passes.items()]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    size = cloud.file.bytes / 1e9
    records.append(
        tell(
            name="stored codes: peak memory in GB",
            against="2 GB",
            ratio=round(peak, 2),
            aim=MOST,
            met=peak <= MOST,
            detail=f"whole process, file of {size:.2f} GB",
        )
    )
    return records


def compare(
    name: str, path: Path, run: Callable[[StoredCloud], object], count: int, rounds: int
) -> Record:
    """Time a plain read and what makes `count` passes in turn."""
    reads, passes, busy = [], [], []
    for _ in range(rounds):
        cold = drop(path)
        reads.append(timed(lambda: read(path)))
        drop(path)
        before = time.process_time()
        passes.append(timed(lambda: run(open_cloud(path))) / count)
        busy.append((time.process_time() - before) / count)
    ratios = [p / r for p, r in zip(passes, reads, strict=True)]
    ratio = statistics.median(ratios)
    cloud = open_cloud(path)
    return tell(
        name=f"stored codes: {name}",
        against="a plain read of the file",
        ratio=round(ratio, 2),
        aim=AIM,
        met=ratio <= AIM,
        detail=(
            f"{cloud.n:,} codes of {cloud.d} in float16, {'cold' if cold else 'warm'} file; a pass "
            f"{statistics.median(passes):.2f} s ({statistics.median(busy):.2f} s of processors, "
            f"{cloud.file.workers} cores), a read {statistics.median(reads):.2f} s; ratios "
            f"{', '.join(f'{r:.2f}' for r in ratios)}; load {os.getloadavg()[0]:.1f}; "
            f"BLAS {kernel()}"
        ),
    )


def kernel() -> str:
    """Name what multiplies matrices: the environment may ask for half as fast a kernel."""
    pools = [pool for pool in threadpool_info() if pool["user_api"] == "blas"]
    return ", ".join(sorted({pool.get("architecture", pool["prefix"]) for pool in pools}))


def tell(**record: object) -> Record:
    """Print a record and return it."""
    print(json.dumps(record), flush=True)
    return record


def timed(run: Callable[[], object]) -> float:
    """Return the seconds that a call takes."""
    started = time.perf_counter()
    run()
    return time.perf_counter() - started


def read(path: Path) -> None:
    """Read a file once, into one buffer over and over."""
    buffer = bytearray(BLOCK)
    with path.open("rb", buffering=0) as file:
        while file.readinto(buffer):
            pass


def drop(path: Path) -> bool:
    """Drop a file from the page cache; False where the system does not do that."""
    if not hasattr(os, "posix_fadvise"):
        return False
    with path.open("rb") as file:
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    return True


if __name__ == "__main__":
    main()
