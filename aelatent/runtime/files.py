"""Files of arrays and bytes: written whole or not at all, and checked by their digests."""

from __future__ import annotations

import hashlib
import io
import os
import secrets
import zipfile
import zlib
from collections.abc import Callable, Mapping
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
TEMPORARY = ".aelatent-{}.tmp"
# Called before each file is written, with its path and its content; they raise to prevent it.
GUARDS: list[Callable[[Path, bytes], None]] = []


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

    Raises
    ------
    StorageError
        If the path lies in a folder of ours that is open for writing (see
        `aelatent.runtime.owned_folder`), and holds a file that we did not write.
    """
    for guard in GUARDS:
        guard(path, content)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(TEMPORARY.format(secrets.token_hex(4)))
    try:
        _write_new(temporary, content)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _write_new(path: Path, content: bytes) -> None:
    """Write a new file; on Linux it gets its name only once it is whole.

    A process that is killed before leaves no file then.
    """
    parent, nameless = _open_nameless(path.parent)
    try:
        with path.open("xb") if nameless is None else os.fdopen(nameless, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            if nameless is not None:
                os.link(
                    f"/proc/self/fd/{nameless}", path.name, src_dir_fd=parent, dst_dir_fd=parent
                )
    finally:
        if parent is not None:
            os.close(parent)


def _open_nameless(folder: Path) -> tuple[int | None, int | None]:
    """Open a folder, and a file in it that has no name yet; None where the system cannot."""
    if not hasattr(os, "O_TMPFILE") or not Path("/proc/self/fd").is_dir():
        return None, None
    try:
        nameless = os.open(folder, os.O_TMPFILE | os.O_WRONLY, 0o666)
    except OSError:  # such as on a network file system
        return None, None
    return os.open(folder, os.O_RDONLY), nameless


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
