"""The judges by name: each made from what is stored, with its card.

A new judge is one module with a `SPEC` and one entry of `JUDGES` here; then come its labels
(`aelatent.judges.labelling`), its rule (`aelatent.judges.fitting`) and its card
(`aelatent judges NAME --measure`).
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from aelatent.judges import digits, faces
from aelatent.judges.card import JudgeCard
from aelatent.judges.grade import Grade
from aelatent.judges.grading import Grades, Measures
from aelatent.judges.judge import (
    ABSTAINS,
    ClassJudge,
    DelegatingJudge,
    Judge,
    JudgeSpec,
    Pixels,
    RuleJudge,
)
from aelatent.runtime import files
from aelatent.zoo import Collection, FixtureError

JUDGES: dict[str, JudgeSpec] = {spec.name: spec for spec in (digits.SPEC, faces.SPEC)}
NAMES = tuple(JUDGES)
KEPT = 100
"""Sets of images whose measures are kept: those of a few claims and of their controls."""
T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class ImageJudge(DelegatingJudge):
    """A judge with its card, so that its errors are known."""

    judge: Judge
    card: JudgeCard

    def measures(self, pixels: Pixels) -> Mapping[str, Measures]:
        """Return what the judge measures of images: numbers by name, each (n,).

        A judge of this library measures the same images once: every claim about a model shows it
        the same reconstructions.
        """
        if not isinstance(self.judge, RuleJudge):
            return self.judge.measures(pixels)
        return self._measured(pixels, lambda: MappingProxyType(self.judge.measures(pixels)))

    @cached_property
    def _measured(self) -> _Kept[Mapping[str, Measures]]:
        return _Kept()

    @cached_property
    def _named(self) -> _Kept[NDArray[np.int64]]:
        return _Kept()

    def accepts(self, pixels: Pixels, grade: Grade = Grade.CLEAN) -> NDArray[np.bool_]:
        """Return which images reach a grade, at the judge's threshold.

        Parameters
        ----------
        pixels : ndarray of uint8, shape (n, h, w, c)
        grade : Grade
            By default they must be clean; `Grade.DAMAGED` asks for recognisable ones.

        Returns
        -------
        ndarray of bool, shape (n,)
        """
        return np.asarray(self.grade(pixels).grades >= grade)

    def classes(self, pixels: Pixels, grades: Grades | None = None) -> NDArray[np.int64]:
        """Return the class of each image, -1 where the judge abstains.

        A judge of this library names the same images once: each of its readings asks for them.

        Parameters
        ----------
        pixels : ndarray of uint8, shape (n, h, w, c)
        grades : ndarray of int8, shape (n,), optional
            Of these images, at another reading; by default those at the threshold.

        Returns
        -------
        ndarray of int64, shape (n,)

        Raises
        ------
        TypeError
            If the judge knows no classes.
        """
        judge = self.judge
        if not isinstance(judge, ClassJudge):
            raise TypeError(f"expected a judge that tells classes, received that of {judge.name}")
        if not isinstance(judge, RuleJudge):
            return judge.classes(pixels, grades)
        if grades is None:
            grades = self.grades(self.measures(pixels))
        clean = np.full(len(pixels), Grade.CLEAN, np.int8)
        named = self._named(pixels, lambda: judge.classes(pixels, clean))
        return np.where(grades > Grade.NONE, named, ABSTAINS)


class _Kept(Generic[T]):
    """What was found about the last sets of images, by what they show."""

    def __init__(self) -> None:
        self._found: OrderedDict[str, T] = OrderedDict()

    def __call__(self, pixels: Pixels, find: Callable[[], T]) -> T:
        """Return what is known of these images, found first where nothing is."""
        key = f"{pixels.dtype} {pixels.shape} {files.digest(pixels.tobytes())}"
        if key not in self._found:
            self._found[key] = find()
        self._found.move_to_end(key)
        while len(self._found) > KEPT:
            self._found.popitem(last=False)
        return self._found[key]


def find(name: str) -> JudgeSpec:
    """Return the specification of a judge.

    Raises
    ------
    FixtureError
        If no judge has this name.
    """
    if name not in JUDGES:
        raise FixtureError(f"judge: expected one of {', '.join(NAMES)}, received {name!r}")
    return JUDGES[name]


def make_judge(name: str, collection: Collection) -> RuleJudge:
    """Make a judge from what is stored.

    Parameters
    ----------
    name : str
        One of `NAMES`.
    collection : Collection
        Holds the fixture models that the judge is made of, if any.

    Returns
    -------
    RuleJudge

    Raises
    ------
    FixtureError
        If no judge has this name, or a replicate that it is made of cannot be used.
    """
    return find(name).make(collection)


def image_judge(name: str, collection: Collection) -> ImageJudge:
    """Make a judge and read its card.

    Parameters
    ----------
    name : str
        One of `NAMES`.
    collection : Collection
        Holds the card, and the fixture models that the judge is made of.

    Returns
    -------
    ImageJudge

    Raises
    ------
    FixtureError, StorageError
        If the judge or its card cannot be read.
    """
    return ImageJudge(make_judge(name, collection), JudgeCard.read(card_path(name, collection)))


def card_path(name: str, collection: Collection) -> Path:
    """Return where the card of a judge is stored.

    Parameters
    ----------
    name : str
        One of `NAMES`.
    collection : Collection

    Returns
    -------
    Path
        "judges/NAME.json" in the collection's folder.
    """
    return collection.folder / "judges" / f"{name}.json"


def models_of(name: str | None) -> Sequence[str]:
    """Return the fixture models that a judge is made of; none where there is no judge."""
    return () if name is None else find(name).models
