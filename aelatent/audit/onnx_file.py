"""An `.onnx` file from elsewhere: looked through, then run within limits of memory and time.

What a graph computes is fixed by the operators of onnxruntime: it carries no code. But it may ask
for any amount of memory, and its loops need not end.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
from numpy.typing import NDArray

from aelatent.audit.description import DescriptionError
from aelatent.audit.untrusted_files import UntrustedFileError, content_of
from aelatent.runtime import memory

SECONDS = 300.0  # for one batch
# After functions are put in the place of their calls: onnxruntime opens so many in half a minute.
MOST_OPERATORS = 100_000
# How many operators one of these counts as: onnxruntime takes as long to open it, and longer still
# where a model has many of both.
COSTS = {"GraphProto": 20, "TensorProto": 4}
WIDEST = 16  # bytes of a number
TEXTS = frozenset({"StringConcat", "StringSplit", "StringNormalizer", "RegexFullMatch"})
LONGEST_NAME = 60  # characters of an output's name, which notes repeat
SILENT = 4  # of onnxruntime's levels of logging: the exception says it all
SAID = 400  # characters of onnxruntime's own message


class SlowNetworkError(DescriptionError):
    """A network that does not answer in time: no other form of its input helps."""


def late(seconds: float | None = None) -> SlowNetworkError:
    """Return the error of a network that does not answer in time, `SECONDS` by default."""
    return SlowNetworkError(
        f"expected the outputs of a batch within {SECONDS if seconds is None else seconds:g} s, "
        "received none: the model may hold a loop that does not end"
    )


def check_onnx(path: str | Path) -> bytes | None:
    """Refuse an `.onnx` file that is damaged, too large, or whose weights lie outside its folder.

    Returns
    -------
    bytes or None
        The model that was looked at; None where weights lie beside it, in files of their own.

    Raises
    ------
    UntrustedFileError
        If the file is no ONNX model; if a tensor of it is read from a path that is absolute, climbs
        out of the folder, is a link, or is missing (CVE-2022-25882 and 2024-27318 are of this
        kind); if its tensors are larger than memory has room for, or its functions call each other
        without end.
    """
    path = Path(path)
    content = content_of(path)
    model = _parsed(path, content)
    _check_size(path, model)
    _check_functions(path, model)
    _check_texts(path, model)
    names = sorted(set(_elsewhere(model)))
    for name in names:
        _check_place(path, name)
    return None if names else content


def open_session(path: Path) -> Any:
    """Return a session of onnxruntime for a model, on the CPU, after `check_onnx`.

    Sessions share an allocator that gives out no more than `aelatent.runtime.memory` allows.

    Raises
    ------
    UntrustedFileError
        As `check_onnx`, or if onnxruntime cannot make sense of the file.
    """
    content = check_onnx(path)
    import onnxruntime

    _limit_memory()
    options = onnxruntime.SessionOptions()
    options.add_session_config_entry("session.use_env_allocators", "1")
    options.log_severity_level = SILENT
    try:
        return onnxruntime.InferenceSession(
            str(path) if content is None else content,
            options,
            providers=["CPUExecutionProvider"],
            disabled_optimizers=["ConstantFolding"],  # it computes while no clock runs
        )
    except Exception as error:  # onnxruntime's own classes derive from Exception alone
        raise UntrustedFileError(
            f"{path}: expected a model that onnxruntime can run, it says: {str(error)[:SAID]}"
        ) from error


def run_session(
    session: Any, inputs: Mapping[str, NDArray[Any]], seconds: float | None = None
) -> list[Any]:
    """Run a session once.

    Parameters
    ----------
    session : onnxruntime.InferenceSession
    inputs : mapping of str to ndarray
    seconds : float, optional
        After which it is stopped; `SECONDS` by default.

    Returns
    -------
    list
        The outputs in order.

    Raises
    ------
    SlowNetworkError
        If it does not end in time.
    """
    import onnxruntime

    seconds = SECONDS if seconds is None else seconds
    options = onnxruntime.RunOptions()
    options.log_severity_level = SILENT
    clock = threading.Timer(seconds, setattr, (options, "terminate", True))
    clock.daemon = True
    clock.start()
    try:
        found: list[Any] = session.run(None, inputs, options)
    except Exception as error:
        if not options.terminate:
            raise
        raise late(seconds) from error
    finally:
        clock.cancel()
    return found


@cache
def _limit_memory() -> None:
    """Give the sessions of this process an allocator of their own, with a limit."""
    import onnxruntime

    place = onnxruntime.OrtMemoryInfo(
        "Cpu", onnxruntime.OrtAllocatorType.ORT_ARENA_ALLOCATOR, 0, onnxruntime.OrtMemType.DEFAULT
    )
    limit = onnxruntime.OrtArenaCfg(memory.budget(), -1, -1, -1)  # the rest as it is by default
    onnxruntime.create_and_register_allocator(place, limit)


def _parsed(path: Path, content: bytes) -> Any:
    try:
        import onnx
        import onnxruntime  # noqa: F401 -- runs what was looked through
        from google.protobuf.message import DecodeError
    except ImportError as error:
        raise UntrustedFileError(
            f"{path}: expected the libraries that read ONNX, {error}. Run: pip install onnx"
        ) from error
    model = onnx.ModelProto()
    try:
        model.ParseFromString(content)
    except DecodeError as error:
        raise UntrustedFileError(f"{path}: expected an ONNX model, received {error}") from error
    if not model.graph.node:
        raise UntrustedFileError(f"{path}: expected an ONNX model, received one without operators")
    return model


def _check_size(path: Path, model: Any) -> None:
    """Refuse tensors that would take more memory than there is room for."""
    most, size = memory.budget(), 0
    for tensor in _messages(model, {"TensorProto", "SparseTensorProto"}):
        size += math.prod(max(side, 0) for side in tensor.dims) * _width(tensor)
        if any(side < 0 for side in tensor.dims) or size > most:
            raise UntrustedFileError(
                f"{path}: expected tensors that memory has room for, {most:,} bytes, received "
                f"one of shape {list(tensor.dims)!s:.80}"
            )


def _width(tensor: Any) -> int:
    """Return the bytes of a number of a tensor; those of a sparse one are made dense."""
    import onnx

    try:
        kind = getattr(tensor, "data_type", None) or tensor.values.data_type
        return min(onnx.helper.tensor_dtype_to_np_dtype(kind).itemsize or 1, WIDEST)
    except (KeyError, AttributeError, ValueError, TypeError):
        return WIDEST


def _check_functions(path: Path, model: Any) -> None:
    """Refuse functions that call themselves, and more operators than onnxruntime opens soon.

    Those of functions count at each call, since onnxruntime puts them there.
    """
    bodies = {(each.domain, each.name): each for each in model.functions}
    sizes: dict[tuple[str, str], int] = {}

    def grown(message: Any, above: tuple[tuple[str, str], ...]) -> int:
        total = 0
        for node in _messages(message, {"NodeProto", *COSTS}):
            if cost := COSTS.get(type(node).__name__):
                total += cost
                continue
            key = node.domain, node.op_type
            if key in above:
                raise UntrustedFileError(
                    f"{path}: expected functions that end, {key[1]!r:.80} calls itself"
                )
            if key in bodies and key not in sizes:
                sizes[key] = grown(bodies[key], (*above, key))
            total += sizes.get(key, 1)
        return total

    if (operators := grown(model.graph, ())) > MOST_OPERATORS:
        raise UntrustedFileError(
            f"{path}: expected at most {MOST_OPERATORS:,} operators, received {operators:,} (an "
            "array counts as 4, a graph within an operator as 20)"
        )


def _check_texts(path: Path, model: Any) -> None:
    """Refuse text within a graph: its memory is none of the allocator's."""
    import onnx

    text = onnx.TensorProto.STRING
    operators = {node.op_type for node in _messages(model, {"NodeProto"})} & TEXTS
    kinds = {each.data_type for each in _messages(model, {"TensorProto"})}
    kinds |= {each.elem_type for each in _messages(model, {"Tensor"})}
    casts = {
        each.i for each in _messages(model, {"AttributeProto"}) if each.name in {"to", "dtype"}
    }
    if operators or text in kinds or text in casts:
        raise UntrustedFileError(
            f"{path}: expected a model of numbers, received one that works on text"
        )


def _check_place(path: Path, name: str) -> None:
    """Refuse weights outside the model's folder, and such as are not there."""
    place, file = PurePosixPath(name), path.parent / name
    if place.is_absolute() or ".." in place.parts or {"\\", "\0"} & set(name) or not name:
        raise UntrustedFileError(
            f"{path}: expected weights within the model's folder, received {name!r:.80}"
        )
    if any(p.is_symlink() for p in (file, *file.parents) if path.parent in p.parents):
        raise UntrustedFileError(f"{path}: expected weights in a file, {name!r:.80} is a link")
    if not file.is_file():
        raise UntrustedFileError(
            f"{path}: expected its weights in {file}, found no such file. Keep the two together"
        )


def _elsewhere(model: Any) -> Iterator[str]:
    """Yield the files that tensors of an ONNX model are read from."""
    for tensor in _messages(model, {"TensorProto"}):
        if tensor.data_location == tensor.EXTERNAL or tensor.external_data:
            places = {entry.key: entry.value for entry in tensor.external_data}
            yield places.get("location", "")


def _messages(message: Any, kinds: set[str]) -> Iterator[Any]:
    """Yield the messages of some kinds within an ONNX message, however deep."""
    waiting = [message]
    while waiting:
        found = waiting.pop()
        if type(found).__name__ in kinds:
            yield found
        for field, value in found.ListFields():
            if field.message_type is not None:
                repeated = not hasattr(value, "ListFields")
                waiting.extend(value if repeated else [value])


def checked_shape(name: str, shape: list[Any]) -> tuple[tuple[int | None, ...], int | None]:
    """Return the shape of one input and the number of inputs at once, as a model declares them.

    Parameters
    ----------
    name : str
        Of the model, for error messages.
    shape : list
        Of numbers, names and None.

    Returns
    -------
    tuple of int or None
        None for a side of any size.
    int or None
        None for any number.

    Raises
    ------
    UntrustedFileError
        If one batch would take more memory than there is room for.
    """
    sides = [n if isinstance(n, int) and n > 0 else None for n in shape]
    size = 4 * math.prod(side or 1 for side in sides)
    if size > memory.budget():
        raise UntrustedFileError(
            f"{name}: expected inputs that memory has room for, received {size:,} bytes a batch"
        )
    return tuple(sides[1:]), sides[0] if sides else None


def plain_outputs(names: list[str], outputs: list[Any]) -> dict[str, Any]:
    """Return the outputs of a session by name, without those that are left out or no tensors.

    Names that a terminal cannot show, or that are long, are replaced by their place.

    Parameters
    ----------
    names : list of str
    outputs : list
        As onnxruntime returns them.

    Returns
    -------
    dict of ndarray
    """
    shown = [
        name if name.isprintable() and len(name) <= LONGEST_NAME else str(place)
        for place, name in enumerate(names)
    ]
    found = zip(shown, outputs, strict=True)
    return {name: each for name, each in found if isinstance(each, np.ndarray)}
