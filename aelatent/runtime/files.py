"""Files of bytes and of JSON: written whole or not at all, and checked by their digests."""

from __future__ import annotations

import hashlib
import json
import math
import os
import secrets
import stat
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, NoReturn

from aelatent.runtime import memory
from aelatent.runtime.refusal import RefusedInputError

TEMPORARY = ".aelatent-{}.tmp"
# Called before each file is written, with its path and its content; they raise to prevent it.
GUARDS: list[Callable[[Path, bytes], None]] = []


KINDS = {stat.S_IFIFO: "a FIFO", stat.S_IFSOCK: "a socket", stat.S_IFBLK: "a device"}
MOST_JSON = 2**26  # bytes of JSON, which takes twenty times as much memory as a file
LONGEST_INTEGER = 30  # digits of an integer in JSON; nothing here counts further


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


def json_line(value: Any) -> str:
    """Write a value as JSON without spaces, on one line.

    Raises
    ------
    ValueError, TypeError
        If it holds NaN or infinity, or a type that JSON has no word for.

    Examples
    --------
    >>> json_line({"claim": "A-18", "interval": [0.1, None]})
    '{"claim":"A-18","interval":[0.1,null]}'
    """
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


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
