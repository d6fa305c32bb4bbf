"""A cache on disk: bytes under the digest of everything that they depend on.

Nothing but time is lost when a cache is deleted, and a damaged entry counts as none.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from aelatent.runtime import files

DIGEST = hashlib.sha256().digest_size
MAX_AGE = 30 * 24 * 3600  # seconds since an entry was last read


@dataclass(frozen=True)
class Cache:
    """A folder of entries, each a file that begins with the digest of the rest.

    Processes may share one: entries are written whole, and equal keys hold equal bytes.

    Attributes
    ----------
    folder : Path
        Made when something is stored.

    Examples
    --------
    >>> import tempfile
    >>> cache = Cache(Path(tempfile.mkdtemp()))
    >>> cache.put("a1b2", b"costly")
    >>> cache.get("a1b2"), cache.get("c3d4")
    (b'costly', None)
    """

    folder: Path

    def get(self, key: str) -> bytes | None:
        """Return what is stored under `key`; None if nothing is, or if it is damaged."""
        path = self._path(key)
        try:
            stored = path.read_bytes()
            os.utime(path)
        except OSError:
            return None
        content = stored[DIGEST:]
        return content if stored[:DIGEST] == hashlib.sha256(content).digest() else None

    def put(self, key: str, content: bytes) -> None:
        """Store an entry; where the folder cannot be written to, nothing is stored.

        Parameters
        ----------
        key : str
            A digest in hexadecimal digits.
        content : bytes
        """
        try:
            files.write(self._path(key), hashlib.sha256(content).digest() + content)
        except OSError:
            return

    def remove_unused(self, now: float | None = None) -> None:
        """Delete the entries that were not read for thirty days.

        Parameters
        ----------
        now : float or None
            Seconds since 1970; by default the present time.
        """
        oldest = (time.time() if now is None else now) - MAX_AGE
        for path in self.folder.glob("??/*"):
            try:
                if path.stat().st_mtime < oldest:
                    path.unlink()
            except OSError:  # another process was faster
                continue

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / key


def fingerprint(files: Iterable[Path], *words: str) -> str:
    """Return one digest of the names and contents of files and of some words.

    Parameters
    ----------
    files : iterable of Path
    *words : str

    Returns
    -------
    str
        64 hexadecimal digits; another order gives another digest.
    """
    total = hashlib.sha256()
    for part in (*words, *(f"{path.name}:{_digest(path)}" for path in files)):
        total.update(f"{len(part)}:{part}".encode())
    return total.hexdigest()


def _digest(path: Path) -> str:
    return files.digest(path.read_bytes())
