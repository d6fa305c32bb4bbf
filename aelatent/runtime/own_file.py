"""Files that users name: one that aelatent wrote is replaced whole, any other is refused.

How a file shows who wrote it: an .npz by the names of its arrays, a text by a first line with the
digest of the rest, so that one edited by hand is the user's. Folders have a list instead, see
`aelatent.runtime.owned_folder`.
"""

from __future__ import annotations

import os
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

from aelatent.runtime import files
from aelatent.runtime.arrays import DAMAGE
from aelatent.runtime.files import StorageError

SHORT = 16  # digits of the digest: enough to tell an edited file
MARK = "# Written by aelatent {command}, digest {digest}. An edited file is never replaced.\n"
MARKED = re.compile(rb"# Written by aelatent [\w -]+, digest ([0-9a-f]{16})\. [^\n]*\n")


def write_own(path: str | Path, content: bytes, what: str, wrote: Callable[[Path], bool]) -> Path:
    """Write a file whole or not at all, in the place of nothing but one of ours.

    Parameters
    ----------
    path : str or Path
        Its folders are made; a link stays, and the file that it leads to is written.
    content : bytes
    what : str
        What the file holds, such as "an audit", for the message.
    wrote : callable
        Tells whether aelatent wrote the file of a path.

    Returns
    -------
    Path
        As given.

    Raises
    ------
    StorageError
        If the path is that of a folder, or of a file that aelatent did not write; it stays.
    """
    path = files.expanded(path)
    check_own(path, what, wrote)
    files.write(path.resolve() if path.is_symlink() else path, content)
    return path


def check_own(path: Path, what: str, wrote: Callable[[Path], bool]) -> None:
    """Refuse a path that is not free for a file of ours; see `write_own`.

    Parameters
    ----------
    path : Path
    what : str
    wrote : callable

    Raises
    ------
    StorageError
    """
    if not os.path.exists(path):  # noqa: PTH110 -- False for what cannot be looked at, too
        return
    if not path.is_file():
        raise StorageError(f"{path}: expected a file for {what}, found a folder. Name a file in it")
    if not wrote(path):
        raise StorageError(
            f"{path}: expected no file, or {what} that aelatent wrote, found another file or an "
            "edited one, which stays as it is. Name another, or move it away"
        )


def holds_arrays(path: Path, names: frozenset[str]) -> bool:
    """Tell whether a file is an .npz with arrays of these names.

    Parameters
    ----------
    path : Path
    names : frozenset of str

    Returns
    -------
    bool
    """
    try:
        with zipfile.ZipFile(path) as archive:
            return names <= {name.removesuffix(".npy") for name in archive.namelist()}
    except DAMAGE:
        return False


def marked(text: str, command: str) -> bytes:
    """Return a text as bytes under a first line, a comment, that names what wrote it.

    Parameters
    ----------
    text : str
    command : str
        Such as "init".

    Returns
    -------
    bytes
    """
    content = text.encode()
    digest = files.digest(content)[:SHORT]
    return MARK.format(command=command, digest=digest).encode() + content


def is_as_marked(path: Path) -> bool:
    """Tell whether a file is a text that `marked` returned, unchanged since."""
    content = files.read(path)
    found = MARKED.match(content)
    return found is not None and files.digest(content[found.end() :])[:SHORT] == found[1].decode()
