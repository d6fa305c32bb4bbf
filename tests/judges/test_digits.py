"""The digit judge, on scikit-learn's digits and a classifier made of a random projection."""

import numpy as np
import pytest
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression

from aelatent.judges import DigitJudge, digits, fitting, nonimages
from aelatent.judges.grade import Grade
from aelatent.judges.grading import GradingRule
from aelatent.judges.judge import ABSTAINS, ClassJudge
from aelatent.runtime.arrays import pack, unpack

SEEN, UNSEEN = slice(0, 800), slice(800, 1300)


@pytest.fixture(scope="module")
def handwriting():
    """1,797 digits of 8x8 pixels, brought to 28x28."""
    bunch = load_digits()
    small = np.minimum(bunch.images[..., None] * 16, 255).astype(np.uint8)
    pixels = nonimages.recast(np.pad(small, ((0, 0), (2, 2), (2, 2), (0, 0))), digits.SHAPE)
    return pixels, bunch.target.astype(np.int64)


@pytest.fixture(scope="module")
def classifier(handwriting):
    """Rectified random projections of the outlines, and a regression on them."""
    pixels, labels = handwriting
    projection = np.random.default_rng(0).standard_normal((196, 64))

    def features(pixels):
        return np.maximum(digits.outlines(pixels) @ projection, 0).astype(np.float32)

    head = LogisticRegression(max_iter=2000).fit(features(pixels[SEEN]), labels[SEEN])
    return lambda pixels: (features(pixels), head.decision_function(features(pixels)))


@pytest.fixture(scope="module")
def arrays(handwriting, classifier):
    pixels, labels = handwriting
    parts = [(pixels[part], labels[part]) for part in (SEEN, UNSEEN)]
    return digits.calibrate(classifier, *parts, np.random.default_rng(1))


@pytest.fixture(scope="module")
def foreign():
    """Images that show no digit: noise, strokes, and nothing at all."""
    rng = np.random.default_rng(2)
    noise, strokes = (
        make(300, digits.SHAPE, rng) for make in (nonimages.pixel_noise, nonimages.strokes)
    )
    return np.concatenate([noise, strokes, np.zeros((1, *digits.SHAPE), np.uint8)])


@pytest.fixture(scope="module")
def judge(handwriting, classifier, arrays, foreign):
    """Graded by rules for digits, digits with a bar through them, and images of nothing."""
    clean = handwriting[0][UNSEEN]
    shown = np.concatenate([clean, barred(clean[:250]), foreign])
    grades = np.repeat([2, 1, 0], [len(clean), 250, len(foreign)]).astype(np.int8)
    observers = [digits.Observer(classifier, arrays)] * 2
    measured = digits.look(shown, observers)
    rule = fitting.fit_rule(measured, grades, digits.PRINCIPLES, digits.TOGETHER)
    return DigitJudge(rule, [classifier] * 2, [arrays] * 2)


def barred(pixels):
    """Draw a thick bar through the middle of digits."""
    damaged = pixels.copy()
    damaged[:, 12:17] = 200
    return damaged


def test_held_out_digits_are_recognised_and_sorted(judge, handwriting):
    """The last writers are others than those it was calibrated on, hence the slack."""
    pixels, labels = (part[1300:] for part in handwriting)
    classes = judge.classes(pixels)
    seen = classes >= 0

    assert isinstance(judge, ClassJudge)
    assert seen.mean() > 0.85
    assert (classes == labels)[seen].mean() > 0.9


def test_barred_digits_are_less_than_clean_ones(judge, handwriting):
    whole = handwriting[0][1300:1400]
    assert np.median(judge.grade(whole).grades) == Grade.CLEAN
    assert np.median(judge.grade(barred(whole)).grades) == Grade.DAMAGED
    assert judge.grade(barred(whole)).scores.mean() < judge.grade(whole).scores.mean()


@pytest.mark.parametrize("kind", ["noise", "grey", "black", "strokes"])
def test_nondigits_show_nothing(judge, kind, rng):
    pixels = {
        "noise": nonimages.pixel_noise(50, digits.SHAPE, rng),
        "grey": np.full((1, *digits.SHAPE), 128, np.uint8),
        "black": np.zeros((1, *digits.SHAPE), np.uint8),
        "strokes": nonimages.strokes(50, digits.SHAPE, rng),
    }[kind]

    # Features that were not learnt tell some strokes from digits no better.
    most = 0.15 if kind == "strokes" else 0.05
    assert np.mean(judge.grade(pixels).grades > Grade.NONE) <= most
    assert (judge.classes(pixels) == ABSTAINS).mean() >= 1 - most


def test_a_judge_is_whole_again_after_storage(judge, classifier, arrays, handwriting):
    rule = GradingRule.from_json(digits.to_json(judge))
    restored = DigitJudge(rule, [classifier] * 2, [unpack(pack(arrays), "memory")] * 2)

    there, here = (each.grade(handwriting[0][:50]) for each in (restored, judge))
    np.testing.assert_allclose(there.scores, here.scores, rtol=1e-6)
    np.testing.assert_array_equal(there.grades, here.grades)


def test_photographs_are_brought_to_the_size_of_digits(judge, rng):
    assert set(judge.grade(nonimages.pixel_noise(3, (96, 96, 3), rng)).words) == {"none"}


def test_likeness_of_an_image_comes_from_a_fit_without_it(rng):
    """Where nothing can be learnt, an honest likeness is no better than guessing."""
    genuine, foreign = rng.standard_normal((2, 80, 60))

    weights, bias, likeness = digits.learn_likeness(genuine, foreign)

    assert (genuine @ weights + bias > 0).mean() > 0.6
    assert 0.25 < (likeness > 0).mean() < 0.7


def test_a_missing_digit_is_named(handwriting, classifier):
    pixels, labels = (part[SEEN] for part in handwriting)
    threeless = labels != 3

    with pytest.raises(ValueError, match="expected 5 of each digit"):
        digits.reference_arrays(classifier, pixels[threeless], labels[threeless])


def test_calibration_needs_every_digit(handwriting, classifier, rng):
    pixels, labels = handwriting
    zeros = np.flatnonzero(labels == 0)[:20]

    with pytest.raises(ValueError, match="expected every digit"):
        digits.calibrate(
            classifier, (pixels[SEEN], labels[SEEN]), (pixels[zeros], labels[zeros]), rng
        )


def test_the_stored_rule_is_read_as_utf_8(encodings, monkeypatch):
    monkeypatch.setattr(digits, "_classifiers", lambda _: ([], []))
    digits.make(None)

    assert encodings == ["utf-8"]
