"""Where image sets lie: the user's own folder first, then the cache."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path


def cache_folder() -> Path:
    """Return where downloads are kept; nothing is made.

    `AELATENT_CACHE` if set, else `XDG_CACHE_HOME/aelatent`, else what the platform prescribes.
    """
    if own := os.environ.get("AELATENT_CACHE"):
        return Path(own).expanduser()
    if shared := os.environ.get("XDG_CACHE_HOME"):
        return Path(shared).expanduser() / "aelatent"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "aelatent"
    if sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local")
        return Path(local) / "aelatent" / "Cache"
    return Path.home() / ".cache" / "aelatent"


def places(name: str) -> list[Path]:
    """Return the folders in which the set may lie, in the order of search."""
    own = os.environ.get("AELATENT_DATA")
    cached = cache_folder() / name
    return [Path(own).expanduser() / name, cached] if own else [cached]


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
