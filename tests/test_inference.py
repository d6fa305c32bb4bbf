"""Intervals over replicates: what they contain, and when there is none."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from aelatent.inference import Estimate, InsufficientEvidence, interval_over_replicates, weigh

values = st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=8).filter(lambda v: np.ptp(v) > 1e-3)


def test_the_interval_is_students_where_nothing_is_known_of_errors():
    measured = [0.8, 1.0, 1.3, 0.9, 1.1]
    expected = stats.t.interval(0.95, 4, np.mean(measured), stats.sem(measured))

    assert weigh(float, measured).interval == pytest.approx(expected)


@settings(deadline=None)
@given(values, st.floats(-100, 100), st.floats(0.01, 100))
def test_the_interval_follows_shifts_and_scales(measured, shift, scale):
    low, high = weigh(float, measured).interval
    moved = weigh(lambda v: shift + scale * v, measured).interval

    assert moved == pytest.approx((shift + scale * low, shift + scale * high), abs=1e-6)


@settings(deadline=None)
@given(values, st.floats(0, 10), st.floats(0, 10))
def test_errors_never_make_the_interval_narrower(measured, error, shared):
    bare = weigh(float, measured).interval
    burdened = weigh(lambda v: Estimate(v, error, shared), measured).interval

    assert np.ptp(burdened) >= np.ptp(bare) * (1 - 1e-9)


def test_agreement_by_accident_does_not_hide_the_error_within():
    low, high = interval_over_replicates([Estimate(0.0, error=0.1)] * 4)

    assert high == -low == pytest.approx(stats.t.ppf(0.975, 3) * 0.1 / 2)


def test_a_shared_error_does_not_average_out():
    few, many = (
        np.ptp(interval_over_replicates([Estimate(0.0, shared=0.1)] * k)) for k in (30, 3000)
    )

    assert many == pytest.approx(2 * 1.96 * 0.1, rel=1e-3)
    assert few == pytest.approx(many, rel=0.05)


@pytest.mark.parametrize(
    "estimates",
    [
        [],
        [Estimate(1.0, 0.1)],
        [Estimate(1.0), Estimate(math.nan)],
        [Estimate(1.0), Estimate(math.inf)],
        [Estimate(1.0), Estimate(2.0, math.nan)],
        [Estimate(1.0), Estimate(2.0, shared=-0.1)],
        [Estimate(1.0), Estimate(1.0)],
    ],
    ids=["none", "one", "NaN", "infinity", "NaN error", "negative error", "no spread"],
)
def test_without_enough_evidence_there_is_no_interval(estimates):
    with pytest.raises(InsufficientEvidence, match="expected"):
        interval_over_replicates(estimates)


def test_evidence_keeps_the_values_of_the_replicates():
    evidence = weigh(lambda pair: Estimate(sum(pair), 0.1), [(1, 2), (2, 3)], unit="sum")

    assert (evidence.effect, evidence.values, evidence.unit) == (4.0, (3.0, 5.0), "sum")


@pytest.mark.parametrize("between", [0.0, 0.1])
def test_intervals_cover_the_truth_as_often_as_they_say(between):
    """Five hit rates around 0.3 in 200 draws each, with and without differences between models."""
    rng = np.random.default_rng(0)
    covered = 0
    for _ in range(500):
        rates = np.clip(rng.normal(0.3, between, 5), 0, 1)
        hits = rng.binomial(200, rates) / 200
        low, high = interval_over_replicates([Estimate(h, (0.21 / 200) ** 0.5) for h in hits])
        covered += low <= 0.3 <= high

    assert covered / 500 > 0.93
