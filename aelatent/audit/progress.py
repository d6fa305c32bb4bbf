"""Progress of an audit: a callback for each kind of work, and bars on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from tqdm import tqdm

Progress = Callable[[str, int, int], None]
"""Takes the kind of work, how much is done, and of how much."""


def no_progress(_: str, __: int, ___: int) -> None:
    """Report nothing."""


class ProgressBars:
    """Shows progress: bars on a terminal, elsewhere one line for each kind of work."""

    def __init__(self) -> None:
        self.bar: Any = None
        self.printed = ""

    def __call__(self, work: str, done: int, total: int) -> None:
        """Update the bar, or start a new one for another kind of work.

        Parameters
        ----------
        work : str
            Kind of work, such as "encoding".
        done, total : int
            How much is done, and of how much.
        """
        if self.bar is None or self.bar.desc != work:
            self._start(work, total)
        self.bar.total = total
        self.bar.update(done - self.bar.n)
        if done >= total:
            self.close()

    def _start(self, work: str, total: int) -> None:
        self.close()
        self.bar = tqdm(desc=work, total=total, disable=None, leave=False)
        self.bar.desc = work
        if self.bar.disable and work != self.printed:
            sys.stderr.write(f"{work}\n")
            self.printed = work

    def close(self) -> None:
        """Remove the bar."""
        if self.bar is not None:
            self.bar.close()
            self.bar = None
