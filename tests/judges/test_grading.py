"""From measures to grades, by thresholds on log-odds."""

import numpy as np
import pytest

from aelatent.judges.fitting import band, errors, fit_rule
from aelatent.judges.grade import Grade
from aelatent.judges.grading import CONTRAST, Boundary, Graded, GradingRule, Opinion, contrast


def boundary(name, threshold):
    return Boundary({name: 1.0}, 0.0, threshold, threshold - 1, threshold + 1)


def opinion(name):
    return Opinion(boundary(name, 0.0), boundary(name, 2.0))


RULE = GradingRule(opinion("a"), {"first": opinion("a"), "second": opinion("b")}, contrast=5.0)
MEASURES = {
    "a": np.array([-2.0, -0.5, 0.5, 1.5, 2.5, 9.0]),
    "b": np.array([9.0, -9.0, 9.0, -9.0, 9.0, 9.0]),
    CONTRAST: np.array([9.0, 9.0, 9.0, 9.0, 9.0, 1.0]),
}


@pytest.mark.parametrize(
    ("reading", "grades"),
    [
        ("threshold", [0, 0, 1, 1, 2, 0]),
        ("lenient", [0, 1, 1, 2, 2, 0]),
        ("strict", [0, 0, 0, 1, 1, 0]),
        ("first alone", [0, 0, 1, 1, 2, 0]),
        ("second alone", [2, 0, 2, 0, 2, 0]),
    ],
)
def test_each_reading_has_thresholds_or_measures_of_its_own(reading, grades):
    assert RULE.grades(MEASURES, reading).tolist() == grades


def test_scores_rise_with_the_measures_from_none_to_clean():
    scores = RULE.scores(MEASURES)
    assert (np.diff(scores[:5]) > 0).all()
    assert 0 <= scores.min() <= scores.max() <= 2
    assert scores[5] == 0  # without contrast


def test_a_rule_survives_json():
    assert GradingRule.from_json(RULE.to_json()) == RULE


def test_grades_have_words():
    assert Graded(np.array([0, 1, 2], np.int8), np.zeros(3)).words == ["none", "damaged", "clean"]


@pytest.mark.parametrize("channels", [1, 3])
def test_contrast_has_the_digits_of_the_plain_formula(channels, rng):
    pixels = rng.integers(0, 256, (5, 28, 28, channels), dtype=np.uint8)
    plain = pixels.mean(axis=-1, dtype=np.float64).std(axis=(1, 2))
    assert contrast(pixels).tolist() == plain.tolist()


def test_contrast_is_a_standard_deviation_in_grey_levels():
    pixels = np.zeros((2, 4, 4, 3), np.uint8)
    pixels[1, :2] = 100
    assert contrast(pixels).tolist() == [0, 50]


def test_the_band_runs_from_one_aim_to_the_other():
    log_odds = np.concatenate([np.arange(-100, 0.0), np.arange(100.0)])
    truth = np.arange(200) >= 100
    overlap = log_odds + np.where(truth, -10.0, 10.0)
    threshold, lenient, strict = band(overlap, truth, 0.02, 0.05)
    assert lenient < threshold <= strict
    assert np.mean(overlap[~truth] >= strict) <= 0.02
    assert np.mean(overlap[truth] < lenient) <= 0.05


def test_errors_are_shares_of_the_images_of_a_grade():
    by_eye = np.array([0, 0, 1, 1, 2, 2], np.int8)
    found = np.array([2, 1, 0, 2, 2, 0], np.int8)
    assert errors(found, by_eye) == {
        "none for clean": 0.5,
        "none for recognisable": 1.0,
        "recognisable missed": 0.5,
        "damaged for clean": 0.5,
        "clean missed": 0.5,
    }


def test_a_fitted_rule_recovers_grades_that_one_measure_tells(rng):
    grades = np.repeat([0, 1, 2], 60).astype(np.int8)
    measures = {
        "a": 4.0 * grades + rng.normal(0, 0.5, 180),
        "noise": rng.normal(size=180),
        CONTRAST: np.where(grades > 0, 40.0, 30.0),
    }
    rule = fit_rule(measures, grades, {"first": ("a",), "second": ("noise",)})
    assert np.mean(rule.grades(measures) == grades) > 0.95
    assert np.mean(rule.grades(measures, "second alone") == grades) < 0.6
    assert rule.contrast == 20
    assert {Grade(g) for g in rule.grades(measures)} == set(Grade)
