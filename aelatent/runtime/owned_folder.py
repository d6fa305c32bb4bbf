"""Folders of our own, such as reports: only what aelatent wrote is ever replaced or deleted.

A list in the folder names each file with its digest before it is written. A folder without such a
list must be empty, so that nobody's work is taken for a report. A lock keeps other processes out.
"""

from __future__ import annotations

import os
import platform
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from aelatent.runtime import files
from aelatent.runtime.files import StorageError
from aelatent.runtime.locks import locked
from aelatent.runtime.parents import is_alive

MANIFEST, LOCK, PARTIAL = ".aelatent-files", ".aelatent-lock", ".aelatent-partial"
LINE = re.compile(r"([0-9a-f]{64})  (.+)")
TEMPORARY = files.TEMPORARY.format("*")
ADVICE = "Name a new or empty folder, or move away what is there"

_open: dict[Path, OwnedFolder] = {}


@dataclass
class OwnedFolder:
    """A folder with the list of what aelatent wrote into it.

    Attributes
    ----------
    folder : Path
        Absolute.
    known : dict of str to set of str
        Digests of what was written, by path from the folder; more than one where a process may have
        ended between listing and writing.
    """

    folder: Path
    known: dict[str, set[str]] = field(default_factory=dict)

    def read(self) -> None:
        """Read the list again: other processes of one run may have written files too."""
        for line in _manifest_lines(self.folder):
            found = LINE.fullmatch(line)
            if found and _leads_inside(found[2]):
                self.known.setdefault(found[2], set()).add(found[1])

    def holds(self, path: Path) -> bool:
        """Tell whether a file is there, and is as aelatent wrote it."""
        name = path.relative_to(self.folder).as_posix()
        if path.is_symlink() or not path.is_file() or not self._is_inside(path):
            return False
        found = files.digest(path.read_bytes())
        if found not in self.known.get(name, ()):
            self.read()
        return found in self.known.get(name, ())

    def check(self, path: Path) -> None:
        """Refuse a path that leads out of the folder, or to what aelatent did not write.

        Raises
        ------
        StorageError
        """
        if not self._is_inside(path):
            raise StorageError(f"{path}: expected a file within {self.folder}, found a link out")
        if os.path.lexists(path) and not self.holds(path):
            raise StorageError(
                f"{path}: expected a file that aelatent wrote, found another or a changed one, "
                f"which stays as it is. {ADVICE}"
            )

    def _is_inside(self, path: Path) -> bool:
        """Tell whether a path stays in the folder, whatever links lie on it."""
        return path.parent.resolve().is_relative_to(self.folder.resolve())

    def admit(self, path: Path, content: bytes) -> None:
        """Check a path, and list the file that is about to be written there.

        Parameters
        ----------
        path : Path
            Absolute, in the folder.
        content : bytes

        Raises
        ------
        StorageError
            See `check`.
        """
        self.check(path)
        self.list(path, files.digest(content))

    def list(self, path: Path, digest: str) -> None:
        """Add a file to the list, unless it is there.

        Parameters
        ----------
        path : Path
            Absolute, in the folder.
        digest : str
            Of the file's content.
        """
        name = path.relative_to(self.folder).as_posix()
        if digest not in self.known.get(name, ()):
            with (self.folder / MANIFEST).open("ab") as file:
                # After a line break: the last line may have been cut.
                file.write(f"\n{digest}  {name}".encode("utf-8", "surrogateescape"))
            self.known.setdefault(name, set()).add(digest)

    def remove(self, path: Path) -> None:
        """Delete a file, if aelatent wrote it and nobody has changed it since."""
        if self.holds(path):
            path.unlink(missing_ok=True)

    def replace_all(self, partial: Path, last: str) -> None:
        """Replace everything that aelatent wrote by the files of another folder.

        Parameters
        ----------
        partial : Path
            The folder of the new files.
        last : str
            The file that is removed first and moved last: the folder is whole where it is there.

        Raises
        ------
        StorageError
            If a file would take the place of one that aelatent did not write; nothing is moved.
        """
        before = {self.folder / name for name in self.known}
        for stale in before - set(self.take(partial, last)):
            self.remove(stale)

    def take(self, partial: Path, last: str = "") -> tuple[Path, ...]:
        """Move the files of another folder here.

        Parameters
        ----------
        partial : Path
            The other folder, on the same file system.
        last : str
            As in `replace_all`.

        Returns
        -------
        tuple of Path
            Where the files are now.

        Raises
        ------
        StorageError
            As in `replace_all`.
        """
        moves = {self.folder / each.relative_to(partial): each for each in _ordinary(partial)}
        for target in moves:
            self.check(target)
        if last:
            self.remove(self.folder / last)
        for target, source in sorted(moves.items(), key=lambda move: move[0].name == last):
            self.list(target, files.digest(source.read_bytes()))
            target.parent.mkdir(parents=True, exist_ok=True)
            source.replace(target)
        return tuple(moves)

    def remove_remains(self) -> None:
        """Delete what processes that were killed left behind: temporary files, partial reports."""
        for partial in self.folder.glob(f"{PARTIAL}*"):
            if not _is_in_use(partial):
                shutil.rmtree(partial, ignore_errors=True)
        for place, folders, names in os.walk(self.folder):
            folders[:] = [each for each in folders if not _is_owned(Path(place) / each)]
            for name in names:
                if Path(name).match(TEMPORARY):
                    (Path(place) / name).unlink(missing_ok=True)


@contextmanager
def owned(folder: Path, kind: str, *, wait: bool = False) -> Iterator[OwnedFolder]:
    """Open a folder for writing: within the block, `files.write` replaces nothing but our own.

    Parameters
    ----------
    folder : Path
        Made if it is missing.
    kind : str
        What the folder holds, such as "audit"; a folder of another kind is refused.
    wait : bool
        Whether to wait while another process writes to the folder.

    Yields
    ------
    OwnedFolder

    Raises
    ------
    StorageError
        If the folder holds files of somebody else, or something of another kind.
    LockedError
        If another process writes to it, and `wait` is false.
    """
    folder = _absolute(folder)
    if folder in _open:
        yield _open[folder]
        return
    refuse_others(folder, kind)
    made = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    with locked(folder / LOCK, wait=wait):
        refuse_others(folder, kind)
        if not (folder / MANIFEST).exists():
            (folder / MANIFEST).write_text(f"# {kind}\n", encoding="utf-8")
        own = OwnedFolder(folder)
        own.remove_remains()
        own.read()
        _open[folder] = own
        try:
            yield own
        finally:
            del _open[folder]
            if made:
                _remove_empty(folder)


@contextmanager
def replacing(folder: Path, kind: str, last: str, *, some: bool = False) -> Iterator[Path]:
    """Yield an empty folder, whose files replace those of `folder` if the block succeeds.

    Until then, and if the process is killed, what was in `folder` stays.

    Parameters
    ----------
    folder : Path
        Made if it is missing.
    kind : str
        As `owned` takes it.
    last : str
        The file that is moved last; while it is missing the folder is not whole.
    some : bool
        Whether what has no new file stays.

    Yields
    ------
    Path

    Raises
    ------
    StorageError, LockedError
        As `owned` raises them.
    """
    with owned(folder, kind) as own:
        partial = own.folder / PARTIAL
        partial.mkdir()
        try:
            yield partial
            if some:
                own.take(partial, last)
            else:
                own.replace_all(partial, last)
        finally:
            shutil.rmtree(partial, ignore_errors=True)


def own_partial(folder: Path) -> Path:
    """Return the folder that holds what this process writes until it is whole; nobody made it yet.

    Of a process that was killed it is left, and deleted when the next one opens `folder`.
    """
    return _absolute(folder) / f"{PARTIAL}-{platform.node()}-{os.getpid()}"


def refuse_others(folder: Path, kind: str) -> None:
    """Refuse a folder that holds files of somebody else, or something of another kind.

    Hidden files and folders of our own count for nothing.

    Parameters
    ----------
    folder : Path
    kind : str
        As `owned` takes it.

    Raises
    ------
    StorageError
    """
    if not folder.exists():
        return
    if not folder.is_dir():
        raise StorageError(f"{folder}: expected a folder, found a file. {ADVICE}")
    if (folder / MANIFEST).is_symlink():
        raise StorageError(f"{folder / MANIFEST}: expected a list of files, found a link. {ADVICE}")
    if (folder / MANIFEST).is_file():
        held = next(iter(_manifest_lines(folder)), "").removeprefix("# ")
        if held != kind:
            raise StorageError(f"{folder}: expected the folder of {kind}, found {held!r}. {ADVICE}")
        return
    others = sorted(e.name for e in folder.iterdir() if not (e.name[0] == "." or _is_owned(e)))
    if others:
        shown = ", ".join(others[:3]) + (", ..." if len(others) > 3 else "")
        raise StorageError(
            f"{folder}: expected an empty folder or one that aelatent made, found {shown} and no "
            f"list of what aelatent wrote ({MANIFEST}). {ADVICE}"
        )


def _guard(path: Path, content: bytes) -> None:
    """Ask the innermost folder that is open, unless the file is not yet part of it."""
    path = _absolute(path)
    for parent in path.parents:
        if parent.name.startswith(PARTIAL):
            return
        if parent in _open:
            _open[parent].admit(path, content)
            return


files.GUARDS.append(_guard)


def _remove_empty(folder: Path) -> None:
    """Remove a folder that was made for nothing: it holds a list and a lock alone."""
    if {each.name for each in folder.iterdir()} <= {MANIFEST, LOCK}:
        for name in (MANIFEST, LOCK):
            (folder / name).unlink(missing_ok=True)
        folder.rmdir()


def _is_in_use(partial: Path) -> bool:
    """Tell whether the process that a partial folder belongs to may still run."""
    if partial.name == PARTIAL:  # of the process that holds the lock: this one
        return False
    owner, _, process = partial.name.removeprefix(f"{PARTIAL}-").rpartition("-")
    return owner != platform.node() or not process.isdigit() or is_alive(int(process))


def _absolute(path: Path) -> Path:
    return Path(os.path.abspath(path))  # noqa: PTH100 -- `absolute` keeps "..", `resolve` no links


def _is_owned(path: Path) -> bool:
    return (path / MANIFEST).is_file()


def _leads_inside(name: str) -> bool:
    """Tell whether a name in a list stays in the folder; somebody else may have written it."""
    pure = PurePosixPath(name)
    return not pure.is_absolute() and ".." not in pure.parts


def _manifest_lines(folder: Path) -> list[str]:
    content = files.read(folder / MANIFEST).decode("utf-8", "surrogateescape")
    return [line for line in content.split("\n") if line]


def _ordinary(folder: Path) -> list[Path]:
    """Return the files in a folder, without lists, locks and temporary files."""
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return [path for path in found if not path.name.startswith(".aelatent-")]
