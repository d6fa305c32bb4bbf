"""The lock beside the replicates of a fixture model: digests, versions, losses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from aelatent.runtime import files
from aelatent.runtime.locks import locked
from aelatent.runtime.refusal import RefusedInputError

SCHEMA = 2
# Raised when trainings before and after a change are no draws from one distribution. 1: the bias of
# three-channel decodes was hardly trained in bfloat16; 2: hidden biases of convolutions in bfloat16
# had too small a gradient in a direction that was off; 3: neither.
PROCEDURE = 3


class FixtureError(RefusedInputError):
    """A stored replicate is missing, damaged or out of date; the message says what to run."""


class LockEntry(BaseModel):
    """What is known about one stored replicate.

    `summary` holds what was measured over all images of a split when the replicate was made;
    `history` the mean of each loss over every epoch. `procedure` is the `PROCEDURE` by which it was
    trained; 0 where that was not recorded.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    file: str
    sha256: str
    bytes: int
    specification: str
    seed: int
    epochs: int
    procedure: int = 0
    precision: str
    backend: str
    versions: dict[str, str]
    hardware: dict[str, str | int | bool]
    commit: str
    seconds: float
    summary: dict[str, float]
    history: list[dict[str, float]]


class Lock(BaseModel):
    """The entries of one fixture model, by seed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    schema_version: int = SCHEMA
    replicates: dict[int, LockEntry] = {}


def path(folder: Path) -> Path:
    """Return where the lock of the fixture model stored in `folder` lies."""
    return folder / "lock.json"


def read(folder: Path) -> Lock:
    """Read the lock; one without entries if none was written yet.

    Raises
    ------
    FixtureError
        If the file is no lock, or a newer version of aelatent wrote it.
    """
    location = path(folder)
    remedy = f"Restore it from version control, or run: aelatent train {folder.name}"
    try:
        content = json.loads(files.read(location))
        lock = Lock.model_validate(content)
    except FileNotFoundError:
        return Lock()
    except (ValidationError, ValueError) as error:
        raise FixtureError(f"{location}: expected a lock, received {error}. {remedy}") from error
    if lock.schema_version > SCHEMA:
        raise FixtureError(
            f"{location}: expected schema {SCHEMA} or older, received {lock.schema_version}. "
            "Install a newer aelatent."
        )
    return lock


def add(folder: Path, entry: LockEntry, guard: Path) -> None:
    """Add one entry to the lock, or replace it.

    Parameters
    ----------
    folder : Path
        Of the replicates.
    entry : LockEntry
    guard : Path
        The lock file that keeps other processes out meanwhile.
    """
    guard.parent.mkdir(parents=True, exist_ok=True)
    with locked(guard):
        entries = dict(read(folder).replicates)
        entries[entry.seed] = entry
        lock = Lock(replicates=dict(sorted(entries.items())))
        files.write(path(folder), _render(lock).encode())


def _render(lock: Lock) -> str:
    """Indent everything but the losses of an epoch, which share a line."""
    content: dict[str, Any] = lock.model_dump(mode="json")
    histories = []
    for entry in content["replicates"].values():
        histories.append(entry["history"])
        entry["history"] = f"<{len(histories) - 1}>"
    text = json.dumps(content, indent=1)
    for number, history in enumerate(histories):
        lines = ",\n    ".join(json.dumps(epoch) for epoch in history)
        text = text.replace(f'"<{number}>"', f"[\n    {lines}\n   ]" if history else "[]")
    return text + "\n"
