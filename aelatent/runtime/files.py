"""Files of arrays and bytes: written whole or not at all, and checked by their digests."""

from __future__ import annotations

import hashlib
import io
import json
import lzma
import math
import os
import secrets
import stat
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from aelatent.runtime import memory
from aelatent.runtime.refusal import RefusedInputError

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
TEMPORARY = ".aelatent-{}.tmp"
# Called before each file is written, with its path and its content; they raise to prevent it.
GUARDS: list[Callable[[Path, bytes], None]] = []


KINDS = {stat.S_IFIFO: "a FIFO", stat.S_IFSOCK: "a socket", stat.S_IFBLK: "a device"}
MOST_JSON = 2**26  # bytes of JSON, which takes twenty times as much memory as a file
LONGEST_INTEGER = 30  # digits of an integer in JSON; nothing here counts further
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


class StorageError(RefusedInputError):
    """A stored file is missing, damaged, or not the one that was recorded."""


def digest(content: bytes) -> str:
    """Return the SHA-256 of `content` in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def expanded(name: str | Path) -> Path:
    """Return a path with `~` as the folder that it stands for.

    Raises
    ------
    StorageError
        If there is no such user, or the name is none that a file can have.
    """
    try:
        path = Path(name).expanduser()
        os.fsencode(path)
    except (RuntimeError, ValueError) as error:
        raise StorageError(f"{str(name)!r}: expected a path, received {error}") from error
    if "\0" in str(name):
        raise StorageError(f"{str(name)!r}: expected a path, received one with a zero byte")
    return path


def read(path: Path, most: int | None = None) -> bytes:
    """Return the bytes of a file.

    Parameters
    ----------
    path : Path
    most : int, optional
        Bytes; by default what `aelatent.runtime.memory` allows a file.

    Returns
    -------
    bytes

    Raises
    ------
    FileNotFoundError
        If there is none.
    StorageError
        If it is there and cannot be read, is larger, or is no file on a disk: a FIFO or a device
        would wait, or never end.
    """
    most = memory.budget() if most is None else most
    with opened(path) as file:
        try:
            size = os.fstat(file.fileno()).st_size
            content = b"" if size > most else file.read(most + 1)
        except OSError as error:
            raise _unreadable(path, error) from error
    if max(size, len(content)) > most:
        raise StorageError(
            f"{path}: expected at most {most:,} bytes, received {max(size, len(content)):,}"
        )
    return content


def opened(path: Path) -> IO[bytes]:
    """Open a file on a disk for reading; nothing else, since a FIFO would wait for its writer.

    Raises
    ------
    FileNotFoundError
        If there is none.
    StorageError
        If it is there and cannot be read, or is no file on a disk.
    """
    try:
        number = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except FileNotFoundError:
        raise
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from error
    mode = os.fstat(number).st_mode
    if not stat.S_ISREG(mode):
        os.close(number)
        kind = "a folder" if stat.S_ISDIR(mode) else KINDS.get(stat.S_IFMT(mode), "a device")
        raise StorageError(f"{path}: expected a file on a disk, received {kind}")
    return os.fdopen(number, "rb")


def _unreadable(path: Path, error: OSError | ValueError) -> StorageError:
    return StorageError(
        f"{path}: expected a file that can be read, {getattr(error, 'strerror', None) or error}. "
        "Restore it from version control"
    )


def parsed(content: bytes, where: object) -> Any:
    """Read JSON without NaN, infinity, numbers of thousands of digits, or bytes that are no text.

    Parameters
    ----------
    content : bytes
    where : object
        The file's name, for error messages.

    Returns
    -------
    object

    Raises
    ------
    StorageError
        If it is none of that kind, or has more than 64 MiB.
    """
    if len(content) > MOST_JSON:
        raise StorageError(f"{where}: expected at most {MOST_JSON:,} bytes of JSON, received more")
    try:
        found = json.loads(
            content.decode(),
            parse_constant=_refused_constant,
            parse_float=_finite,
            parse_int=_short_integer,
        )
        json.dumps(found, ensure_ascii=False).encode()  # halves of characters are no text
    except (ValueError, RecursionError) as error:
        raise StorageError(f"{where}: expected a whole JSON file, received {error}") from error
    return found


def _refused_constant(constant: str) -> NoReturn:
    raise ValueError(f"{constant}, which is no number")


def _finite(text: str) -> float:
    if not math.isfinite(number := float(text)):
        raise ValueError(f"{text:.40}, which is no number that a computer holds")
    return number


def _short_integer(text: str) -> int:
    if len(text) > LONGEST_INTEGER:
        raise ValueError(f"an integer of {len(text):,} digits")
    return int(text)


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
    """Write a new file; where Linux can, it gets its name only once it is whole.

    A process that is killed before leaves no file then.
    """
    if not _write_nameless(path, content):
        with path.open("xb") as file:
            _write_through(file, content)


def _write_nameless(path: Path, content: bytes) -> bool:
    """Write a file without a name, and name it; return whether the system can."""
    try:
        nameless = os.open(path.parent, os.O_TMPFILE | os.O_WRONLY, 0o666)
    except (AttributeError, OSError):  # not Linux, or such as a network file system
        return False
    with os.fdopen(nameless, "wb") as file:
        _write_through(file, content)
        parent = os.open(path.parent, os.O_RDONLY)
        try:
            own = f"/proc/self/fd/{nameless}"
            os.link(own, path.name, src_dir_fd=parent, dst_dir_fd=parent)
        except OSError:  # such as where /proc is hidden
            return False
        finally:
            os.close(parent)
    return True


def _write_through(file: IO[bytes], content: bytes) -> None:
    file.write(content)
    file.flush()
    os.fsync(file.fileno())


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
    if any(side < 0 for side in shape) or (0 in shape and rows > MOST_EMPTY):
        raise ValueError(f"an array of shape {shape}")
    if (promised := math.prod(shape) * dtype.itemsize) > size:
        raise ValueError(f"{promised:,} bytes of {dtype!s:.60} promised, {size:,} bytes there")
    return dtype
