"""The command `explore`: interactive pages of latent spaces."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from aelatent import data
from aelatent.cli.output import UsageError, announce
from aelatent.cli.parser import add_command
from aelatent.runtime import quiet_keras
from aelatent.zoo import Collection

DESCRIPTIONS = {".yaml", ".yml"}
NO_FIXTURES = (
    "expected the models of the claims in {}/, found no such folder. Run it in a checkout of "
    "aelatent or name their folder, as in `aelatent --fixtures DIR explore`; for a model of yours "
    "name its description, as in `aelatent explore mine.yaml`"
)


def register(commands: Any) -> None:
    """Add the command."""
    command = add_command(
        commands,
        "explore",
        "write interactive pages of the latent spaces of models",
        "aelatent explore",
        "aelatent explore mnist_vae_2d --report reports",
        "aelatent explore mine.yaml --report audit",
    )
    command.add_argument(
        "names",
        nargs="*",
        metavar="MODEL",
        help="a fixture model, by default every trained one with a decoder; or the description of "
        "a model of yours, as `aelatent audit` takes it",
    )
    command.add_argument(
        "--report",
        type=Path,
        metavar="DIR",
        help="folder of the report; by default reports, or audit for a model of yours",
    )
    command.add_argument(
        "--originals",
        action="store_true",
        help="also show photographs of people and their reconstructions; never publish such a page",
    )
    command.set_defaults(run=run)


def is_description(name: str) -> bool:
    """Tell whether a name is that of a description, not of a fixture model."""
    return Path(name).suffix in DESCRIPTIONS


def _explore_own(file: Path, folder: Path) -> Path:
    """Measure the model that a file describes, write its explorer, and return the page's path."""
    from aelatent.audit.progress import reporter

    with reporter(True) as progress:
        progress("loading", 0, 1)
        from aelatent.audit import description, exploring, loading, measuring

        described, folder = description.read(file), folder.absolute()  # code may change directory
        loading.import_callables(described)
        if described.needs_keras:
            quiet_keras.load_keras()
        measured = measuring.measure(described, progress)
        return exploring.explore(measured, folder, progress).path


def run(options: argparse.Namespace) -> int:
    """Write explorer pages of models."""
    own = [name for name in options.names if is_description(name)]
    for name in own:
        print(f"written: {_explore_own(Path(name), options.report or Path('audit'))}", flush=True)
    named = [name for name in options.names if name not in own]
    if named or not own:
        _explore_fixtures(options, named)
    return 0


def _explore_fixtures(options: argparse.Namespace, named: Sequence[str]) -> None:
    """Write explorer pages of fixture models; by default of all that have a decoder."""
    from aelatent import explorer

    if not options.fixtures.is_dir():
        raise UsageError(NO_FIXTURES.format(options.fixtures))
    collection = Collection(options.fixtures)
    announce("loading Keras")
    quiet_keras.load_keras()
    names, report = named or explorer.explorable(collection), options.report or Path("reports")
    if not names:
        print(f"no trained model with a decoder in {options.fixtures}/")
    for number, name in enumerate(names, 1):
        announce(f"{name}, {number} of {len(names)}")
        page = explorer.explore(collection, name, report, originals=options.originals)
        print(f"{page.state}: {page.path}", flush=True)
        images = collection.specification(name).images
        if options.originals and data.content(images).shows_people:
            print(
                f"WARNING: {page.path.parent} now holds photographs of people, or images that "
                f"may be ({name}): do not publish this folder",
                file=sys.stderr,
            )
