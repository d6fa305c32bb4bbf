"""Run the packaged claims on a measured model, with pytest in processes of its own.

A subprocess isolates the audit from what tests import, and lets pytest-xdist start workers.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import yaml

from aelatent.audit.description import DescriptionError, ModelDescription
from aelatent.audit.progress import Progress
from aelatent.inference.rules import Record
from aelatent.report import read_results
from aelatent.runtime import resources

MEASURED, VERDICTS = "measured.npz", "verdicts"
SETTINGS = Path(__file__).parent / "pytest.ini"
NO_TESTS = 5  # pytest's exit status when it finds no claim
COMPLETED = {0, 1, NO_TESTS}  # ... among those when all claims ran, whatever they came to
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
    results = (folder / VERDICTS).resolve() / "results.json"
    results.unlink(missing_ok=True)
    status, output = _run_pytest(_command(description, folder, claims, workers), progress)
    if status not in COMPLETED or (status != NO_TESTS and not results.exists()):
        raise DescriptionError(
            f"{description.name}: the claims could not be run; pytest ended with "
            f"{status}:\n{output[-3000:]}"
        )
    return read_results(results).records if results.exists() else []


def _command(
    description: ModelDescription, folder: Path, claims: Sequence[str], workers: int
) -> list[str]:
    return [
        sys.executable,
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
    """Run a command and report pytest's progress; return its exit status and output."""
    progress("claims", 0, 100)
    lines: list[str] = []
    with subprocess.Popen(  # noqa: S603 -- this interpreter and our own arguments
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={"OMP_NUM_THREADS": "1", **os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    ) as process:
        for line in process.stdout or ():
            lines.append(line)
            if percent := PROGRESS.search(line):
                progress("claims", int(percent[1] or percent[2]), 100)
    return process.returncode, "".join(lines)
