"""What becomes of a replicate that is wanted: it is there and whole, or it is made and stored."""

from __future__ import annotations

from dataclasses import dataclass

from aelatent.runtime import files
from aelatent.zoo import lock
from aelatent.zoo.collection import Collection, filename
from aelatent.zoo.lock import Entry, FixtureError


@dataclass(frozen=True)
class Product:
    """What became of one replicate: "stored", or "whole" if nothing had to be done."""

    name: str
    seed: int
    state: str
    path: str

    def __str__(self) -> str:
        return f"{self.name} seed {self.seed}: {self.state} ({self.path})"


def whole(collection: Collection, name: str, seed: int) -> bool:
    """Tell whether a replicate is stored, undamaged and up to date."""
    try:
        collection.replicate(name, seed)
    except (FixtureError, files.StorageError):
        return False
    return True


def keep(collection: Collection, name: str, entry: Entry, content: bytes) -> Product:
    """Store the bytes of a replicate, and then its lock entry."""
    path = collection.home(name) / filename(entry.seed)
    files.write(path, content)
    lock.add(collection.home(name), entry, collection.workshop(name) / "lock.lock")
    return Product(name, entry.seed, "stored", str(path))


def found(collection: Collection, name: str, seed: int) -> Product | None:
    """Return the product of a replicate that is whole; None if there is something to do."""
    if not whole(collection, name, seed):
        return None
    return Product(name, seed, "whole", str(collection.home(name) / filename(seed)))
