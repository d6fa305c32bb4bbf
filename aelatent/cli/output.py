"""What commands print besides their results: errors of tasks, and what the terminal can show."""

from __future__ import annotations

import os
import shutil
import sys
import textwrap
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from traceback import format_exception
from typing import TYPE_CHECKING, Any

from tqdm import tqdm

from aelatent.data import DataError
from aelatent.runtime import files
from aelatent.runtime.executors import ClusterError
from aelatent.runtime.files import StorageError
from aelatent.runtime.quiet_keras import KerasError, MissingKeras
from aelatent.simulation import NoScenario
from aelatent.zoo import FixtureError
from aelatent.zoo.specification import SpecificationError

if TYPE_CHECKING:
    from aelatent.inference.record import Record

GENERATOR = b'<meta name="generator" content="aelatent">'
HEAD = 4096  # bytes of a page that hold this
EXPECTED = (
    DataError,
    FixtureError,
    SpecificationError,
    StorageError,
    ClusterError,
    KerasError,
    FloatingPointError,
    MissingKeras,
    NoScenario,
)


class UsageError(Exception):
    """A command cannot do what it was asked for; the message says why."""


def report_task(subject: str, ended: Future[Any], say: Callable[[Any], str]) -> bool:
    """Print the result of a task above the progress bar, or why it failed.

    Parameters
    ----------
    subject : str
        What the task was about, for the message of an error.
    future : Future
        Of the task, ended.
    say : callable
        Turns the result into a line.

    Returns
    -------
    bool
        Whether the task succeeded.
    """
    error = ended.exception()
    if error is None:
        tqdm.write(say(ended.result()))
        sys.stdout.flush()
        return True
    told = str(error) if isinstance(error, EXPECTED) else "\n" + "".join(format_exception(error))
    tqdm.write(f"aelatent: {subject}: {told}", file=sys.stderr)
    return False


def check_page(path: Path) -> None:
    """Refuse to write a page in the place of a file that aelatent did not write.

    Raises
    ------
    StorageError
    """
    if not path.exists():
        return
    if GENERATOR not in files.read(path)[:HEAD]:
        raise StorageError(
            f"{path}: expected no file, or a page that aelatent wrote, found another file. Name "
            "another, or move it away"
        )


def shows_unicode() -> bool:
    """Tell whether the terminal shows more than ASCII."""
    return "utf" in (sys.stdout.encoding or "").lower()


def plain_record(record: Record) -> dict[str, Any]:
    """Return the verdict of a record and its number, in plain types."""
    return {
        "outcome": str(record.outcome),
        "effect": record.effect,
        "interval": record.interval and list(record.interval),
        "unit": record.unit,
    }


def announce(text: str) -> None:
    """Say on standard error what takes a while, so that nobody wonders."""
    print(f"{text} ...", file=sys.stderr, flush=True)


def wrapped(text: str) -> str:
    """Break lines at the width of the terminal, if it is one; the rest of a line is indented."""
    if not sys.stdout.isatty():
        return text
    width = max(shutil.get_terminal_size().columns, 40)
    return "\n".join(_broken(line, width) for line in text.splitlines())


def _broken(line: str, width: int) -> str:
    return line if len(line) < width else textwrap.fill(line, width - 1, subsequent_indent="    ")


def coloured(text: str, colour: str) -> str:
    """Colour a text where the terminal shows colours and nobody asked for none.

    Parameters
    ----------
    text : str
    colour : {"green", "cyan", "yellow", "bold"}

    Returns
    -------
    str
    """
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return text if plain or not sys.stdout.isatty() else f"\033[{_CODES[colour]}m{text}\033[0m"


_CODES = {"green": 32, "cyan": 36, "yellow": 33, "bold": 1}
