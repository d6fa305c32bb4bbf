"""How the time of statistics grows with the number of codes and of dimensions.

Each is called as its properties are tested, on codes whose number, or dimensions, double until a
call takes long enough; the exponent is the slope of the logarithms over the last two doublings,
where the terms of lower orders count least. Time is that of the processor, of one thread, so that
what else the machine does matters little. A cost of several terms, such as n d^2 + d^3, has the
orders of all of them: between the least and the largest, both are met.
"""

from __future__ import annotations

import ctypes
import os
import resource
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np
import yaml
from threadpoolctl import threadpool_limits

from benchmarks.records import Record
from tests.properties import promises  # noqa: F401 (imported for what it registers)
from tests.properties.register import PROPERTIES, Property, Sample, sample

ORDERS = Path(__file__).with_name("orders.yaml")
OFF = 0.15
LONG = 2.0  # seconds of a call after which nothing larger is tried
SHORT = 0.003  # seconds below which a call is mostly overhead
LAST = 3  # sizes that are fitted
MOST = 2**24  # numbers of a sample
N, D = 1000, 8  # where the other of the two starts
MMAP_MAX, TRIM_THRESHOLD = -4, -1  # parameters of the C library's allocator

Order = float | list[float]


def records(only: str = "") -> Iterator[Record]:
    """Yield how far each exponent is from the documented one."""
    orders: dict[str, dict[str, Order]] = yaml.safe_load(ORDERS.read_text(encoding="utf-8"))
    keep_memory()
    # Threads that wait for one another take processor time that is no cost of the statistic.
    os.environ["OMP_NUM_THREADS"] = "1"  # the library's own
    with threadpool_limits(1):
        for name, order in orders.items():
            if only not in name:
                continue
            for axis, documented in order.items():
                found = exponent(PROPERTIES[name], axis)
                if found is not None:
                    yield against(f"{name} against {axis}", documented, *found)


def keep_memory() -> None:
    """Let this process keep the memory that it frees.

    Large arrays would be given back and asked for again with every call, page by page, small ones
    not: where that begins a cost that grows with n seems to grow faster.
    """
    allocator = ctypes.CDLL(None)
    if hasattr(allocator, "mallopt"):  # glibc
        allocator.mallopt(MMAP_MAX, 0)
        allocator.mallopt(TRIM_THRESHOLD, -1)


def against(name: str, documented: Order, fitted: float, largest: int, seconds: float) -> Record:
    """Return the record of a fitted exponent: how far it is from the documented ones."""
    orders = documented if isinstance(documented, list) else [documented]
    return Record(
        name=name,
        against=f"order {' to '.join(f'{order:g}' for order in orders)}",
        ratio=round(max(min(orders) - fitted, fitted - max(orders), 0.0), 3),
        aim=OFF,
        better="less",
        detail=f"fitted {fitted:.2f}, up to {largest:,}: {seconds:.2g} s of processor time",
    )


def exponent(case: Property, axis: str) -> tuple[float, int, float] | None:
    """Return the fitted exponent, the largest size and its time; None if nothing took long."""
    sizes, times = [], []
    for size in growing(case, axis):
        sizes.append(size)
        times.append(least(case, *((size, D) if axis == "n" else (N, size))))
        if times[-1] > LONG:
            break
    chosen = [i for i, seconds in enumerate(times) if seconds > SHORT][-LAST:]
    if len(chosen) < LAST:
        print(f"{case.name} against {axis}: too fast to tell, {times[-1]:.2g} s", flush=True)
        return None
    logs = np.log(np.array(sizes)[chosen]), np.log(np.array(times)[chosen])
    return float(np.polyfit(*logs, 1)[0]), sizes[-1], times[-1]


def growing(case: Property, axis: str) -> Iterator[int]:
    """Yield doubling sizes, as far as the statistic takes them and memory allows."""
    other = min(D, case.d[1]) if axis == "n" else N
    size = N if axis == "n" else 16
    while size * other <= MOST:
        yield size
        size *= 2


def least(case: Property, n: int, d: int) -> float:
    """Return the least processor time of up to three calls, each on a sample that knows nothing.

    A long call is made once, unless the system took more than a tenth of it: the first at a size
    waits for it to clear pages that this process did not have before, which took three times as
    long as the statistic itself where it was one of all pairs of 16,000 codes.
    """
    codes, labels = drawn(n, min(d, case.d[1]) if d == D else d)
    took: list[float] = []
    while len(took) < 3:
        fresh = Sample(codes, labels)
        own, system = spent()
        case.measure(fresh)
        own, system = (after - before for after, before in zip(spent(), (own, system), strict=True))
        took.append(own + system)
        if sum(took) > LONG / 2 and system < 0.1 * took[-1]:
            break
    return min(took)


def spent() -> tuple[float, float]:
    """Return the seconds that the processor spent on this process, and for it in the system."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime, usage.ru_stime


@cache
def drawn(n: int, d: int) -> tuple[np.ndarray, np.ndarray]:
    """Draw the codes and labels that all statistics are measured on."""
    given = sample(0, n, d, "skewed")
    return given.codes, given.labels
