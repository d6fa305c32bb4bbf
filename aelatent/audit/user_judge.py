"""Judges that a description names: the user's own code, or one of the registry."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from aelatent.audit import networks, user_code
from aelatent.audit.description import DescriptionError, ModelDescription
from aelatent.inference.rules import THRESHOLD
from aelatent.judges import registry
from aelatent.judges.grade import Grade
from aelatent.judges.grading import Graded, Grades, Measures
from aelatent.judges.judge import Judge, Pixels
from aelatent.runtime import resources
from aelatent.zoo import Collection

ACCEPTED = 0.97  # of the originals that set the threshold
SCORE = "score"


class UserJudge:
    """A judge in the user's own code: scores or booleans for images.

    An image is clean where the score reaches the threshold, and none elsewhere: one threshold knows
    no damaged images.

    Parameters
    ----------
    name : str
        `module:callable`.
    folder : Path
        Folder of the description, from which the module can be imported.
    threshold : float
        The lowest score of a clean image; 0.5 suits booleans.
    seconds : float
        That a call may take; 0 for no limit.
    """

    readings = (THRESHOLD,)

    def __init__(
        self, name: str, folder: Path, threshold: float = 0.5, seconds: float = user_code.SECONDS
    ) -> None:
        self.name = name
        self.threshold = threshold
        self.seconds = seconds
        self._call = networks.import_callable(name, folder, seconds)

    def fit_threshold(self, originals: Pixels) -> None:
        """Set the threshold so that 97 % of originals are clean, unless all scores are 0 or 1."""
        scores = self.measures(originals)[SCORE]
        if set(np.unique(scores)) - {0.0, 1.0}:
            self.threshold = float(np.quantile(scores, 1 - ACCEPTED))

    def measures(self, pixels: Pixels) -> Mapping[str, Measures]:
        """Return the user's score of each image, (n,), as "score".

        Raises
        ------
        DescriptionError
            If the user's code does not return one number an image.
        """
        try:
            with user_code.guarded(self.name, self.seconds):
                scores = np.asarray(self._call(pixels))
        except user_code.UserCodeError as error:
            raise DescriptionError(str(error)) from error
        if scores.shape != (len(pixels),):
            raise DescriptionError(
                f"{self.name}: expected one score for each of {len(pixels)} images, received an "
                f"array of shape {scores.shape}"
            )
        return {SCORE: scores.astype(np.float64)}

    def grades(self, measures: Mapping[str, Measures], reading: str = THRESHOLD) -> Grades:
        """Return the grade of each image from its score.

        Parameters
        ----------
        measures : mapping of str to ndarray of float64, shape (n,)
        reading : str
            "threshold": there is no other.

        Returns
        -------
        ndarray of int8, shape (n,)
            `Grade.CLEAN` or `Grade.NONE`.
        """
        del reading
        clean = measures[SCORE] >= self.threshold
        return np.where(clean, Grade.CLEAN, Grade.NONE).astype(np.int8)

    def grade(self, pixels: Pixels) -> Graded:
        """Return the grade and the user's score of each image."""
        measured = self.measures(pixels)
        return Graded(self.grades(measured), measured[SCORE])


def named_judge(description: ModelDescription) -> Judge:
    """Make the judge that a description names."""
    assert description.judge is not None  # noqa: S101 -- for mypy: callers check it
    if description.judge in registry.NAMES:
        return registry.make_judge(description.judge, Collection(resources.folder("fixtures")))
    return UserJudge(description.judge, description.folder, seconds=description.call_seconds)
