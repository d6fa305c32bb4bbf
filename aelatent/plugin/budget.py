"""A time budget: a claim that hangs ends with an error, and the others go on."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Overtime(TimeoutError):
    """A claim ran longer than its budget."""


@contextmanager
def budget(seconds: float) -> Iterator[None]:
    """Raise `Overtime` in the block after so many seconds; 0 grants all the time there is.

    The signal that ends the block exists on POSIX and reaches the main thread only; elsewhere
    nothing is limited. Python sees it between two of its own steps: a library that never returns
    is not interrupted.
    """
    able = hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()
    if seconds <= 0 or not able:
        yield
        return

    def ring(_: int, __: FrameType | None) -> None:
        raise Overtime(
            f"timeout after {seconds:g} s. Grant more with aelatent_timeout in the ini-file, or 0 "
            "for no limit"
        )

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
