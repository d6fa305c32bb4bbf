"""The command `data`: list, explain or download image sets."""

from __future__ import annotations

import argparse
import json
from typing import Any

from aelatent import data
from aelatent.cli.output import UsageError
from aelatent.cli.parser import add_command, near
from aelatent.data import MissingData


def register(commands: Any) -> None:
    """Add the command."""
    command = add_command(
        commands,
        "data",
        "list, explain or download image sets",
        "aelatent data",
        "aelatent data lfw",
        "aelatent data lfw --download",
    )
    command.add_argument("name", nargs="?", help="an image set; by default all are listed")
    command.add_argument(
        "--download", action="store_true", help="download the set if it is not on this machine"
    )
    command.add_argument("--json", action="store_true", help="print JSON")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """List the image sets, or explain one and fetch it if asked to."""
    if options.name is None:
        print(json.dumps(_sets(), indent=1) if options.json else data.overview())
        return 0
    known = [entry.name for entry in data.registry.IMAGE_SETS]
    if ":" not in options.name and options.name not in known:
        guess = near(options.name, known) or f"; known: {', '.join(known)}"
        raise UsageError(f"no image set {options.name}{guess}")
    try:
        print(data.fetch(options.name, download=options.download))
    except MissingData:
        print(data.explain(options.name))
        raise
    return 0


def _sets() -> list[dict[str, str | None]]:
    """Return the image sets in plain types; a set that is not on this machine has no place."""
    places = {name: str(path) for name, path in data.registry.whereabouts() if path}
    return [
        {"name": entry.name, "description": entry.description, "place": places.get(entry.name)}
        for entry in data.registry.IMAGE_SETS
    ]
