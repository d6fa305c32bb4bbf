"""Networks of the user's: Keras files, ONNX files, and callables in the user's own code."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from aelatent.audit import untrusted_files
from aelatent.audit.subject import SubjectError

BATCH = 64  # layers of large images take gigabytes at several times as many
Singles = NDArray[np.float32]
Shape = tuple[int | None, ...] | None


class Network(Protocol):
    """Something that maps a batch of inputs, (n, ...), to one output or several.

    Attributes
    ----------
    name : str
        As the user wrote it.
    shape : tuple of int or None, or None
        Of one input, None where any size will do; None altogether if the network does not say.
    """

    name: str
    shape: Shape

    def __call__(self, batch: Singles) -> Sequence[Any]:
        """Return the outputs for a batch."""


def load(name: str, folder: Path) -> Network:
    """Load a network by what a subject's description calls it.

    Raises
    ------
    ForeignFileError
        If a file is refused: see `aelatent.audit.untrusted_files`.
    SubjectError
        If a callable is not there.
    """
    if name.endswith(".keras"):
        return KerasNetwork(name, folder / Path(name).expanduser())
    if name.endswith(".onnx"):
        return OnnxNetwork(name, folder / Path(name).expanduser())
    return CallableNetwork(name, own(name, folder))


def own(name: str, folder: Path) -> Callable[..., Any]:
    """Import `module:callable`, with the folder of the description on the path first.

    Raises
    ------
    SubjectError
        If there is no such module, no such name in it, or it cannot be called.
    """
    module, _, attribute = name.partition(":")
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
    try:
        found = getattr(importlib.import_module(module), attribute)
    except (ImportError, AttributeError) as error:
        raise SubjectError(
            f"{name}: expected module:callable, importable from {folder}, received: {error}"
        ) from error
    if not callable(found):
        raise SubjectError(f"{name}: expected something to call, received {type(found).__name__}")
    return found


class KerasNetwork:
    """A `.keras` file of Keras 3, loaded in safe mode on whatever backend is there."""

    def __init__(self, name: str, path: Path) -> None:
        self.name = name
        self.model = untrusted_files.load_keras(path)
        shape = self.model.input_shape
        if not isinstance(shape, tuple):
            raise SubjectError(f"{name}: expected a model of one input, received inputs {shape}")
        self.shape: Shape = shape[1:]

    def __call__(self, batch: Singles) -> Sequence[Any]:
        """Return the outputs for a batch, without dropout."""
        import keras

        return [keras.ops.convert_to_numpy(y) for y in _several(self.model(batch, training=False))]


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
            raise untrusted_files.ForeignFileError(
                f"{path}: expected a model that onnxruntime can run, it says: {error}"
            ) from error
        inputs = self.session.get_inputs()
        if len(inputs) != 1:
            raise SubjectError(f"{name}: expected a model of one input, received {len(inputs)}")
        self.input = inputs[0].name
        self.shape: Shape = tuple(n if isinstance(n, int) else None for n in inputs[0].shape[1:])

    def __call__(self, batch: Singles) -> Sequence[Any]:
        """Return the outputs for a batch."""
        return list(self.session.run(None, {self.input: batch}))


class CallableNetwork:
    """A callable of the user's: arrays in, arrays out, or what NumPy can make arrays of."""

    shape: Shape = None

    def __init__(self, name: str, function: Callable[..., Any]) -> None:
        self.name = name
        self.function = function

    def __call__(self, batch: Singles) -> Sequence[Any]:
        """Return the outputs for a batch."""
        return _several(self.function(batch))


def run(network: Network, inputs: NDArray[Any], prepare: Callable[[Any], Any]) -> Iterator[Any]:
    """Yield the outputs of a network, batch by batch, each output float32 and (n, ...).

    Parameters
    ----------
    network : Network
    inputs : ndarray, shape (n, ...)
    prepare : callable
        From a batch of inputs to what the network takes.

    Raises
    ------
    SubjectError
        If the network takes no such input, returns no numbers, not one row an input, or a NaN.
    """
    for start in range(0, len(inputs), BATCH):
        batch = np.ascontiguousarray(prepare(inputs[start : start + BATCH]), dtype=np.float32)
        _check_input(network, batch)
        try:
            outputs = network(batch)
        except Exception as error:
            raise SubjectError(
                f"{network.name}: expected outputs for an input of shape {batch.shape}, received "
                f"{type(error).__name__}: {error}"
            ) from error
        yield [_checked(network, output, len(batch)) for output in outputs]


def _check_input(network: Network, batch: Singles) -> None:
    wanted, given = network.shape, batch.shape[1:]
    if wanted is None:
        return
    same = len(wanted) == len(given) and all(
        w in (None, g) for w, g in zip(wanted, given, strict=True)
    )
    if not same:
        turned = len(given) == 3 and tuple(wanted) == (given[2], *given[:2])
        back = len(given) == 3 and tuple(wanted) == (*given[1:], given[0])
        hint = " Declare `channels: first`." if turned else ""
        hint = " Declare `channels: last`." if back else hint
        raise SubjectError(
            f"{network.name}: expected inputs of shape {wanted} each, as it says, received {given}."
            f"{hint}"
        )


def _checked(network: Network, output: Any, n: int) -> Singles:
    if hasattr(output, "detach"):  # a PyTorch tensor that still remembers its gradient
        output = output.detach().cpu()
    try:
        values = np.asarray(output, dtype=np.float32)
    except (TypeError, ValueError) as error:
        raise SubjectError(
            f"{network.name}: expected arrays of numbers, received {type(output).__name__}"
        ) from error
    if values.ndim < 2 or len(values) != n:
        raise SubjectError(
            f"{network.name}: expected one row for each of {n} inputs, received an output of shape "
            f"{values.shape}"
        )
    if not np.isfinite(values).all():
        raise SubjectError(f"{network.name}: expected finite outputs, received NaN or infinity")
    return values


def _several(outputs: Any) -> Sequence[Any]:
    if isinstance(outputs, dict):
        return list(outputs.values())
    return list(outputs) if isinstance(outputs, (list, tuple)) else [outputs]
