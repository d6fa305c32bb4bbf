"""Judges that a description names: the user's own code, or one of the registry."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from aelatent.audit import networks
from aelatent.audit.description import DescriptionError, ModelDescription
from aelatent.judges import registry
from aelatent.judges.judge import Judge, Pixels
from aelatent.latent.cloud import Floats
from aelatent.runtime import resources
from aelatent.zoo import Collection

ACCEPTED = 0.97  # of the originals that set the threshold


class UserJudge:
    """A judge in the user's own code: scores or booleans for images.

    Parameters
    ----------
    name : str
        `module:callable`.
    folder : Path
        Folder of the description, from which the module can be imported.
    threshold : float
        The lowest score at which an image is accepted; 0.5 suits booleans.
    """

    def __init__(self, name: str, folder: Path, threshold: float = 0.5) -> None:
        self.name = name
        self.threshold = threshold
        self._call = networks.import_callable(name, folder)

    def fit_threshold(self, originals: Pixels) -> None:
        """Set the threshold to accept 97 % of the originals, unless all scores are 0 or 1."""
        scores = self.scores(originals)
        if set(np.unique(scores)) - {0.0, 1.0}:
            self.threshold = float(np.quantile(scores, 1 - ACCEPTED))

    def scores(self, pixels: Pixels) -> Floats:
        """Return the user's score of each image, (n,)."""
        scores = np.asarray(self._call(pixels))
        if scores.shape != (len(pixels),):
            raise DescriptionError(
                f"{self.name}: expected one score for each of {len(pixels)} images, received an "
                f"array of shape {scores.shape}"
            )
        return scores.astype(np.float64)

    def accepts(self, pixels: Pixels) -> NDArray[np.bool_]:
        """Return for each image whether its score reaches the threshold."""
        return self.scores(pixels) >= self.threshold


def named_judge(description: ModelDescription) -> Judge:
    """Make the judge that a description names."""
    assert description.judge is not None  # noqa: S101 -- for mypy: callers check it
    if description.judge in registry.NAMES:
        return registry.make_judge(description.judge, Collection(resources.folder("fixtures")))
    return UserJudge(description.judge, description.folder)
