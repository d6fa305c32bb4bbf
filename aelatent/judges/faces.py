"""The face judge: a cascade that counts windows, and a network, each with a say."""

from __future__ import annotations

import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import logit
from skimage.data import lbp_frontal_face_cascade_filename
from skimage.feature import Cascade

from aelatent.data import load
from aelatent.judges import centerface, fitting, patches
from aelatent.judges.grade import Grade
from aelatent.judges.grading import CONTRAST, GradingRule, Measures, contrast
from aelatent.judges.judge import JudgeSpec, Pixels, RuleJudge, validated
from aelatent.judges.nonimages import recast
from aelatent.judges.patches import PatchModel
from aelatent.runtime import environment
from aelatent.zoo import Collection

SHAPE = 96, 96, 3
WINDOW = 60, 96
"""Smallest and largest side of a window; a face fills most of the image."""
SCALE = 1.05
OVERLAP = 2.0
"""Windows are merged when they overlap by more than this share: never, so all are counted."""
WINDOWS, CERTAINTY, FEATURES = "log windows", "log-odds of a face", "log-odds of a clean face"
PRINCIPLES = {"LBP cascade": (WINDOWS,), "CenterFace": (CERTAINTY, FEATURES)}
ALL = "log-odds of a clean face, by all features"
"""By it, both principles together tell clean faces from damaged ones."""
PENALTY = 0.003
"""Inverse strength of the penalty on the weights of the regressions."""
EMPHASIS = 3.0
"""Weight of windows, certainty and patches, which are few beside CenterFace's 320 features."""


@dataclass(frozen=True, eq=False)
class LogOdds:
    """Log-odds of a clean face that are linear in the first of an image's features.

    Attributes
    ----------
    weights : ndarray of float64, shape (p,)
    bias : float
    """

    weights: NDArray[np.float64]
    bias: float

    def of(self, features: NDArray[np.float64]) -> Measures:
        """Return the log-odds of each image, from features (n, p or more)."""
        return np.asarray(features[:, : len(self.weights)] @ self.weights + self.bias)

    def to_plain(self) -> dict[str, Any]:
        """Return the numbers as a list and a number."""
        return {"weights": [float(f"{w:.6g}") for w in self.weights], "bias": self.bias}

    @classmethod
    def from_plain(cls, content: Mapping[str, Any]) -> LogOdds:
        """Read what `to_plain` returned."""
        return cls(np.array(content["weights"]), content["bias"])


class FaceJudge(RuleJudge):
    """Grades images of faces.

    Two principles look at each image. The cascade of local binary patterns that comes with
    scikit-image (Liao et al. 2007, "Learning multi-scale block local binary patterns for face
    recognition", as trained for OpenCV) counts the windows of 60 to 96 pixels that it takes for a
    face: a face is found again and again, at neighbouring places and scales. CenterFace
    (`aelatent.judges.centerface`) says how certain it is of a face, and its features tell clean
    faces from damaged ones, by a logistic regression on labels. Both principles together tell them
    apart by a regression on all of this, and on how much the image's small patches differ from
    those of photographs (`aelatent.judges.patches`).

    Parameters
    ----------
    rule : GradingRule
    photographs : PatchModel
        What the patches of photographs are like.
    log_odds : mapping of str to LogOdds
        Of `FEATURES` and `ALL`.

    Examples
    --------
    >>> grey = np.full((1, 96, 96, 3), 128, np.uint8)
    >>> FaceJudge.load().grade(grey).words
    ['none']
    """

    name = "faces"

    def __init__(
        self, rule: GradingRule, photographs: PatchModel, log_odds: Mapping[str, LogOdds]
    ) -> None:
        super().__init__(rule)
        self._photographs, self._log_odds = photographs, log_odds

    @classmethod
    def load(cls) -> FaceJudge:
        """Return the judge that comes with the library."""
        path = resources.files("aelatent.judges").joinpath("weights", "faces.json")
        content = json.loads(path.read_text(encoding="utf-8"))
        return cls(
            GradingRule.from_json(json.dumps(content["rule"])),
            PatchModel.from_plain(content["photographs"]),
            {name: LogOdds.from_plain(own) for name, own in content["log_odds"].items()},
        )

    def to_json(self) -> str:
        """Return what `load` reads."""
        content = {
            "rule": json.loads(self.rule.to_json()),
            "log_odds": {name: own.to_plain() for name, own in self._log_odds.items()},
            "photographs": self._photographs.to_plain(),
        }
        return json.dumps(content, indent=1) + "\n"

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
        measured, features = look(pixels, self._photographs)
        return measured | {name: own.of(features) for name, own in self._log_odds.items()}


def look(
    pixels: Pixels, photographs: PatchModel
) -> tuple[dict[str, Measures], NDArray[np.float64]]:
    """Return all measures that need no labels, and the features of the regressions.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (n, h, w, 1 or 3)
    photographs : PatchModel

    Returns
    -------
    measures : dict of str to ndarray of float64, shape (n,)
    features : ndarray of float64, shape (n, 332)
        CenterFace's 320, windows, certainty, and those of patches.
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
    few = np.stack([measured[WINDOWS], measured[CERTAINTY]], axis=1)
    near = photographs.look(distinct)
    return measured, np.hstack([features[places], few, near[places]])


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
    with ThreadPoolExecutor(environment.threads()) as pool:
        return np.array(list(pool.map(_windows, images)), dtype=np.float64)


def fit(pixels: Pixels, grades: NDArray[np.int8], collection: Collection) -> FaceJudge:
    """Fit the judge to labelled images, and its patches to the photographs of the training split.

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
    images = load(SPEC.images)
    photographs = patches.fit(images.pixels[images.train], np.random.default_rng(0))
    return fit_to_features(*look(pixels, photographs), grades, photographs)


def fit_to_features(
    measured: Mapping[str, Measures],
    features: NDArray[np.float64],
    grades: NDArray[np.int8],
    photographs: PatchModel,
) -> FaceJudge:
    """Fit the judge to what `look` returned for labelled images.

    Parameters
    ----------
    measured : mapping of str to ndarray of float64, shape (n,)
    features : ndarray of float64, shape (n, 332)
    grades : ndarray of int8, shape (n,)
        By eye.
    photographs : PatchModel

    Returns
    -------
    FaceJudge
    """
    count = centerface.FEATURE_COUNT
    emphasis = np.where(np.arange(features.shape[1]) < count, 1.0, EMPHASIS)
    seen, log_odds, measures = grades > Grade.NONE, {}, dict(measured)
    for name, used in ((FEATURES, slice(count)), (ALL, slice(None))):
        weights, bias, unseen = fitting.fit_log_odds(
            features[seen, used], grades[seen] == Grade.CLEAN, PENALTY, emphasis[used]
        )
        log_odds[name] = LogOdds(weights, bias)
        measures[name] = log_odds[name].of(features)
        measures[name][seen] = unseen
    rule = fitting.fit_rule(measures, grades, PRINCIPLES, clean=(ALL,))
    return FaceJudge(rule, photographs, log_odds)


SPEC = JudgeSpec(
    name=FaceJudge.name,
    noun="face",
    images="lfw",
    other_images="mnist",
    make=lambda _: FaceJudge.load(),
    fit=fit,
    to_json=FaceJudge.to_json,
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
