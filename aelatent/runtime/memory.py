"""The memory that one file may take: a share of what this machine has left."""

from __future__ import annotations

import os
from pathlib import Path

MOST = 8 * 2**30  # bytes, however much memory there is
LEAST = 2**26  # bytes: a machine that has less is in trouble without us
MEMINFO = Path("/proc/meminfo")
# The limit of this process's control group, version 2, then version 1.
LIMITS = Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes")


def budget() -> int:
    """Return how many bytes the content of one file may take.

    Half of the memory that is left, since what is read is copied once at least; 8 GiB at most.
    """
    left = available()
    return MOST if left is None else min(MOST, max(LEAST, left // 2))


def available() -> int | None:
    """Return the bytes of memory that are left; None where the system does not tell."""
    known = [each for each in (_of_machine(), *map(_of_group, LIMITS)) if each]
    return min(known, default=None)


def _of_machine() -> int | None:
    try:
        lines = MEMINFO.read_text().splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvail"))
    except (OSError, ValueError, StopIteration, IndexError):
        return _of_pages()


def _of_pages() -> int | None:
    """Return half of all memory, where only its size is known."""
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2
    except (AttributeError, OSError, ValueError):
        return None


def _of_group(limit: Path) -> int | None:
    """Return half of a group's limit: what it uses also counts files, which make room."""
    try:
        return int(limit.read_text()) // 2
    except (OSError, ValueError):  # no such group, or "max"
        return None
