"""The digit judge: a classifier and distances to digits, each with a say."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter
from scipy.spatial.distance import cdist
from scipy.special import log_softmax

from aelatent.judges import fitting
from aelatent.judges.grade import Grade
from aelatent.judges.grading import CONTRAST, Grades, GradingRule, Measures, contrast
from aelatent.judges.judge import ABSTAINS, JudgeSpec, Pixels, RuleJudge, validated
from aelatent.judges.nonimages import recast
from aelatent.runtime.arrays import Arrays
from aelatent.zoo import Collection

Floats = NDArray[np.floating[Any]]
Classifier = Callable[[Pixels], tuple[Floats, Floats]]
"""Takes uint8 pixels (n, 28, 28, 1); returns penultimate features (n, f) and logits (n, 10)."""

SHAPE = 28, 28, 1
CLASSES = 10
CLASSIFIER = "digit_judge"
"""The fixture model whose features the judge uses."""
SEEDS = 0, 1
"""Its trainings; the judge uses both."""
PREFIX = "judge/"
"""Of the judge's own arrays among those of the classifier's replicate."""
SHARES = {"likeness": 1.0, "confidence": 0.5, "nearness": 0.5}
"""How many originals each of the three may reject, relative to each other."""
NEIGHBOURS = 5
FLOOR = 1e-6
DISTANCES = (
    "log distance of features",
    "log distance of outlines",
    "log distance to the plane",
    "log ink",
)
PRINCIPLES = {
    "classifier": tuple(
        f"{name} {seed}" for seed in SEEDS for name in ("log-probability", "doubt", "likeness")
    ),
    "distances": tuple(f"{name} {seed}" for seed in SEEDS for name in ("nearness", *DISTANCES)),
}
TOGETHER = tuple(f"log p-value {seed}" for seed in SEEDS)
"""Measures that belong to no principle alone."""


@dataclass(frozen=True)
class Features:
    """What the judge measures of images.

    Attributes
    ----------
    predicted : ndarray of int64, shape (n,)
    confidence : ndarray of float64, shape (n,)
        Log-probability of the predicted class.
    nearness : ndarray of float64, shape (n,)
        Minus the log of the product of two mean distances to the nearest training images of that
        class: between directions in feature space, and between smoothed images.
    traits : ndarray of float64, shape (n, f + 4)
        Features and log-measures, from which likeness is learnt.
    """

    predicted: NDArray[np.int64]
    confidence: Measures
    nearness: Measures
    traits: Measures


class DigitJudge(RuleJudge):
    """Grades images of handwritten digits, white on black.

    Two principles look at each image, each with both trainings of the classifier, none of which saw
    a calibration image. The classifier says how sure it is of its class, and how much the image is
    like digits rather than overlaid, scrambled and scribbled images (log-odds that are linear in
    its features). Distances say how near the image lies to the nearest training images of its
    class, in the classifier's features and as a smoothed picture, and to a plane through that
    class. A third kind of measure, used by both together only, is the smallest conformal p-value of
    the three against calibration images of the same class.

    Parameters
    ----------
    rule : GradingRule
    classifiers : sequence of callable
        See `Classifier`.
    arrays : sequence of mapping of str to ndarray
        What `digit_calibration.calibrate` returned for each classifier.
    """

    name = "digits"

    def __init__(
        self, rule: GradingRule, classifiers: Sequence[Classifier], arrays: Sequence[Arrays]
    ) -> None:
        super().__init__(rule)
        self._observers = [Observer(*pair) for pair in zip(classifiers, arrays, strict=True)]

    def measures(self, pixels: Pixels) -> Mapping[str, Measures]:
        """Measure images.

        Parameters
        ----------
        pixels : ndarray of uint8, shape (n, h, w, 1 or 3)
            Brought to 28x28 and grey if they are not.

        Returns
        -------
        mapping of str to ndarray of float64, shape (n,)
        """
        return look(recast(validated(pixels), SHAPE), self._observers)

    def classes(self, pixels: Pixels, grades: Grades | None = None) -> NDArray[np.int64]:
        """Return the digit that each image shows; -1 where it is not recognisable.

        Parameters
        ----------
        pixels : ndarray of uint8, shape (n, h, w, 1 or 3)
        grades : ndarray of int8, shape (n,), optional
            Of these images, at another reading; by default those at the threshold.

        Returns
        -------
        ndarray of int64, shape (n,)
        """
        grades = self.grade(pixels).grades if grades is None else grades
        digits = self._observers[0].predict(recast(validated(pixels), SHAPE))
        return np.where(grades > Grade.NONE, digits, ABSTAINS)


class Observer:
    """One training of the classifier, with what was calibrated for it.

    Parameters
    ----------
    classifier : callable
        See `Classifier`.
    arrays : mapping of str to ndarray
        What `digit_calibration.calibrate` returned for this classifier.
    """

    def __init__(self, classifier: Classifier, arrays: Arrays) -> None:
        self._classifier, self._arrays = classifier, arrays
        self._extractor = FeatureExtractor(classifier, arrays)

    def predict(self, pixels: Pixels) -> NDArray[np.int64]:
        """Return the most probable digit of each image of shape (n, 28, 28, 1)."""
        return self._classifier(pixels)[1].argmax(axis=1).astype(np.int64)

    def look(self, pixels: Pixels) -> dict[str, Measures]:
        """Return the measures of images of shape (n, 28, 28, 1), by name."""
        features = self._extractor.extract(pixels)
        likeness = features.traits @ self._arrays["weights"] + self._arrays["bias"]
        pvalues = smallest_pvalues(features, likeness, self._arrays)
        logs = dict(zip(DISTANCES, features.traits[:, -len(DISTANCES) :].T, strict=True))
        return {
            "log-probability": features.confidence,
            "doubt": np.log1p(-10 * features.confidence),
            "likeness": likeness,
            "nearness": features.nearness,
            **logs,
            "log p-value": np.log(pvalues),
        }


def look(pixels: Pixels, observers: Sequence[Observer]) -> dict[str, Measures]:
    """Return the measures of all observers.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (n, 28, 28, 1)
    observers : sequence of Observer

    Returns
    -------
    dict of str to ndarray of float64, shape (n,)
    """
    named = {
        f"{name} {seed}": values
        for seed, observer in enumerate(observers)
        for name, values in observer.look(pixels).items()
    }
    return named | {CONTRAST: contrast(pixels)}


class FeatureExtractor:
    """Extracts features: the classifier's, and distances to the reference images of each class.

    Parameters
    ----------
    classifier : callable
        See `Classifier`.
    arrays : mapping of str to ndarray
        What `digit_calibration.reference_arrays` returned for this classifier.
    """

    def __init__(self, classifier: Classifier, arrays: Arrays) -> None:
        self._classifier = classifier
        labels = arrays["reference_labels"]
        features = arrays["reference_features"].astype(np.float32)
        smoothed = arrays["reference_outlines"].astype(np.float32) / 255
        self._features = [features[labels == digit] for digit in range(CLASSES)]
        self._outlines = [smoothed[labels == digit] for digit in range(CLASSES)]
        self._least_ink = np.linalg.norm(smoothed, axis=1).min()
        self._means = arrays["plane_means"].astype(np.float32)
        self._axes = arrays["plane_axes"].astype(np.float32)

    def extract(self, pixels: Pixels) -> Features:
        """Extract the features of images of shape (n, 28, 28, 1)."""
        features, logits = self._classifier(pixels)
        predicted = logits.argmax(axis=1).astype(np.int64)
        smoothed = outlines(pixels)
        measures = np.empty((len(pixels), 3))
        for digit in np.unique(predicted):
            mine = predicted == digit
            centred = smoothed[mine] - self._means[digit]
            flat = centred @ self._axes[digit].T @ self._axes[digit]
            measures[mine] = np.stack(
                [
                    _distance(directions(features[mine]), self._features[digit]),
                    _distance(smoothed[mine], self._outlines[digit]),
                    np.linalg.norm(centred - flat, axis=1),
                ],
                axis=1,
            )
        # Overlays have more ink than digits, but an empty image is no better than a faint digit.
        ink = np.maximum(np.linalg.norm(smoothed, axis=1, keepdims=True), self._least_ink)
        logs = np.log(np.hstack([measures, ink]) + FLOOR)
        confidence = log_softmax(logits.astype(np.float64), axis=1).max(axis=1)
        nearness = -logs[:, 0] - logs[:, 1]
        return Features(predicted, confidence, nearness, np.hstack([features, logs]))


def outlines(pixels: Pixels) -> NDArray[np.float32]:
    """Smooth images by one pixel and halve them: (n, 28, 28, 1) to (n, 196), 0 to 1.

    A stroke one pixel off then lies near where it was, as it does for a reader.
    """
    smooth = gaussian_filter(pixels[..., 0].astype(np.float32) / 255, (0, 1, 1))
    n, height, width = smooth.shape
    halved = smooth.reshape(n, height // 2, 2, width // 2, 2).mean(axis=(2, 4))
    return halved.reshape(n, -1)


def directions(features: Floats) -> NDArray[np.float32]:
    """Bring feature vectors to unit length, so that faint images are not far from everything."""
    lengths = np.linalg.norm(features, axis=1, keepdims=True)
    return (features / np.maximum(lengths, FLOOR)).astype(np.float32)


def _distance(points: NDArray[np.float32], references: NDArray[np.float32]) -> Measures:
    """Return the mean distance of each point to its nearest references."""
    nearest = np.partition(cdist(points, references), NEIGHBOURS - 1, axis=1)[:, :NEIGHBOURS]
    mean: Measures = nearest.mean(axis=1)
    return mean


def smallest_pvalues(features: Features, likeness: Measures, arrays: Arrays) -> Measures:
    """Return the smallest conformal p-value of each image, over its share in `SHARES`.

    Parameters
    ----------
    features : Features
    likeness : ndarray of float64, shape (n,)
        Log-odds of being a digit.
    arrays : mapping of str to ndarray
        With the values of the calibration images, whose names begin with "calibration".

    Returns
    -------
    ndarray of float64, shape (n,)
    """
    values = {
        "likeness": likeness,
        "confidence": features.confidence,
        "nearness": features.nearness,
    }
    pvalues = [
        _pvalues(values[name], features.predicted, arrays[f"calibration_{name}"], arrays) / share
        for name, share in SHARES.items()
    ]
    smallest: Measures = np.min(pvalues, axis=0)
    return smallest


def _pvalues(
    values: Measures, predicted: NDArray[np.int64], calibration: Measures, arrays: Arrays
) -> Measures:
    """Return the share of calibration images of the same class with a value no larger."""
    pvalues = np.empty(len(values))
    for digit in np.unique(predicted):
        mine = predicted == digit
        known = np.sort(calibration[arrays["calibration_classes"] == digit])
        pvalues[mine] = (np.searchsorted(known, values[mine], "right") + 1) / (len(known) + 1)
    return pvalues


def fit(pixels: Pixels, grades: NDArray[np.int8], collection: Collection) -> DigitJudge:
    """Fit the judge to labelled images.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (n, 28, 28, 1)
    grades : ndarray of int8, shape (n,)
        By eye.
    collection : Collection
        Holds the classifier.

    Returns
    -------
    DigitJudge
    """
    classifiers, arrays = _classifiers(collection)
    observers = [Observer(*pair) for pair in zip(classifiers, arrays, strict=True)]
    rule = fitting.fit_rule(look(pixels, observers), grades, PRINCIPLES, TOGETHER)
    return DigitJudge(rule, classifiers, arrays)


def to_json(judge: DigitJudge) -> str:
    """Return what `make` reads."""
    return judge.rule.to_json()


def make(collection: Collection) -> DigitJudge:
    """Make the judge from both replicates of its classifier.

    Parameters
    ----------
    collection : Collection
        Holds the classifier.

    Returns
    -------
    DigitJudge

    Raises
    ------
    FixtureError
        If a replicate cannot be used.
    """
    path = resources.files("aelatent.judges").joinpath("weights", "digits.json")
    rule = GradingRule.from_json(path.read_text(encoding="utf-8"))
    return DigitJudge(rule, *_classifiers(collection))


def _classifiers(collection: Collection) -> tuple[list[Classifier], list[Arrays]]:
    replicates = [collection.replicate(CLASSIFIER, seed) for seed in SEEDS]
    arrays: list[Arrays] = [
        {
            key.removeprefix(PREFIX): value
            for key, value in replicate.arrays.items()
            if key.startswith(PREFIX)
        }
        for replicate in replicates
    ]
    return [replicate.classify for replicate in replicates], arrays


SPEC = JudgeSpec(
    name=DigitJudge.name,
    noun="digit",
    images="mnist",
    other_images="lfw",
    make=make,
    fit=fit,
    to_json=to_json,
    models=(CLASSIFIER,),
)
