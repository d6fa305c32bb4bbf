"""Files of arrays and bytes: written whole or not at all, and checked by their digests."""

from __future__ import annotations

import hashlib
import io
import os
import secrets
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Arrays = Mapping[str, NDArray[Any]]

MOST = 8 * 2**30  # bytes of all arrays of a file; a file that declares more is a bomb
# Exceptions that reading a damaged archive raises, depending on the place of the damage.
DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    ValueError,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    KeyError,
)


class StorageError(ValueError):
    """A stored file is missing, damaged, or not the one that was recorded."""


def digest(content: bytes) -> str:
    """Return the SHA-256 of `content` in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def read(path: Path) -> bytes:
    """Return the bytes of a file.

    Raises
    ------
    FileNotFoundError
        If there is none.
    StorageError
        If it is there and cannot be read.
    """
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise
    except OSError as error:
        raise StorageError(
            f"{path}: expected a file that can be read, {error.strerror}. Restore it from version "
            "control"
        ) from error


def write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all: under a temporary name first, which is then renamed.

    Parameters
    ----------
    path : Path
        Its folders are made.
    content : bytes
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with temporary.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def pack(arrays: Arrays) -> bytes:
    """Return the arrays as the bytes of an .npz file; equal arrays give equal bytes."""
    buffer = io.BytesIO()
    np.savez_compressed(buffer, allow_pickle=False, **arrays)
    return buffer.getvalue()


def unpack(content: bytes, where: object) -> dict[str, NDArray[Any]]:
    """Read the arrays that `pack` packed.

    Parameters
    ----------
    content : bytes
    where : object
        The file's name, for error messages.

    Returns
    -------
    dict of ndarray

    Raises
    ------
    StorageError
        If the bytes are no whole .npz, or contain pickled objects, which are never loaded.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            size = sum(part.file_size for part in parts.infolist())
        if size > MOST:
            raise ValueError(f"one that would unpack to {size / 2**30:.0f} GiB")
        with np.load(io.BytesIO(content), allow_pickle=False) as archive:
            return {name: archive[name] for name in archive.files}
    except DAMAGE as error:
        raise StorageError(f"{where}: expected a whole .npz file, received {error}") from error
