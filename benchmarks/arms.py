"""Two ways of doing the same work, in turn, each in a process of its own.

Ours, theirs, ours, theirs: what else the machine does falls on both. A process of its own leaves
neither the other's warm caches, and makes the peak of memory its own.
"""

from __future__ import annotations

import importlib
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from benchmarks.records import Record, busy

ROOT = Path(__file__).parents[1]
Run = dict[str, float]
Work = Callable[[], object]


@dataclass(frozen=True)
class Comparison:
    """Ours against theirs.

    Attributes
    ----------
    name, against : str
        What is done, and by whom else.
    aim : float
        How many times less time, or memory, ours should take.
    ours, theirs : str
        "module:function"; the function makes everything ready and returns the work.
    needs : str
        A package that theirs imports; without it nothing is measured.
    memory : bool
        Compare the peak above the idle process instead of the time.
    share : float
        Part of the work that theirs does, where all of it would take minutes.
    rounds : int
    """

    name: str
    against: str
    aim: float
    ours: str
    theirs: str
    needs: str = "numpy"
    memory: bool = False
    share: float = 1.0
    rounds: int = 2

    def record(self) -> Record | None:
        """Return the result; None where the peer is not installed."""
        if find_spec(self.needs) is None:
            print(f"{self.name}: not measured, {self.needs} is not installed", flush=True)
            return None
        ours, theirs = alternate(self.ours, self.theirs, self.rounds)
        key, unit = ("megabytes", "MB") if self.memory else ("seconds", "s")
        pairs = [b[key] / a[key] / self.share for a, b in zip(ours, theirs, strict=True)]
        medians = [middle(runs, key) for runs in (ours, theirs)]
        used = [middle(runs, "processor") for runs in (ours, theirs)]
        part = f" for {self.share:.3g} of the work" if self.share < 1 else ""
        return Record(
            name=self.name,
            against=self.against,
            ratio=round(statistics.median(pairs), 2),
            aim=self.aim,
            detail=(
                f"{medians[0]:.3g} {unit} against {medians[1]:.3g} {unit}{part}; "
                f"pair by pair {', '.join(f'{pair:.3g}' for pair in pairs)}; "
                f"processor time {used[0]:.3g} s against {used[1]:.3g} s; {busy()}"
            ),
        )


def middle(runs: list[Run], key: str) -> float:
    """Return the median over runs."""
    return statistics.median(run[key] for run in runs)


@cache
def alternate(ours: str, theirs: str, rounds: int) -> tuple[list[Run], list[Run]]:
    """Return the runs of either."""
    pairs = [(alone(ours), alone(theirs)) for _ in range(rounds)]
    return [a for a, _ in pairs], [b for _, b in pairs]


def alone(arm: str) -> Run:
    """Run one arm in a fresh interpreter."""
    command = [sys.executable, "-W", "ignore", "-m", __name__, arm]
    answer = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    result: Run = json.loads(answer.stdout.splitlines()[-1])
    print(arm, result, flush=True)
    return result


def measure(arm: str) -> Run:
    """Return what the work of an arm takes: seconds, and megabytes above the idle process."""
    module, _, function = arm.partition(":")
    work: Work = getattr(importlib.import_module(module), function)()
    idle = resident()
    started, used = time.perf_counter(), time.process_time()
    work()
    return {
        "seconds": round(time.perf_counter() - started, 4),
        "processor": round(time.process_time() - used, 4),
        "megabytes": round((peak() - idle) / 1e6, 1),
    }


def resident() -> int:
    """Return the bytes of memory that this process holds now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def peak() -> int:
    """Return the most bytes of memory that this process ever held."""
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def library(name: str) -> Any:
    """Import a peer by its name: it need not be installed."""
    return importlib.import_module(name)


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1])))
