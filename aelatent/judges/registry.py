"""The judges as they sit: made from what is stored, each with its card beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from aelatent.judges.card import JudgeCard
from aelatent.judges.digits import DigitJudge
from aelatent.judges.faces import FaceJudge
from aelatent.judges.judge import Judge, Pixels
from aelatent.zoo import Collection

CLASSIFIER = "digit_judge"
PREFIX = "judge/"
NAMES = ("digits", "faces")


@dataclass(frozen=True, eq=False)
class ImageJudge:
    """A judge whose errors are known."""

    judge: Judge
    card: JudgeCard

    @property
    def threshold(self) -> float:
        """The score from which on an image is accepted."""
        return self.judge.threshold

    def accepts(self, pixels: Pixels) -> NDArray[np.bool_]:
        """Return for each image whether it shows what it should."""
        return self.judge.accepts(pixels)

    def classes(self, pixels: Pixels) -> NDArray[np.int64]:
        """Return the class of each image, -1 where the judge abstains.

        Raises
        ------
        TypeError
            If the judge knows no classes.
        """
        if not isinstance(self.judge, DigitJudge):
            raise TypeError(
                f"expected a judge that tells classes, received that of {self.judge.name}"
            )
        return self.judge.classes(pixels)


def judge(name: str, collection: Collection, seed: int = 0) -> Judge:
    """Make a judge; the digit judge from the classifier that was trained from `seed`.

    Raises
    ------
    FixtureError
        If the classifier's replicate cannot be used.
    """
    if name == "faces":
        return FaceJudge()
    replicate = collection.replicate(CLASSIFIER, seed)
    arrays = {
        key.removeprefix(PREFIX): value
        for key, value in replicate.arrays.items()
        if key.startswith(PREFIX)
    }
    return DigitJudge(replicate.classify, arrays)


def image_judge(name: str, collection: Collection) -> ImageJudge:
    """Make a judge and read its card.

    Raises
    ------
    FixtureError, StorageError
        If the judge or its card cannot be read.
    """
    return ImageJudge(judge(name, collection), JudgeCard.read(card_path(name, collection)))


def card_path(name: str, collection: Collection) -> Path:
    """Return where the card of a judge is stored."""
    return collection.folder / "judges" / f"{name}.json"


def models_of(name: str | None) -> Sequence[str]:
    """Return the fixture models that a judge is made of."""
    return (CLASSIFIER,) if name == "digits" else ()
