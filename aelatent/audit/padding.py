"""Judges that see images with a margin, for originals that are cut closer than a judge expects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from aelatent.judges.grade import Grade
from aelatent.judges.grading import Graded, Measures
from aelatent.judges.judge import DelegatingJudge, Judge, Pixels

PADDINGS = 0.0, 0.15, 0.3  # of the sides, on each side; tried in this order


class PaddedJudge(DelegatingJudge):
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

    def measures(self, pixels: Pixels) -> Mapping[str, Measures]:
        """Return what the judge measures of images with their margin."""
        return self.judge.measures(padded(pixels, self.padding))

    def grade(self, pixels: Pixels) -> Graded:
        """Return the grade and the score of each image with its margin."""
        return self.judge.grade(padded(pixels, self.padding))


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
    """Return the judge with the margin under which it finds most originals clean.

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
    judges = [PaddedJudge(judge, padding) if padding else judge for padding in paddings]
    clean = [np.mean(each.grade(originals).grades == Grade.CLEAN) for each in judges]
    return judges[int(np.argmax(clean))]
