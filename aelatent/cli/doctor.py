"""The command `doctor`: check the installation."""

from __future__ import annotations

import argparse
from typing import Any

from aelatent.zoo import Collection


def register(commands: Any) -> None:
    """Add the command."""
    command = commands.add_parser("doctor", help="check the installation; explain what is missing")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Check the installation; status 1 if something is broken."""
    from aelatent.doctor import examine, healthy

    findings = []
    for finding in examine(Collection(options.fixtures)):
        print(finding, flush=True)
        findings.append(finding)
    return int(not healthy(findings))
