"""Rules decide by where the interval lies; verdicts join parts."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aelatent.inference.estimates import Evidence, InsufficientEvidence, estimate, fact
from aelatent.inference.rules import Above, Below, Between, Equals, Near, Outcome, verdict

numbers = st.floats(-1e3, 1e3)


def between(low, high):
    return Evidence((low + high) / 2, (low, high), (low, high))


@pytest.mark.parametrize(
    ("rule", "interval", "outcome"),
    [
        (Near(1.0, factor=1.25), (0.9, 1.1), "supported"),
        (Near(1.0, factor=1.25), (0.7, 1.1), "inconclusive"),
        (Near(1.0, factor=1.25), (0.9, 1.3), "inconclusive"),
        (Near(1.0, factor=1.25), (0.5, 2.0), "inconclusive"),
        (Near(1.0, factor=1.25), (0.1, 0.79), "refuted"),
        (Near(1.0, factor=1.25), (1.26, 9.0), "refuted"),
        (Above(0.5), (0.51, 9.0), "supported"),
        (Above(0.5), (0.5, 9.0), "inconclusive"),
        (Above(0.5), (0.4, 0.6), "inconclusive"),
        (Above(0.5), (0.3, 0.49), "refuted"),
        (Below(0.5), (0.3, 0.49), "supported"),
        (Below(0.5), (0.4, 0.6), "inconclusive"),
        (Below(0.5), (0.51, 9.0), "refuted"),
        (Between(-0.1, 0.1), (-0.05, 0.05), "supported"),
        (Between(-0.1, 0.1), (-0.2, 0.05), "inconclusive"),
        (Between(-0.1, 0.1), (0.2, 0.3), "refuted"),
        (Equals(2.0), (2.0, 2.0), "supported"),
        (Equals(2.0), (2.5, 2.5), "refuted"),
        (Equals(2.0, within=0.5), (2.5, 2.5), "supported"),
    ],
)
def test_the_interval_decides(rule, interval, outcome):
    assert rule(between(*interval)) == outcome


@settings(deadline=None)
@given(numbers, numbers, numbers)
def test_above_and_below_never_agree(a, b, bound):
    evidence = between(min(a, b), max(a, b))
    opposite = {"supported": "refuted", "refuted": "supported", "inconclusive": "inconclusive"}

    assert Below(bound)(evidence) == opposite[Above(bound)(evidence)]


@pytest.mark.parametrize(("target", "factor"), [(0.0, 2.0), (-1.0, 2.0), (1.0, 1.0), (1.0, 0.5)])
def test_near_needs_room_around_a_positive_target(target, factor):
    with pytest.raises(ValueError, match="expected target > 0 and factor > 1"):
        Near(target, factor)


@pytest.mark.parametrize(
    ("intervals", "outcome"),
    [
        ([(1, 2), (1, 2)], Outcome.SUPPORTED),
        ([(1, 2), (-1, 2)], Outcome.INCONCLUSIVE),
        ([(-2, -1), (-1, 2)], Outcome.REFUTED),
        ([(1, 2), (-2, -1)], Outcome.REFUTED),
    ],
)
def test_a_claim_of_parts_stands_with_all_and_falls_with_one(intervals, outcome):
    pieces = [between(*interval) for interval in intervals]

    assert verdict(pieces, [Above(0.0)] * len(pieces)).outcome == outcome


@pytest.mark.parametrize("rule", [Above(0.0), Below(1.0), Between(0.0, 0.5)])
def test_a_bound_of_the_effect_is_no_margin(rule):
    shares = estimate(float, [0.01, 0.02, 0.03], bounds=(0, 1))

    with pytest.raises(ValueError, match=r"margin other than the bounds of the effect, \(0, 1\)"):
        verdict(shares, rule)


@pytest.mark.parametrize(
    ("pieces", "rules"), [([], []), ([between(0, 1)] * 2, Above(0.0)), (between(0, 1), [])]
)
def test_every_piece_of_evidence_needs_its_rule(pieces, rules):
    with pytest.raises(ValueError, match="expected one rule a piece of evidence"):
        verdict(pieces, rules)


def read_as(threshold, **others):
    """Return evidence with an interval at the threshold and at other readings of the judge."""
    return between(*threshold).with_readings({n: between(*i) for n, i in others.items()})


@pytest.mark.parametrize(
    ("threshold", "strict", "alone", "outcome", "depends"),
    [
        ((1, 2), (0.5, 2), (1, 3), "supported", False),
        ((1, 2), (-1, 2), (1, 3), "inconclusive", True),
        ((1, 2), (0.5, 2), (-2, -1), "inconclusive", True),
        ((-2, -1), (-3, -1), (-2, -1), "refuted", False),
        ((-1, 2), (1, 2), (1, 2), "inconclusive", True),
        ((-1, 2), (-1, 3), (-2, 2), "inconclusive", False),
    ],
)
def test_every_reading_of_a_judge_must_agree(threshold, strict, alone, outcome, depends):
    result = verdict(read_as(threshold, strict=strict, alone=alone), Above(0.0))

    assert (result.outcome, result.depends_on_judge) == (outcome, depends)


def test_a_part_without_a_reading_keeps_its_evidence():
    judged = read_as((1, 2), strict=(0.5, 2))
    result = verdict([judged, between(-2, -1)], [Above(0.0), Below(0.0)])

    assert result.outcome == Outcome.SUPPORTED
    strict = result.readings["strict"]
    assert [evidence.effect for evidence, _ in strict.parts] == [1.25, -1.5]
    assert not strict.readings


def test_parts_that_trade_places_do_not_depend_on_the_judge():
    """One part refutes at the threshold, the other at the strict end: the claim falls at both."""
    first = read_as((-2, -1), strict=(1, 2))
    second = read_as((1, 2), strict=(-2, -1))

    assert verdict([first, second], [Above(0.0)] * 2).outcome == Outcome.REFUTED


@pytest.mark.parametrize("name", ["", "threshold"])
def test_a_reading_needs_a_name_of_its_own(name):
    with pytest.raises(ValueError, match="expected readings beside 'threshold'"):
        between(1, 2).with_readings({name: between(1, 2)})


def test_a_reading_has_no_readings():
    with pytest.raises(ValueError, match="no readings of its own"):
        between(1, 2).with_readings({"strict": read_as((1, 2), lenient=(1, 2))})


@pytest.mark.parametrize("rule", [Above(0.9), Below(1.2), Between(0.9, 1.2), Near(1.0, factor=1.2)])
@pytest.mark.parametrize("measured", [[0.8, 1.0, 1.3], [1.0, 1.05, 1.02], [2.0, 2.1, 2.2]])
def test_a_pvalue_below_one_in_forty_means_support(rule, measured):
    """One tail of the 95 % interval holds 2.5 %."""
    evidence = estimate(float, measured)

    assert (rule.pvalue(evidence) < 0.025) == (rule(evidence) == Outcome.SUPPORTED)


@pytest.mark.parametrize(
    ("rule", "limits"),
    [
        (Near(2, 1.25), (1.6, 2.5)),
        (Above(0.8), (0.8, math.inf)),
        (Below(0.5), (-math.inf, 0.5)),
        (Between(-1, 2), (-1, 2)),
        (Equals(3), (3, 3)),
        (Equals(16.5, within=0.5), (16, 17)),
    ],
)
def test_the_limits_of_a_rule_are_where_it_supports(rule, limits):
    assert rule.limits == limits


def test_no_pvalue_is_rounded_to_zero():
    evidence = estimate(float, [1 - 1e-6, 1.0, 1 + 1e-6] * 5)

    assert 0 < Below(3.0).pvalue(evidence) < 1e-60
    assert Below(3.0).pvalue(evidence) == pytest.approx(Above(-1.0).pvalue(evidence), rel=1e-6)


def test_facts_have_no_pvalue():
    assert Equals(1.0).pvalue(fact(1.0)) is None
    assert Above(0.5).pvalue(fact(1.0)) is None


@pytest.mark.parametrize("end", [math.nan, math.inf])
def test_a_number_that_json_cannot_write_is_no_evidence(end):
    """Such a number would take the whole report with it."""
    for make in (lambda: fact(end), lambda: between(1, end), lambda: Evidence(1, (0, 2), (end,))):
        with pytest.raises(InsufficientEvidence, match="expected finite numbers"):
            make()


def test_a_range_needs_two_ends_in_order():
    with pytest.raises(ValueError, match="expected low < high"):
        Between(1.0, 1.0)
