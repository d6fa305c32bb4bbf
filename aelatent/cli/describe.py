"""The command `describe`: numbers about a file of codes."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from aelatent.cli.output import UsageError
from aelatent.cli.parser import add_command


def register(commands: Any) -> None:
    """Add the command."""
    command = add_command(
        commands,
        "describe",
        "describe a file of codes of any size",
        "aelatent describe codes.npy",
        "aelatent describe codes.npy --json",
    )
    command.add_argument(
        "codes", type=Path, metavar="CODES.npy", help="array of codes, as numpy.save writes it"
    )
    command.add_argument("--json", action="store_true", help="print JSON")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Describe a file of codes."""
    from aelatent.latent.out_of_core import open_cloud
    from aelatent.statistics import description

    try:
        cloud = open_cloud(options.codes)
        if options.json:
            print(
                json.dumps(
                    {k: v for part in description.measure(cloud) for k, v in part.items()}, indent=1
                )
            )
        else:
            for line in description.describe(cloud):
                print(line, flush=True)
    except ValueError as error:
        raise UsageError(str(error)) from error
    return 0
