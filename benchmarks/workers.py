"""Speed-up of `aelatent calibrate` from one worker to two, on a cluster and as processes.

    python benchmarks/workers.py [--simulations 40] [--rounds 3]

One worker and two take turns; each has one thread. Times are those of the whole command. The load
of the machine is printed beside them: other work on its cores decides what a second worker brings.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[1]
CLAIMS = ("A-19", "X-09", "X-22", "X-23")  # four families that take equally long
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


def main() -> None:
    """Measure both kinds of workers, one and two in turn, and print the medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--simulations", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(ROOT / "claims", folder / "claims")
        calibrate = [
            *aelatent(),
            "calibrate",
            *CLAIMS,
            "--folder",
            str(folder / "claims"),
            "--simulations",
            str(options.simulations),
        ]
        with cluster(folder / "1", 1) as one, cluster(folder / "2", 2) as two:
            for kind, arms in (
                ("cluster", [["--cluster", str(one)], ["--cluster", str(two)]]),
                ("processes", [["--workers", "1"], ["--workers", "2"]]),
            ):
                report(kind, [[*calibrate, *arm] for arm in arms], options.rounds)


def aelatent() -> list[str]:
    """Return the command line tool of this interpreter."""
    return [sys.executable, "-m", "aelatent"]


def report(kind: str, commands: Sequence[Sequence[str]], rounds: int) -> None:
    """Time two commands in turn, after a round that only warms up, and print their ratio."""
    times: list[list[float]] = [[], []]
    for turn in range(rounds + 1):
        for command, found in zip(commands, times, strict=True):
            start = time.perf_counter()
            subprocess.run(command, check=True, env=os.environ | ONE_THREAD, **QUIET)
            if turn:
                found.append(time.perf_counter() - start)
                print(f"{kind}: {found[-1]:.1f} s, load {os.getloadavg()[0]:.1f}", flush=True)
    one, two = map(statistics.median, times)
    print(f"{kind}: one worker {one:.1f} s, two {two:.1f} s (medians): {one / two:.2f} times")


@contextmanager
def cluster(folder: Path, count: int) -> Iterator[Path]:
    """Yield the scheduler file of a cluster on this machine."""
    folder.mkdir()
    file = folder / "scheduler.json"
    common = ["--host", "127.0.0.1", "--no-dashboard", "--scheduler-file", str(file)]
    worker = ["worker", "--no-nanny", "--nthreads", "1", "--memory-limit", "0", *common]
    commands = [["scheduler", "--port", "0", *common], *([worker] * count)]
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", "dask", *command],
            cwd=folder,
            env=os.environ | ONE_THREAD,
            **QUIET,
        )
        for command in commands
    ]
    try:
        while not file.exists():
            time.sleep(0.1)
        yield file
    finally:
        for process in processes:
            process.kill()
            process.wait()


if __name__ == "__main__":
    main()
