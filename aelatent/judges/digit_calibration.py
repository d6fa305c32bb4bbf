"""What the digit judge needs besides a classifier, computed when the classifier is trained."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.decomposition import PCA
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from aelatent.judges.digits import (
    CLASSES,
    NEIGHBOURS,
    SHAPE,
    Classifier,
    FeatureExtractor,
    directions,
    outlines,
    smallest_pvalues,
)
from aelatent.judges.grading import Measures
from aelatent.judges.judge import Pixels
from aelatent.judges.nonimages import overlaid_pairs, phase_scrambles, strokes

ACCEPTANCE = 0.97
"""Share of the calibration originals that the threshold lets through."""
REFERENCES = 300
"""Training images of each class to which distances are measured."""
AXES = 30
"""Dimensions of the plane that is fitted to the outlines of each class."""
PLANE_IMAGES = 3000
FOLDS = 5


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
        np.quantile(smallest_pvalues(digits, likeness, arrays), 1 - acceptance)
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
