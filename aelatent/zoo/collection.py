"""The fixture models of a folder: specifications written by hand, replicates stored beside them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from aelatent.latent.cloud import LatentCloud
from aelatent.runtime import files
from aelatent.runtime.arrays import unpack
from aelatent.zoo import lock, specification
from aelatent.zoo.lock import FixtureError, LockEntry
from aelatent.zoo.protocol import ReplicateLike
from aelatent.zoo.replicate import SPLITS, Replicate
from aelatent.zoo.specification import Specification

SAMPLE_SEED = 0


@dataclass(frozen=True)
class FixtureModel:
    """A specification and its replicates: the same model trained from several seeds."""

    specification: Specification
    replicates: tuple[ReplicateLike, ...]

    def __repr__(self) -> str:
        """Return what the model is: pytest shows it for every refuted claim, arrays take long."""
        return f"<{type(self).__name__} {self.name}, {len(self.replicates)} replicates>"

    @property
    def name(self) -> str:
        """The name of the specification."""
        return self.specification.name

    @cached_property
    def clouds(self) -> list[LatentCloud]:
        """The held-out codes of each replicate."""
        return [replicate.held_out for replicate in self.replicates]


@dataclass(frozen=True)
class Collection:
    """The fixture models that the YAML files of a folder describe.

    Examples
    --------
    >>> Collection(Path("nowhere")).names()
    []
    """

    folder: Path

    def names(self) -> list[str]:
        """Return the names of all fixture models, sorted."""
        return sorted(file.stem for file in self.folder.glob("*.yaml"))

    def specification(self, name: str) -> Specification:
        """Read the specification of a fixture model.

        Raises
        ------
        FixtureError
            If there is no such YAML file.
        SpecificationError
            If it does not describe a model.
        """
        path = self.folder / f"{name}.yaml"
        if not path.exists():
            known = ", ".join(self.names()) or "none"
            raise FixtureError(f"{path}: expected a specification, found none. Known: {known}")
        return specification.read(path)

    def model(self, name: str) -> FixtureModel:
        """Read a fixture model with all its replicates.

        Raises
        ------
        FixtureError
            If a replicate is missing, damaged or out of date.
        """
        described = self.specification(name)
        return FixtureModel(described, tuple(self.replicate(name, s) for s in described.seeds))

    def replicate(self, name: str, seed: int) -> Replicate:
        """Read one replicate and check it against its lock and its specification.

        Parameters
        ----------
        name : str
            A fixture model.
        seed : int

        Returns
        -------
        Replicate

        Raises
        ------
        FixtureError
            If the replicate is missing, damaged or out of date; the message says what to run.
        """
        described = self.specification(name)
        entry = lock.read(self.home(name)).replicates.get(seed)
        path = self.home(name) / (entry.file if entry else filename(seed))
        remedy = f"Run: aelatent train {name} --seeds {seed}"
        if entry is None:
            raise FixtureError(f"{path}: expected a stored replicate, found none. {remedy}")
        if entry.specification != described.digest:
            raise FixtureError(
                f"{path}: expected a replicate of {name}.yaml as it is now, received one of an "
                f"earlier version of that file. {remedy}"
            )
        try:
            content = path.read_bytes()
        except OSError as error:
            raise FixtureError(
                f"{path}: expected a replicate, {error.strerror}. {remedy}"
            ) from error
        if files.digest(content) != entry.sha256:
            raise FixtureError(
                f"{path}: expected {entry.bytes} bytes with the SHA-256 in lock.json, received "
                f"{len(content)} bytes with another. Restore it from version control. {remedy}"
            )
        arrays = unpack(content, path)
        totals = {
            f"{split}/{key}": np.array(entry.summary[f"{split}_{field}"])
            for split in SPLITS
            for key, field in (("images", "images"), ("mean_error", "error"))
            if f"{split}_{field}" in entry.summary
        }
        return Replicate(described, seed, arrays | totals | self._pca_error(described, arrays))

    def expected(self, name: str) -> bool:
        """Tell whether replicates should be there: they are in the repository, or were trained."""
        return self.specification(name).store.replicates or bool(self.entries(name))

    def complaints(self, name: str) -> Iterator[tuple[int, str]]:
        """Yield the seeds whose replicates cannot be used, each with the reason."""
        for seed in self.specification(name).seeds:
            try:
                self.replicate(name, seed)
            except (FixtureError, files.StorageError) as error:
                yield seed, str(error)

    def pca_baselines(self, images: str) -> dict[str, NDArray[Any]]:
        """Return the PCA errors of each held-out image of a set, by `baseline_key`."""
        path = self.baseline_path(images)
        return unpack(files.read(path), path) if path.exists() else {}

    def baseline_path(self, images: str) -> Path:
        """Return the file of the PCA errors of an image set."""
        return self.folder / "pca_baselines" / f"{images}.npz"

    def _pca_error(
        self, described: Specification, arrays: dict[str, NDArray[Any]]
    ) -> dict[str, NDArray[Any]]:
        """Return the PCA errors of the held-out images that a replicate keeps."""
        errors = self.pca_baselines(described.images).get(baseline_key(described.latent_dim or 0))
        if errors is None or "held_out/error" not in arrays:
            return {}
        kept = kept_sample(len(errors), len(arrays["held_out/error"]))
        # Stored in half precision, in which their mean would be rounded.
        return {"held_out/pca_error": errors[kept].astype(np.float64)}

    def entries(self, name: str) -> dict[int, LockEntry]:
        """Return the lock entries of a fixture model by seed."""
        return lock.read(self.home(name)).replicates

    def home(self, name: str) -> Path:
        """Return the folder of the stored replicates."""
        return self.folder / name

    def workshop(self, name: str) -> Path:
        """Return the folder of checkpoints and file locks, which is not kept in version control."""
        return self.folder / ".work" / name


def baseline_key(components: int) -> str:
    """Return the name of the PCA errors with so many components."""
    return f"pca_error_{components}"


def kept_sample(n: int, count: int) -> NDArray[np.int64]:
    """Return which images a replicate keeps: the same for all replicates of all models.

    Parameters
    ----------
    n : int
        Number of images.
    count : int
        Number of images to keep.

    Returns
    -------
    ndarray of int64, shape (min(n, count),)
        Sorted positions.
    """
    return np.sort(np.random.default_rng(SAMPLE_SEED).permutation(n)[:count])


def filename(seed: int) -> str:
    """Return the name of a replicate's file."""
    return f"seed-{seed}.npz"
