"""Locks between processes, by files; where a file system has none, a warning and no lock."""

from __future__ import annotations

import errno
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from aelatent.runtime.files import StorageError

NO_LOCKS = {errno.ENOLCK, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EINVAL}


class LockedError(StorageError):
    """Another process is writing there."""


@contextmanager
def locked(path: Path, *, wait: bool = True) -> Iterator[None]:
    """Keep other processes out of a block that takes the same lock.

    The system releases the lock when the process ends, however it ends: no lock is ever stale.

    Parameters
    ----------
    path : Path
        Of the lock file, which stays; its folder is made.
    wait : bool
        Whether to wait for another process.

    Yields
    ------
    None

    Raises
    ------
    LockedError
        If another process holds the lock, and `wait` is false.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(path)
    held = True
    try:
        lock.acquire(timeout=-1 if wait else 0)
    except Timeout:
        raise LockedError(
            f"{path.parent}: expected a folder that no other process writes to, found the lock "
            f"{path.name} taken. Wait for the other process, or name another folder"
        ) from None
    except (OSError, NotImplementedError) as error:
        if isinstance(error, OSError) and error.errno not in NO_LOCKS:
            raise
        held = False
        sys.stderr.write(
            f"aelatent: {path.parent}: this file system has no locks ({error}). Let no other "
            "process write to this folder\n"
        )
    try:
        yield
    finally:
        if held:
            lock.release()
