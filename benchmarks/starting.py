"""How long it takes until something happens: whole processes against limits in seconds.

Starts run on one thread, and are judged by the time of the processor, which is what they take on a
machine that does nothing else; whole suites by wall time.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.records import Record, busy

ROOT = Path(__file__).parents[1]
ROUNDS = 3
LIMITS = {
    "import aelatent": (0.3, ["-c", "import aelatent"]),
    "import of the plugin, in a process that has pytest": (
        0.3,
        ["-c", "import pytest, aelatent.plugin"],
    ),
    "collecting all claims": (3, ["-m", "pytest", "claims", "--collect-only", "-q"]),
}
SUITES = {"whole claim suite, nothing cached": 600, "whole claim suite, all cached": 60}


def records(*, suites: bool = False) -> Iterator[Record]:
    """Yield how many times each fits into its limit; the suites only if asked for."""
    for name, (limit, command) in LIMITS.items():
        runs = [seconds(command) for _ in range(ROUNDS)]
        wall, used = (statistics.median(run[i] for run in runs) for i in range(2))
        yield against(
            name, limit, used, f"{used:.2f} s of processor time, {wall:.2f} s of wall time"
        )
    with TemporaryDirectory() as cache:  # empty for the first suite, filled for the second
        for name, limit in SUITES.items() if suites else ():
            own = ["-o", f"aelatent_cache={cache}"]
            wall, _ = seconds(["-m", "pytest", "claims", "-q", "-n", "2", *own])
            yield against(name, limit, wall, f"{wall:.0f} s of wall time")


def against(name: str, limit: float, taken: float, detail: str) -> Record:
    """Return how many times what was taken fits into a limit in seconds."""
    ratio = round(limit / max(taken, 0.01), 2)
    return Record(name, f"{limit:g} s", ratio, 1, detail=f"{detail}; {busy()}")


def seconds(command: list[str]) -> tuple[float, float]:
    """Return the wall time and the processor time of one process and its children.

    Raises
    ------
    subprocess.CalledProcessError
        If it fails: what ends before it has begun is fast.
    """
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    before, started = os.times(), time.perf_counter()
    subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        check=True,
    )
    wall, after = time.perf_counter() - started, os.times()
    used = after.children_user + after.children_system
    return wall, used - before.children_user - before.children_system
