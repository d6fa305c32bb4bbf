"""The face judge: how many windows of a photograph a cascade takes for a face."""

from __future__ import annotations

import math
import os
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import numpy as np
from numpy.typing import NDArray
from skimage.data import lbp_frontal_face_cascade_filename
from skimage.feature import Cascade

from aelatent.judges.judge import Pixels, checked
from aelatent.judges.nonimages import recast

SHAPE = 96, 96, 3
WINDOW = 60, 96
"""Smallest and largest side of a window; a face fills most of the image."""
SCALE = 1.05
ACCEPTANCE = 0.97
"""Share of the calibration originals that the threshold lets through."""
THRESHOLD = 4.0
"""What `calibrate` returns for half of the held-out people of Labeled Faces in the Wild."""
APART = 2.0
"""Windows are merged when they overlap by more than this share: never, so all are counted."""


class FaceJudge:
    """Accepts an image in which enough windows look like a frontal face.

    The cascade of local binary patterns that comes with scikit-image (Liao et al. 2007, "Learning
    multi-scale block local binary patterns for face recognition", as trained for OpenCV) looks
    through every window of 60 to 96 pixels. A face is found again and again, at neighbouring
    places and scales; clutter that resembles one is found once or twice. So the score counts the
    windows instead of merging them.

    Parameters
    ----------
    threshold : float
        Number of windows that makes a face.

    Examples
    --------
    >>> grey = np.full((1, 96, 96, 3), 128, np.uint8)
    >>> FaceJudge().accepts(grey).tolist()
    [False]
    """

    name = "faces"

    def __init__(self, threshold: float = THRESHOLD) -> None:
        self.threshold = threshold

    def scores(self, pixels: Pixels) -> NDArray[np.float64]:
        """Count the windows of each image that pass the cascade.

        Parameters
        ----------
        pixels : ndarray of uint8, shape (n, h, w, 1 or 3)
            Brought to 96x96 and RGB if they are not.

        Returns
        -------
        ndarray of float64, shape (n,)
            0 where nothing looks like a face; tens for a clear one.
        """
        # The cascade lets go of the interpreter lock, so threads are enough.
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            counts = list(pool.map(_windows, recast(checked(pixels), SHAPE)))
        return np.array(counts, dtype=np.float64)

    def accepts(self, pixels: Pixels) -> NDArray[np.bool_]:
        """Return for each image whether it shows a face."""
        return self.scores(pixels) >= self.threshold


def calibrate(originals: Pixels, acceptance: float = ACCEPTANCE) -> float:
    """Return the largest threshold that accepts at least the share `acceptance` of `originals`.

    Raises
    ------
    ValueError
        If that many originals are not found at all: then the images are no frontal faces.
    """
    ordered = np.sort(FaceJudge().scores(originals))
    threshold = float(ordered[len(ordered) - math.ceil(acceptance * len(ordered))])
    if threshold < 1:
        raise ValueError(
            f"expected frontal faces in {acceptance:.0%} of the originals, received fewer; "
            "use originals in which the face fills most of the image"
        )
    return threshold


def calibration_half(people: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Mark the images of every other person, in the order of their numbers.

    Examples
    --------
    >>> calibration_half(np.array([7, 7, 3, 9])).tolist()
    [False, False, True, True]
    """
    known, position = np.unique(people, return_inverse=True)
    half: NDArray[np.bool_] = np.arange(len(known)) % 2 == 0
    return half[position]


@cache
def _cascade() -> Cascade:
    return Cascade(lbp_frontal_face_cascade_filename())


def _windows(image: Pixels) -> int:
    smallest, largest = WINDOW
    found = _cascade().detect_multi_scale(
        image,
        scale_factor=SCALE,
        step_ratio=1,
        min_size=(smallest, smallest),
        max_size=(largest, largest),
        min_neighbor_number=0,
        intersection_score_threshold=APART,
    )
    return len(found)
