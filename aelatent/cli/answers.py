"""The command `answers`: store the results of a run, and what follows from them."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from aelatent.catalogue import checks_of, latest, write_checks
from aelatent.catalogue.answer_table import update, with_tables
from aelatent.catalogue.check import FILE
from aelatent.catalogue.entry import faults
from aelatent.cli.answer_lines import read_catalogue
from aelatent.cli.parser import add_command


def register(commands: Any) -> None:
    """Add the command."""
    command = add_command(
        commands,
        "answers",
        "store the results of a run beside the catalogue; check the plain answers",
        "aelatent answers reports/results.json",
        "aelatent answers --check",
    )
    command.add_argument(
        "results",
        nargs="*",
        type=Path,
        metavar="RESULTS.json",
        help="results to store; where several have a check, the last counts; without any, those "
        "already stored are kept",
    )
    command.add_argument("--folder", type=Path, default=Path("claims"), help="folder of the claims")
    command.add_argument(
        "--readme",
        type=Path,
        default=Path("README.md"),
        help="Markdown file with tables of answers",
    )
    command.add_argument(
        "--check", action="store_true", help="write nothing; exit with status 1 if anything differs"
    )
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Store results, write tables; status 1 where an answer no longer agrees with the results."""
    if options.results:
        _store(options.results, options.folder / FILE)
    catalogue = read_catalogue(options.folder)
    found = faults(catalogue)
    if options.check:
        text = options.readme.read_text(encoding="utf-8")
        if with_tables(catalogue, text) != text:
            found.append(f"{options.readme}: its table of answers is not that of the results")
    elif not found and update(catalogue, options.readme):
        print(f"written: {options.readme}")
    for line in found:
        print(f"FAILED {line}")
    return int(bool(found))


def _store(files: list[Path], path: Path) -> None:
    """Store the checks of one or more runs, and the environment of the largest."""
    from aelatent.report import read_results

    runs = [read_results(file) for file in files]
    checks = latest(*(checks_of(run.records, run.environment) for run in runs))
    largest = max(runs, key=lambda run: len(run.records))
    write_checks(checks, largest.environment, path)
    print(f"written: {path}: {len(checks)} checks")
