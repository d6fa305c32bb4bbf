"""Measure judge cards: count the grades that a judge gives to images of each kind."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aelatent.data import Images
from aelatent.judges import nonimages
from aelatent.judges.card import LABELLED, CardRow, JudgeCard, counts
from aelatent.judges.grade import Grade
from aelatent.judges.judge import ClassJudge, Judge, Pixels
from aelatent.judges.labelling import HALVES, LabelledImage

EACH = 1000
"""Number of images of each generated kind."""
FEWEST = 5
"""Labelled images of one kind and grade that make a kind of their own."""


@dataclass(frozen=True, eq=False)
class Kind:
    """Images of one kind.

    Attributes
    ----------
    name : str
        What they are, in words.
    grade : Grade or None
        What all of them show; None where that is not known.
    pixels : ndarray of uint8, shape (n, h, w, c)
    """

    name: str
    grade: Grade | None
    pixels: Pixels


def measure(
    judge: Judge, kinds: Iterable[Kind], accuracy: tuple[int, int] | None = None
) -> JudgeCard:
    """Count the grades that a judge gives to images of each kind, at each of its readings.

    Parameters
    ----------
    judge : Judge
    kinds : iterable of Kind
    accuracy : tuple of int, optional
        See `measure_accuracy`.

    Returns
    -------
    JudgeCard
    """
    rows: dict[str, list[CardRow]] = {reading: [] for reading in judge.readings}
    for kind in kinds:
        measures = judge.measures(kind.pixels)
        for reading, found in rows.items():
            found.append(CardRow(kind.name, kind.grade, counts(judge.grades(measures, reading))))
    return JudgeCard(judge.name, {name: tuple(found) for name, found in rows.items()}, accuracy)


def measure_accuracy(
    judge: ClassJudge, pixels: Pixels, labels: NDArray[np.int64]
) -> tuple[int, int]:
    """Count the recognisable images that the judge assigns to their true class.

    Parameters
    ----------
    judge : ClassJudge
    pixels : ndarray of uint8, shape (n, h, w, c)
    labels : ndarray of int64, shape (n,)
        True classes.

    Returns
    -------
    tuple of int
        How many were right, of how many.
    """
    classes = judge.classes(pixels)
    recognisable = classes >= 0
    return int((classes == labels)[recognisable].sum()), int(recognisable.sum())


def labelled_kinds(images: Sequence[LabelledImage], pixels: Pixels) -> list[Kind]:
    """Group the labelled images that only test, by how they were made and by what they show.

    Parameters
    ----------
    images : sequence of LabelledImage, length n
    pixels : ndarray of uint8, shape (n, h, w, c)

    Returns
    -------
    list of Kind
        Those of fewer than `FEWEST` images of one grade are put together.
    """
    places: dict[tuple[str, Grade], list[int]] = {}
    for place, image in enumerate(images):
        if image.half == HALVES[1]:
            places.setdefault((image.kind, image.grade), []).append(place)
    rare: dict[Grade, list[int]] = {}
    kinds = []
    for (kind, grade), chosen in places.items():
        if len(chosen) < FEWEST:
            rare.setdefault(grade, []).extend(chosen)
        else:
            kinds.append(Kind(LABELLED + kind, grade, pixels[chosen]))
    return kinds + [Kind(f"{LABELLED}others", g, pixels[p]) for g, p in sorted(rare.items())]


def generated_nonimages(
    originals: Pixels, noun: str, n: int, rng: np.random.Generator
) -> dict[str, Pixels]:
    """Generate the non-images that can be made of any originals.

    Parameters
    ----------
    originals : ndarray of uint8, shape (m, h, w, c)
        What scrambles and tiles are made of.
    noun : str
        What the originals are called, in the plural.
    n : int
        Number of images of each kind.
    rng : numpy.random.Generator

    Returns
    -------
    dict of str to ndarray of uint8, shape (n, h, w, c)
        Noise, phase scrambles, shuffled tiles and strokes, by what they are.
    """
    height, width, channels = originals.shape[1:]
    shape = height, width, channels
    return {
        "pixel noise": nonimages.pixel_noise(n, shape, rng),
        f"phase-scrambled {noun}": nonimages.phase_scrambles(n, originals, rng),
        f"{noun} in shuffled tiles": nonimages.shuffled_tiles(n, originals, rng),
        "random strokes": nonimages.strokes(n, shape, rng),
    }


def sample_others(images: Images, shape: tuple[int, int, int], rng: np.random.Generator) -> Pixels:
    """Draw up to `EACH` held-out images of another set, brought to the judge's format.

    Parameters
    ----------
    images : Images
    shape : tuple of int
        Height, width and channels.
    rng : numpy.random.Generator

    Returns
    -------
    ndarray of uint8, shape (n, h, w, c)
    """
    pixels = images.held_out().pixels
    chosen = rng.permutation(len(pixels))[:EACH]
    return nonimages.recast(pixels[chosen], shape)
