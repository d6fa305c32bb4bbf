"""Numbers are written to the precision of their interval, outcomes with a sign of their own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aelatent.inference.rules import Outcome
from aelatent.report.notation import (
    MARKS,
    as_expected,
    control_sentence,
    duration,
    effect,
    limits,
    number,
)

from .samples import control, record


def test_every_outcome_has_a_sign_of_its_own_in_both_alphabets():
    assert set(MARKS) == set(Outcome)
    assert len({mark.glyph for mark in MARKS.values()}) == len(Outcome)
    assert len({mark.plain for mark in MARKS.values()}) == len(Outcome)


@given(st.floats(-1e3, 1e3), st.floats(1e-4, 5))
def test_number_is_off_by_a_tenth_of_the_spread_at_most(value, spread):
    written = float(number(value, spread).replace("\N{MINUS SIGN}", "-"))
    assert abs(written - value) <= spread / 10 * (1 + 1e-6)


def test_zero_has_no_sign():
    assert number(-0.0) == "0"
    assert number(-0.0004, spread=0.2) == "0.00"


def test_effect_and_limits_have_the_same_decimals():
    assert effect(-1.3, (-1.32, -1.28)) == "\N{MINUS SIGN}1.300"
    assert limits((-1.32, -1.28)) == "[\N{MINUS SIGN}1.320, \N{MINUS SIGN}1.280]"


def test_interval_without_width_is_written_in_full():
    assert limits((0.5, 0.5)) == "[0.5, 0.5]"


def test_duration_never_says_sixty_seconds():
    assert duration(59.97) == "1 min 0 s"


def test_not_applicable_is_neither_expected_nor_unexpected():
    assert as_expected(record(outcome="not applicable")) is None


@pytest.mark.parametrize(
    ("outcome", "expected", "says"),
    [
        ("refuted", "refuted", "the check says refuted here, the opposite, as it must"),
        ("supported", "supported", "the check says supported here, as it must"),
        ("refuted", "supported", "cannot be trusted"),
        ("error", "refuted", "cannot be trusted"),
        ("not applicable", "refuted", "checks nothing"),
    ],
)
def test_control_says_whether_the_check_may_be_trusted(outcome, expected, says):
    assert says in control_sentence(control(outcome=outcome, expected=expected), record())
