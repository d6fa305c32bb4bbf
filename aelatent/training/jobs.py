"""Trains replicates: in this process, or as jobs on the workers of a cluster.

A job carries all files of the collection that its training reads, and its result all files that the
training wrote. So a worker needs no file of ours except the images, which it takes from its own
`AELATENT_DATA`. A worker keeps what it made in its cache, under the digest of what it was made
from. Keras is loaded where a replicate is trained: schedulers and clients do without.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from pathlib import Path
from typing import Any

from aelatent import data
from aelatent.data import Images
from aelatent.data.location import cache_folder
from aelatent.judges import registry
from aelatent.runtime import environment, executors, files
from aelatent.runtime.locks import locked
from aelatent.training import pca_baseline
from aelatent.zoo import Collection, FixtureError, LockEntry, filename
from aelatent.zoo.store import StoredReplicate, check_procedure, existing, save

FOLDER = "jobs"  # within the cache; deleting it costs time and nothing else

SeededModel = tuple[str, int]  # a fixture model and a seed


@dataclass(frozen=True)
class Job:
    """A replicate to train, in plain types, so that it can travel to another machine.

    Attributes
    ----------
    name : str
    seed : int
    address : str
        Digest of all that the replicate is made from, except the images.
    files : mapping of str to bytes
        What the training reads, by its path in the collection.
    """

    name: str
    seed: int
    address: str
    files: Mapping[str, bytes]


@dataclass(frozen=True)
class JobResult:
    """A trained replicate.

    Attributes
    ----------
    entry : LockEntry
    content : bytes
        Of the replicate's file.
    baselines : bytes or None
        Of the file of the PCA baselines of its images, if there is one.
    """

    entry: LockEntry
    content: bytes
    baselines: bytes | None


def with_judges(
    collection: Collection, names: Sequence[str], seeds: Sequence[int] | None = None
) -> list[SeededModel]:
    """List the replicates to train of models, and before them those that their judges are made of.

    Training needs no judge; claims about the models do. What the collection does not describe is
    left out.

    Parameters
    ----------
    collection : Collection
    names : sequence of str
    seeds : sequence of int, optional
        Seeds of the named models; what judges are made of is trained from all of its seeds.

    Returns
    -------
    list of (str, int)
    """
    judges = (collection.specification(name).judge for name in names)
    known = collection.names()
    needed = [each for judge in judges for each in registry.models_of(judge) if each in known]
    return [
        (name, seed)
        for name in dict.fromkeys([*needed, *names])
        for seed in (seeds if seeds and name in names else collection.specification(name).seeds)
    ]


def train_here(
    collection: Collection, wanted: Sequence[SeededModel], *, together: bool = False
) -> Iterator[tuple[SeededModel, Future[StoredReplicate]]]:
    """Train replicates one after the other in this process.

    A replicate that is stored already is not trained again. One that fails does not stop the
    others.

    Parameters
    ----------
    collection : Collection
    wanted : sequence of (str, int)
        Models and seeds.
    together : bool
        Whether to train the replicates of a model side by side.

    Yields
    ------
    seeded_model : (str, int)
    future : Future of StoredReplicate
        Done: with the stored replicate, or with the error.
    """
    by_model = _by_model(wanted) if together else {}
    train = partial(_train_one, collection, cache(data.load), by_model)
    yield from executors.run_tasks(None, train, wanted, "replicate")


def run_jobs(
    collection: Collection, wanted: Sequence[SeededModel], executor: Executor
) -> Iterator[tuple[SeededModel, Future[StoredReplicate]]]:
    """Train replicates as jobs of an executor, and store the results here.

    A replicate that is stored already is not trained again. One that fails does not stop the
    others.

    Parameters
    ----------
    collection : Collection
    wanted : sequence of (str, int)
        Models and seeds.
    executor : Executor
        As `executors.open_executor` yields it.

    Yields
    ------
    seeded_model : (str, int)
    future : Future of StoredReplicate
        Done: with the stored replicate, or with the error.
    """
    to_run: list[Job] = []
    for seeded_model in wanted:
        prepared: Future[Any] = executors.call_as_future(prepare_job, collection, *seeded_model)
        if prepared.exception() is None and isinstance(prepared.result(), Job):
            to_run.append(prepared.result())
        else:
            yield seeded_model, prepared
    for job, future in executors.run_tasks(executor, run_job, to_run, "replicate"):
        stored = executors.call_as_future(store_result, collection, job, future)
        yield (job.name, job.seed), stored


def prepare_job(collection: Collection, name: str, seed: int) -> Job | StoredReplicate:
    """Return the job that trains a replicate, or the replicate if it is stored already.

    Parameters
    ----------
    collection : Collection
    name : str
        A fixture model of the collection.
    seed : int

    Returns
    -------
    Job or StoredReplicate

    Raises
    ------
    FixtureError
        If stored replicates of the model are of another procedure of training.
    """
    if stored := existing(collection, name, seed):
        return stored
    check_procedure(collection, name, seed)
    needed = _contents(collection, [collection.folder / f"{name}.yaml"])
    parts = [f"{path} {files.digest(content)}" for path, content in needed.items()]
    code = executors.library_digest(executors.CODE)
    address = files.digest("\n".join([code, str(seed), *parts]).encode())
    baselines = collection.baseline_path(collection.specification(name).images)
    known = _contents(collection, filter(Path.exists, [baselines]))
    return Job(name, seed, address, needed | known)


def run_job(job: Job) -> JobResult:
    """Train the replicate of a job in a folder of its own; continue what another process began."""
    from aelatent.training.pipeline import produce

    collection = Collection(cache_folder() / FOLDER / job.address)
    for path, content in job.files.items():
        if not (collection.folder / path).exists():
            files.write(collection.folder / path, content)
    produce(collection, job.name, job.seed, _images)
    entry = collection.entries(job.name)[job.seed]
    baselines = collection.baseline_path(collection.specification(job.name).images)
    return JobResult(
        entry,
        files.read(collection.home(job.name) / filename(job.seed)),
        files.read(baselines) if baselines.exists() else None,
    )


def store_result(collection: Collection, job: Job, future: Future[JobResult]) -> StoredReplicate:
    """Check the result of a job and store it, unless another process stored it first.

    Parameters
    ----------
    collection : Collection
    job : Job
    future : Future of JobResult
        Done.

    Returns
    -------
    StoredReplicate

    Raises
    ------
    FixtureError
        If the result is damaged, or the specification has changed since.
    Exception
        The error of the job, if it failed.
    """
    result = future.result()
    specification = collection.specification(job.name)
    entry = result.entry.model_copy(update={"commit": environment.commit(collection.folder)})
    expected = specification.digest, job.seed, files.digest(result.content)
    if expected != (entry.specification, entry.seed, entry.sha256):
        raise FixtureError(
            f"{job.name} seed {job.seed}: expected a replicate of {job.name}.yaml as it is "
            "now, received a damaged one or one of an earlier version of that file. Train it again"
        )
    if result.baselines is not None:
        with locked(collection.workshop("pca_baselines").with_suffix(".lock")):
            pca_baseline.merge(collection, specification.images, result.baselines)
    with locked(collection.workshop(job.name) / f"seed-{job.seed}.lock"):
        return existing(collection, job.name, job.seed) or save(
            collection, job.name, entry, result.content
        )


def _by_model(wanted: Iterable[SeededModel]) -> dict[str, list[int]]:
    seeds: dict[str, list[int]] = {}
    for name, seed in wanted:
        seeds.setdefault(name, []).append(seed)
    return seeds


def _train_one(
    collection: Collection,
    images: Callable[[str], Images],
    together: dict[str, list[int]],
    wanted: SeededModel,
) -> StoredReplicate:
    """Train a replicate; before the first of a model, train those in `together` side by side."""
    from aelatent.training.pipeline import prepare, produce

    name, seed = wanted
    if seeds := together.pop(name, None):
        # If this fails, each is trained alone, and each reports its own error.
        executors.call_as_future(prepare, collection, name, seeds, images)
    return produce(collection, name, seed, images)


@lru_cache(maxsize=1)
def _images(name: str) -> Images:
    """Keep the last set of images, which the next job probably reads too."""
    return data.load(name)


def _contents(collection: Collection, paths: Iterable[Path]) -> dict[str, bytes]:
    return {path.relative_to(collection.folder).as_posix(): files.read(path) for path in paths}
