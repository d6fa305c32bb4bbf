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
from sklearn.decomposition import PCA
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from aelatent.judges import fitting
from aelatent.judges.grade import Grade
from aelatent.judges.grading import CONTRAST, Grades, GradingRule, Measures, contrast
from aelatent.judges.judge import ABSTAINS, JudgeSpec, Pixels, RuleJudge, validated
from aelatent.judges.nonimages import overlaid_pairs, phase_scrambles, recast, strokes
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
ACCEPTANCE = 0.97
"""Share of the calibration originals that the threshold lets through."""
SHARES = {"likeness": 1.0, "confidence": 0.5, "nearness": 0.5}
"""How many originals each of the three may reject, relative to each other."""
REFERENCES = 300
"""Training images of each class to which distances are measured."""
NEIGHBOURS = 5
AXES = 30
"""Dimensions of the plane that is fitted to the outlines of each class."""
PLANE_IMAGES = 3000
FOLDS = 5
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
        What `calibrate` returned for each classifier.
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
        What `calibrate` returned for this classifier.
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
        pvalues = _smallest_pvalues(features, likeness, self._arrays)
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
        What `reference_arrays` returned for this classifier.
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


def calibrate(
    classifier: Classifier,
    training: tuple[Pixels, NDArray[np.int64]],
    unseen: tuple[Pixels, NDArray[np.int64]],
    rng: np.random.Generator,
    acceptance: float = ACCEPTANCE,
) -> dict[str, NDArray[Any]]:
    """Compute everything that a judge needs besides the classifier.

    Parameters
    ----------
    classifier : callable
        See `Classifier`.
    training : tuple of ndarray
        Pixels (m, 28, 28, 1) and labels (m,) that the classifier was trained on.
    unseen : tuple of ndarray
        Pixels and labels that it was not trained on, and that no card is measured on. They set the
        thresholds, and make the overlays and scrambles that the likeness is learnt from. The
        likeness of each is judged by a fit that did not see it.
    rng : Generator
    acceptance : float
        Share of the unseen images that is to be accepted.

    Returns
    -------
    dict of str to ndarray
        For `DigitJudge`, and for storage: a little more than 1 MB before compression.

    Raises
    ------
    ValueError
        If a digit is missing among the training labels or among the predictions for `unseen`.
    """
    arrays = reference_arrays(classifier, *training)
    extractor = FeatureExtractor(classifier, arrays)
    pixels, labels = unseen
    digits = extractor.extract(pixels)
    if (missing := set(range(CLASSES)) - set(digits.predicted.tolist())) != set():
        raise ValueError(f"unseen images: expected every digit, received none taken for {missing}")
    n = len(pixels)
    foreign = np.concatenate(
        [
            overlaid_pairs(n, pixels, labels, rng),
            strokes(n, SHAPE, rng),
            phase_scrambles(n, pixels, rng),
        ]
    )
    weights, bias, likeness = learn_likeness(digits.traits, extractor.extract(foreign).traits)
    arrays |= {
        "weights": weights,
        "bias": np.array(bias),
        "calibration_classes": digits.predicted.astype(np.int8),
        "calibration_confidence": digits.confidence,
        "calibration_nearness": digits.nearness,
        "calibration_likeness": likeness,
    }
    arrays["threshold"] = np.array(
        np.quantile(_smallest_pvalues(digits, likeness, arrays), 1 - acceptance)
    )
    return arrays


def learn_likeness(genuine: Measures, foreign: Measures) -> tuple[Measures, float, Measures]:
    """Fit log-odds that are linear in the traits.

    Parameters
    ----------
    genuine : ndarray of float64, shape (n, f + 4)
        Traits of digits.
    foreign : ndarray of float64, shape (m, f + 4)
        Traits of images that are none.

    Returns
    -------
    weights : ndarray of float64, shape (f + 4,)
    bias : float
    likeness : ndarray of float64, shape (n,)
        Log-odds of each genuine image under a fit to the other four fifths of the images.
    """
    traits = np.concatenate([genuine, foreign])
    is_genuine = np.arange(len(traits)) < len(genuine)
    odds = make_pipeline(
        StandardScaler(), LogisticRegression(class_weight="balanced", max_iter=5000)
    )
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=0)
    likeness = cross_val_predict(odds, traits, is_genuine, cv=folds, method="decision_function")
    scaler, regression = odds.fit(traits, is_genuine)
    weights = regression.coef_[0] / scaler.scale_
    bias = float(regression.intercept_[0] - weights @ scaler.mean_)
    return weights, bias, likeness[: len(genuine)]


def reference_arrays(
    classifier: Classifier, pixels: Pixels, labels: NDArray[np.int64]
) -> dict[str, NDArray[Any]]:
    """Keep the first training images of each class, and fit a plane to the outlines of each class.

    Parameters
    ----------
    classifier : callable
        See `Classifier`.
    pixels : ndarray of uint8, shape (m, 28, 28, 1)
        Training images.
    labels : ndarray of int64, shape (m,)
        Their classes, 0 to 9.

    Returns
    -------
    dict of str to ndarray
        The arrays whose names begin with "reference" and "plane".

    Raises
    ------
    ValueError
        If a digit has fewer than `NEIGHBOURS` images.
    """
    members = [np.flatnonzero(labels == digit) for digit in range(CLASSES)]
    if min(map(len, members)) < NEIGHBOURS:
        counts = [len(positions) for positions in members]
        raise ValueError(f"training images: expected {NEIGHBOURS} of each digit, received {counts}")
    chosen = np.concatenate([positions[:REFERENCES] for positions in members])
    features, _ = classifier(pixels[chosen])
    planes = []
    for positions in members:
        smoothed = outlines(pixels[positions[:PLANE_IMAGES]])
        planes.append(PCA(min(AXES, len(smoothed) - 1), svd_solver="covariance_eigh").fit(smoothed))
    return {
        "reference_labels": labels[chosen].astype(np.int8),
        "reference_features": directions(features).astype(np.float16),
        "reference_outlines": np.round(outlines(pixels[chosen]) * 255).astype(np.uint8),
        "plane_means": np.stack([plane.mean_ for plane in planes]).astype(np.float16),
        "plane_axes": np.stack([plane.components_ for plane in planes]).astype(np.float16),
    }


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


def _smallest_pvalues(features: Features, likeness: Measures, arrays: Arrays) -> Measures:
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
