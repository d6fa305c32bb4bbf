"""What a claim may use: time, threads and GPUs."""

from __future__ import annotations

import os
from contextlib import AbstractContextManager
from typing import Any

import pytest

from aelatent.runtime import environment
from aelatent.runtime.deadline import deadline
from aelatent.runtime.threads import VARIABLES

LAYER_THREADS = "TF_NUM_INTRAOP_THREADS"


class ClaimTimeoutError(TimeoutError):
    """A claim ran longer than it may."""


def time_limit(seconds: float) -> AbstractContextManager[None]:
    """Raise `ClaimTimeoutError` in the block after so many seconds; 0 sets no limit.

    See `aelatent.runtime.deadline` for what it cannot interrupt.
    """
    return deadline(
        seconds,
        lambda: ClaimTimeoutError(
            f"timeout after {seconds:g} s. Grant more with aelatent_timeout in the ini-file, or 0 "
            "for no limit"
        ),
    )


def share_cores(config: pytest.Config) -> None:
    """Give each worker of `pytest -n` its share of the cores as threads.

    Libraries start a thread a core in every process, and those wait for each other: two t-SNE side
    by side on two cores took ten times as long as one after the other. They read these variables
    when they are loaded, hence they are set before the workers start, which inherit them. What the
    caller has set stays. Not for projects whose settings say nothing of aelatent.
    """
    workers = len(config.getoption("tx", None) or ())
    if workers > 1:
        threads = max(1, environment.cores() // workers)
        for variable in VARIABLES:
            os.environ.setdefault(variable, str(threads))


def assign_gpu(config: pytest.Config) -> None:
    """Give each worker of `pytest -n` one of the GPUs that the caller made visible, in turn.

    Frameworks take all memory of all GPUs that they see, and see them when they are loaded: call
    this before. Workers that share a GPU take as much of its memory as they need.
    """
    worker: dict[str, Any] = getattr(config, "workerinput", {})
    devices = environment.devices() if worker else []
    if devices:
        number = int(worker["workerid"].removeprefix("gw"))
        os.environ[environment.VISIBLE] = devices[number % len(devices)]
        os.environ.setdefault("TF_FORCE_GPU_ALLOW_GROWTH", "true")
        os.environ.setdefault("XLA_PYTHON_CLIENT_PREALLOCATE", "false")


def limit_layers_to_one_thread() -> None:
    """Keep TensorFlow from splitting a layer among threads; it reads this when it is loaded.

    The split decides the last digit of a small batch. Whole batches run side by side instead.
    """
    os.environ.setdefault(LAYER_THREADS, "1")
