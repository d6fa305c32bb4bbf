"""Run the packaged claims on a measured model, with pytest in processes of its own.

A subprocess isolates the audit from what tests import, and lets pytest-xdist start workers.
"""

from __future__ import annotations

import contextlib
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from typing import IO

import yaml

from aelatent.audit.description import DescriptionError, ModelDescription
from aelatent.audit.progress import Progress
from aelatent.inference.record import Record
from aelatent.runtime import environment, parents, resources

MEASURED, VERDICTS = "measured.npz", "verdicts"
SETTINGS = Path(__file__).parent / "pytest.ini"
# pytest's exit statuses when all claims ran, whatever they came to, or when there was none.
COMPLETED = {0, 1, 5}
SILENCE = 900  # seconds: three times what a claim may take
AFTER_END = 5  # seconds to wait for output that is still in the pipe
# pytest's progress, at the beginning of a line of its workers and at the end of others.
PROGRESS = re.compile(r"^\[gw\d+\] \[ *(\d+)%\]|\[ *(\d+)%\]$")


def claim_identifiers() -> set[str]:
    """Return the identifiers of all packaged claims."""
    content = yaml.safe_load((resources.folder("claims") / "catalogue.yaml").read_text("utf-8"))
    return set(map(str, content))


def run_claims(
    description: ModelDescription,
    folder: Path,
    claims: Sequence[str],
    workers: int,
    progress: Progress,
) -> list[Record]:
    """Run the packaged claims on a measured model.

    Parameters
    ----------
    description : ModelDescription
    folder : Path
        Of the report; holds what was measured.
    claims : sequence of str
        Identifiers, such as "A-18"; all that apply if it is empty.
    workers : int
        Number of processes side by side.
    progress : callable
        See `aelatent.audit.progress`.

    Returns
    -------
    list of Record

    Raises
    ------
    DescriptionError
        If pytest could not run the claims; the message ends with its last output.
    """
    from aelatent.report import read_results  # which takes a third of a second

    results = (folder / VERDICTS).resolve() / "results.json"
    results.unlink(missing_ok=True)
    status, output = _run_pytest(_command(description, folder, claims, workers), progress)
    if status not in COMPLETED or not results.exists():
        raise DescriptionError(
            f"{description.name}: the claims could not be run; pytest ended with "
            f"{status}:\n{output[-3000:]}"
        )
    return read_results(results).records


def _command(
    description: ModelDescription, folder: Path, claims: Sequence[str], workers: int
) -> list[str]:
    return [
        sys.executable,
        "-P",
        "-m",
        "pytest",
        *pytest_arguments(description, folder, claims),
        "-v",
        f"--aelatent-measured={(folder / MEASURED).resolve()}",
        *(["-n", str(workers), "--dist", "worksteal"] if workers > 1 else []),
    ]


def pytest_arguments(
    description: ModelDescription, folder: Path, claims: Sequence[str]
) -> list[str]:
    """Return what pytest is told to run the packaged claims on one model.

    Parameters
    ----------
    description : ModelDescription
    folder : Path
        Of the report.
    claims : sequence of str
        Identifiers; all that apply if it is empty.

    Returns
    -------
    list of str
    """
    home = resources.folder("claims")
    return [
        str(home),
        "-p",
        "no:cacheprovider",
        "-c",
        str(SETTINGS),
        f"--rootdir={home.parent}",
        "-o",
        f"aelatent_sources={home / 'sources.yaml'}",
        f"--aelatent-report={(folder / VERDICTS).resolve()}",
        f"--aelatent-subject={description.file}",
        *(f"--aelatent-claim={claim}" for claim in claims),
    ]


def _run_pytest(command: list[str], progress: Progress) -> tuple[int, str]:
    """Run a command and report pytest's progress; return its exit status and output.

    It is killed where it prints nothing for a quarter of an hour, and where this process is
    interrupted.
    """
    progress("claims", 0, 100)
    lines: list[str] = []
    process = subprocess.Popen(  # noqa: S603 -- this interpreter and our own arguments
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        env=_environment(),
    )
    try:
        for line in _lines(process, SILENCE):
            lines.append(line)
            if percent := PROGRESS.search(line):
                progress("claims", int(percent[1] or percent[2]), 100)
    finally:
        process.kill()
        process.wait()
    return process.returncode, "".join(lines)


def _environment() -> dict[str, str]:
    """Return the environment of the claims: no plugins of pytest but ours and its workers'."""
    return {
        **parents.child_environment(),
        "OMP_NUM_THREADS": str(environment.threads_asked() or 1),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONIOENCODING": "utf-8:backslashreplace",
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "PYTEST_PLUGINS": "aelatent.plugin,xdist.plugin",
    }


def _lines(process: subprocess.Popen[str], silence: float) -> Iterator[str]:
    """Yield what a process prints, line by line, until it ends.

    Not until its output ends: a process that a user's function started may keep that open.
    """
    printed: Queue[str | None] = Queue()
    assert process.stdout is not None  # noqa: S101 -- for mypy: it is a pipe
    Thread(target=_pass_on, args=(process.stdout, printed), daemon=True).start()
    heard = time.monotonic()
    ended: float | None = None
    while True:
        with contextlib.suppress(Empty):
            line = printed.get(timeout=0.2)
            if line is None:
                process.wait()
                return
            heard = time.monotonic()
            yield line
        if ended is None and process.poll() is not None:
            ended = time.monotonic()
        if ended is not None and time.monotonic() > ended + AFTER_END:
            return
        if time.monotonic() > heard + silence:
            yield f"\nNo claim ended for {silence:g} s; the claims were stopped.\n"
            process.kill()
            process.wait()
            return


def _pass_on(output: IO[str], printed: Queue[str | None]) -> None:
    with output:
        for line in output:
            printed.put(line)
    printed.put(None)
