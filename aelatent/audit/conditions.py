"""Networks that take a condition besides their input: one held fixed, or each image's own."""

from __future__ import annotations

import inspect
import sys
import zlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from aelatent.audit.description import DescriptionError
from aelatent.audit.networks import as_array

# Names of a second parameter that is a condition, though it has a default.
NAMES = {"c", "y", "cond", "condition", "conditions", "label", "labels", "class_labels"}
SEVERAL = 500  # conditions, from which on each belongs to an image: an audit asks for so many


class ConditionTable:
    """The condition of each image, found by its pixels, by its code, or by what is decoded from it.

    What belongs to no image, such as a draw of a sampler, has the condition of one that its numbers
    choose: conditions are as frequent among draws as among images, and the same draw has the same.

    Parameters
    ----------
    conditions : ndarray, shape (n,) or (n, k)
    """

    def __init__(self, conditions: NDArray[Any]) -> None:
        self.conditions = conditions
        self._places: dict[bytes, int] = {}
        self._next = np.zeros(1, np.int64)

    def expect(self, rows: NDArray[Any]) -> None:
        """Look up the images (n, h, w, c) or codes (n, d) that networks take next."""
        found = [
            self._places.get(key, zlib.crc32(key) % len(self.conditions)) for key in _keys(rows)
        ]
        self._next = np.array(found, np.int64)

    def given(self, n: int) -> NDArray[Any]:
        """Return the conditions of what was looked up; the last again where a batch is filled."""
        places = self._next[:n]
        return self.conditions[np.concatenate([places, places[-1:].repeat(n - len(places))])]

    def learn(self, rows: NDArray[Any], places: NDArray[np.int64] | None = None) -> None:
        """Remember the places of images or codes; of the ones that were looked up by default.

        Parameters
        ----------
        rows : ndarray, shape (n, ...)
        places : ndarray of int64, shape (n,), optional
        """
        for key, place in zip(_keys(rows), self._next if places is None else places, strict=False):
            self._places.setdefault(key, int(place))

    def learn_outputs(self, outputs: Mapping[str, Any]) -> None:
        """Remember what an encoder returned: any output, or half of one, may turn out a code."""
        for values in map(as_array, outputs.values()):
            self.learn(values)
            for axis in {1, values.ndim - 1} if values.ndim > 1 else ():
                if values.shape[axis] % 2 == 0:
                    self.learn(np.split(values, 2, axis)[0])


def _keys(rows: NDArray[Any]) -> Iterator[bytes]:
    """Yield what tells images, or codes as numbers of 32 bits, apart."""
    kind = np.uint8 if rows.dtype == np.uint8 else np.float32
    flat = np.ascontiguousarray(rows, kind).reshape(len(rows), -1)
    return (row.tobytes() for row in flat)


def expect(network: Any, rows: NDArray[Any]) -> None:
    """Tell a network which images or codes it takes next, if its conditions depend on them.

    Parameters
    ----------
    network : Network or None
    rows : ndarray, shape (n, ...)
    """
    table = table_of(network)
    if table is not None:
        table.expect(rows)


def learn(network: Any, pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the images that a decoder made, and remember their conditions if each has its own.

    Parameters
    ----------
    network : Network or None
    pixels : ndarray of uint8, shape (n, h, w, c)

    Returns
    -------
    ndarray of uint8, shape (n, h, w, c)
    """
    table = table_of(network)
    if table is not None:
        table.learn(pixels)
    return pixels


def table_of(network: Any) -> ConditionTable | None:
    """Return the conditions that a network takes for each image; None where it takes none."""
    return getattr(network, "table", None)


class ConditionedFunction:
    """A network with its condition: a callable of the input alone.

    Parameters
    ----------
    func : callable, torch.nn.Module or keras.Model
        It takes inputs (n, ...) and conditions (n,) or (n, k); a Keras model takes them as a list.
    condition : int, float, array, tensor or ConditionTable
        One condition, of shape () or (k,); or one for each image.
    """

    def __init__(self, func: Callable[..., Any], condition: Any) -> None:
        self.func = func
        self.table = condition if isinstance(condition, ConditionTable) else None
        self.condition = None if self.table is not None else plain(condition)

    def __call__(self, batch: Any) -> Any:
        """Return the outputs for a batch under the condition."""
        given = self._given(len(batch))
        if hasattr(batch, "detach"):  # a PyTorch tensor
            torch = sys.modules["torch"]
            given = torch.as_tensor(given, device=batch.device)
            given = given.to(batch.dtype) if given.is_floating_point() else given
        if getattr(self.func, "inputs", None) is not None:  # a Keras model
            return self.func([batch, given], training=False)
        return self.func(batch, given)

    def _given(self, n: int) -> Any:
        if self.table is not None:
            return self.table.given(n)
        assert self.condition is not None  # noqa: S101 -- for mypy: it has one or the other
        return self.condition[None].repeat(n, axis=0)


def plain(condition: Any) -> NDArray[Any]:
    """Return a condition, or conditions, as an array."""
    return np.asarray(condition.detach().cpu() if hasattr(condition, "detach") else condition)


def several(condition: Any) -> bool:
    """Tell whether conditions are one an image, and refuse what is neither that nor one.

    Raises
    ------
    DescriptionError
        If there are several, and fewer than an audit asks for images.
    """
    if getattr(condition, "ndim", 0) < 1 and not isinstance(condition, (list, tuple)):
        return False
    if len(condition) >= SEVERAL:
        return True
    if getattr(condition, "ndim", 0) == 1:
        return False
    raise DescriptionError(
        "condition: expected one, a number or an array of shape (k,), or one for each image, of "
        f"shape (n,) or (n, k) with {SEVERAL} or more, received {len(condition)}"
    )


def table(
    condition: Any, rows: NDArray[Any], chosen: NDArray[np.int64], n: int | None
) -> ConditionTable:
    """Return the table of the conditions of the images that an audit uses.

    Parameters
    ----------
    condition : array or tensor, shape (n,) or (n, k)
    rows : ndarray, shape (m, ...)
        The images that are used, of uint8, or their codes.
    chosen : ndarray of int64, shape (m,)
        Positions of the images that are used.
    n : int or None
        How many images were given; None where it is not known that there are no more.

    Returns
    -------
    ConditionTable

    Raises
    ------
    DescriptionError
        If there are not as many conditions as images.
    """
    conditions = plain(condition)
    if len(conditions) < len(chosen) or n not in {None, len(conditions)}:
        raise DescriptionError(
            f"condition: expected one, or one for each of {n or len(chosen):,} images, received "
            f"{len(conditions):,}"
        )
    found = ConditionTable(conditions[chosen])
    found.learn(rows, np.arange(len(chosen)))
    return found


def takes_condition(func: Any) -> bool:
    """Tell whether a network needs a second input, or its name says that it is a condition."""
    inputs = getattr(func, "inputs", None)
    if inputs is not None:
        return len(inputs) == 2
    try:
        parameters = inspect.signature(getattr(func, "forward", func)).parameters.values()
    except (TypeError, ValueError):
        return False
    positional = [p for p in parameters if p.kind in {p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD}]
    if len(positional) < 2:
        return False
    second = positional[1]
    return second.default is second.empty or second.name.lower() in NAMES


def conditioned(func: Any, condition: Any) -> Any:
    """Return a network with its condition where it takes one; else the network.

    Parameters
    ----------
    func : callable
        Encoder or decoder.
    condition : object or ConditionTable
        What it is called with besides images or codes.

    Returns
    -------
    callable
    """
    return ConditionedFunction(func, condition) if takes_condition(func) else func
