"""Judges that see images with a margin, and judges that fail a model."""

from dataclasses import replace

import numpy as np
import pytest

from aelatent.audit.description import read
from aelatent.audit.measured import MeasuredModel
from aelatent.audit.measuring import measure
from aelatent.audit.padding import PaddedJudge, fit_padding, padded
from aelatent.judges.grade import Grade
from aelatent.judges.grading import Graded

SQUARES = np.full((8, 10, 10, 1), 100, np.uint8)


class WideJudge:
    """Finds images of at least so many pixels a side clean."""

    name = "faces"
    readings = ("threshold", "strict")

    def __init__(self, least):
        self.least = least

    def measures(self, pixels):
        return {"spare": np.full(len(pixels), pixels.shape[1] - self.least, float)}

    def grades(self, measures, reading="threshold"):
        return np.where(measures["spare"] >= (reading == "strict"), Grade.CLEAN, Grade.NONE)

    def grade(self, pixels):
        measured = self.measures(pixels)
        return Graded(self.grades(measured), measured["spare"])


def test_with_a_margin_all_readings_see_it():
    judge = PaddedJudge(WideJudge(12), 0.1)
    measured = judge.measures(SQUARES)
    assert judge.readings == ("threshold", "strict")
    assert set(judge.grades(measured)) == set(judge.grade(SQUARES).grades) == {Grade.CLEAN}
    assert set(judge.grades(measured, "strict")) == {Grade.NONE}


@pytest.mark.parametrize(("least", "padding"), [(10, 0.0), (12, 0.15), (15, 0.3), (40, 0.0)])
def test_the_least_margin_that_suits_the_originals_is_taken(least, padding):
    judge = fit_padding(WideJudge(least), SQUARES)
    assert getattr(judge, "padding", 0.0) == padding
    if padding:
        assert set(judge.grade(SQUARES).words) == {"clean"}
        assert judge.grade(SQUARES).scores.min() >= 0


def test_a_margin_reflects_the_image():
    row = np.arange(10, dtype=np.uint8).reshape(1, 1, 10, 1)
    image = np.repeat(row, 10, axis=1)
    assert padded(image, 0.2)[0, 0, :, 0].tolist() == [2, 1, *range(10), 8, 7]


JUDGES = """

def strict(pixels):
    return fits(pixels) > -0.0095


def partial(pixels):
    rest = fits(pixels)
    return (rest > -0.03) & (rest < -0.002)
"""


@pytest.fixture
def judged(home, describe):
    file = home / "networks_of_mine.py"
    file.write_text(file.read_text() + JUDGES)
    return lambda name: measure(read(describe(judge=f"networks_of_mine:{name}")))


def test_a_judge_that_does_not_see_the_originals_gives_no_advice(judged):
    found = judged("strict")
    (reason,) = found.refusals
    assert reason.startswith("Your judge networks_of_mine:strict accepts")
    assert "of the images given; expected 50 % or more" in reason
    assert found.image_judge is None


def test_reconstructions_that_show_nothing_are_no_reconstructions(judged):
    (reason,) = judged("partial").refusals
    assert "calls 0 % of its reconstructions recognisable" in reason


def test_a_margin_comes_back_with_the_measured_model(describe, tmp_path):
    description = read(describe(judge="networks_of_mine:fair"))
    found = measure(description)
    judge = PaddedJudge(found.image_judge.judge, 0.15)
    found = replace(found, image_judge=replace(found.image_judge, judge=judge))
    (tmp_path / "measured.npz").write_bytes(found.pack())
    again = MeasuredModel.unpack(description, tmp_path / "measured.npz")
    assert again.image_judge.judge.padding == pytest.approx(0.15)
