"""Worlds of many claims as tasks, for this process or for others, on this machine or elsewhere."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from aelatent.simulation.error_rates import Calibration, calibrate
from aelatent.simulation.results import FILE, Calibrations, code_digest
from aelatent.simulation.scenarios import files, not_simulated_of, scenarios_of


@dataclass(frozen=True)
class Task:
    """A family of worlds to play, in plain types, so that it can travel to another machine.

    Attributes
    ----------
    file : Path
        Of the claim and its worlds.
    name : str
        Of the family, `Scenario.name`.
    count : int
        Worlds at the margin.
    text : str
        What the file said when the task was made.
    """

    file: Path
    name: str
    count: int
    text: str


def tasks_of(
    folder: Path, claims: Collection[str] = (), worlds: int | None = None, *, stale: bool = False
) -> list[Task]:
    """List what there is to play in a folder of claims.

    Parameters
    ----------
    folder : Path
    claims : collection of str
        Identifiers; all claims if it is empty.
    worlds : int, optional
        Worlds at the margin, instead of the number that each world names.
    stale : bool
        Leave out what was played as often since its claim changed.
    """
    stored = Calibrations.read(folder / FILE)
    wanted = [
        Task(file, scenario.name, worlds or scenario.count, file.read_text(encoding="utf-8"))
        for file in files(folder)
        for scenario in scenarios_of(file)
        if not claims or scenario.id in claims
    ]
    return [
        task
        for task in wanted
        if not (stale and stored.current(task.name, code_digest(task.file), task.count))
    ]


def excuses(folder: Path, claims: Collection[str] = ()) -> Iterator[tuple[str, str, str, str]]:
    """Yield which claims have no worlds: identifier, function, why, and the digest of its file."""
    for file in files(folder):
        for identity, claim, because in not_simulated_of(file):
            if not claims or identity in claims:
                yield identity, claim, because, code_digest(file)


def identities(folder: Path) -> set[str]:
    """Return the identifiers of all claims that have worlds or say why they have none."""
    planted = {scenario.id for file in files(folder) for scenario in scenarios_of(file)}
    return planted | {identity for identity, *_ in excuses(folder)}


def run_task(task: Task) -> tuple[Calibration, str]:
    """Play the worlds of a task; return the counts and the digest of the code they hold for."""
    with _at_hand(task) as file:
        code = code_digest(file)
        scenario = next(scenario for scenario in scenarios_of(file) if scenario.name == task.name)
        return calibrate(scenario, task.count), code


@contextmanager
def _at_hand(task: Task) -> Iterator[Path]:
    """Yield the task's file; a copy where this machine has another, or none."""
    if task.file.is_file() and task.file.read_text(encoding="utf-8") == task.text:
        yield task.file
        return
    with TemporaryDirectory() as folder:
        copy = Path(folder) / task.file.name
        copy.write_text(task.text, encoding="utf-8")
        yield copy
