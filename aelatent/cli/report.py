"""The command `report`: one claim's page as one file."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from aelatent.cli.parser import add_command


def register(commands: Any) -> None:
    """Add the command."""
    command = add_command(
        commands,
        "report",
        "write the page of one claim, with its figures, as one file",
        "aelatent report --single B-08",
    )
    command.add_argument("--single", metavar="ID", required=True, help="the claim, such as B-08")
    command.add_argument(
        "--report", type=Path, default=Path("reports"), metavar="DIR", help="folder of the report"
    )
    command.add_argument(
        "--output", type=Path, metavar="FILE", help="by default the claim's name, such as B-08.html"
    )
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Write the file."""
    from aelatent.cli.output import check_page
    from aelatent.report.single import single
    from aelatent.report.topics import filename
    from aelatent.runtime.files import write

    output = options.output or Path(filename(options.single))
    check_page(output)
    content = single(options.report, options.single).encode("utf-8")
    write(output, content)
    print(f"written: {output} ({len(content) / 1000:.0f} kB)")
    return 0
