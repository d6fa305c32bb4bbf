"""The command `fixtures`: list the models and check their replicates."""

from __future__ import annotations

import argparse
import json
from typing import Any

from aelatent.cli.parser import add_command
from aelatent.zoo import Collection
from aelatent.zoo.store import procedures


def register(commands: Any) -> None:
    """Add the command."""
    command = add_command(
        commands,
        "fixtures",
        "list the models, and check their replicates",
        "aelatent fixtures",
        "aelatent --fixtures my_models fixtures --json",
    )
    command.add_argument("--json", action="store_true", help="print JSON")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """List the models with their replicates; status 1 if one is damaged or missing."""
    collection = Collection(options.fixtures)
    rows = (_row(collection, name) for name in collection.names())
    if options.json:
        listed = list(rows)
        print(json.dumps(listed, indent=1))
        return int(any(row["faults"] for row in listed))
    if not collection.names():
        print(f"no models in {options.fixtures}/: expected descriptions, such as mine.yaml")
        return 0
    print(f"{'model':28}{'replicates':>12}{'MB':>8}  state")
    broken = False
    for row in rows:
        broken |= bool(row["faults"])
        counts = f"{row['stored']} of {row['seeds']}"
        state = "\n".join(row["faults"]) or row["state"]
        print(f"{row['model']:28}{counts:>12}{row['megabytes']:8.1f}  {state}", flush=True)
    return int(broken)


def _row(collection: Collection, name: str) -> dict[str, Any]:
    """Check a model."""
    entries = collection.entries(name)
    seeds = collection.specification(name).seeds
    unread = len(entries.keys() - set(seeds))
    expected = collection.expected(name)
    faults = [fault for _, fault in collection.complaints(name)] if expected else []
    made = procedures(collection, name)
    whole = "whole" + (f", by procedures {made}, which do not compare" if len(made) > 1 else "")
    whole += f"; {unread} more stored, whose seeds the description does not list" if unread else ""
    absent = f"not stored, by design; aelatent train {name} makes them"
    return {
        "model": name,
        "stored": len(entries) - unread,
        "unread": unread,
        "seeds": len(seeds),
        "megabytes": sum(entry.bytes for entry in entries.values()) / 1e6,
        "procedures": made,
        "state": "faulty" if faults else whole if expected else absent,
        "faults": faults,
    }
