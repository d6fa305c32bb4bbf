"""What the C library does with memory that is freed."""

from __future__ import annotations

import contextlib
import ctypes
import os

# Of glibc's mallopt(3), and the variables by which a caller sets the same.
TRIM_THRESHOLD, MMAP_THRESHOLD = -1, -3
VARIABLES = ("MALLOC_TRIM_THRESHOLD_", "MALLOC_MMAP_THRESHOLD_", "GLIBC_TUNABLES")
KEPT = 2**28  # bytes at the end of a heap that are kept
LARGEST = 2**25  # bytes of an array from a heap; glibc allows no more everywhere


def keep_freed_memory() -> None:
    """Keep memory that is freed for the next array, where the C library is glibc.

    It returns arrays of a megabyte and more to the system at once, which fills the next one with
    zeros, page by page: two thirds of the time of a statistic whose arrays are that large. What
    the caller has set stays.
    """
    if any(variable in os.environ for variable in VARIABLES):
        return
    # Windows has no library of this name, other C libraries no such function.
    with contextlib.suppress(OSError, TypeError, AttributeError):
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(MMAP_THRESHOLD, LARGEST)
        mallopt(TRIM_THRESHOLD, KEPT)
