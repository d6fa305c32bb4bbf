"""Where image sets lie: the user's own folder first, then the cache."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from aelatent.runtime.files import StorageError, expanded

HOMES = {"darwin": "Library/Caches/aelatent", "win32": "AppData/Local/aelatent/Cache"}


def cache_folder() -> Path:
    """Return where downloads are kept; nothing is made.

    `AELATENT_CACHE` if set, else `XDG_CACHE_HOME/aelatent`, else what the platform prescribes.

    Raises
    ------
    StorageError
        If there is no home folder, or no user whose home a variable names.
    """
    if own := os.environ.get("AELATENT_CACHE"):
        return expanded(own)
    if shared := os.environ.get("XDG_CACHE_HOME"):
        return expanded(shared) / "aelatent"
    if sys.platform == "win32" and (local := os.environ.get("LOCALAPPDATA")):
        return Path(local) / "aelatent" / "Cache"
    return _home() / HOMES.get(sys.platform, ".cache/aelatent")


def _home() -> Path:
    try:
        return Path.home()
    except RuntimeError as error:
        raise StorageError(
            "cache: expected a home folder, found none. Set AELATENT_CACHE to a folder for what is "
            "downloaded, and AELATENT_DATA to the folder of your image sets"
        ) from error


def places(name: str) -> list[Path]:
    """Return the folders in which the set may lie, in the order of search.

    Raises
    ------
    StorageError
        As `cache_folder`, unless `AELATENT_DATA` names a folder.
    """
    own = os.environ.get("AELATENT_DATA")
    found = [expanded(own) / name] if own else []
    try:
        return [*found, cache_folder() / name]
    except StorageError:
        if not own:
            raise
        return found


def find(name: str, marks: Sequence[str]) -> Path | None:
    """Return the first place that holds any of the files that mark the set, None if none does.

    Parameters
    ----------
    name : str
        Name of the set.
    marks : sequence of str
        Files, any of which identifies the set.

    Returns
    -------
    Path or None
    """
    for place in places(name):
        if any((place / mark).exists() for mark in marks):
            return place
    return None


@contextmanager
def staged(target: Path) -> Iterator[Path]:
    """Yield an empty folder that becomes `target` in one step if the block ends well.

    A process killed in the block leaves a hidden folder that nothing reads. Where another process
    was first, its folder stays.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}."))
    try:
        yield folder
        folder.chmod(0o755)
        try:
            folder.rename(target)
        except OSError:
            if not target.is_dir():
                raise
    finally:
        shutil.rmtree(folder, ignore_errors=True)
