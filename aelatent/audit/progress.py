"""Progress of an audit: a callback for each kind of work, and bars on a terminal."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

from tqdm import tqdm

Progress = Callable[[str, int, int], None]
"""Takes the kind of work, how much is done, and of how much."""

TICK = 0.5  # seconds after which a bar shows anew how long the work has taken
RUNNING = "{desc}: {elapsed}"  # of work whose steps nobody counts


def no_progress(_: str, __: int, ___: int) -> None:
    """Report nothing."""


@contextlib.contextmanager
def reporter(progress: bool | Progress) -> Iterator[Progress]:
    """Yield the callable that a user's `progress` means: bars, nothing, or itself.

    Bars are removed at the end, also where the work failed halfway.
    """
    if callable(progress):
        yield progress
    elif progress:
        with contextlib.closing(ProgressBars()) as bars:
            yield bars
    else:
        yield no_progress


class ProgressBars:
    """Shows progress: bars on a terminal, elsewhere one line for each kind of work.

    A terminal is never silent for long: a thread shows the time that the work has taken. It writes
    to a copy of standard error, which shows the bar while Keras is loaded with standard error held
    back.
    """

    def __init__(self) -> None:
        self.bar: Any = None
        self.printed = ""
        self.stream = _terminal()
        self.lock = threading.RLock()
        self.ticking = threading.Event()

    def __call__(self, work: str, done: int, total: int) -> None:
        """Update the bar, or start a new one for another kind of work.

        Parameters
        ----------
        work : str
            Kind of work, such as "encoding".
        done, total : int
            How much is done, and of how much; of 1 where nobody counts the steps.
        """
        with self.lock:
            if self.bar is None or self.bar.desc != work:
                self._start(work, total)
            self.bar.total = total
            self.bar.update(done - self.bar.n)
            if done >= total:
                self.close()

    def _start(self, work: str, total: int) -> None:
        self.close()
        shape = RUNNING if total == 1 else None
        silent = None if self.stream is None else False
        self.bar = tqdm(
            desc=work, total=total, disable=silent, leave=False, file=self.stream, bar_format=shape
        )
        self.bar.desc = work
        if self.bar.disable and work != self.printed:
            sys.stderr.write(f"{work}\n")
            self.printed = work
        if not self.bar.disable and not self.ticking.is_set():
            self.ticking.set()
            threading.Thread(target=self._tick, daemon=True).start()

    def _tick(self) -> None:
        """Show the bar anew until there is none."""
        pause = threading.Event()
        while not pause.wait(TICK):
            with self.lock:
                if self.bar is None:
                    self.ticking.clear()
                    return
                self.bar.refresh()

    def close(self) -> None:
        """Remove the bar."""
        with self.lock:
            if self.bar is not None:
                self.bar.close()
                self.bar = None


def _terminal() -> Any:
    """Return a copy of standard error where it is a terminal; else None."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        if sys.stderr.isatty():
            return os.fdopen(os.dup(sys.stderr.fileno()), "w")
    return None
