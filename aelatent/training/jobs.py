"""Replicates to train: here, or on workers of a cluster that send them back to be stored here.

An order carries all files of the collection that its training reads, and a delivery all that it
made, so that workers need no file of ours but the images, which each takes from its own
`AELATENT_DATA`. What a worker makes stays in its cache, under the digest of what it was made from.
Keras is loaded where a replicate is made: schedulers and clients need none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from pathlib import Path
from typing import Any

from filelock import FileLock

from aelatent import data
from aelatent.data import Images
from aelatent.data.location import cache_folder
from aelatent.judges import registry
from aelatent.runtime import environment, executors, files
from aelatent.training import pca_baseline
from aelatent.zoo import Collection, Entry, FixtureError, filename, lock
from aelatent.zoo.store import Product, found, keep

FOLDER = "orders"  # within the cache; nothing but time is lost when it is deleted

Wanted = tuple[str, int]  # a fixture model and a seed


@dataclass(frozen=True)
class Order:
    """A replicate to train, in plain types, so that it can travel to another machine.

    Attributes
    ----------
    name : str
    seed : int
    address : str
        Digest of all that the replicate is made from, the images aside.
    files : mapping of str to bytes
        What the training reads, by its path in the collection.
    """

    name: str
    seed: int
    address: str
    files: Mapping[str, bytes]


@dataclass(frozen=True)
class Delivery:
    """A trained replicate: its lock entry, its file, and the floors of its images if there are."""

    entry: Entry
    content: bytes
    floors: bytes | None


def stages(
    collection: Collection, names: list[str], seeds: Sequence[int] | None = None
) -> list[list[Wanted]]:
    """List the replicates to train in two stages: those that others are judged by come first.

    Parameters
    ----------
    collection : Collection
    names : list of str
    seeds : sequence of int, optional
        Of the models that are named; judges that they need are trained from all of theirs.
    """
    judges = dict.fromkeys(model for name in names for model in judged_by(collection, name))
    ordered = dict.fromkeys([*judges, *names])
    wanted: list[list[Wanted]] = [[], []]
    for name in ordered:
        chosen = seeds if seeds is not None and name in names else None
        for seed in chosen or collection.specification(name).seeds:
            wanted[name not in judges].append((name, seed))
    return wanted


def judged_by(collection: Collection, name: str) -> Sequence[str]:
    """Return the fixture models that the judge of a model is made of."""
    return registry.models_of(collection.specification(name).judge)


def fulfilled(
    collection: Collection,
    wanted: Sequence[Wanted],
    crew: Executor | None,
    *,
    together: bool = False,
) -> Iterator[tuple[Wanted, Future[Product]]]:
    """Yield each replicate with what became of it, as soon as that is known.

    Replicates that are whole are not ordered. One that fails leaves the others alone.

    Parameters
    ----------
    collection : Collection
    wanted : sequence of (str, int)
    crew : Executor or None
        As `workers.hired` yields it.
    together : bool
        Whether replicates of a model are trained side by side; without a crew only.
    """
    if crew is None:
        images = cache(data.load)
        sides = _by_model(wanted) if together else {}
        make = partial(_produced, collection, images, sides)
        yield from executors.finished(None, make, wanted, "replicate")
        return
    orders: list[Order] = []
    for each in wanted:
        placed: Future[Any] = executors.attempted(place, collection, *each)
        if placed.exception() is None and isinstance(placed.result(), Order):
            orders.append(placed.result())
        else:
            yield each, placed
    for order, future in executors.finished(crew, fill, orders, "replicate"):
        yield (order.name, order.seed), executors.attempted(receive, collection, order, future)


def place(collection: Collection, name: str, seed: int) -> Order | Product:
    """Write the order of a replicate; where it is whole, say so instead.

    Raises
    ------
    FixtureError
        If the judge that measures it is not there.
    """
    if product := found(collection, name, seed):
        return product
    paths = [collection.folder / f"{name}.yaml"]
    for model in judged_by(collection, name):
        collection.replicate(model, 0)  # complains if it cannot be used
        home = collection.home(model)
        paths += [collection.folder / f"{model}.yaml", lock.path(home), home / filename(0)]
    needed = _contents(collection, paths)
    parts = [f"{path} {files.digest(content)}" for path, content in needed.items()]
    address = files.digest("\n".join([executors.library_digest(), str(seed), *parts]).encode())
    floor = collection.floor_path(collection.specification(name).images)
    return Order(name, seed, address, needed | _contents(collection, filter(Path.exists, [floor])))


def fill(order: Order) -> Delivery:
    """Train what was ordered, in a folder of its own; go on where an earlier process ended."""
    from aelatent.training.pipeline import produce

    collection = Collection(cache_folder() / FOLDER / order.address)
    for path, content in order.files.items():
        if not (collection.folder / path).exists():
            files.write(collection.folder / path, content)
    produce(collection, order.name, order.seed, _images)
    entry = collection.entries(order.name)[order.seed]
    floor = collection.floor_path(collection.specification(order.name).images)
    return Delivery(
        entry,
        files.read(collection.home(order.name) / filename(order.seed)),
        files.read(floor) if floor.exists() else None,
    )


def receive(collection: Collection, order: Order, delivered: Future[Delivery]) -> Product:
    """Check what a worker delivered and store it, unless somebody else was faster.

    Raises
    ------
    FixtureError
        If it is damaged, or not what the specification describes by now.
    Exception
        Whatever kept the worker from delivering.
    """
    delivery = delivered.result()
    specification = collection.specification(order.name)
    entry = delivery.entry.model_copy(update={"commit": environment.commit(collection.folder)})
    expected = specification.digest, order.seed, files.digest(delivery.content)
    if expected != (entry.specification, entry.seed, entry.sha256):
        raise FixtureError(
            f"{order.name} seed {order.seed}: expected a replicate of {order.name}.yaml as it is "
            "now, received a damaged one or one of an earlier version of that file. Train it again"
        )
    if delivery.floors is not None:
        with FileLock(collection.workshop("floors").with_suffix(".lock")):
            pca_baseline.include(collection, specification.images, delivery.floors)
    with FileLock(collection.workshop(order.name) / f"seed-{order.seed}.lock"):
        return found(collection, order.name, order.seed) or keep(
            collection, order.name, entry, delivery.content
        )


def _by_model(wanted: Iterable[Wanted]) -> dict[str, list[int]]:
    seeds: dict[str, list[int]] = {}
    for name, seed in wanted:
        seeds.setdefault(name, []).append(seed)
    return seeds


def _produced(
    collection: Collection,
    images: Callable[[str], Images],
    together: dict[str, list[int]],
    wanted: Wanted,
) -> Product:
    """Make a replicate; the first of a model brings those that are trained together with it."""
    from aelatent.training.pipeline import prepare, produce

    name, seed = wanted
    for model in judged_by(collection, name):
        collection.replicate(model, 0)  # complains now, not after hours of training
    if seeds := together.pop(name, None):
        # What fails for all may go well for the others one by one, and is said of each.
        executors.attempted(prepare, collection, name, seeds, images)
    return produce(collection, name, seed, images)


@lru_cache(maxsize=1)
def _images(name: str) -> Images:
    """Keep the last set of images, which the next order is likely to want."""
    return data.load(name)


def _contents(collection: Collection, paths: Iterable[Path]) -> dict[str, bytes]:
    return {path.relative_to(collection.folder).as_posix(): files.read(path) for path in paths}
