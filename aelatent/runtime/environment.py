"""The environment of a result: machine, versions, commit."""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from importlib import metadata
from itertools import takewhile
from pathlib import Path

VISIBLE = "CUDA_VISIBLE_DEVICES"
CPU_INFO = Path("/proc/cpuinfo")
BFLOAT16_SINCE = 8.0  # compute capability: Ampere
DEFAULT_BACKEND = "tensorflow"  # of Keras
PACKAGES = (
    "aelatent",
    "keras",
    "tensorflow",
    "jax",
    "torch",
    "numpy",
    "scipy",
    "scikit-learn",
    "scikit-image",
    "onnxruntime",
    "pytest",
    "matplotlib",
)


@cache
def cpu() -> dict[str, str]:
    """Return the entries of the first processor in /proc/cpuinfo; empty where there is none."""
    if not CPU_INFO.exists():
        return {}
    first, _, _ = CPU_INFO.read_text().partition("\n\n")
    pairs = (line.partition(":") for line in first.splitlines())
    return {key.strip(): value.strip() for key, _, value in pairs}


def native_bfloat16() -> bool:
    """Tell whether the training device multiplies bfloat16 natively; emulation is slower.

    The device is the first NVIDIA GPU if CUDA may use one, otherwise the processor.
    """
    capabilities = _gpus("compute_cap")
    if capabilities and devices():
        return float(capabilities[0]) >= BFLOAT16_SINCE
    flags = cpu().get("flags", "").split()
    return "amx_bf16" in flags or "avx512_bf16" in flags


def hardware() -> dict[str, str | int | bool]:
    """Return processor, GPU, cores, operating system, and whether bfloat16 is native."""
    return {
        "machine": platform.machine(),
        "processor": cpu().get("model name", platform.processor() or "unknown"),
        "accelerator": accelerator(),
        "cores": os.cpu_count() or 1,
        "native_bfloat16": native_bfloat16(),
        "system": platform.system(),
    }


def threads() -> int:
    """Return how many threads may compute in parallel: OMP_NUM_THREADS, or the number of cores."""
    return threads_asked() or cores()


def cores() -> int:
    """Return how many cores this process may use; a batch job need not have them all."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def threads_asked() -> int | None:
    """Return what OMP_NUM_THREADS asks for at its first level; None where it holds no number."""
    first = os.environ.get("OMP_NUM_THREADS", "").partition(",")[0].strip()
    return int(first) if first.isascii() and first.isdigit() and 0 < int(first) < 10**6 else None


def accelerator() -> str:
    """Return the name of the first NVIDIA GPU; empty where there is none."""
    return (*_gpus("name"), "")[0]


def devices() -> list[str]:
    """Return the NVIDIA GPUs that CUDA may use, as it takes them in CUDA_VISIBLE_DEVICES.

    These are the GPUs that the variable names, up to the first invalid one, as CUDA reads it. Where
    it is not set these are all GPUs, by UUID: CUDA and nvidia-smi number them in different orders.
    """
    named = os.environ.get(VISIBLE)
    if named is None:
        return list(_gpus("uuid"))
    parts = [part.strip() for part in named.split(",")]
    return list(takewhile(lambda part: part not in ("", "-1"), parts))


@cache
def _gpus(what: str) -> tuple[str, ...]:
    """Query nvidia-smi about every GPU; nothing where there is no such command."""
    query = shutil.which("nvidia-smi")
    if query is None:
        return ()
    answer = subprocess.run(  # noqa: S603 -- fixed arguments, the executable found on PATH
        [query, f"--query-gpu={what}", "--format=csv,noheader"],
        capture_output=True,
        text=True,
        check=False,
    )
    return tuple(answer.stdout.splitlines()) if answer.returncode == 0 else ()


def versions() -> dict[str, str]:
    """Return the versions of Python and of the installed packages that results depend on."""
    installed = {"python": platform.python_version()}
    for package in PACKAGES:
        try:
            installed[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    return installed


@contextmanager
def variables(values: Mapping[str, str], *others: str) -> Iterator[None]:
    """Set environment variables within a block, and leave them as they were.

    Parameters
    ----------
    values : mapping of str to str
    *others : str
        Names of variables that the block itself may change.
    """
    before = {name: os.environ.get(name) for name in (*values, *others)}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value


def keras_backend() -> str:
    """Return the backend that Keras would load here, without loading it, which takes seconds.

    KERAS_BACKEND names it, or else the file of settings that Keras writes when it is first loaded.
    """
    if asked := os.environ.get("KERAS_BACKEND"):
        return asked
    try:
        home = Path(os.environ.get("KERAS_HOME", "~/.keras")).expanduser()
        settings = json.loads((home / "keras.json").read_text(encoding="utf-8"))
        return str(settings["backend"])
    except (OSError, RuntimeError, ValueError, LookupError, TypeError):  # none, or not readable
        return DEFAULT_BACKEND


def commit(folder: Path) -> str:
    """Return the commit checked out in `folder`, "unknown" where git or its folder is missing."""
    git = shutil.which("git")
    if git is None:
        return "unknown"
    answer = subprocess.run(  # noqa: S603 -- fixed arguments, the executable found on PATH
        [git, "-C", str(folder), "rev-parse", "--short=12", "HEAD"],
        capture_output=True,
        text=True,
        check=False,
    )
    return answer.stdout.strip() or "unknown"


def description(folder: Path) -> dict[str, object]:
    """Return what a report states about its environment."""
    return {
        "versions": versions(),
        "hardware": hardware(),
        "commit": commit(folder),
        "date": datetime.now(UTC).date().isoformat(),
    }
