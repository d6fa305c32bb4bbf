"""Checkpoints: an unfinished training, stored after every epoch."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from aelatent.runtime import files
from aelatent.runtime.arrays import pack, unpack
from aelatent.zoo.lock import PROCEDURE
from aelatent.zoo.specification import Specification


@dataclass
class Checkpoint:
    """The state of a training after its last whole epoch.

    Attributes
    ----------
    specification : str
        Digest of the specification that is being trained.
    seed : int
    procedure : int
        As a lock entry has it.
    epoch : int
        Epochs done.
    history : list of dict
        Mean of each loss over every epoch so far.
    seconds : float
        Time spent so far, in all processes that trained it.
    variables : list of ndarray
        Networks, then optimiser, then the state of the noise.
    """

    specification: str
    seed: int
    procedure: int
    epoch: int
    history: list[dict[str, float]]
    seconds: float
    variables: list[NDArray[Any]]

    def belongs_to(self, specification: Specification, seed: int) -> bool:
        """Tell whether the checkpoint is of this training, by the present procedure.

        Parameters
        ----------
        specification : Specification
        seed : int
            Seed of the random numbers.

        Returns
        -------
        bool
        """
        own = self.specification, self.seed, self.procedure
        return own == (specification.digest, seed, PROCEDURE)

    def write(self, path: Path) -> None:
        """Store the checkpoint whole or not at all."""
        meta = {name: value for name, value in vars(self).items() if name != "variables"}
        arrays = {f"variable_{i:04d}": value for i, value in enumerate(self.variables)}
        arrays["meta"] = np.array(json.dumps(meta))
        files.write(path, pack(arrays))

    @classmethod
    def read(cls, path: Path) -> Checkpoint | None:
        """Return the stored checkpoint; None if there is none, or it is damaged."""
        try:
            arrays = unpack(path.read_bytes(), path)
            meta = json.loads(str(arrays.pop("meta")))
            return cls(**meta, variables=[arrays[name] for name in sorted(arrays)])
        except (OSError, files.StorageError, KeyError, TypeError, ValueError):
            return None
