"""How many threads numerical libraries start."""

from __future__ import annotations

from contextlib import AbstractContextManager
from functools import cache
from typing import Any

# Libraries read these when they are loaded. By default each starts a thread a core in every
# process, and processes that share the cores slow each other down.
VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def limit_algebra_to_one_thread() -> AbstractContextManager[Any]:
    """Limit linear algebra to one thread within a block.

    How a library splits a sum among threads decides the last digit, and a verdict must not depend
    on the number of cores, or on how many workers share them.
    """
    limited: AbstractContextManager[Any] = _algebra().limit(limits=1, user_api="blas")
    return limited


@cache
def _algebra() -> Any:
    """Find the libraries of linear algebra, those of NumPy and of SciPy."""
    import scipy.linalg  # noqa: F401 -- its own library is found only once it is loaded
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()
