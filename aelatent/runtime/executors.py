"""Who does the work: this process, processes beside it, or a cluster of dask.distributed.

The last two have the interface of `concurrent.futures`. Dask places the tasks of a cluster, moves
them and tries them again; nothing here schedules.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from functools import cache, partial
from multiprocessing import get_context, parent_process
from pathlib import Path
from threading import Lock, Thread
from typing import Any, TypeVar

from tqdm import tqdm

from aelatent.runtime import environment, resources
from aelatent.runtime.cache import fingerprint

Task = TypeVar("Task")
Result = TypeVar("Result")

# One thread a process: processes that share the cores fight for them otherwise.
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
RETRIES = 2
GPU = "GPU"  # the resource of `dask worker --resources GPU=1`

_turn = Lock()


class ClusterError(ValueError):
    """A cluster does not answer, or is not fit for the work; the message says what to do."""


@contextmanager
def hired(
    count: int = 1, cluster: str | None = None, *, gpu: bool | None = False
) -> Iterator[Executor | None]:
    """Yield an executor for a while; None where this process is to do the work itself.

    Parameters
    ----------
    count : int
        Processes side by side on this machine; one of them stands for this process.
    cluster : str, optional
        Address of a dask scheduler, such as tcp://10.0.0.1:8786, or the path of its scheduler file.
    gpu : bool, optional
        Whether each task on the cluster takes a GPU; None for yes if a worker says that it has one.

    Raises
    ------
    ClusterError
        If dask is not installed, or no scheduler answers.
    """
    if cluster is not None:
        with _connected(cluster) as client:
            yield Cluster(client, gpu=_has_gpus(client) if gpu is None else gpu)
    elif count > 1:
        os.environ.update(dict.fromkeys(THREADS, "1"))
        with ProcessPoolExecutor(count, get_context("spawn"), _end_with_parent) as pool:
            try:
                yield pool
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise
    else:
        yield None


def finished(
    crew: Executor | None, function: Callable[[Task], Result], tasks: Sequence[Task], unit: str
) -> Iterator[tuple[Task, Future[Result]]]:
    """Yield each task with what became of it, a result or an error, as soon as that is known.

    A task that fails leaves the others alone. Without a crew they are done one by one, in order.

    Parameters
    ----------
    crew : Executor or None
        As `hired` yields it.
    function : callable
        Of a module, so that it can travel to another process.
    tasks : sequence
    unit : str
        What a task is called in the progress bar.
    """
    bar = tqdm(total=len(tasks), unit=unit, disable=None, leave=False, mininterval=0)
    with bar:
        for done in _ended(crew, function, tasks):
            bar.update()
            yield done


def attempted(function: Callable[..., Result], *arguments: Any) -> Future[Result]:
    """Call a function at once; return its result or its error as a future that is done."""
    future: Future[Result] = Future()
    try:
        future.set_result(function(*arguments))
    except Exception as error:
        future.set_exception(error)
    return future


class Cluster(Executor):
    """A dask cluster: a task whose worker died goes on elsewhere, one that failed is tried again.

    Equal tasks have equal keys, so that the scheduler does once what two clients ask for. A result
    is let go of as soon as it is here: dask would work it out again if its worker died later.

    Parameters
    ----------
    client : distributed.Client
    gpu : bool
        Whether each task takes a worker's resource "GPU".
    """

    def __init__(self, client: Any, *, gpu: bool = False) -> None:
        self._client = client
        self._resources = {GPU: 1} if gpu else {}

    def submit(
        self, function: Callable[..., Result], /, *args: Any, **kwargs: Any
    ) -> Future[Result]:
        """Send a call to the cluster; the future is done once the result has come here."""
        from dask.base import tokenize

        call = (library_digest(), function, args, kwargs)
        there = self._client.submit(
            alone,
            *call,
            key=f"{function.__name__}-{tokenize(*call)}",
            resources=self._resources,
            retries=RETRIES,
        )
        here: Future[Result] = Future()
        there.add_done_callback(partial(_bring, here))
        return here


def alone(
    code: str, function: Callable[..., Result], args: Sequence[Any], kwargs: dict[str, Any]
) -> Result:
    """Call a function on a worker of a cluster: one call at a time, however many threads it has.

    Keras keeps the state of a training in its modules, and so do claims.

    Raises
    ------
    ClusterError
        If the worker's library is not the one whose digest is `code`.
    """
    if code != library_digest():
        raise ClusterError(
            f"expected a worker with the client's code of aelatent, {code:.12}, received one with "
            f"{library_digest():.12}, version {environment.versions()['aelatent']}. Install the "
            "same on all machines and start the workers anew"
        )
    with _turn:
        return function(*args, **kwargs)


@cache
def library_digest() -> str:
    """Return a digest of the library's own code; claims that travel in its wheel are not."""
    packaged = resources.PACKAGE / "_claims"
    files = sorted(resources.PACKAGE.rglob("*.py"))
    return fingerprint(path for path in files if packaged not in path.parents)


def _ended(
    crew: Executor | None, function: Callable[[Task], Result], tasks: Sequence[Task]
) -> Iterator[tuple[Task, Future[Result]]]:
    if crew is None:
        yield from ((task, attempted(function, task)) for task in tasks)
        return
    running = {crew.submit(function, task): task for task in tasks}
    yield from ((running.pop(future), future) for future in as_completed(running))


@contextmanager
def _connected(address: str) -> Iterator[Any]:
    """Yield a client of the scheduler at an address or in a scheduler file."""
    try:
        from distributed import Client
    except ImportError as error:
        raise ClusterError(
            "expected dask.distributed for a cluster, found none. Run: pip install "
            "'aelatent[cluster]'"
        ) from error
    where = {"scheduler_file" if Path(address).is_file() else "address": address}
    try:
        client = Client(**where, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:  # the last where certificates are lacking
        raise ClusterError(
            f"{address}: expected a dask scheduler, {error}. Start one: dask scheduler"
        ) from error
    with client:
        yield client


def _has_gpus(client: Any) -> bool:
    workers = client.scheduler_info(n_workers=-1)["workers"].values()
    return any(GPU in worker["resources"] for worker in workers)


def _bring(here: Future[Result], there: Any) -> None:
    """Take a result or an error home, and let the cluster forget it."""
    try:
        here.set_result(there.result())
    except Exception as error:
        here.set_exception(error)
    finally:
        there.release()


def _end_with_parent() -> None:
    """End this process when the one that started it is gone, whatever it is doing then."""
    Thread(target=_outlive_not, args=(parent_process(),), daemon=True).start()


def _outlive_not(parent: Any) -> None:
    parent.join()
    os._exit(1)
