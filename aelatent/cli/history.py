"""The command `history`: compare many runs."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from aelatent.cli.output import check_page, shows_unicode
from aelatent.cli.parser import add_command


def register(commands: Any) -> None:
    """Add the command."""
    command = add_command(
        commands, "history", "compare many runs", "aelatent history runs/ --html history.html"
    )
    command.add_argument(
        "folder", type=Path, metavar="DIR", help="folder of reports or results files"
    )
    command.add_argument("--html", type=Path, metavar="FILE", help="also write a page")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print what changed over many runs."""
    from aelatent.report import history as many

    if options.html:
        check_page(options.html)
    found = many.history(options.folder)
    print("\n".join(many.history_lines(found, unicode=shows_unicode())))
    if options.html:
        print(f"written: {many.write_history(found, options.html)}")
    return 0
