"""The process of a command: its streams, its signals, and the second process of an audit."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from typing import NoReturn

from aelatent.runtime import parents

WHOLE = 64  # is added to the exit status of a supervised command that came to its end
SUPERVISED = "AELATENT_SUPERVISED"
EARLY, TERMINATED = 2, 128 + signal.SIGTERM
PATIENCE = 10.0  # seconds for an interrupted command to end by itself


class Terminated(KeyboardInterrupt):
    """Somebody ends this process, by SIGTERM."""


def prepare() -> None:
    """Make the streams and signals of this process such that a command can rely on them."""
    _open_streams()
    os.environ["MPLBACKEND"] = "agg"  # commands show no windows
    if not os.environ.get("SOURCE_DATE_EPOCH", "0").isdecimal():
        del os.environ["SOURCE_DATE_EPOCH"]  # NumPy and Matplotlib raise where it is no number
    signal.signal(signal.SIGTERM, _terminate)
    parents.end_with_parent()


def _open_streams() -> None:
    """Open what the caller closed, lest files take its place; escape what no terminal shows."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "r+", encoding="utf-8"))  # noqa: PTH123, SIM115
        stream = getattr(sys, name)
        if name != "stdin" and hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def _terminate(_: int, __: object) -> NoReturn:
    raise Terminated


def discard_output() -> None:
    """Leave nothing to be written at the end to a standard output that takes nothing more."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def is_supervised() -> bool:
    """Tell whether another process of ours waits for this one; those that it starts are not."""
    return os.environ.pop(SUPERVISED, "") != ""


def supervise(arguments: Sequence[str]) -> int:
    """Run a command in a process of its own, and tell its end from any other end.

    A user's code that the command runs can end its process with whatever status, also 0.

    Parameters
    ----------
    arguments : sequence of str
        Of the command line.

    Returns
    -------
    int
        Its exit status; 2 where it did not come to its end.
    """
    process = subprocess.Popen(  # noqa: S603 -- this interpreter and the caller's arguments
        [sys.executable, "-P", "-m", "aelatent", *arguments],
        env={**parents.child_environment(), SUPERVISED: "1"},
    )
    try:
        status = process.wait()
    except KeyboardInterrupt as interruption:
        return _stop(process, interruption)
    if WHOLE <= status < 2 * WHOLE:
        return status - WHOLE
    told = f"signal {-status}" if status < 0 else f"status {status}"
    print(
        f"aelatent: the process ended early, with {told}, before its report was whole. A function "
        "or module that the description names may have ended it, or a lack of memory",
        file=sys.stderr,
    )
    return EARLY


def _stop(process: subprocess.Popen[bytes], interruption: KeyboardInterrupt) -> int:
    """End a supervised command; the terminal has interrupted it already, a caller has not."""
    terminated = isinstance(interruption, Terminated)
    try:
        process.wait(0 if terminated else 1)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGTERM)
    try:
        process.wait(PATIENCE)
    except (subprocess.TimeoutExpired, KeyboardInterrupt):
        process.kill()
        process.wait()
    return TERMINATED if terminated else 130
