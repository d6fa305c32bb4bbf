"""The command `train`: train fixture models."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any

from aelatent import data
from aelatent.cli.arguments import CLUSTER, seeds
from aelatent.cli.output import UsageError, report_task
from aelatent.cli.parser import add_command, near
from aelatent.runtime import executors, quiet_keras
from aelatent.zoo import Collection


def register(commands: Any) -> None:
    """Add the command."""
    command = add_command(
        commands,
        "train",
        "train fixture models and store their replicates",
        "aelatent train faces_ae_256d --seeds 0-4",
        "aelatent train --all --cluster tcp://10.0.0.1:8786",
    )
    command.add_argument("names", nargs="*", metavar="NAME", help="a fixture model")
    command.add_argument("--all", action="store_true", help="all models in the folder")
    command.add_argument("--seeds", type=seeds, help="such as 0-4 or 0,2; by default all")
    command.add_argument(
        "--together",
        action="store_true",
        help="train the replicates of a model side by side; see docs/gpu.md",
    )
    command.add_argument("--cluster", metavar="ADDRESS", help=CLUSTER)
    command.add_argument(
        "--gpu",
        action="store_true",
        default=None,
        help="give each training a GPU of the cluster; the default if a worker declares one",
    )
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Train models, and what their judges are made of; status 1 if a training failed."""
    if options.gpu and not options.cluster:
        raise UsageError("expected --cluster with --gpu; without, training uses any GPU it finds")
    if options.together and options.cluster:
        raise UsageError("expected --together or --cluster, received both")
    collection = Collection(options.fixtures)
    names = trainable(collection) if options.all else options.names
    _check_names(collection, names)
    if not options.cluster:
        quiet_keras.load_keras()  # first, for it says what is wrong where it cannot be loaded
    from aelatent.training import jobs

    failed = False
    wanted = jobs.with_judges(collection, names, options.seeds)
    with executors.open_executor(cluster=options.cluster, gpu=options.gpu) as executor:
        trained = (
            jobs.train_here(collection, wanted, together=options.together)
            if executor is None
            else jobs.run_jobs(collection, wanted, executor)
        )
        for (name, seed), future in trained:
            failed |= not report_task(f"{name} seed {seed}", future, str)
    return int(failed)


def _check_names(collection: Collection, names: Sequence[str]) -> None:
    """Refuse to train no model, or one that is not there."""
    known = collection.names()
    if not names:
        told = " ".join(known) or f"no model in {collection.folder}/"
        raise UsageError(f"expected model names or --all; known: {told}")
    if unknown := [name for name in names if name not in known]:
        raise UsageError(f"no model {unknown[0]} in {collection.folder}/{near(unknown[0], known)}")


def trainable(collection: Collection) -> list[str]:
    """Return the models that `--all` means: not those of CelebA where nobody put a copy of it."""
    lacking = {name for name, path in data.registry.whereabouts() if path is None} & {"celeba"}
    names = []
    for name in collection.names():
        if (images := collection.specification(name).images) in lacking:
            print(f"aelatent train: left out {name}: its images, {images}, are not on this machine")
        else:
            names.append(name)
    return names
