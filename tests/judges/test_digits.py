"""The digit judge, on scikit-learn's digits and a classifier made of a random projection."""

import numpy as np
import pytest

from aelatent.judges import DigitJudge, digits, fitting, nonimages
from aelatent.judges.digit_calibration import calibrate
from aelatent.judges.grade import Grade
from aelatent.judges.grading import GradingRule
from aelatent.judges.judge import ABSTAINS, ClassJudge
from aelatent.runtime.arrays import pack, unpack

from .conftest import SEEN, UNSEEN


@pytest.fixture(scope="module")
def arrays(handwriting, classifier):
    pixels, labels = handwriting
    parts = [(pixels[part], labels[part]) for part in (SEEN, UNSEEN)]
    return calibrate(classifier, *parts, np.random.default_rng(1))


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


def test_the_stored_rule_is_read_as_utf_8(encodings, monkeypatch):
    monkeypatch.setattr(digits, "_classifiers", lambda _: ([], []))
    digits.make(None)

    assert encodings == ["utf-8"]
