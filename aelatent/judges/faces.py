"""The face judge: a cascade that counts windows, and a network, each with a say."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray
from scipy.special import logit
from skimage.data import lbp_frontal_face_cascade_filename
from skimage.feature import Cascade

from aelatent.data import Images
from aelatent.judges import centerface, fitting, measurement
from aelatent.judges.grade import Grade
from aelatent.judges.grading import CONTRAST, GradingRule, Measures, contrast
from aelatent.judges.judge import JudgeSpec, Pixels, RuleJudge, validated
from aelatent.judges.nonimages import recast
from aelatent.zoo import Collection

SHAPE = 96, 96, 3
WINDOW = 60, 96
"""Smallest and largest side of a window; a face fills most of the image."""
SCALE = 1.05
OVERLAP = 2.0
"""Windows are merged when they overlap by more than this share: never, so all are counted."""
WINDOWS, CERTAINTY, FEATURES = "log windows", "log-odds of a face", "log-odds of a clean face"
PRINCIPLES = {"LBP cascade": (WINDOWS,), "CenterFace": (CERTAINTY, FEATURES)}
PENALTY = 0.003
"""Inverse strength of the penalty on the weights of CenterFace's 320 features."""


class FaceJudge(RuleJudge):
    """Grades images of faces.

    Two principles look at each image. The cascade of local binary patterns that comes with
    scikit-image (Liao et al. 2007, "Learning multi-scale block local binary patterns for face
    recognition", as trained for OpenCV) counts the windows of 60 to 96 pixels that it takes for a
    face: a face is found again and again, at neighbouring places and scales. CenterFace
    (`aelatent.judges.centerface`) says how certain it is of a face, and its features tell clean
    faces from damaged ones, by a logistic regression on labels.

    Examples
    --------
    >>> grey = np.full((1, 96, 96, 3), 128, np.uint8)
    >>> FaceJudge.load().grade(grey).words
    ['none']
    """

    name = "faces"

    def __init__(self, rule: GradingRule, weights: NDArray[np.float64], bias: float) -> None:
        super().__init__(rule)
        self._weights, self._bias = weights, bias

    @classmethod
    def load(cls) -> FaceJudge:
        """Return the judge that comes with the library."""
        path = resources.files("aelatent.judges").joinpath("weights", "faces.json")
        content = json.loads(path.read_text())
        rule = GradingRule.from_json(json.dumps(content["rule"]))
        return cls(rule, np.array(content["weights"]), content["bias"])

    def measures(self, pixels: Pixels) -> Mapping[str, Measures]:
        """Measure images.

        Parameters
        ----------
        pixels : ndarray of uint8, shape (n, h, w, 1 or 3)
            Brought to 96x96 and RGB if they are not.

        Returns
        -------
        mapping of str to ndarray of float64, shape (n,)
        """
        measured, features = look(pixels)
        return measured | {FEATURES: features @ self._weights + self._bias}


def look(pixels: Pixels) -> tuple[dict[str, Measures], NDArray[np.float64]]:
    """Return all measures that need no labels, and CenterFace's features.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (n, h, w, 1 or 3)

    Returns
    -------
    measures : dict of str to ndarray of float64, shape (n,)
    features : ndarray of float64, shape (n, 320)
    """
    images = recast(validated(pixels), SHAPE)
    # Equal images are measured once: controls show hundreds of them.
    distinct, places = _distinct(images)
    certainty, features = centerface.look(distinct)
    measured = {
        WINDOWS: np.log1p(count_windows(distinct))[places],
        CERTAINTY: logit(np.clip(certainty, 1e-3, 1 - 1e-3))[places],
        CONTRAST: contrast(images),
    }
    return measured, features[places]


def _distinct(images: Pixels) -> tuple[Pixels, NDArray[np.intp]]:
    """Return the different ones among images, and the place of each image among these."""
    places: dict[bytes, int] = {}
    of_each = [places.setdefault(image.tobytes(), len(places)) for image in images]
    first = np.unique(of_each, return_index=True)[1]
    return images[first], np.array(of_each, np.intp)


def count_windows(images: Pixels) -> Measures:
    """Count the windows of each image that pass the cascade.

    Parameters
    ----------
    images : ndarray of uint8, shape (n, 96, 96, 3)

    Returns
    -------
    ndarray of float64, shape (n,)
        0 where nothing looks like a face; tens for a clear one.
    """
    # The cascade releases the interpreter lock, so threads are enough.
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return np.array(list(pool.map(_windows, images)), dtype=np.float64)


def fit(pixels: Pixels, grades: NDArray[np.int8], collection: Collection) -> FaceJudge:
    """Fit the judge to labelled images.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (n, 96, 96, 3)
    grades : ndarray of int8, shape (n,)
        By eye.
    collection : Collection
        Not used: the judge needs no fixture model.

    Returns
    -------
    FaceJudge
    """
    del collection
    measured, features = look(pixels)
    seen = grades > Grade.NONE
    weights, bias, unseen = fitting.fit_log_odds(
        features[seen], grades[seen] == Grade.CLEAN, PENALTY
    )
    measured[FEATURES] = features @ weights + bias
    measured[FEATURES][seen] = unseen
    return FaceJudge(fitting.fit_rule(measured, grades, PRINCIPLES), weights, bias)


def to_json(judge: FaceJudge) -> str:
    """Return what `FaceJudge.load` reads."""
    content = {
        "rule": json.loads(judge.rule.to_json()),
        "weights": [float(f"{weight:.6g}") for weight in judge._weights],
        "bias": judge._bias,
    }
    return json.dumps(content, indent=1) + "\n"


def nonimages(images: Images, rng: np.random.Generator) -> dict[str, Pixels]:
    """Return images that show no face, by what they are.

    Parameters
    ----------
    images : Images
        Their held-out images are scrambled and cut into tiles.
    rng : numpy.random.Generator

    Returns
    -------
    dict of str to ndarray of uint8, shape (n, h, w, c)
    """
    return measurement.generated_nonimages(images.held_out().pixels, "faces", measurement.EACH, rng)


SPEC = JudgeSpec(
    name=FaceJudge.name,
    noun="face",
    images="lfw",
    other_images="mnist",
    make=lambda _: FaceJudge.load(),
    fit=fit,
    to_json=to_json,
    nonimages=nonimages,
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
