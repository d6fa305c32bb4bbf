"""Several workers on one machine: each takes its share of the cores, and a GPU of its own."""

from __future__ import annotations

import os
from contextlib import AbstractContextManager
from functools import cache
from typing import Any

import pytest

from aelatent.runtime import environment

POOLS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
WITHIN_LAYERS = "TF_NUM_INTRAOP_THREADS"


def share_cores(config: pytest.Config) -> None:
    """Leave each worker of `pytest -n` as many threads as there are cores for it.

    Libraries start a thread a core in every process, and those wait for each other: two t-SNE side
    by side on two cores took ten times as long as one after the other. They read these variables
    when they are loaded, hence they are set before the workers start, which inherit them. What the
    caller has set stays. Not for projects whose settings say nothing of aelatent.
    """
    workers = len(config.getoption("tx", None) or ())
    if workers > 1:
        threads = max(1, (os.cpu_count() or 1) // workers)
        for pool in POOLS:
            os.environ.setdefault(pool, str(threads))


def take_device(config: pytest.Config) -> None:
    """Leave each worker of `pytest -n` one of the GPUs that the caller made visible, in turn.

    Frameworks take all memory of all GPUs that they see, and see them when they are loaded: call
    this before. Workers that share a GPU take as much of its memory as they need.
    """
    worker: dict[str, Any] = getattr(config, "workerinput", {})
    devices = environment.devices() if worker else []
    if devices:
        place = int(worker["workerid"].removeprefix("gw"))
        os.environ[environment.VISIBLE] = devices[place % len(devices)]
        os.environ.setdefault("TF_FORCE_GPU_ALLOW_GROWTH", "true")
        os.environ.setdefault("XLA_PYTHON_CLIENT_PREALLOCATE", "false")


def layers_on_one_thread() -> None:
    """Keep TensorFlow from splitting a layer among threads; it reads this when it is loaded.

    The split decides the last digit of a small batch. Whole batches run side by side instead.
    """
    os.environ.setdefault(WITHIN_LAYERS, "1")


def one_thread() -> AbstractContextManager[Any]:
    """Leave linear algebra one thread for a while.

    How it splits a sum among threads decides the last digit, and a verdict must not depend on how
    many cores there are or how many workers share them.
    """
    limited: AbstractContextManager[Any] = _algebra().limit(limits=1, user_api="blas")
    return limited


@cache
def _algebra() -> Any:
    """Find the libraries of linear algebra, those of NumPy and of SciPy."""
    import scipy.linalg  # noqa: F401 -- brings its own library, which must be loaded to be found
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()
