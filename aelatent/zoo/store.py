"""Stores replicates, and tells which are stored."""

from __future__ import annotations

from dataclasses import dataclass

from aelatent.runtime import files
from aelatent.zoo import lock
from aelatent.zoo.collection import Collection, filename
from aelatent.zoo.lock import PROCEDURE, FixtureError, LockEntry


@dataclass(frozen=True)
class StoredReplicate:
    """A replicate on the disk.

    Attributes
    ----------
    name : str
        The fixture model.
    seed : int
    state : str
        "stored" if it was written just now, "whole" if it was there already.
    path : str
    """

    name: str
    seed: int
    state: str
    path: str

    def __str__(self) -> str:
        return f"{self.name} seed {self.seed}: {self.state} ({self.path})"


def is_whole(collection: Collection, name: str, seed: int) -> bool:
    """Tell whether a replicate is stored, undamaged and up to date.

    Parameters
    ----------
    collection : Collection
    name : str
        A fixture model of the collection.
    seed : int

    Returns
    -------
    bool
    """
    try:
        collection.replicate(name, seed)
    except (FixtureError, files.StorageError):
        return False
    return True


def procedures(collection: Collection, name: str) -> list[int]:
    """Return the procedures of the replicates that a model's claims read, each once.

    Parameters
    ----------
    collection : Collection
    name : str
        A fixture model of the collection.

    Returns
    -------
    list of int
        Sorted; one, where the replicates are draws from one distribution.
    """
    described = collection.specification(name)
    entries = collection.entries(name)
    return sorted({entries[seed].procedure for seed in described.seeds if seed in entries})


def check_procedure(collection: Collection, name: str, seed: int) -> None:
    """Refuse to train a replicate beside others that another procedure made.

    Parameters
    ----------
    collection : Collection
    name : str
        A fixture model of the collection.
    seed : int
        Of the replicate to train. What is stored for it does not count.

    Raises
    ------
    FixtureError
    """
    digest = collection.specification(name).digest
    home = collection.home(name)
    others = {
        other: entry.procedure
        for other, entry in collection.entries(name).items()
        if other != seed
        and entry.procedure != PROCEDURE
        and entry.specification == digest
        and (home / entry.file).exists()
    }
    if others:
        stored = ", ".join(f"seed {other} of procedure {made}" for other, made in others.items())
        raise FixtureError(
            f"{home}: expected trainings of procedure {PROCEDURE} beside seed {seed}, which would "
            f"be of it, received {stored}: a spread over both means nothing. Move the folder away "
            f"and train all seeds anew: aelatent train {name}"
        )


def save(collection: Collection, name: str, entry: LockEntry, content: bytes) -> StoredReplicate:
    """Store a replicate: first its file, then its lock entry.

    Parameters
    ----------
    collection : Collection
    name : str
        A fixture model of the collection.
    entry : LockEntry
    content : bytes
        Of the replicate's file.

    Returns
    -------
    StoredReplicate
    """
    path = collection.home(name) / filename(entry.seed)
    files.write(path, content)
    lock.add(collection.home(name), entry, collection.workshop(name) / "lock.lock")
    return StoredReplicate(name, entry.seed, "stored", str(path))


def existing(collection: Collection, name: str, seed: int) -> StoredReplicate | None:
    """Return a replicate that is whole.

    Parameters
    ----------
    collection : Collection
    name : str
        A fixture model of the collection.
    seed : int

    Returns
    -------
    StoredReplicate or None
        None if it has to be trained.
    """
    if not is_whole(collection, name, seed):
        return None
    return StoredReplicate(name, seed, "whole", str(collection.home(name) / filename(seed)))
