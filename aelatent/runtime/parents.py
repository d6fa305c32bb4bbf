"""Processes that end with the one that started them, and the environment that they start in."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import sys
import time
from pathlib import Path
from threading import Thread

from aelatent.runtime import resources

PARENT = "AELATENT_PARENT"  # the process that this one ends with
KILL_WITH_PARENT = 1  # PR_SET_PDEATHSIG of Linux
SECONDS = 0.5


def is_alive(process: int) -> bool:
    """Tell whether there is a process of this number; on Windows nobody is asked, and it is."""
    if sys.platform == "win32":
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:  # somebody else's
        return True
    return True


def end_with_parent() -> None:
    """End this process with the one that started it, where that one asks for it.

    A parent that is killed cannot end its processes. Linux does it at once; elsewhere a thread sees
    it within half a second. The processes that this one starts end with this one.
    """
    parent = os.environ.get(PARENT, "")
    if not parent.isdigit() or sys.platform == "win32":
        return
    os.environ[PARENT] = str(os.getpid())
    if sys.platform == "linux" and os.getppid() == int(parent):
        ctypes.CDLL(None).prctl(KILL_WITH_PARENT, signal.SIGKILL)
    Thread(target=_watch, args=(int(parent), os.getppid() == int(parent)), daemon=True).start()


def leave(status: int) -> None:
    """End this process at once, if it ends with its parent, whatever code of a user's left running.

    Parameters
    ----------
    status : int
        Exit status.
    """
    if PARENT not in os.environ:
        return
    if "multiprocessing" in sys.modules:
        for child in sys.modules["multiprocessing"].active_children():
            child.kill()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(Exception):  # what takes nothing more, or was replaced
            stream.flush()
    os._exit(status)


def _watch(parent: int, direct: bool) -> None:
    """End this process with another, whether that one started it directly or by a third one."""
    while os.getppid() == parent if direct else is_alive(parent):
        time.sleep(SECONDS)
    os._exit(1)


def child_environment() -> dict[str, str]:
    """Return the environment of a process that runs aelatent for this one, and ends with it.

    It finds modules where they are installed, never in the working directory. What is meant for a
    user's own runs of Python and pytest is left out.
    """
    left_out = "PYTEST_", "COV_CORE_"
    kept = {k: v for k, v in os.environ.items() if not k.startswith(left_out)}
    for name in ("PYTHONINSPECT", "PYTHONWARNINGS", "PYTHONSTARTUP"):
        kept.pop(name, None)
    home = str(resources.PACKAGE.parent)
    if Path.cwd() == Path(home):  # a checkout that nobody installed
        kept["PYTHONPATH"] = os.pathsep.join(filter(None, [home, kept.get("PYTHONPATH")]))
    return {
        **kept,
        PARENT: str(os.getpid()),
        "PYTHONSAFEPATH": "1",
        "MPLBACKEND": "agg",
    }
