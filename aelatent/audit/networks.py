"""A user's networks: Keras files, ONNX files, and callables in the user's own code."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from aelatent.audit import keras_archive, onnx_file, user_code
from aelatent.audit.description import DescriptionError
from aelatent.audit.outputs import Arrays, named
from aelatent.runtime.deadline import deadline
from aelatent.runtime.files import expanded

BATCH = 64  # layers of large images take gigabytes at several times as many
REAL = "biuf"  # kinds of arrays that are real numbers
MESSAGE = 400  # letters of a network's own message that are repeated: some hold whole arrays
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
    batch : int or None
        The number of inputs that it takes at once; None where it takes any number.
    """

    name: str
    shape: Shape
    batch: int | None

    def __call__(self, batch: Singles) -> Mapping[str, Any]:
        """Return the outputs for a batch, by name."""


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
        If a file is refused: see `aelatent.audit.keras_archive` and `onnx_file`.
    DescriptionError
        If there is no such callable.
    """
    if name.endswith(".keras"):
        return KerasNetwork(name, folder / expanded(name))
    if name.endswith(".onnx"):
        return OnnxNetwork(name, folder / expanded(name))
    return CallableNetwork(name, import_callable(name, folder))


def import_callable(
    name: str, folder: Path, seconds: float = user_code.SECONDS
) -> Callable[..., Any]:
    """Import a callable of the user's.

    Parameters
    ----------
    name : str
        `module:callable`.
    folder : Path
        Folder of the description, in which the module is looked for first.
    seconds : float
        That importing it may take; 0 for no limit.

    Returns
    -------
    callable

    Raises
    ------
    DescriptionError
        If there is no such module, no such name in it, or it cannot be called.
    """
    module, _, attribute = name.partition(":")
    try:
        with user_code.guarded(name, seconds):
            function = getattr(user_code.import_module(module, folder), attribute)
    except user_code.UserCodeError as error:
        raise DescriptionError(str(error)) from error
    except (ImportError, AttributeError) as error:
        raise DescriptionError(
            f"{name}: expected module:callable, importable from {folder}, received: {error}"
        ) from error
    except Exception as error:  # a user's module may raise anything
        raise DescriptionError(
            f"{name}: expected a module that can be imported, received {type(error).__name__}: "
            f"{error} ({_place(error, folder)})"
        ) from error
    if not callable(function):
        raise DescriptionError(
            f"{name}: expected something to call, received {type(function).__name__}"
        )
    return function


def _place(error: BaseException, folder: Path) -> str:
    """Return file and line of the user's code where an error arose."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if Path(frame.filename).is_relative_to(folder)]
    frame = (own or frames)[-1]
    return f"{frame.filename}:{frame.lineno}"


class KerasNetwork:
    """A `.keras` file of Keras 3, loaded in safe mode on the backend that Keras uses here."""

    batch: int | None = None

    def __init__(self, name: str, path: Path) -> None:
        self.name = name
        self.model = keras_archive.load_keras(path)
        shape = getattr(self.model, "input_shape", None)
        if not isinstance(shape, tuple):
            raise DescriptionError(
                f"{name}: expected a model of one input of known shape, received {shape!s:.200}"
            )
        self.shape: Shape = shape[1:]

    def __call__(self, batch: Singles) -> Mapping[str, Any]:
        """Return the outputs for a batch, by name, without dropout."""
        with deadline(onnx_file.SECONDS, onnx_file.late):
            return keras_outputs(self.model, batch)


def keras_outputs(model: Any, batch: Singles) -> Mapping[str, Any]:
    """Return the outputs of a Keras model for a batch, by name where it names several.

    Parameters
    ----------
    model : keras.Model or keras.Layer
    batch : ndarray of float32, shape (n, ...)

    Returns
    -------
    mapping of str to ndarray
    """
    import keras

    outputs = named(model(batch, training=False))
    names = [str(name) for name in getattr(model, "output_names", None) or ()]
    if not all(name.isprintable() and len(name) <= onnx_file.LONGEST_NAME for name in names):
        names = []
    if len(names) == len(outputs) and list(outputs) == [str(k) for k in range(len(outputs))]:
        outputs = dict(zip(names, outputs.values(), strict=True))
    return {name: keras.ops.convert_to_numpy(values) for name, values in outputs.items()}


class OnnxNetwork:
    """An ONNX file, run by onnxruntime on the CPU."""

    def __init__(self, name: str, path: Path) -> None:
        self.name = name
        self.session = onnx_file.open_session(path)
        inputs = self.session.get_inputs()
        if len(inputs) != 1:
            raise DescriptionError(f"{name}: expected a model of one input, received {len(inputs)}")
        self.input = inputs[0].name
        self.shape: Shape
        self.shape, self.batch = onnx_file.checked_shape(name, inputs[0].shape or [])
        self.outputs = [each.name for each in self.session.get_outputs()]

    def __call__(self, batch: Singles) -> Mapping[str, Any]:
        """Return the outputs for a batch, by name."""
        found = onnx_file.run_session(self.session, {self.input: batch})
        return onnx_file.plain_outputs(self.outputs, found)


class CallableNetwork:
    """A callable of the user's: it takes arrays and returns what NumPy can convert to arrays.

    Attributes
    ----------
    seconds : float
        That a call may take; 0 for no limit.
    """

    shape: Shape = None
    batch: int | None = None

    def __init__(self, name: str, function: Callable[..., Any]) -> None:
        self.name = name
        self.function = function
        self.seconds = user_code.SECONDS

    def __call__(self, batch: Singles) -> Mapping[str, Any]:
        """Return the outputs for a batch, by name."""
        with user_code.guarded(self.name, self.seconds):
            return named(self.function(batch))


def run(
    network: Network, inputs: NDArray[Any], prepare: Callable[[Any], Any], *, real: bool = False
) -> Iterator[Arrays]:
    """Yield the outputs of a network, batch by batch.

    Parameters
    ----------
    network : Network
    inputs : ndarray, shape (n, ...)
    prepare : callable
        Converts a batch of inputs to what the network takes.
    real : bool
        Whether to refuse outputs that are all integers.

    Yields
    ------
    mapping of str to ndarray of float32, shape (b, ...)
        The outputs for a batch of b inputs, by name.

    Raises
    ------
    DescriptionError
        If the network does not accept the input, or returns something other than one row of finite
        numbers for each input.
    """
    size = network.batch or BATCH
    for start in range(0, len(inputs), size):
        batch = np.ascontiguousarray(prepare(inputs[start : start + size]), dtype=np.float32)
        _check_input(network, batch)
        outputs = _run_batch(network, batch, size)
        if real:
            _check_real(network, outputs)
        yield {name: _validated(network, each, len(batch)) for name, each in outputs.items()}


def _run_batch(network: Network, batch: Singles, size: int) -> Mapping[str, Any]:
    """Return the outputs for a batch; a network of fixed batches gets a short one filled up."""
    short = len(batch) < size
    try:
        if short and network.batch:
            return _filled(network, batch, size)
        outputs = network(batch)
        if not short or all(len(each) == len(batch) for each in outputs.values()):
            return outputs
    except onnx_file.SlowNetworkError as error:
        raise onnx_file.SlowNetworkError(f"{network.name}: {error}") from error
    except user_code.UserCodeError as error:
        raise DescriptionError(str(error)) from error
    except Exception as error:  # a user's code may raise anything
        try:
            if short and not network.batch:
                return _filled(network, batch, size)
        except Exception:  # noqa: S110 -- the first error tells more
            pass
        raise DescriptionError(
            f"{network.name}: expected outputs for an input of shape {batch.shape}, received "
            f"{type(error).__name__}: {str(error)[:MESSAGE]}"
        ) from error
    return _filled(network, batch, size)


def _filled(network: Network, batch: Singles, size: int) -> Mapping[str, Any]:
    full = np.concatenate([batch, batch[-1:].repeat(size - len(batch), axis=0)])
    return {name: as_array(each)[: len(batch)] for name, each in network(full).items()}


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


def as_array(output: Any) -> NDArray[Any]:
    """Return a tensor of any library as an array.

    Raises
    ------
    TypeError
        If it holds something other than real numbers: complex ones, dates, text.
    """
    if hasattr(output, "detach"):  # a PyTorch tensor, maybe with a gradient or on a GPU
        output = output.detach().cpu()
        if hasattr(output, "float") and "complex" not in str(output.dtype):
            output = output.float()  # NumPy has no bfloat16
    values = np.asarray(output)
    if values.dtype.kind not in REAL and values.dtype.type.__module__ != "ml_dtypes":
        raise TypeError(f"an array of {values.dtype}")
    return values.astype(np.float32, copy=False)


def _check_real(network: Network, outputs: Mapping[str, Any]) -> None:
    """Refuse codes that are integers, as a quantiser returns them."""
    kinds = [str(getattr(each, "dtype", "")) for each in outputs.values()]
    if kinds and all("int" in kind or "bool" in kind for kind in kinds):
        raise DescriptionError(
            f"{network.name}: expected codes of real numbers, received {kinds[0]}. These look like "
            "indices of a codebook, whose order means nothing: return the vectors that they stand "
            "for"
        )


def _validated(network: Network, output: Any, n: int) -> Singles:
    try:
        values = as_array(output)
    except (TypeError, ValueError, OverflowError) as error:
        raise DescriptionError(
            f"{network.name}: expected arrays of numbers, received {type(output).__name__}: "
            f"{str(error)[:MESSAGE]}"
        ) from error
    if values.ndim < 2 or len(values) != n or values.size == 0:
        raise DescriptionError(
            f"{network.name}: expected one row for each of {n} inputs, received an output of shape "
            f"{values.shape}"
        )
    if not np.isfinite(values).all():
        raise DescriptionError(f"{network.name}: expected finite outputs, received NaN or infinity")
    return values
