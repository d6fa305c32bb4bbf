"""Scenarios as tasks, which this process, others, or another machine can run."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from aelatent.simulation.error_rates import Calibration, calibrate
from aelatent.simulation.results import FILE, Calibrations, code_digest
from aelatent.simulation.scenarios import claim_files, exemptions_of, scenarios_of


@dataclass(frozen=True)
class Task:
    """A scenario to simulate, in plain types, so that it can travel to another machine.

    Attributes
    ----------
    file : Path
        Of the claim and its scenario.
    name : str
        The scenario's, `Scenario.name`.
    count : int
        Number of simulations at the margin.
    text : str
        Content of the file when the task was made.
    """

    file: Path
    name: str
    count: int
    text: str


def tasks_of(
    folder: Path,
    claims: Collection[str] = (),
    simulations: int | None = None,
    *,
    stale: bool = False,
) -> list[Task]:
    """List the scenarios to simulate in a folder of claims.

    Parameters
    ----------
    folder : Path
    claims : collection of str
        Identifiers; all claims if it is empty.
    simulations : int, optional
        Number of simulations at the margin; by default the number that each scenario names.
    stale : bool
        Leave out scenarios that have as many simulations of their claim's present code.

    Returns
    -------
    list of Task
        In the order of files, and of the scenarios in each.
    """
    stored = Calibrations.read(folder / FILE)
    wanted = [
        Task(file, scenario.name, simulations or scenario.count, file.read_text(encoding="utf-8"))
        for file in claim_files(folder)
        for scenario in scenarios_of(file)
        if not claims or scenario.id in claims
    ]
    return [
        task
        for task in wanted
        if not (stale and stored.current(task.name, code_digest(task.file), task.count))
    ]


def exemptions(folder: Path, claims: Collection[str] = ()) -> Iterator[tuple[str, str, str, str]]:
    """Yield the claims that are exempted from simulations.

    Parameters
    ----------
    folder : Path
    claims : collection of str
        Identifiers; all claims if it is empty.

    Yields
    ------
    tuple of str
        Identifier, name of the function, reason, and digest of the file's code, as
        `Calibrations.exempting` takes them.
    """
    for file in claim_files(folder):
        for identifier, claim, because in exemptions_of(file):
            if not claims or identifier in claims:
                yield identifier, claim, because, code_digest(file)


def claim_ids(folder: Path) -> set[str]:
    """Return the identifiers of all claims that have a scenario or an exemption."""
    simulated = {scenario.id for file in claim_files(folder) for scenario in scenarios_of(file)}
    return simulated | {identifier for identifier, *_ in exemptions(folder)}


def calibrated_names(folder: Path) -> set[str]:
    """Return the names of all scenarios, and of the claims that are exempted from them."""
    simulated = {scenario.name for file in claim_files(folder) for scenario in scenarios_of(file)}
    return simulated | {claim for _, claim, *_ in exemptions(folder)}


def run_task(task: Task) -> tuple[Calibration, str]:
    """Run the simulations of a task; return the counts and the digest of the code they hold for."""
    with _file_of(task) as file:
        code = code_digest(file)
        scenario = next(scenario for scenario in scenarios_of(file) if scenario.name == task.name)
        return calibrate(scenario, task.count), code


@contextmanager
def _file_of(task: Task) -> Iterator[Path]:
    """Yield the task's file; a copy where this machine has another, or none."""
    if task.file.is_file() and task.file.read_text(encoding="utf-8") == task.text:
        yield task.file
        return
    with TemporaryDirectory() as folder:
        copy = Path(folder) / task.file.name
        copy.write_text(task.text, encoding="utf-8")
        yield copy
