"""A limit on the time that a block may take."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

AGAIN = 5.0  # seconds: for code that catches the first error and goes on


@contextmanager
def deadline(seconds: float, error: Callable[[], BaseException]) -> Iterator[None]:
    """Raise an error in the block after so many seconds, unless a limit around it holds already.

    The signal that ends the block exists on POSIX and reaches the main thread only; elsewhere
    nothing is limited. Python handles it between two of its own steps: a library that never returns
    is not interrupted.

    Parameters
    ----------
    seconds : float
        0 for no limit.
    error : callable
        Returns the error.

    Yields
    ------
    None
    """
    able = hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()
    if seconds <= 0 or not able or signal.getitimer(signal.ITIMER_REAL)[0]:
        yield
        return

    def stop(_: int, __: FrameType | None) -> None:
        raise error()

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds, AGAIN)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
