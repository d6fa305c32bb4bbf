"""The margin is read back from the sentence of a rule, for every rule there is."""

import math

import pytest

from aelatent.inference.rules import Above, Below, Between, Equals, Near
from aelatent.report.margins import limits


@pytest.mark.parametrize(
    "rule",
    [
        Near(1.0, factor=1.15),
        Near(5.0, factor=2.0),
        Above(0.8),
        Above(-0.1),
        Below(0.5),
        Below(1.94),
        Between(-0.05, 0.05),
        Between(0.0, 3.72),
    ],
    ids=str,
)
def test_limits_are_those_of_the_rule(rule):
    assert limits(str(rule)) == pytest.approx(rule.limits)


def test_a_fact_lies_within_its_tolerance():
    assert limits(str(Equals(16.5, within=0.5))) == (16.0, 17.0)
    assert limits(str(Equals(98946))) == (98946, 98946)
    assert limits(str(Equals(0, within=1e-9))) == pytest.approx((-1e-9, 1e-9))


def test_one_sided_limits_are_open():
    assert limits(str(Above(2)))[1] == math.inf
    assert limits(str(Below(2)))[0] == -math.inf


def test_words_of_another_kind_have_no_limits():
    assert limits("Supported when the moon is full.") is None
