"""Arrays in `.npz` and `.npy` files: packed, and read only after a look at what they promise."""

from __future__ import annotations

import io
import lzma
import math
import os
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from aelatent.runtime import memory
from aelatent.runtime.files import StorageError, opened

Arrays = Mapping[str, NDArray[Any]]

# Exceptions that reading a damaged archive raises, depending on the place of the damage.
DAMAGE = (
    lzma.LZMAError,
    OverflowError,
    SyntaxError,
    TypeError,
    RecursionError,
    MemoryError,
    zipfile.BadZipFile,
    zlib.error,
    ValueError,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    KeyError,
)
# How NumPy and Keras pack; of other kinds Python unpacks a kilobyte to gigabytes at once.
PACKED = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
HEADERS = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}
MOST_EMPTY = 2**20  # rows of nothing, which whoever goes through them would count all the same
STORED = "biufU"  # kinds of arrays that files hold: no objects, records, dates or complex numbers
WORDS = {
    "b": "booleans",
    "i": "integers",
    "u": "integers",
    "f": "real numbers",
    "c": "complex numbers",
    "U": "text",
    "S": "text",
    "M": "dates",
    "m": "times",
    "O": "objects",
    "V": "records",
    "T": "text",
}


def pack(arrays: Arrays) -> bytes:
    """Return the arrays as the bytes of an .npz file; equal arrays give equal bytes."""
    buffer = io.BytesIO()
    np.savez_compressed(buffer, allow_pickle=False, **arrays)
    return buffer.getvalue()


def unpack(content: bytes, where: object) -> dict[str, NDArray[Any]]:
    """Read the arrays that `pack` packed.

    The headers of all arrays are looked at before any of them is read.

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
        If the bytes are no whole .npz, hold anything but arrays of numbers or text, or would take
        more memory than `aelatent.runtime.memory` allows. Pickled objects are never loaded.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = _members(archive)
            for member in members.values():
                with archive.open(member) as stream:
                    checked_header(stream, member.file_size)
            return {name: _array(archive, member) for name, member in members.items()}
    except DAMAGE as error:
        raise StorageError(f"{where}: expected a whole .npz file, received {error}") from error


def _members(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """Return the arrays of an archive by name, if there is room for all of them."""
    check_size(archive)
    members = {member.filename.removesuffix(".npy"): member for member in archive.infolist()}
    if len(members) != len(archive.infolist()):
        raise ValueError("one with two arrays of the same name")
    return members


def check_size(archive: zipfile.ZipFile) -> None:
    """Refuse an archive that would unpack to more than memory has room for.

    Raises
    ------
    ValueError
        Which names the size, or the member that is packed in another way than NumPy and Keras do.
    """
    for member in archive.infolist():
        if member.compress_type not in PACKED:
            raise ValueError(
                f"one that packs {member.filename!r:.80} by method {member.compress_type}, neither "
                "stored nor deflated"
            )
    size, most = sum(member.file_size for member in archive.infolist()), memory.budget()
    if size > most:
        raise ValueError(
            f"one that would unpack to {size / 2**30:.1f} GiB, more than the "
            f"{most / 2**30:.1f} GiB that there is room for"
        )


def unpacked(archive: zipfile.ZipFile, name: str) -> bytes:
    """Return a member of an archive, as many bytes as it promises and no more.

    Parameters
    ----------
    archive : zipfile.ZipFile
        After `check_size`.
    name : str

    Returns
    -------
    bytes

    Raises
    ------
    zipfile.BadZipFile
        If there are other bytes than it promises.
    """
    size = archive.getinfo(name).file_size
    with archive.open(name) as stream:  # `read` without a number unpacks two gigabytes at once
        return stream.read(size + 1)


def _array(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> NDArray[Any]:
    with archive.open(member) as stream:
        return np.asarray(np.lib.format.read_array(stream, allow_pickle=False))


def load_array(path: Path) -> NDArray[Any]:
    """Read an array of numbers or text from an `.npy` file, after a look at its header.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    StorageError
        If it is no whole `.npy` of that kind, or larger than memory has room for.
    """
    with opened(path) as file:
        size, most = os.fstat(file.fileno()).st_size, memory.budget()
        try:
            if size > most:
                raise ValueError(f"{size:,} bytes, and there is room for {most:,}")
            checked_header(file, size)
            file.seek(0)
            return np.asarray(np.lib.format.read_array(file, allow_pickle=False))
        except DAMAGE as error:
            raise StorageError(
                f"{path}: expected numbers as numpy.save writes them, received {error}. No "
                "pickled object is loaded"
            ) from error


def checked_header(file: IO[bytes], size: int) -> np.dtype[Any]:
    """Read the header of an array, and check it against the bytes that there are.

    Parameters
    ----------
    file : binary file
        At the beginning of the array.
    size : int
        Bytes of header and array.

    Returns
    -------
    dtype

    Raises
    ------
    ValueError
        If it is no array, holds something other than numbers or text, or is not as long as its
        header says.
    """
    version = np.lib.format.read_magic(file)
    if version not in HEADERS:
        raise ValueError(f"a header of version {version}")
    try:
        shape, _, dtype = HEADERS[version](file)
    except Exception as error:  # of Python's own parser, any kind
        raise ValueError(f"a header that makes no sense: {str(error)[:200]}") from error
    if dtype.kind not in STORED or dtype.subdtype is not None:
        raise ValueError(f"{WORDS.get(dtype.kind, 'something else')}, {dtype!s:.60}")
    rows = math.prod(side or 1 for side in shape)
    empty = 0 in shape or not dtype.itemsize  # text of no letters takes no bytes
    if any(side < 0 for side in shape) or (empty and rows > MOST_EMPTY):
        raise ValueError(f"an array of shape {shape}")
    if (promised := math.prod(shape) * dtype.itemsize) > size:
        raise ValueError(f"{promised:,} bytes of {dtype!s:.60} promised, {size:,} bytes there")
    return dtype
