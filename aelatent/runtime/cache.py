"""What was worked out before: bytes under the digest of everything that they depend on.

Nothing but time is lost when a memory is deleted, and a damaged entry counts as none.
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
FORGOTTEN_AFTER = 30 * 24 * 3600  # seconds since an entry was last of use


@dataclass(frozen=True)
class Memory:
    """A folder of entries, each a file that begins with the digest of the rest.

    Processes may share one: entries are written whole, and equal keys hold equal bytes.

    Examples
    --------
    >>> import tempfile
    >>> memory = Memory(Path(tempfile.mkdtemp()))
    >>> memory.put("a1b2", b"costly")
    >>> memory.get("a1b2"), memory.get("c3d4")
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
        """Store `content`; where the folder cannot be written to, it is not remembered."""
        try:
            files.write(self._path(key), hashlib.sha256(content).digest() + content)
        except OSError:
            return

    def forget(self, now: float | None = None) -> None:
        """Delete the entries that nobody has asked for in thirty days."""
        oldest = (time.time() if now is None else now) - FORGOTTEN_AFTER
        for path in self.folder.glob("??/*"):
            try:
                if path.stat().st_mtime < oldest:
                    path.unlink()
            except OSError:  # another process was faster
                continue

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / key


def fingerprint(files: Iterable[Path], *words: str) -> str:
    """Return one digest of the names and contents of files, and of words, in their order."""
    total = hashlib.sha256()
    for part in (*words, *(f"{path.name}:{_digest(path)}" for path in files)):
        total.update(f"{len(part)}:{part}".encode())
    return total.hexdigest()


def _digest(path: Path) -> str:
    return files.digest(path.read_bytes())
