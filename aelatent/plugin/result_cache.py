"""The cache of results: records and figures of claims that have not changed since they ran.

A claim is a function of its code, the library with its judges, the fixture models, the installed
versions and the backend of Keras; its random numbers are seeded from its name. Where none of these
has changed, neither has its verdict. What is expected of a claim is no part of its result and may
change.
"""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

import numpy as np
import pytest

from aelatent.inference.record import Record
from aelatent.inference.rules import Outcome
from aelatent.plugin.state import VERDICTS
from aelatent.runtime import environment, files
from aelatent.runtime.arrays import pack, unpack
from aelatent.runtime.cache import Cache, fingerprint

CACHE = pytest.StashKey["ResultCache"]()
KEY = pytest.StashKey[str]()
CACHED = "aelatent-cached"  # user property of a test whose result came from the cache


@dataclass(frozen=True)
class CachedResult:
    """A claim's record and its figures: their paths in the report, and their bytes."""

    record: Record
    figures: dict[str, bytes]

    def pack(self) -> bytes:
        """Return everything as the bytes of an .npz file."""
        pictures = {path: np.frombuffer(data, np.uint8) for path, data in self.figures.items()}
        text = json.dumps(dataclasses.asdict(self.record))
        return pack({**pictures, "record": np.array(text)})

    @classmethod
    def unpack(cls, content: bytes) -> CachedResult:
        """Read what `pack` made.

        Raises
        ------
        StorageError, KeyError, TypeError, ValueError
            If it is damaged, or of another version.
        """
        arrays = unpack(content, "cache")
        record = Record(**json.loads(str(arrays.pop("record"))))
        return cls(record, {path: data.tobytes() for path, data in arrays.items()})


@dataclass(frozen=True)
class ResultCache:
    """The results of a suite, each under a digest of all that it depends on.

    Attributes
    ----------
    cache : Cache
    fixtures : Path
        Folder of the fixture models: their specifications, locks and the judges' cards count.
    report : Path
        Folder that figures are read from and written to.
    """

    cache: Cache
    fixtures: Path
    report: Path

    @cached_property
    def dependencies(self) -> str:
        """Digest of what all claims depend on, but for their own files and names."""
        from aelatent.runtime.executors import library_digest

        patterns = ("*.yaml", "*/*.json", "pca_baselines/*.npz")
        models = sorted(path for pattern in patterns for path in self.fixtures.glob(pattern))
        versions = json.dumps(environment.versions())
        return fingerprint(models, library_digest(), versions, environment.keras_backend())

    def key(self, name: str, files: list[Path]) -> str:
        """Return the digest under which a claim's result is stored.

        Parameters
        ----------
        name : str
            Name of the test.
        files : list of Path
            The files that it is written in.

        Returns
        -------
        str
        """
        return fingerprint(files, self.dependencies, name)

    def get(self, key: str) -> Record | None:
        """Return the record of a result and write its figures; None if there is no such result."""
        content = self.cache.get(key)
        if content is None:
            return None
        try:
            result = CachedResult.unpack(content)
        except (files.StorageError, KeyError, TypeError, ValueError):
            return None
        for path, data in result.figures.items():
            files.write(self.report / path, data)
        return result.record

    def put(self, key: str, record: Record) -> None:
        """Store a record together with the figures that it names, and the numbers beside them.

        Parameters
        ----------
        key : str
            What `key` returned.
        record : Record
        """
        paths = [
            *record.figures,
            *(str(PurePosixPath(p).with_suffix(".csv")) for p in record.figures),
        ]
        figures = {
            path: (self.report / path).read_bytes()
            for path in paths
            if path in record.figures or (self.report / path).is_file()
        }
        self.cache.put(key, CachedResult(record, figures).pack())


def find(item: pytest.Item) -> Record | None:
    """Return the record of a claim that has not changed since it ran; None if there is none."""
    if item.config.getoption("--aelatent-fresh"):
        return None
    cache = item.config.stash[CACHE]
    files = [item.path, *(folder / "conftest.py" for folder in item.path.parents)]
    item.stash[KEY] = cache.key(item.name, [file for file in files if file.exists()])
    record = cache.get(item.stash[KEY])
    if record is not None:
        item.user_properties.append((CACHED, True))
    return record


def keep(item: pytest.Item, record: Record) -> None:
    """Store the result of a claim, if it is a verdict.

    Parameters
    ----------
    item : Item
        A claim that `find` was asked for.
    record : Record
        Of its run.
    """
    if KEY in item.stash and record.outcome in (Outcome.SUPPORTED, *VERDICTS):
        item.config.stash[CACHE].put(item.stash[KEY], record)
