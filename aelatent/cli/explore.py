"""The command `explore`: interactive pages of latent spaces."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from aelatent import data
from aelatent.cli.output import announce
from aelatent.cli.parser import add_command
from aelatent.runtime import quiet_keras
from aelatent.zoo import Collection


def register(commands: Any) -> None:
    """Add the command."""
    command = add_command(
        commands,
        "explore",
        "write interactive pages of the latent spaces of models",
        "aelatent explore",
        "aelatent explore mnist_vae_2d --report reports",
    )
    command.add_argument(
        "names", nargs="*", metavar="MODEL", help="by default every trained model with a decoder"
    )
    command.add_argument(
        "--report", type=Path, default=Path("reports"), metavar="DIR", help="folder of the report"
    )
    command.add_argument(
        "--originals",
        action="store_true",
        help="also show photographs of people and their reconstructions; never publish such a page",
    )
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Write explorer pages of models; warn of those that must not be published."""
    from aelatent import explorer

    collection = Collection(options.fixtures)
    announce("loading Keras")
    quiet_keras.load_keras()
    names = options.names or explorer.explorable(collection)
    if not names:
        print(f"no trained model with a decoder in {options.fixtures}/")
    for number, name in enumerate(names, 1):
        announce(f"{name}, {number} of {len(names)}")
        page = explorer.explore(collection, name, options.report, originals=options.originals)
        print(f"{page.state}: {page.path}", flush=True)
        images = collection.specification(name).images
        if options.originals and data.content(images).shows_people:
            print(
                f"WARNING: {page.path.parent} now holds photographs of people, or images that "
                f"may be ({name}): do not publish this folder",
                file=sys.stderr,
            )
    return 0
