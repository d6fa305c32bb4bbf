"""The face judge: it counts the windows of a photograph that a cascade takes for a face."""

from __future__ import annotations

import math
import os
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import numpy as np
from numpy.typing import NDArray
from skimage.data import lbp_frontal_face_cascade_filename
from skimage.feature import Cascade

from aelatent.judges import measurement
from aelatent.judges.card import JudgeCard
from aelatent.judges.judge import Judge, JudgeSpec, Pixels, validated
from aelatent.judges.measurement import CardImages, Kind
from aelatent.judges.nonimages import double_exposures, recast
from aelatent.zoo import Collection

SHAPE = 96, 96, 3
WINDOW = 60, 96
"""Smallest and largest side of a window; a face fills most of the image."""
SCALE = 1.05
ACCEPTANCE = 0.97
"""Share of the calibration originals that the threshold lets through."""
THRESHOLD = 4.0
"""What `calibrate` returns for half of the held-out people of Labeled Faces in the Wild."""
OVERLAP = 2.0
"""Windows are merged when they overlap by more than this share: never, so all are counted."""
FACES_ACCEPTED, NONFACES_ACCEPTED = 0.95, 0.02
ALIGNED = (
    "the mean of two aligned faces shows a face, so to accept it is no fault; "
    "the kind stays on the card and out of the false acceptance"
)


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
        # The cascade releases the interpreter lock, so threads are enough.
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            counts = list(pool.map(_windows, recast(validated(pixels), SHAPE)))
        return np.array(counts, dtype=np.float64)

    def accepts(self, pixels: Pixels) -> NDArray[np.bool_]:
        """Return for each image whether it shows a face."""
        return self.scores(pixels) >= self.threshold


def calibrate(originals: Pixels, acceptance: float = ACCEPTANCE) -> float:
    """Return the largest threshold that accepts at least the share `acceptance` of `originals`.

    Parameters
    ----------
    originals : ndarray of uint8, shape (n, h, w, 1 or 3)
        Photographs of frontal faces.
    acceptance : float
        From 0 to 1.

    Returns
    -------
    float
        For `FaceJudge`.

    Raises
    ------
    ValueError
        If the cascade finds too few of the faces: then the images are no frontal faces.
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


def measure_card(_: Judge, images: CardImages, rng: np.random.Generator) -> JudgeCard:
    """Set the threshold on one half of the held-out people and measure on the other half.

    Parameters
    ----------
    _ : Judge
        Not used: the card is that of a judge whose threshold is set here.
    images : CardImages
        `own` needs `groups`, the people.
    rng : numpy.random.Generator

    Returns
    -------
    JudgeCard
        Its threshold is the one for `FaceJudge`.

    Raises
    ------
    ValueError
        If the faces have no groups, or the cascade finds hardly any of them.
    """
    held_out = images.own.held_out()
    if held_out.groups is None:
        raise ValueError(
            f"images {images.own.name!r}: expected groups that tell people apart, none came"
        )
    half = calibration_half(held_out.groups)
    judge = FaceJudge(calibrate(held_out.pixels[half]))
    faces, people = held_out.take(~half).pixels, held_out.groups[~half]
    nonfaces = {
        **measurement.generated_nonimages(faces, "faces", measurement.EACH, rng),
        "digits": measurement.sample_others(images.others, images.own.shape, rng),
        "decodes of an untrained decoder": images.untrained_decodes,
    }
    pairs = double_exposures(measurement.EACH, faces, people, rng)
    return measurement.measure(
        judge,
        measurement.genuine_kinds(faces, images.reconstructions, FACES_ACCEPTED)
        | {name: Kind(pixels, False, NONFACES_ACCEPTED) for name, pixels in nonfaces.items()}
        | {"overlaid pairs of faces": Kind(pairs, False, NONFACES_ACCEPTED, ALIGNED)},
    )


def _make(_: Collection, __: int) -> FaceJudge:
    """Make the judge; it needs no fixture model."""
    return FaceJudge()


SPEC = JudgeSpec(
    name=FaceJudge.name,
    noun="face",
    score_label="{} windows",
    images="lfw",
    other_images="mnist",
    make=_make,
    measure_card=measure_card,
)


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
        intersection_score_threshold=OVERLAP,
    )
    return len(found)
