"""Intervals, p-values and rules: what leaves them, and that evidence has one outcome."""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from aelatent.inference.contrasts import contrast
from aelatent.inference.estimates import (
    Estimate,
    Evidence,
    estimate,
    interval_over_replicates,
)
from aelatent.inference.intervals import NO_KIND, KindError
from aelatent.inference.rules import Above, Below, Between, Equals, Near, Outcome, verdict

numbers = st.floats(-100, 100)
bounds = st.integers(-40, 40).map(lambda n: n / 4)
# Replicates that differ by more than they err, and such that agree more than they may.
estimates = st.sampled_from([1.0, 100.0]).flatmap(
    lambda spread: st.lists(
        st.builds(Estimate, st.floats(-spread, spread), st.floats(0.01, 5), st.floats(0, 5)),
        min_size=2,
        max_size=9,
    )
)
rules = st.one_of(
    st.builds(Above, bounds),
    st.builds(Below, bounds),
    st.tuples(bounds, st.floats(0.1, 20)).map(lambda ends: Between(ends[0], sum(ends))),
    st.builds(Near, st.floats(0.1, 10), st.floats(1.01, 5)),
)
ORDER = [Outcome.REFUTED, Outcome.INCONCLUSIVE, Outcome.SUPPORTED]


def ends(rule):
    """Return the open range in which the effect supports a rule."""
    match rule:
        case Above(bound):
            return bound, math.inf
        case Below(bound):
            return -math.inf, bound
        case Between(low, high):
            return low, high
        case Near(target, factor):
            return target / factor, target * factor


def over(low, high):
    return Evidence((low + high) / 2, (low, high), (low, high))


intervals = st.tuples(bounds, bounds).map(sorted)


@given(estimates, st.randoms(use_true_random=False))
def test_the_order_of_replicates_does_not_matter(measured, random):
    shuffled = random.sample(measured, len(measured))
    one, other = estimate(lambda e: e, measured), estimate(lambda e: e, shuffled)

    assert other.interval == pytest.approx(one.interval, abs=1e-9)
    assert other.effect == pytest.approx(one.effect, abs=1e-9)
    assert other.exceedance(1.0) == pytest.approx(one.exceedance(1.0), abs=1e-9)


@given(estimates, numbers, st.sampled_from([-7.0, -0.01, 0.03, 20.0]))
def test_evidence_follows_shift_scale_and_mirror(measured, shift, scale):
    moved = [
        Estimate(shift + scale * e.value, abs(scale) * e.error, abs(scale) * e.shared)
        for e in measured
    ]
    one, other = estimate(lambda e: e, measured), estimate(lambda e: e, moved)

    expected = sorted(shift + scale * limit for limit in one.interval)
    assert other.interval == pytest.approx(expected, abs=1e-7)
    assert other.errors.own == pytest.approx(abs(scale) * one.errors.own, rel=1e-6, abs=1e-9)


@given(estimates, st.floats(0.05, 0.99), st.floats(0.05, 0.99))
def test_intervals_hold_the_effect_and_nest_by_confidence(measured, one, other):
    narrow, wide = (interval_over_replicates(measured, c) for c in sorted([one, other]))
    effect = np.mean([estimate.value for estimate in measured])

    assert wide[0] <= narrow[0] <= effect <= narrow[1] <= wide[1]


@given(estimates, numbers)
def test_a_bound_is_exceeded_or_missed(measured, bound):
    evidence = estimate(lambda e: e, measured)

    assert evidence.exceedance(bound) + evidence.shortfall(bound) == pytest.approx(1)
    assert evidence.exceedance(bound) <= evidence.exceedance(bound + 1)


@given(rules, intervals)
def test_every_interval_has_the_one_outcome_that_its_points_have(rule, interval):
    """Supported: all of it lies in the range; refuted: none, nor its ends; else some."""
    low, high = ends(rule)
    points = np.linspace(*interval, 41)
    inside = (low < points) & (points < high)
    touching = (low <= points) & (points <= high)
    across = interval[0] <= low and high <= interval[1]

    outcome = rule(over(*interval))
    assert outcome in ORDER
    assert (outcome == Outcome.SUPPORTED) == inside.all()
    assert (outcome == Outcome.REFUTED) == (not touching.any() and not across)


@given(rules, intervals, st.floats(0, 1), st.floats(0, 1))
def test_a_narrower_interval_keeps_a_decision(rule, interval, one, other):
    low, high = interval
    inner = [low + share * (high - low) for share in sorted([one, other])]
    wide, narrow = rule(over(low, high)), rule(over(*inner))

    assert wide in (Outcome.INCONCLUSIVE, narrow)


@given(intervals, bounds, st.floats(0, 20))
def test_a_higher_interval_never_hurts_above_or_helps_below(interval, bound, shift):
    low, high = interval
    here, there = over(low, high), over(low + shift, high + shift)

    assert ORDER.index(Above(bound)(there)) >= ORDER.index(Above(bound)(here))
    assert ORDER.index(Below(bound)(there)) <= ORDER.index(Below(bound)(here))


@given(intervals, st.floats(0.1, 10), st.floats(1.01, 5), st.floats(1.01, 5))
def test_a_wider_margin_never_refutes_more(interval, target, one, other):
    narrow, wide = (Near(target, factor)(over(*interval)) for factor in sorted([one, other]))

    assert wide != Outcome.REFUTED or narrow == Outcome.REFUTED
    assert narrow != Outcome.SUPPORTED or wide == Outcome.SUPPORTED


@given(estimates, rules)
def test_a_small_pvalue_and_a_supporting_interval_are_the_same(measured, rule):
    """One tail of the 95 % interval holds 2.5 %."""
    agree(estimate(lambda e: e, measured), rule)


@given(estimates, st.floats(-0.3, 1.3), st.floats(0.01, 3))
def test_they_are_the_same_where_the_margin_cuts_the_interval(measured, share, width):
    """Bounds at any place in or beside the interval, where a wrong quantile would show."""
    evidence = estimate(lambda e: e, measured)
    low, high = evidence.interval
    bound = low + share * (high - low)

    for rule in (Above(bound), Below(bound), Between(bound, bound + width * (high - low))):
        agree(evidence, rule)


def agree(evidence, rule):
    """See that the p-value says what the outcome says."""
    pvalue, outcome = rule.pvalue(evidence), rule(evidence)
    assume(abs(pvalue - 0.025) > 1e-9)

    assert 0 <= pvalue <= 1
    assert (pvalue < 0.025) == (outcome == Outcome.SUPPORTED)
    assert pvalue > 0.5 or outcome != Outcome.REFUTED
    against = rule.refutation_pvalue(evidence)
    assume(abs(against - 0.025) > 1e-9)
    assert 0 <= against <= 1
    assert (against < 0.025) == (outcome == Outcome.REFUTED)


# Ranges of quantities, and trainings that lie in them or, where a judge's errors were subtracted,
# somewhat beyond.
ranges = st.sampled_from([(0.0, 1.0), (0.0, math.inf), (-1.0, 1.0), (-math.inf, 0.5)])
kinds = st.one_of(
    st.just(NO_KIND),
    st.builds(
        KindError, st.floats(0.01, 0.2), st.integers(1, 9), st.floats(0, 1), st.floats(-1, 1)
    ),
)
near_bounds = st.lists(
    st.builds(Estimate, st.floats(-0.2, 1.2), st.floats(0.01, 0.2), st.floats(0, 0.2), kind=kinds),
    min_size=2,
    max_size=9,
)


@given(near_bounds, ranges, st.floats(-0.3, 1.3), st.floats(0.01, 3))
def test_they_are_the_same_near_the_bounds_of_a_quantity(measured, within, share, width):
    evidence = estimate(lambda e: e, measured, bounds=within)
    low, high = evidence.interval
    margin = low + share * (high - low)

    assert within[0] <= low <= evidence.effect <= high <= within[1]
    for rule in (Above(margin), Below(margin), Between(margin, margin + width * (high - low))):
        assume(not set(rule.limits) & set(within))
        agree(evidence, rule)


@given(near_bounds, ranges, st.floats(0.01, 0.5))
def test_an_error_that_all_share_never_narrows_an_interval(measured, within, more):
    less = [Estimate(e.value, e.error, kind=e.kind) for e in measured]
    shared = [Estimate(e.value, e.error, more, kind=e.kind) for e in measured]

    narrow, wide = (estimate(lambda e: e, found, bounds=within) for found in (less, shared))
    assert wide.interval[0] <= narrow.interval[0] + 1e-9
    assert wide.interval[1] >= narrow.interval[1] - 1e-9


@given(estimates, bounds)
def test_below_is_above_in_the_mirror(measured, bound):
    mirrored = [Estimate(-e.value, e.error, e.shared) for e in measured]
    here, there = estimate(lambda e: e, measured), estimate(lambda e: e, mirrored)

    assert Below(bound)(here) == Above(-bound)(there)
    assert Below(bound).pvalue(here) == pytest.approx(Above(-bound).pvalue(there), rel=1e-9)


@given(estimates, st.floats(0.1, 10), st.floats(1.01, 5))
def test_near_is_between_its_ends_and_no_likelier_than_either(measured, target, factor):
    evidence, rule = estimate(lambda e: e, measured), Near(target, factor)
    low, high = target / factor, target * factor

    assert rule(evidence) == Between(low, high)(evidence)
    assert rule.pvalue(evidence) == max(Above(low).pvalue(evidence), Below(high).pvalue(evidence))


@given(numbers, numbers, st.floats(0, 50), st.floats(0, 50))
def test_a_fact_equals_or_not_and_more_tolerance_accepts_more(effect, target, one, other):
    narrow, wide = (Equals(target, within)(over(effect, effect)) for within in sorted([one, other]))

    assert {narrow, wide} <= {Outcome.SUPPORTED, Outcome.REFUTED}
    assert ORDER.index(wide) >= ORDER.index(narrow)


@given(st.lists(st.tuples(rules, intervals), min_size=1, max_size=5), st.randoms())
def test_a_claim_is_as_good_as_its_worst_part_in_any_order(parts, random):
    shuffled = random.sample(parts, len(parts))
    worst = min((rule(over(*interval)) for rule, interval in parts), key=ORDER.index)

    for given_parts in (parts, shuffled):
        pieces = [over(*interval) for _, interval in given_parts]
        assert verdict(pieces, [rule for rule, _ in given_parts]).outcome == worst


units = st.lists(st.floats(1, 50), min_size=2, max_size=6)


def against(measured, scale, map_of=float, surrogates=19):
    """Hold numbers against surrogates that scatter about 10, the same for every call."""
    return contrast(
        map_of,
        measured,
        lambda _, rng: 10 + rng.standard_normal(),
        np.random.default_rng(0),
        surrogates,
        scale,
    )


@given(units, st.sampled_from(["difference", "ratio", "score"]))
def test_surrogate_pvalues_fall_as_the_effect_grows(measured, scale):
    here, there = against(measured, scale), against([value + 1 for value in measured], scale)

    assert all(round(20 * pvalue, 9) in range(1, 21) for pvalue in here.surrogate_pvalues)
    assert there.surrogate_pvalues[0] <= here.surrogate_pvalues[0]
    assert there.surrogate_pvalues[1] >= here.surrogate_pvalues[1]
    assert there.effect > here.effect


@given(units, st.floats(0.01, 100))
def test_a_contrast_knows_no_unit(measured, factor):
    """A difference follows the scale, a ratio ignores it, a score a shift as well."""
    difference, ratio, score = (
        (against(measured, scale), against(measured, scale, lambda value: factor * value))
        for scale in ("difference", "ratio", "score")
    )
    moved = against(measured, "score", lambda value: factor * value - 3)

    assert difference[1].effect == pytest.approx(factor * difference[0].effect, abs=1e-9 * factor)
    assert ratio[1].interval == pytest.approx(ratio[0].interval, rel=1e-9)
    assert moved.interval == pytest.approx(score[0].interval, rel=1e-6, abs=1e-6)
    for one, other in (difference, ratio, score, (moved, score[0])):
        assert one.surrogate_pvalues == other.surrogate_pvalues
