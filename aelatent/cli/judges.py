"""The command `judges`: the error rates of the judges."""

from __future__ import annotations

import argparse
import json
from functools import cache
from typing import Any

from aelatent import data
from aelatent.cli.parser import add_command, near
from aelatent.runtime import quiet_keras
from aelatent.zoo import Collection, FixtureError


def register(commands: Any) -> None:
    """Add the command."""
    command = add_command(
        commands,
        "judges",
        "show the error rates of the judges, or measure them",
        "aelatent judges",
        "aelatent judges faces --measure",
    )
    command.add_argument(
        "names", nargs="*", metavar="NAME", help="a judge, such as faces; by default all"
    )
    command.add_argument(
        "--measure", action="store_true", help="measure the error rates and store them"
    )
    command.add_argument("--json", action="store_true", help="print JSON")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the cards of the judges; with --measure, measure them first."""
    from aelatent.judges import JudgeCard, registry

    collection = Collection(options.fixtures)
    names = options.names or registry.NAMES
    if unknown := sorted(set(names) - set(registry.NAMES)):
        guess = near(unknown[0], registry.NAMES)
        raise FixtureError(f"expected judges among {registry.NAMES}, received {unknown}{guess}")
    if options.measure:
        quiet_keras.load_keras()
        from aelatent.training import pipeline

        images = cache(data.load)
        cards = [pipeline.measure_card(name, collection, images) for name in names]
    else:
        cards = [JudgeCard.read(registry.card_path(name, collection)) for name in names]
    if options.json:
        print(json.dumps([json.loads(card.to_json()) for card in cards], indent=1))
        return 0
    for card in cards:
        print(card, end="\n\n")
    return 0
