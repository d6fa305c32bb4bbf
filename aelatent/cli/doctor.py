"""The command `doctor`: check the installation."""

from __future__ import annotations

import argparse
import json
from typing import Any

from aelatent.cli.parser import add_command
from aelatent.zoo import Collection


def register(commands: Any) -> None:
    """Add the command."""
    command = add_command(
        commands, "doctor", "check the installation; explain what is missing", "aelatent doctor"
    )
    command.add_argument("--json", action="store_true", help="print JSON")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Check the installation; status 1 if something is broken."""
    from aelatent.doctor import examine, healthy

    findings = []
    for finding in examine(Collection(options.fixtures)):
        findings.append(finding)
        if not options.json:
            print(finding, flush=True)
    if options.json:
        print(json.dumps([finding._asdict() for finding in findings], indent=1, default=str))
    return int(not healthy(findings))
