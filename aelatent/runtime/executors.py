"""Executors: run tasks in this process, in several processes, or on a cluster of dask.distributed.

The last two have the interface of `concurrent.futures`. On a cluster dask schedules, moves and
retries the tasks; there is no scheduler here.
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

from aelatent.runtime import environment, resources, threads
from aelatent.runtime.cache import fingerprint

Task = TypeVar("Task")
Result = TypeVar("Result")

RETRIES = 2
GPU = "GPU"  # the resource of `dask worker --resources GPU=1`
SAFE_PATH = "PYTHONSAFEPATH"  # nothing is imported from the working directory
CODE = frozenset({".py"})
DECIDING = CODE | {".json", ".onnx"}  # what verdicts depend on: the judges' weights and labels too

_turn = Lock()


class ClusterError(ValueError):
    """A cluster does not answer, or cannot run our tasks; the message says what to do."""


@contextmanager
def open_executor(
    count: int = 1, cluster: str | None = None, *, gpu: bool | None = False
) -> Iterator[Executor | None]:
    """Open an executor, and close it at the end of the block.

    Parameters
    ----------
    count : int
        Processes on this machine; with 1 the tasks run in this process.
    cluster : str, optional
        Address of a dask scheduler, such as tcp://10.0.0.1:8786, or the path of its scheduler file.
    gpu : bool, optional
        Whether each task on the cluster takes a GPU; None for yes if a worker declares one.

    Yields
    ------
    Executor or None
        None if the tasks are to run in this process.

    Raises
    ------
    ClusterError
        If dask is not installed, or no scheduler answers.
    """
    if cluster is not None:
        with _connected(cluster) as client:
            yield Cluster(client, gpu=_has_gpus(client) if gpu is None else gpu)
    elif count > 1:
        # Processes inherit these, each when a task first needs it.
        inherited = environment.variables(dict.fromkeys((*threads.VARIABLES, SAFE_PATH), "1"))
        with inherited, ProcessPoolExecutor(count, get_context("spawn"), _end_with_parent) as pool:
            try:
                yield pool
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise
    else:
        yield None


def run_tasks(
    executor: Executor | None, function: Callable[[Task], Result], tasks: Sequence[Task], unit: str
) -> Iterator[tuple[Task, Future[Result]]]:
    """Run a function on each of some tasks, with a progress bar.

    A task that fails does not stop the others. Without an executor the tasks run one by one, in
    order.

    Parameters
    ----------
    executor : Executor or None
        As `open_executor` yields it.
    function : callable
        At the top level of a module, so that it can travel to another process.
    tasks : sequence
    unit : str
        What the progress bar calls a task.

    Yields
    ------
    task : object
    future : Future
        Done: with the result or the error of the task, as soon as it ends.
    """
    bar = tqdm(total=len(tasks), unit=unit, disable=None, leave=False, mininterval=0)
    with bar:
        for done in _as_completed(executor, function, tasks):
            bar.update()
            yield done


def call_as_future(function: Callable[..., Result], *arguments: Any) -> Future[Result]:
    """Call a function at once.

    Parameters
    ----------
    function : callable
    *arguments
        Of the function.

    Returns
    -------
    Future
        Done: with the result of the function, or the exception that it raised.
    """
    future: Future[Result] = Future()
    try:
        future.set_result(function(*arguments))
    except Exception as error:
        future.set_exception(error)
    return future


class Cluster(Executor):
    """A dask cluster. Dask retries a task that failed, and moves a task whose worker died.

    Equal tasks have equal keys, so that the scheduler runs a task once for two clients. Each result
    is released as soon as it has arrived: otherwise dask would run its task again if the worker
    died later.

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
        """Send a call to the cluster.

        Parameters
        ----------
        function : callable
        *args, **kwargs
            Of the function.

        Returns
        -------
        Future
            Done once the result has arrived here.
        """
        from dask.base import tokenize

        call = (library_digest(), function, args, kwargs)
        there = self._client.submit(
            call_in_turn,
            *call,
            key=f"{function.__name__}-{tokenize(*call)}",
            resources=self._resources,
            retries=RETRIES,
        )
        here: Future[Result] = Future()
        there.add_done_callback(partial(_copy_result, here))
        return here


def call_in_turn(
    code: str, function: Callable[..., Result], args: Sequence[Any], kwargs: dict[str, Any]
) -> Result:
    """Call a function on a worker of a cluster, one call at a time whatever its threads.

    Trainings and claims both keep state in modules, so that two would disturb each other.

    Parameters
    ----------
    code : str
        Digest of the client's library.
    function : callable
    args : sequence
    kwargs : dict

    Returns
    -------
    object
        What the function returns.

    Raises
    ------
    ClusterError
        If the worker's library is not the one whose digest is `code`.
    """
    if code != library_digest():
        raise ClusterError(
            f"expected a worker with the client's code of aelatent, {code:.12}, received one with "
            f"{library_digest():.12}, version {environment.versions()['aelatent']}. Install the "
            "same on all machines and restart the workers"
        )
    with _turn:
        return function(*args, **kwargs)


@cache
def library_digest(suffixes: frozenset[str] = DECIDING) -> str:
    """Return a digest of the library: of its files with some suffixes.

    The claims and fixture models that its wheel contains are no part of it, as in a checkout.
    """
    beside = {resources.PACKAGE / "_claims", resources.PACKAGE / "_fixtures"}
    files = (path for path in resources.PACKAGE.rglob("*") if path.suffix in suffixes)
    return fingerprint(sorted(path for path in files if beside.isdisjoint(path.parents)))


def _as_completed(
    executor: Executor | None, function: Callable[[Task], Result], tasks: Sequence[Task]
) -> Iterator[tuple[Task, Future[Result]]]:
    if executor is None:
        yield from ((task, call_as_future(function, task)) for task in tasks)
        return
    running = {executor.submit(function, task): task for task in tasks}
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


def _copy_result(here: Future[Result], there: Any) -> None:
    """Copy a result or an error from the cluster, and release it there."""
    try:
        here.set_result(there.result())
    except Exception as error:
        here.set_exception(error)
    finally:
        there.release()


def _end_with_parent() -> None:
    """End this process as soon as the one that started it has ended."""
    Thread(target=_exit_with_parent, args=(parent_process(),), daemon=True).start()


def _exit_with_parent(parent: Any) -> None:
    parent.join()
    os._exit(1)
