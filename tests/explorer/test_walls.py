"""Every rung of the ladder has a wall, or says why it has none."""

import pytest

from aelatent.explorer.walls import DRAWS, SHOWN, walls
from aelatent.samplers.ladder import LADDER

from .samples import subject


def test_every_rung_is_drawn_decoded_and_judged():
    found = walls(subject())

    assert [wall.rung for wall in found] == list(LADDER)
    for wall in found[:-1]:
        assert wall.drawn == len(wall.accepted) == DRAWS
        assert len(wall.pixels) == SHOWN


def test_hit_rates_are_corrected_for_what_the_judge_errs():
    """It accepts 98 of 100 images that are good and 1 of 100 that are not."""
    wall = walls(subject())[0]

    assert wall.rate.value == pytest.approx((wall.accepted.mean() - 0.01) / 0.97)


def test_codes_of_people_are_judged_and_not_shown():
    last = walls(subject(images="lfw"))[-1]

    assert last.rung == "S7"
    assert last.pixels is None
    assert last.because
    assert last.drawn == 150  # as many held-out codes as there are
    assert last.rate is not None
    assert walls(subject(images="lfw", originals=True))[-1].pixels is not None


def test_rungs_that_need_a_covariance_are_left_out_where_there_is_none():
    found = {wall.rung: wall for wall in walls(subject(d=400, moments=False))}

    assert found["S4"].drawn == found["S5 k=1"].drawn == found["S6 k=1"].drawn == 0
    assert "200 codes" in found["S4"].because
    assert found["S3b"].drawn == DRAWS


def test_without_a_judge_there_is_no_hit_rate():
    assert {wall.rate for wall in walls(subject(judged=False))} == {None}
