"""How far a run is, and how long it will take."""

import pytest

from aelatent.plugin import progress
from aelatent.plugin.progress import Pace


@pytest.fixture
def now(monkeypatch):
    """A clock that a test sets."""
    at = [100.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: at[0])
    return at


def test_the_share_counts_seconds_and_not_checks(now):
    pace = Pace({"a": 90.0, "b": 10.0}, ["a", "b"])

    pace.finish("a")
    pace.finish("a")

    assert pace.share == pytest.approx(0.9, abs=0.01)


def test_the_time_left_follows_the_pace(now):
    pace = Pace({"a": 100.0, "b": 100.0}, ["a", "b"])
    assert pace.left == pytest.approx(200, rel=0.01)

    now[0] += 200.0  # twice as slow as before
    pace.finish("a")

    assert pace.left == pytest.approx(200, rel=0.1)


def test_an_unknown_check_takes_the_mean(now):
    pace = Pace({"a": 10.0, "b": 30.0}, ["a", "b", "c"])

    assert pace.whole == pytest.approx(60, rel=0.01)


def test_a_run_without_stored_seconds_counts_checks(now):
    pace = Pace({}, ["a", "b"])
    pace.finish("b")

    assert pace.share == pytest.approx(0.5)


def test_nothing_to_do_is_all_done(now):
    assert Pace({}, []).share == 1.0
