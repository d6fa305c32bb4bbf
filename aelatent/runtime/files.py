"""Arrays and bytes on the disk: written whole or not at all, and known by their digests."""

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

MOST = 8 * 2**30  # bytes of all arrays of a file; what says it holds more is a bomb
# What reading a damaged archive raises, depending on the place of the damage.
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
    """Write `content` under a temporary name beside `path`, then rename it into place."""
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
    """Read what `pack` made.

    Raises
    ------
    StorageError
        If the bytes are no whole .npz, or hold pickled objects, which are never loaded.
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
