"""Files of other people, checked before anything in them is loaded: arrays of codes here.

A model file can carry code, and a loader that trusts it runs that code: `keras_archive` reads
models of Keras' own layers, `onnx_file` graphs with weights in their own folder at most. Everything
else is refused.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from aelatent.runtime.arrays import DAMAGE, checked_header, unpack
from aelatent.runtime.files import StorageError, read


class UntrustedFileError(StorageError):
    """A file that is not what was expected, or that would run code or read other files."""


def load_codes(path: str | Path) -> NDArray[Any]:
    """Read an array of numbers from an `.npy` file, or the only one of an `.npz`.

    Headers are looked at before anything is read.

    Raises
    ------
    UntrustedFileError
        If it is no such file, holds text, objects, dates, records or complex numbers, more than one
        array, fewer bytes than its header promises, or more than memory has room for.
    """
    path = Path(path)
    content = content_of(path)
    values = _only(content, path) if content.startswith(b"PK") else _array(content, path)
    if values.dtype.kind not in "biuf":
        raise UntrustedFileError(f"{path}: expected numbers, received text, {values.dtype!s:.60}")
    return values


def content_of(path: Path) -> bytes:
    """Return the bytes of a file.

    Raises
    ------
    UntrustedFileError
        If there is no such file, or it cannot be read: a FIFO, a device, too large for memory.
    """
    try:
        return read(path)
    except FileNotFoundError as error:
        raise UntrustedFileError(f"{path}: expected a file, received none") from error
    except StorageError as error:
        raise UntrustedFileError(str(error)) from error


def _only(content: bytes, path: Path) -> NDArray[Any]:
    """Return the only array of an archive."""
    try:
        arrays = unpack(content, path)
    except StorageError as error:
        raise UntrustedFileError(str(error)) from error
    if len(arrays) != 1:
        raise UntrustedFileError(f"{path}: expected one array, received {sorted(arrays)}")
    return next(iter(arrays.values()))


def _array(content: bytes, path: Path) -> NDArray[Any]:
    file = io.BytesIO(content)
    try:
        checked_header(file, len(content))
        file.seek(0)
        return np.asarray(np.lib.format.read_array(file, allow_pickle=False))
    except DAMAGE as error:
        raise UntrustedFileError(
            f"{path}: expected numbers as numpy.save writes them, received {error}. No pickled "
            "object is loaded"
        ) from error
