"""The command `fixtures`: list the models and check their replicates."""

from __future__ import annotations

import argparse
from typing import Any

from aelatent.zoo import Collection


def register(commands: Any) -> None:
    """Add the command."""
    command = commands.add_parser("fixtures", help="list the models, and check their replicates")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """List the models with their replicates; status 1 if one cannot be used."""
    collection = Collection(options.fixtures)
    print(f"{'model':28}{'replicates':>12}{'MB':>8}  state")
    broken = False
    for name in collection.names():
        entries = collection.entries(name)
        wanted = collection.specification(name).seeds
        size = sum(entry.bytes for entry in entries.values()) / 1e6
        complaints = [complaint for _, complaint in collection.complaints(name)]
        broken |= bool(complaints)
        print(f"{name:28}{f'{len(entries)} of {len(wanted)}':>12}{size:8.1f}  ", end="")
        print("\n".join(complaints) if complaints else "whole")
    return int(broken)
