"""From what a judge measures of an image to its grade, by thresholds that were set on labels."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from aelatent.inference.rules import THRESHOLD
from aelatent.judges.grade import Grade

LENIENT, STRICT = "lenient", "strict"
ENDS = LENIENT, STRICT
CONTRAST = "contrast"

Measures = NDArray[np.float64]
Grades = NDArray[np.int8]


@dataclass(frozen=True)
class Boundary:
    """Where one grade ends and the next begins: log-odds that are linear in the measures.

    Attributes
    ----------
    weights : mapping of str to float
        By the name of the measure.
    bias : float
    threshold : float
        Log-odds from which an image belongs to the higher grade.
    lenient, strict : float
        The ends of the band of reasonable thresholds.
    """

    weights: Mapping[str, float]
    bias: float
    threshold: float
    lenient: float
    strict: float

    def log_odds(self, measures: Mapping[str, Measures]) -> Measures:
        """Return the log-odds of each image for the higher grade, (n,)."""
        total = sum(weight * measures[name] for name, weight in self.weights.items())
        return np.asarray(total + self.bias)


@dataclass(frozen=True)
class Opinion:
    """The two boundaries as one set of measures sees them.

    Attributes
    ----------
    recognisable : Boundary
        Between *none* and *damaged*.
    clean : Boundary
        Between *damaged* and *clean*, among recognisable images.
    """

    recognisable: Boundary
    clean: Boundary

    def grades(self, measures: Mapping[str, Measures], end: str = THRESHOLD) -> Grades:
        """Return the grade of each image.

        Parameters
        ----------
        measures : mapping of str to ndarray of float64, shape (n,)
        end : str
            "threshold", or the end of the band: "lenient" or "strict".

        Returns
        -------
        ndarray of int8, shape (n,)
            Values of `Grade`.
        """
        recognisable, clean = (
            boundary.log_odds(measures) >= getattr(boundary, end)
            for boundary in (self.recognisable, self.clean)
        )
        return (recognisable.astype(np.int8) + (recognisable & clean)).astype(np.int8)


@dataclass(frozen=True)
class GradingRule:
    """All that a judge knows from its labels.

    Attributes
    ----------
    combined : Opinion
        Of all measures together.
    principles : mapping of str to Opinion
        Of each principle alone, by its name.
    contrast : float
        An image whose standard deviation in grey levels (0 to 255) stays below shows nothing.
    """

    combined: Opinion
    principles: Mapping[str, Opinion]
    contrast: float

    @cached_property
    def readings(self) -> tuple[str, ...]:
        """The names of all ways to read the judge; the first is the one that counts."""
        return (THRESHOLD, *ENDS, *(f"{name} alone" for name in self.principles))

    def grades(self, measures: Mapping[str, Measures], reading: str = THRESHOLD) -> Grades:
        """Return the grade of each image.

        Parameters
        ----------
        measures : mapping of str to ndarray of float64, shape (n,)
            With "contrast".
        reading : str
            One of `readings`.

        Returns
        -------
        ndarray of int8, shape (n,)
            Values of `Grade`.

        Raises
        ------
        ValueError
            If there is no such reading.
        """
        if reading not in self.readings:
            raise ValueError(f"reading: expected one of {self.readings}, received {reading!r}")
        alone = reading.removesuffix(" alone")
        if alone in self.principles:
            grades = self.principles[alone].grades(measures)
        else:
            grades = self.combined.grades(measures, reading)
        grades[measures[CONTRAST] < self.contrast] = Grade.NONE
        return grades

    def scores(self, measures: Mapping[str, Measures]) -> Measures:
        """Return a score for each image: the grade to expect, from 0 (none) to 2 (clean).

        It orders images; grades come from `grades`, whose two thresholds it does not know.
        """
        recognisable = expit(self.combined.recognisable.log_odds(measures))
        score = recognisable * (1 + expit(self.combined.clean.log_odds(measures)))
        return np.where(measures[CONTRAST] < self.contrast, 0.0, score)

    def to_json(self) -> str:
        """Return the rule as JSON."""
        return json.dumps(asdict(self), indent=1) + "\n"

    @classmethod
    def from_json(cls, text: str) -> GradingRule:
        """Read what `to_json` wrote."""
        content = json.loads(text)
        principles = {name: _opinion(entry) for name, entry in content["principles"].items()}
        return cls(_opinion(content["combined"]), principles, content["contrast"])


@dataclass(frozen=True, eq=False)
class Graded:
    """The grades of images.

    Attributes
    ----------
    grades : ndarray of int8, shape (n,)
        Values of `Grade`.
    scores : ndarray of float64, shape (n,)
        The higher, the better; what it means is the judge's.
    """

    grades: Grades
    scores: Measures

    @property
    def words(self) -> list[str]:
        """The grades in words: "none", "damaged" or "clean"."""
        return [Grade(grade).word for grade in self.grades]


def contrast(pixels: NDArray[np.uint8]) -> Measures:
    """Return the standard deviation of each image in grey levels, (n,)."""
    channels = np.moveaxis(pixels, -1, 0)
    # A few sums of whole images take a fifth of the time of a sum over each pixel's few channels.
    grey = sum(channels[1:], channels[0].astype(np.uint16)) / len(channels)
    return np.asarray(grey.std(axis=(1, 2)))


def _opinion(entry: dict[str, Any]) -> Opinion:
    return Opinion(Boundary(**entry["recognisable"]), Boundary(**entry["clean"]))
