"""One file of an image set, read as a file from elsewhere is."""

from __future__ import annotations

from pathlib import Path

from aelatent.data.images import DataError
from aelatent.runtime import files


def bytes_of(path: Path, expected: str, remedy: str) -> bytes:
    """Return the bytes of a file on a disk that memory has room for.

    Parameters
    ----------
    path : Path
    expected : str
        What the file should be, for the message of an error.
    remedy : str
        What the user can do.

    Returns
    -------
    bytes

    Raises
    ------
    DataError
        If there is none, or it is no file on a disk, too large, or cannot be read.
    """
    try:
        return files.read(path)
    except FileNotFoundError:
        raise DataError.about(path, expected, "no such file", remedy) from None
    except files.StorageError as error:
        raise DataError(f"{error}. {remedy}") from error


def text_of(path: Path, expected: str, remedy: str) -> str:
    """Return the text of a file in UTF-8, with a byte order mark or without.

    Parameters
    ----------
    path : Path
    expected : str
    remedy : str
        As `bytes_of` takes them.

    Returns
    -------
    str

    Raises
    ------
    DataError
        As `bytes_of`, or if it is no such text.
    """
    try:
        return bytes_of(path, expected, remedy).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError.about(path, f"{expected} in UTF-8", str(error), remedy) from error
