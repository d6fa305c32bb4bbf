"""The command `history`: compare many runs."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aelatent.cli.output import check_page, plain_record, shows_unicode
from aelatent.cli.parser import add_command

if TYPE_CHECKING:
    from aelatent.report.history import History, Line


def register(commands: Any) -> None:
    """Add the command."""
    command = add_command(
        commands,
        "history",
        "compare many runs",
        "aelatent history runs/ --html history.html",
        "aelatent history runs/ --json",
    )
    command.add_argument(
        "folder", type=Path, metavar="DIR", help="folder of reports or results files"
    )
    command.add_argument("--html", type=Path, metavar="FILE", help="also write a page")
    command.add_argument("--json", action="store_true", help="print JSON")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print what changed over many runs."""
    from aelatent.report import history as many

    if options.html:
        check_page(options.html)
    found = many.history(options.folder)
    page = many.write_history(found, options.html) if options.html else None
    if options.json:
        print(json.dumps(_plain(found), ensure_ascii=False, indent=1))
        return 0
    print("\n".join(many.history_lines(found, unicode=shows_unicode())))
    if page:
        print(f"written: {page}")
    return 0


def _plain(found: History) -> dict[str, Any]:
    """Return runs, numbers of audited models and all claims, in plain types."""
    runs = [
        {"name": name, **{key: run.environment.get(key, "") for key in ("date", "commit")}}
        for name, run in zip(found.names, found.runs, strict=True)
    ]
    numbers = {
        name: [value and {"value": value.value, "interval": list(value.interval)} for value in row]
        for name, row in found.numbers
    }
    return {"runs": runs, "numbers": numbers, "claims": [_claim(line) for line in found.lines]}


def _claim(line: Line) -> dict[str, Any]:
    return {
        "claim": line.record.id,
        "name": line.record.name,
        "model": line.record.model,
        "flips": line.flips,
        "moved": bool(line.drift and line.drift.beyond),
        "runs": [record and plain_record(record) for record in line.records],
    }
