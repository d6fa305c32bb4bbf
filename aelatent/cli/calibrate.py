"""The command `calibrate`: how often the claims' checks err."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from aelatent.cli.arguments import CLUSTER
from aelatent.cli.output import UsageError, report_task
from aelatent.cli.parser import add_command
from aelatent.runtime import executors
from aelatent.runtime.locks import locked
from aelatent.runtime.owned_folder import LOCK


def register(commands: Any) -> None:
    """Add the command."""
    command = add_command(
        commands,
        "calibrate",
        "measure the error rates of the claims' checks",
        "aelatent calibrate B-08",
        "aelatent calibrate --stale --workers 4",
    )
    command.add_argument("claims", nargs="*", metavar="CLAIM", help="such as B-08; by default all")
    command.add_argument("--folder", type=Path, default=Path("claims"), help="folder of the claims")
    command.add_argument(
        "--simulations",
        type=int,
        metavar="N",
        help="number at the margin; by default the number that each scenario gives",
    )
    command.add_argument(  # the name of --simulations until 2026-11
        "--worlds", type=int, dest="simulations", help=argparse.SUPPRESS
    )
    where = command.add_mutually_exclusive_group()
    where.add_argument("--workers", type=int, default=1, help="processes on this machine")
    where.add_argument("--cluster", metavar="ADDRESS", help=CLUSTER)
    command.add_argument(
        "--stale",
        action="store_true",
        help="only scenarios not yet simulated with the current code of their claim",
    )
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Simulate the scenarios of claims, print how often the checks err, and store it beside them.

    Each scenario's rates are stored at once, so that an interrupted run keeps them.
    """
    from aelatent import simulation

    if options.workers < 1 or (options.simulations is not None and options.simulations < 1):
        raise UsageError("expected one simulation and one worker or more, received fewer")
    if lacking := sorted(set(options.claims) - simulation.claim_ids(options.folder)):
        raise UsageError(f"no scenario exists for {', '.join(lacking)}")
    path = options.folder / simulation.FILE
    print(simulation.HEADING)
    tasks = simulation.tasks_of(
        options.folder, options.claims, options.simulations, stale=options.stale
    )
    failed = False
    with executors.open_executor(options.workers, options.cluster) as executor:
        for task, ended in executors.run_tasks(executor, simulation.run_task, tasks, "scenario"):
            if ended.exception() is None:
                # Read again: another run may have stored others in the meantime.
                with locked(options.folder / LOCK):
                    simulation.Calibrations.read(path).including(*ended.result()).write(path)
            failed |= not report_task(task.name, ended, lambda result: simulation.row(result[0]))
    for exemption in simulation.exemptions(options.folder, options.claims):
        with locked(options.folder / LOCK):
            simulation.Calibrations.read(path).exempting(*exemption).write(path)
    _drop_what_no_longer_exists(options.folder)
    return int(failed)


def _drop_what_no_longer_exists(folder: Path) -> None:
    """Drop the rates of scenarios that were renamed or removed, and name them."""
    from aelatent import simulation

    path = folder / simulation.FILE
    with locked(folder / LOCK):
        stored = simulation.Calibrations.read(path)
        kept = stored.keeping(simulation.calibrated_names(folder))
        if gone := sorted(stored.records.keys() - kept.records.keys()):
            kept.write(path)
            print(f"dropped, since these scenarios no longer exist: {', '.join(gone)}")
