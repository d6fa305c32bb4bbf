"""Grades of images by any judge, and originals of a user brought to the framing of a judge."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from aelatent.judges.grade import Grade
from aelatent.judges.judge import Judge, Pixels
from aelatent.latent.cloud import Floats

PADDINGS = 0.0, 0.15, 0.3  # of the sides, on each side; tried in this order


def grades(judge: Judge, pixels: Pixels) -> NDArray[np.int64]:
    """Return the grade of each image.

    Parameters
    ----------
    judge : Judge
        One without grades calls what it accepts clean, and the rest nothing.
    pixels : ndarray of uint8, shape (n, h, w, c)

    Returns
    -------
    ndarray of int64, shape (n,)
        Values of `Grade`.
    """
    if hasattr(judge, "grade"):
        return np.asarray(judge.grade(pixels), np.int64)
    return np.where(judge.accepts(pixels), Grade.CLEAN, Grade.NONE)


class PaddedJudge:
    """A judge that sees images with a margin of reflected pixels.

    The judge of faces looks for a face with some forehead, chin and background around it.
    Photographs that are cut closer lack these.

    Parameters
    ----------
    judge : Judge
    padding : float
        Width of the margin on each side, over the length of that side.
    """

    def __init__(self, judge: Judge, padding: float) -> None:
        self.judge = judge
        self.padding = padding
        self.name = judge.name
        self.threshold = judge.threshold

    def scores(self, pixels: Pixels) -> Floats:
        """Return the judge's score of each image with its margin, (n,)."""
        return self.judge.scores(padded(pixels, self.padding))

    def accepts(self, pixels: Pixels) -> NDArray[np.bool_]:
        """Return for each image with its margin whether the judge accepts it."""
        return self.judge.accepts(padded(pixels, self.padding))

    def grade(self, pixels: Pixels) -> NDArray[np.int64]:
        """Return the grade of each image with its margin, (n,)."""
        return grades(self.judge, padded(pixels, self.padding))


def padded(pixels: Pixels, padding: float) -> Pixels:
    """Return images with a margin of reflected pixels.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (n, h, w, c)
    padding : float
        Width of the margin on each side, over the length of that side; from 0 to 1.

    Returns
    -------
    ndarray of uint8, shape (n, h', w', c)
    """
    height, width = (round(padding * side) for side in pixels.shape[1:3])
    return np.pad(pixels, ((0, 0), (height, height), (width, width), (0, 0)), "reflect")


def fit_padding(judge: Judge, originals: Pixels, paddings: Sequence[float] = PADDINGS) -> Judge:
    """Return the judge with the margin under which it accepts most originals.

    Parameters
    ----------
    judge : Judge
    originals : ndarray of uint8, shape (n, h, w, c)
        The user's, and no decoded image: the choice must not favour any sampler.
    paddings : sequence of float
        In the order in which they are tried; of several equally good ones the first.

    Returns
    -------
    Judge
        `judge` itself where no margin is best.
    """
    rates = [float(judge.accepts(padded(originals, each)).mean()) for each in paddings]
    best = paddings[int(np.argmax(rates))]
    return PaddedJudge(judge, best) if best else judge
