"""Worlds of many claims, played by one process or by several side by side."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from aelatent.calibration.counting import Calibration, calibrate
from aelatent.calibration.storing import FILE, Calibrations, code_digest
from aelatent.calibration.worlds import files, unplanted_of, worlds_of

# One thread a process: processes that share the cores fight for them otherwise.
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


@dataclass(frozen=True)
class Task:
    """A family of worlds to play, in plain types, so that it can travel to another process.

    Attributes
    ----------
    file : Path
        Of the claim and its worlds.
    name : str
        Of the family, `World.name`.
    count : int
        Worlds at the margin.
    """

    file: Path
    name: str
    count: int


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
        Task(file, world.name, worlds or world.count)
        for file in files(folder)
        for world in worlds_of(file)
        if not claims or world.id in claims
    ]
    return [
        task for task in wanted
        if not (stale and stored.current(task.name, code_digest(task.file), task.count))
    ]  # fmt: skip


def excuses(folder: Path, claims: Collection[str] = ()) -> Iterator[tuple[str, str, str, str]]:
    """Yield which claims have no worlds: identifier, function, why, and the digest of its file."""
    for file in files(folder):
        for identity, claim, because in unplanted_of(file):
            if not claims or identity in claims:
                yield identity, claim, because, code_digest(file)


def identities(folder: Path) -> set[str]:
    """Return the identifiers of all claims that have worlds or say why they have none."""
    planted = {world.id for file in files(folder) for world in worlds_of(file)}
    return planted | {identity for identity, *_ in excuses(folder)}


def play_task(task: Task) -> tuple[Calibration, str]:
    """Play the worlds of a task; return the counts and the digest of the code they hold for."""
    code = code_digest(task.file)
    world = next(world for world in worlds_of(task.file) if world.name == task.name)
    return calibrate(world, task.count), code


def play_all(tasks: Iterable[Task], workers: int = 1) -> Iterator[tuple[Calibration, str]]:
    """Yield what `play_task` returns as soon as it is there, in order with one worker.

    The counts do not depend on the number of workers.
    """
    if workers == 1:
        yield from map(play_task, tasks)
        return
    os.environ.update(dict.fromkeys(THREADS, "1"))
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        running = [pool.submit(play_task, task) for task in tasks]
        try:
            for done in as_completed(running):
                yield done.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
