"""Distances between all points on a GPU, where this process has one and there are many.

On whichever backend Keras runs, and in float64: the order of a sum then moves results by no more
than it does on a processor, and no unit of fewer bits comes in. Products are written as operators,
since `keras.ops.matmul` makes float32 of float64 on PyTorch, as `keras.ops.maximum` does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from aelatent.latent.cloud import Floats
from aelatent.latent.pairwise import GROUPS, Places, Rounded
from aelatent.runtime import environment

Tensor = Any

WORTH = 2**33  # multiplications; two cores take one to four tenths of a second for them
BLOCK = 2**27  # numbers in a block of distances: 1 GiB


def worth(multiplications: int) -> bool:
    """Tell whether so much work should go to a GPU: there is one, and it is more than a start."""
    return multiplications >= WORTH and bool(environment.devices()) and _seen()


def close(points: Rounded, k: int) -> list[tuple[slice, Places, Places]]:
    """Return, block by block, pairs of points among which the k nearest others of each are.

    Rows are counted within their block; rows and columns ascend. As `nearest.neighbours` finds them
    on a processor: of the minima of many groups the k-th is not much above the k-th of all.

    Parameters
    ----------
    points : Rounded
    k : int
        Number of neighbours, >= 1.

    Returns
    -------
    list of tuple
        The slice of points of each block, and rows and columns of its pairs.
    """
    from keras import ops

    found = []
    with _float64():
        for chosen, own, block in _blocks(points):
            squares = ops.where(own, np.inf, block)
            n, m = squares.shape
            groups = GROUPS * k
            minima = squares
            if m >= 4 * groups:
                whole = m // groups * groups
                minima = ops.min(ops.reshape(squares[:, :whole], (n, -1, groups)), axis=1)
            reach = -_array(ops.top_k(-minima, k)[0])[:, -1]
            reach += 2 * points.slack(chosen, reach)
            pairs = ops.nonzero(squares <= ops.convert_to_tensor(reach[:, None]))
            rows, columns = (_array(places).astype(np.int64) for places in pairs)
            found.append((chosen, rows, columns))
    return found


def forms(points: Rounded, weights: Floats, kernel: Callable[[Tensor, Any], Tensor]) -> Floats:
    """Return the quadratic form of a kernel's matrix for each column of weights, (columns,).

    Parameters
    ----------
    points : Rounded
    weights : ndarray of float64, shape (n, columns)
    kernel : callable
        From squared distances and `keras.ops` to the kernel's values.

    Returns
    -------
    ndarray of float64, shape (columns,)
    """
    from keras import ops

    total = np.zeros(weights.shape[1])
    with _float64():
        every = ops.convert_to_tensor(weights)
        for chosen, own, block in _blocks(points):
            squares = ops.where(own | (block < 0), 0.0, block) * points.unit**2
            products = (kernel(squares, ops) @ every) * every[chosen]
            total += _array(ops.sum(products, axis=0))
    return total


def _blocks(points: Rounded) -> Iterator[tuple[slice, Tensor, Tensor]]:
    """Yield some points, which of all each of them is, and their squared distances from all."""
    from keras import ops

    n = len(points.left)
    step = max(1, BLOCK // n)
    right = ops.convert_to_tensor(np.ascontiguousarray(points.right.T))
    for start in range(0, n, step):
        chosen = slice(start, min(start + step, n))
        own = ops.arange(chosen.start, chosen.stop)[:, None] == ops.arange(n)
        yield chosen, own, ops.convert_to_tensor(points.left[chosen]) @ right


def _float64() -> AbstractContextManager[Any]:
    """Let JAX keep float64, which it else turns into float32 without a word."""
    import keras

    if keras.backend.backend() != "jax":
        return nullcontext()
    import jax

    context: AbstractContextManager[Any] = jax.enable_x64(True)
    return context


@cache
def _seen() -> bool:
    """Tell whether the framework that Keras runs on sees a GPU."""
    import keras

    backend = keras.backend.backend()
    if backend == "tensorflow":
        import tensorflow as tf

        return bool(tf.config.list_physical_devices("GPU"))
    if backend == "jax":
        import jax

        return any(device.platform == "gpu" for device in jax.devices())
    import torch

    return bool(torch.cuda.is_available())


def _array(tensor: Tensor) -> NDArray[Any]:
    from keras import ops

    found: NDArray[Any] = ops.convert_to_numpy(tensor)
    return found
