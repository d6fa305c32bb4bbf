"""What is calibrated for the digit judge, and which digits that takes."""

import numpy as np
import pytest

from aelatent.judges.digit_calibration import calibrate, learn_likeness, reference_arrays

from .conftest import SEEN


def test_likeness_of_an_image_comes_from_a_fit_without_it(rng):
    """Where nothing can be learnt, an honest likeness is no better than guessing."""
    genuine, foreign = rng.standard_normal((2, 80, 60))

    weights, bias, likeness = learn_likeness(genuine, foreign)

    assert (genuine @ weights + bias > 0).mean() > 0.6
    assert 0.25 < (likeness > 0).mean() < 0.7


def test_a_missing_digit_is_named(handwriting, classifier):
    pixels, labels = (part[SEEN] for part in handwriting)
    threeless = labels != 3

    with pytest.raises(ValueError, match="expected 5 of each digit"):
        reference_arrays(classifier, pixels[threeless], labels[threeless])


def test_calibration_needs_every_digit(handwriting, classifier, rng):
    pixels, labels = handwriting
    zeros = np.flatnonzero(labels == 0)[:20]

    with pytest.raises(ValueError, match="expected every digit"):
        calibrate(classifier, (pixels[SEEN], labels[SEEN]), (pixels[zeros], labels[zeros]), rng)
