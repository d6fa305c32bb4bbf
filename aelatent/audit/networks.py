"""A user's networks: Keras files, ONNX files, and callables in the user's own code."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from aelatent.audit import untrusted_files
from aelatent.audit.description import DescriptionError

BATCH = 64  # layers of large images take gigabytes at several times as many
Singles = NDArray[np.float32]
Shape = tuple[int | None, ...] | None


class Network(Protocol):
    """A network that maps a batch of inputs, (n, ...), to one output or several.

    Attributes
    ----------
    name : str
        As in the description.
    shape : tuple of int or None, or None
        Of one input, None for a side of any size; None altogether if the network declares no
        shape.
    """

    name: str
    shape: Shape

    def __call__(self, batch: Singles) -> Sequence[Any]:
        """Return the outputs for a batch."""


def load(name: str, folder: Path) -> Network:
    """Load a network.

    Parameters
    ----------
    name : str
        As in the description: a `.keras` or `.onnx` file, or `module:callable`.
    folder : Path
        Folder of the description.

    Returns
    -------
    Network

    Raises
    ------
    UntrustedFileError
        If a file is refused: see `aelatent.audit.untrusted_files`.
    DescriptionError
        If there is no such callable.
    """
    if name.endswith(".keras"):
        return KerasNetwork(name, folder / Path(name).expanduser())
    if name.endswith(".onnx"):
        return OnnxNetwork(name, folder / Path(name).expanduser())
    return CallableNetwork(name, import_callable(name, folder))


def import_callable(name: str, folder: Path) -> Callable[..., Any]:
    """Import a callable of the user's.

    Parameters
    ----------
    name : str
        `module:callable`.
    folder : Path
        Folder of the description; put first on Python's path.

    Returns
    -------
    callable

    Raises
    ------
    DescriptionError
        If there is no such module, no such name in it, or it cannot be called.
    """
    module, _, attribute = name.partition(":")
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
    try:
        function = getattr(importlib.import_module(module), attribute)
    except (ImportError, AttributeError) as error:
        raise DescriptionError(
            f"{name}: expected module:callable, importable from {folder}, received: {error}"
        ) from error
    if not callable(function):
        raise DescriptionError(
            f"{name}: expected something to call, received {type(function).__name__}"
        )
    return function


class KerasNetwork:
    """A `.keras` file of Keras 3, loaded in safe mode on the backend that Keras uses here."""

    def __init__(self, name: str, path: Path) -> None:
        self.name = name
        self.model = untrusted_files.load_keras(path)
        shape = self.model.input_shape
        if not isinstance(shape, tuple):
            raise DescriptionError(
                f"{name}: expected a model of one input, received inputs {shape}"
            )
        self.shape: Shape = shape[1:]

    def __call__(self, batch: Singles) -> Sequence[Any]:
        """Return the outputs for a batch, without dropout."""
        import keras

        return [keras.ops.convert_to_numpy(y) for y in _as_list(self.model(batch, training=False))]


class OnnxNetwork:
    """An ONNX file, run by onnxruntime on the CPU."""

    def __init__(self, name: str, path: Path) -> None:
        self.name = name
        untrusted_files.check_onnx(path)
        import onnxruntime

        try:
            self.session = onnxruntime.InferenceSession(
                str(path), providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # onnxruntime's own classes derive from Exception alone
            raise untrusted_files.UntrustedFileError(
                f"{path}: expected a model that onnxruntime can run, it says: {error}"
            ) from error
        inputs = self.session.get_inputs()
        if len(inputs) != 1:
            raise DescriptionError(f"{name}: expected a model of one input, received {len(inputs)}")
        self.input = inputs[0].name
        self.shape: Shape = tuple(n if isinstance(n, int) else None for n in inputs[0].shape[1:])

    def __call__(self, batch: Singles) -> Sequence[Any]:
        """Return the outputs for a batch."""
        return list(self.session.run(None, {self.input: batch}))


class CallableNetwork:
    """A callable of the user's: it takes arrays and returns what NumPy can convert to arrays."""

    shape: Shape = None

    def __init__(self, name: str, function: Callable[..., Any]) -> None:
        self.name = name
        self.function = function

    def __call__(self, batch: Singles) -> Sequence[Any]:
        """Return the outputs for a batch."""
        return _as_list(self.function(batch))


def run(network: Network, inputs: NDArray[Any], prepare: Callable[[Any], Any]) -> Iterator[Any]:
    """Yield the outputs of a network, batch by batch.

    Parameters
    ----------
    network : Network
    inputs : ndarray, shape (n, ...)
    prepare : callable
        Converts a batch of inputs to what the network takes.

    Yields
    ------
    list of ndarray of float32, shape (b, ...)
        The outputs for a batch of b <= 64 inputs.

    Raises
    ------
    DescriptionError
        If the network does not accept the input, or returns something other than one row of finite
        numbers for each input.
    """
    for start in range(0, len(inputs), BATCH):
        batch = np.ascontiguousarray(prepare(inputs[start : start + BATCH]), dtype=np.float32)
        _check_input(network, batch)
        try:
            outputs = network(batch)
        except Exception as error:
            raise DescriptionError(
                f"{network.name}: expected outputs for an input of shape {batch.shape}, received "
                f"{type(error).__name__}: {error}"
            ) from error
        yield [_validated(network, output, len(batch)) for output in outputs]


def _check_input(network: Network, batch: Singles) -> None:
    wanted, given = network.shape, batch.shape[1:]
    if wanted is None:
        return
    same = len(wanted) == len(given) and all(
        w in (None, g) for w, g in zip(wanted, given, strict=True)
    )
    if not same:
        hint = _channels_hint(wanted, given)
        raise DescriptionError(
            f"{network.name}: expected inputs of shape {wanted} each, as it says, received {given}."
            f"{hint}"
        )


def _channels_hint(wanted: tuple[int | None, ...], given: tuple[int, ...]) -> str:
    """Return the advice to declare the other place of the channel axis, where it helps."""
    if len(given) != 3:
        return ""
    if wanted == (*given[1:], given[0]):
        return " Declare `channels: last`."
    return " Declare `channels: first`." if wanted == (given[2], *given[:2]) else ""


def _validated(network: Network, output: Any, n: int) -> Singles:
    if hasattr(output, "detach"):  # a PyTorch tensor with a gradient
        output = output.detach().cpu()
    try:
        values = np.asarray(output, dtype=np.float32)
    except (TypeError, ValueError) as error:
        raise DescriptionError(
            f"{network.name}: expected arrays of numbers, received {type(output).__name__}"
        ) from error
    if values.ndim < 2 or len(values) != n:
        raise DescriptionError(
            f"{network.name}: expected one row for each of {n} inputs, received an output of shape "
            f"{values.shape}"
        )
    if not np.isfinite(values).all():
        raise DescriptionError(f"{network.name}: expected finite outputs, received NaN or infinity")
    return values


def _as_list(outputs: Any) -> Sequence[Any]:
    if isinstance(outputs, dict):
        return list(outputs.values())
    return list(outputs) if isinstance(outputs, (list, tuple)) else [outputs]
