"""What every judge can do, and how one is described to the registry."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from aelatent.inference.rules import THRESHOLD
from aelatent.judges.grading import Graded, Grades, GradingRule, Measures

if TYPE_CHECKING:
    from aelatent.zoo import Collection

Pixels = NDArray[np.uint8]
ABSTAINS = -1
"""The class of an image that shows nothing recognisable."""


class Grader(Protocol):
    """Grades images by what was measured of them: a judge, or a rule that was fitted to labels."""

    @property
    def readings(self) -> tuple[str, ...]:
        """The names of the readings."""

    def grades(self, measures: Mapping[str, Measures], reading: str = THRESHOLD) -> Grades:
        """Return the grade of each image from what was measured of it.

        Parameters
        ----------
        measures : mapping of str to ndarray of float64, shape (n,)
        reading : str
            One of `readings`.

        Returns
        -------
        ndarray of int8, shape (n,)
            Values of `Grade`.
        """


class Judge(Grader, Protocol):
    """Grades images.

    Attributes
    ----------
    name : str
        What it recognises, such as "faces" or "digits".
    readings : tuple of str
        All reasonable ways to read what it measures; the first, "threshold", counts.
    """

    name: str

    def measures(self, pixels: Pixels) -> Mapping[str, Measures]:
        """Return what the judge measures of images (n, h, w, c): numbers by name, each (n,)."""

    def grade(self, pixels: Pixels) -> Graded:
        """Return the grade and the score of each image."""


@runtime_checkable
class ClassJudge(Judge, Protocol):
    """A judge that also names the class of each recognisable image."""

    def classes(self, pixels: Pixels, grades: Grades | None = None) -> NDArray[np.int64]:
        """Return the class of each image; -1 where the judge abstains.

        It abstains where an image shows nothing.

        Parameters
        ----------
        pixels : ndarray of uint8, shape (n, h, w, c)
        grades : ndarray of int8, shape (n,), optional
            Of these images, at another reading; by default those at the threshold.

        Returns
        -------
        ndarray of int64, shape (n,)
        """
        ...


class DelegatingGrader:
    """Grades as another judge or a rule does."""

    @property
    @abstractmethod
    def _grader(self) -> Grader:
        """The other judge, or the rule."""

    @property
    def readings(self) -> tuple[str, ...]:
        """The names of the readings: threshold, ends of the band, each principle alone."""
        return self._grader.readings

    def grades(self, measures: Mapping[str, Measures], reading: str = THRESHOLD) -> Grades:
        """Return the grade of each image from what was measured of it.

        Parameters
        ----------
        measures : mapping of str to ndarray of float64, shape (n,)
        reading : str
            One of `readings`.

        Returns
        -------
        ndarray of int8, shape (n,)
            Values of `Grade`.
        """
        return self._grader.grades(measures, reading)


class DelegatingJudge(DelegatingGrader):
    """What asks another judge for everything that it does not do itself.

    Attributes
    ----------
    judge : Judge
        The other one.
    """

    judge: Judge

    @property
    def _grader(self) -> Grader:
        return self.judge

    def measures(self, pixels: Pixels) -> Mapping[str, Measures]:
        """Return what the judge measures of images: numbers by name, each (n,)."""
        return self.judge.measures(pixels)

    def grade(self, pixels: Pixels) -> Graded:
        """Return the grade and the score of each image."""
        return self.judge.grade(pixels)


class RuleJudge(DelegatingGrader):
    """A judge whose grades follow from a rule that was fitted to labels.

    Parameters
    ----------
    rule : GradingRule
    """

    name: str

    def __init__(self, rule: GradingRule) -> None:
        self.rule = rule

    @property
    def _grader(self) -> Grader:
        return self.rule

    @abstractmethod
    def measures(self, pixels: Pixels) -> Mapping[str, Measures]:
        """Return what the judge measures of images."""

    def grade(self, pixels: Pixels) -> Graded:
        """Grade images.

        Parameters
        ----------
        pixels : ndarray of uint8, shape (n, h, w, 1 or 3)

        Returns
        -------
        Graded
            The score is the grade to expect, from 0 (none) to 2 (clean).

        Raises
        ------
        ValueError
            If the pixels have another type or shape.
        """
        measured = self.measures(pixels)
        return Graded(self.rule.grades(measured), self.rule.scores(measured))


@dataclass(frozen=True)
class JudgeSpec:
    """A judge as the registry lists it: how to make it, to fit it, and to measure its card.

    Attributes
    ----------
    name : str
        The value of `judge` in a fixture model's or a user's YAML file, such as "faces".
    noun : str
        What one image shows, such as "face".
    images : str
        Image set that shows what the judge recognises; its held-out images measure the card.
    other_images : str
        Image set that shows something else.
    make : callable
        From a collection of fixture models to the judge.
    fit : callable
        From labelled images, their grades by eye and a collection to the judge.
    to_json : callable
        From a fitted judge to what is stored of it.
    models : tuple of str
        Fixture models that the judge is made of.
    """

    name: str
    noun: str
    images: str
    other_images: str
    make: Callable[[Collection], RuleJudge]
    fit: Callable[[Pixels, Grades, Collection], Any]
    to_json: Callable[[Any], str]
    models: tuple[str, ...] = ()


def validated(pixels: Pixels) -> Pixels:
    """Return `pixels` unchanged if every judge can read them.

    Raises
    ------
    ValueError
        If they are not uint8 of shape (n, h, w, 1 or 3).
    """
    if pixels.dtype != np.uint8 or pixels.ndim != 4 or pixels.shape[-1] not in (1, 3):
        raise ValueError(
            "judge: expected uint8 pixels of shape (n, h, w, 1 or 3), "
            f"received {pixels.dtype} of shape {pixels.shape}; decodes are scaled to 0..255 first"
        )
    return pixels
