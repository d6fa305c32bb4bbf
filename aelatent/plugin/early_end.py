"""A claim that ends pytest's process early, which must not pass for a run without failures."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import pytest

STATUS = int(pytest.ExitCode.INTERRUPTED)


@contextmanager
def no_success() -> Iterator[None]:
    """Turn exit status 0 of `os._exit` and `pytest.exit` into that of an interrupted run.

    A process that the block forks may end with any status.
    """
    process, leave = os.getpid(), os._exit

    def left(status: int) -> NoReturn:
        leave(status or STATUS if os.getpid() == process else status)

    os._exit = left
    try:
        yield
    except pytest.exit.Exception as error:
        error.returncode = STATUS if error.returncode == 0 else error.returncode
        raise
    finally:
        os._exit = leave
