"""Stores replicates, and tells which are stored."""

from __future__ import annotations

from dataclasses import dataclass

from aelatent.runtime import files
from aelatent.zoo import lock
from aelatent.zoo.collection import Collection, filename
from aelatent.zoo.lock import FixtureError, LockEntry


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
