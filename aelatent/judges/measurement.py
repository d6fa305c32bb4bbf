"""Measure judge cards: count the images of each kind that a judge accepts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aelatent.data import Images
from aelatent.judges import nonimages
from aelatent.judges.card import ORIGINALS, CardRow, JudgeCard
from aelatent.judges.judge import ClassJudge, Judge, Pixels

EACH = 1000
"""Number of images of each generated kind."""


@dataclass(frozen=True, eq=False)
class Kind:
    """Images of one kind, whether they show what the judge recognises, and the aim.

    Attributes
    ----------
    pixels : ndarray of uint8, shape (n, h, w, c)
    is_image : bool
        Whether the judge should accept them.
    aim : float or None
        Acceptance to reach, or to stay below where `is_image` is false; see `CardRow`.
    uncounted : str
        Why the kind stays out of the false acceptance; empty where it enters.
    """

    pixels: Pixels
    is_image: bool
    aim: float | None = None
    uncounted: str = ""


@dataclass(frozen=True, eq=False)
class CardImages:
    """The images that a card is measured on.

    Attributes
    ----------
    own : Images
        They show what the judge recognises.
    others : Images
        They show something else; the held-out ones are used.
    reconstructions : mapping of str to ndarray of uint8
        Held-out images as autoencoders reconstruct them, by the name of the model.
    untrained_decodes : ndarray of uint8
        What decoders make of codes before any training.
    """

    own: Images
    others: Images
    reconstructions: Mapping[str, Pixels]
    untrained_decodes: Pixels


def measure(judge: Judge, kinds: Mapping[str, Kind], accuracy: CardRow | None = None) -> JudgeCard:
    """Count the images of each kind that a judge accepts.

    Parameters
    ----------
    judge : Judge
    kinds : mapping of str to Kind
        By what the images are, in words.
    accuracy : CardRow, optional
        See `measure_accuracy`.

    Returns
    -------
    JudgeCard
    """
    rows = []
    for name, kind in kinds.items():
        accepted = int(judge.accepts(kind.pixels).sum())
        rows.append(
            CardRow(name, kind.is_image, len(kind.pixels), accepted, kind.aim, kind.uncounted)
        )
    return JudgeCard(judge.name, judge.threshold, tuple(rows), accuracy)


def measure_accuracy(
    judge: ClassJudge, pixels: Pixels, labels: NDArray[np.int64], aim: float | None = None
) -> CardRow:
    """Count the accepted images that the judge assigns to their true class.

    Parameters
    ----------
    judge : ClassJudge
    pixels : ndarray of uint8, shape (n, h, w, c)
    labels : ndarray of int64, shape (n,)
        True classes.
    aim : float, optional
        Accuracy to reach, from 0 to 1.

    Returns
    -------
    CardRow
        Its `n` is the number of accepted images.
    """
    classes = judge.classes(pixels)
    accepted = classes >= 0
    right = int((classes == labels)[accepted].sum())
    return CardRow("right class among accepted originals", True, int(accepted.sum()), right, aim)


def genuine_kinds(
    originals: Pixels, reconstructions: Mapping[str, Pixels], aim: float
) -> dict[str, Kind]:
    """Return the kinds that a judge should accept.

    Parameters
    ----------
    originals : ndarray of uint8, shape (n, h, w, c)
        Held-out images.
    reconstructions : mapping of str to ndarray of uint8
        By the name of the model; reported without an aim.
    aim : float
        Share of the originals to accept.

    Returns
    -------
    dict of str to Kind
    """
    kinds = {ORIGINALS: Kind(originals, True, aim)}
    for model, pixels in reconstructions.items():
        kinds[f"reconstructions of {model}"] = Kind(pixels, True)
    return kinds


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
