"""Claims that need not be worked out again: their records and figures, kept in a memory.

A claim is a function of its code, the library's, the fixture models and the installed versions; its
random numbers are seeded from its name. Where none of these has changed, neither has its verdict.
"""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

import aelatent
from aelatent.inference.rules import Record
from aelatent.runtime import environment, files
from aelatent.runtime.cache import Memory, fingerprint


@dataclass(frozen=True)
class Performance:
    """A claim's record and its figures: their paths in the report, and their bytes."""

    record: Record
    figures: dict[str, bytes]

    def pack(self) -> bytes:
        """Return everything as the bytes of an .npz file."""
        pictures = {path: np.frombuffer(data, np.uint8) for path, data in self.figures.items()}
        text = json.dumps(dataclasses.asdict(self.record))
        return files.pack({**pictures, "record": np.array(text)})

    @classmethod
    def unpack(cls, content: bytes) -> Performance:
        """Read what `pack` made."""
        arrays = files.unpack(content, "memory")
        record = Record(**json.loads(str(arrays.pop("record"))))
        return cls(record, {path: data.tobytes() for path, data in arrays.items()})


@dataclass(frozen=True)
class Archive:
    """The performances of a suite, under a digest of all that they depend on.

    Attributes
    ----------
    memory : Memory
    fixtures : Path
        Folder of the fixture models: their specifications, locks and the judges' cards count.
    report : Path
        Folder that figures are read from and written to.
    """

    memory: Memory
    fixtures: Path
    report: Path

    @cached_property
    def surroundings(self) -> str:
        """Digest of what all claims depend on: library, fixture models, judges, versions."""
        library = sorted(Path(aelatent.__file__).parent.rglob("*.py"))
        patterns = ("*.yaml", "*/*.json", "floors/*.npz")
        models = sorted(path for pattern in patterns for path in self.fixtures.glob(pattern))
        return fingerprint([*library, *models], json.dumps(environment.versions()))

    def key(self, name: str, files: list[Path]) -> str:
        """Return the digest under which the claim `name` of those files is kept."""
        return fingerprint(files, self.surroundings, name)

    def recall(self, key: str) -> Record | None:
        """Put back the figures of a performance and return its record; None if there is none."""
        content = self.memory.get(key)
        if content is None:
            return None
        try:
            performance = Performance.unpack(content)
        except (files.StorageError, KeyError, TypeError, ValueError):
            return None
        for path, data in performance.figures.items():
            files.write(self.report / path, data)
        return performance.record

    def keep(self, key: str, record: Record) -> None:
        """Remember a record together with the figures it names."""
        figures = {path: (self.report / path).read_bytes() for path in record.figures}
        self.memory.put(key, Performance(record, figures).pack())
