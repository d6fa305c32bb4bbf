"""Intervals over replicates: what they contain, and when there is none."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special, stats

from aelatent.inference.estimates import (
    Estimate,
    InsufficientEvidence,
    contrast,
    estimate,
    fact,
    independent_images,
    interval_over_replicates,
    shared_error,
)

values = st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=8).filter(lambda v: np.ptp(v) > 1e-3)


def test_without_errors_the_interval_is_students():
    measured = [0.8, 1.0, 1.3, 0.9, 1.1]
    expected = stats.t.interval(0.95, 4, np.mean(measured), stats.sem(measured))

    assert estimate(float, measured).interval == pytest.approx(expected)


@settings(deadline=None)
@given(values, st.floats(-100, 100), st.floats(0.01, 100))
def test_the_interval_follows_shifts_and_scales(measured, shift, scale):
    low, high = estimate(float, measured).interval
    moved = estimate(lambda v: shift + scale * v, measured).interval

    assert moved == pytest.approx((shift + scale * low, shift + scale * high), abs=1e-6)


@settings(deadline=None)
@given(values, st.floats(0, 10), st.floats(0, 10))
def test_errors_never_make_the_interval_narrower(measured, error, shared):
    bare = estimate(float, measured).interval
    burdened = estimate(lambda v: Estimate(v, error, shared), measured).interval

    assert np.ptp(burdened) >= np.ptp(bare) * (1 - 1e-9)


def test_agreement_by_accident_does_not_hide_the_error_within():
    low, high = interval_over_replicates([Estimate(0.0, error=0.1)] * 4)

    assert high == -low == pytest.approx(stats.t.ppf(0.975, 3) * 0.1 / 2)


def test_a_shared_error_does_not_average_out():
    few, many = (
        np.ptp(interval_over_replicates([Estimate(0.0, shared=0.1)] * k)) for k in (30, 3000)
    )

    assert [few, many] == pytest.approx([2 * stats.t.ppf(0.975, 19) * 0.1] * 2)


@pytest.mark.parametrize("k", [3, 5])
@pytest.mark.parametrize("shared", [0.0, 0.3, 1.0, 3.0])
def test_intervals_with_a_shared_error_cover_the_truth(k, shared):
    """The shared error is known from twenty parts; what differs between replicates is 1."""
    rng = np.random.default_rng(0)
    covered = 0
    for _ in range(2000):
        values = shared * rng.standard_normal() + rng.normal(0, k**0.5, k)
        known = shared * (rng.chisquare(19) / 19) ** 0.5
        low, high = interval_over_replicates([Estimate(value, shared=known) for value in values])
        covered += low <= 0 <= high

    assert 0.94 < covered / 2000 < 0.985


@pytest.mark.parametrize("bound", [-3.0, 0.4, 1.0, 1.7, 40.0])
def test_the_pvalue_with_a_shared_error_fits_its_interval(bound):
    measured = [Estimate(value, shared=0.3) for value in (0.8, 1.0, 1.3, 0.9, 1.1)]
    evidence = estimate(lambda value: value, measured)
    over, under = evidence.exceedance(bound), evidence.shortfall(bound)

    low, high = interval_over_replicates(measured, 1 - 2 * min(over, under))
    assert bound == pytest.approx(low if over < under else high)


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
    evidence = estimate(lambda pair: Estimate(sum(pair), 0.1), [(1, 2), (2, 3)], unit="sum")

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


def test_a_fact_has_no_error_and_no_pvalue():
    evidence = fact(3)

    assert (evidence.effect, evidence.interval) == (3.0, (3.0, 3.0))
    assert evidence.exceedance(2.0) is None


def test_the_exceedance_is_the_pvalue_of_students_test():
    measured = [0.8, 1.0, 1.3, 0.9, 1.1]
    expected = stats.ttest_1samp(measured, 0.9, alternative="greater").pvalue

    assert estimate(float, measured).exceedance(0.9) == pytest.approx(expected)


class TestRoots:
    """Values that are a few times as large in one training as in another."""

    def test_intervals_of_cube_roots_miss_evenly_on_both_sides(self):
        rng, truth = np.random.default_rng(0), special.poch(2, 1 / 3) ** 3
        missed = np.zeros(2)
        for _ in range(4000):
            low, high = estimate(float, rng.gamma(2, size=5), root=3).interval
            missed += [low > truth, high < truth]

        assert missed / 4000 == pytest.approx([0.025, 0.025], abs=0.007)

    def test_effect_and_interval_are_in_the_units_of_the_values(self):
        evidence = estimate(float, [1.0, 8.0, 27.0], root=3)
        low, high = interval_over_replicates([Estimate(value) for value in (1.0, 2.0, 3.0)])

        assert evidence.effect == pytest.approx(8)
        assert evidence.interval == pytest.approx((low**3, high**3))
        assert evidence.values == (1.0, 8.0, 27.0)

    def test_the_pvalue_is_half_of_what_the_interval_leaves_out(self):
        evidence = estimate(float, [1.0, 2.0, 9.0, 5.0], root=3)

        assert evidence.exceedance(evidence.interval[0]) == pytest.approx(0.025)
        assert evidence.shortfall(evidence.interval[1]) == pytest.approx(0.025)

    def test_errors_follow_the_slope_of_the_root(self):
        evidence = estimate(lambda v: Estimate(v, shared=0.3), [8.0, 8.0, 8.0], root=3)

        assert evidence.shared == pytest.approx(0.3 / 12)

    def test_a_known_error_at_zero_is_no_certainty(self):
        evidence = estimate(lambda v: Estimate(v, 0.01), [0.0, 0.0, 0.0], root=3)

        assert evidence.interval[0] < 0 < evidence.interval[1] < 0.03

    def test_there_is_no_root_of_a_negative_value(self):
        with pytest.raises(
            InsufficientEvidence, match="expected values >= 0 to take roots of, received -1"
        ):
            estimate(float, [-1.0, 2.0], root=3)

    def test_even_roots_lose_the_sign(self):
        with pytest.raises(ValueError, match="expected an odd root"):
            estimate(float, [1.0, 2.0], root=2)


class TestContrast:
    """A statistic against surrogates of the same replicate."""

    @staticmethod
    def noise(item, rng):
        return item + rng.standard_normal()

    def test_scales_say_the_same_in_other_units(self):
        units, rng = [10.0, 12.0, 11.0], np.random.default_rng
        null = lambda _, rng: 5.0 + 0.1 * rng.standard_normal()  # noqa: E731

        difference, ratio, score = (
            contrast(float, units, null, rng(0), 99, scale)
            for scale in ("difference", "ratio", "score")
        )

        assert difference.effect == pytest.approx(6.0, abs=0.1)
        assert ratio.effect == pytest.approx(11 / 5, abs=0.02)
        assert score.effect == pytest.approx(60, rel=0.3)
        assert difference.null.shape == (3 * 99,)
        assert {e.surrogate_pvalues for e in (difference, ratio, score)} == {(1 / 100, 1.0)}

    def test_the_pvalue_is_uniform_where_the_null_holds(self):
        """Rejections at 5 % stay near 5 % over two hundred runs."""
        rng = np.random.default_rng(1)
        pvalues = [
            contrast(lambda v: v, rng.standard_normal(3), lambda _, r: r.standard_normal(), rng, 39)
            for _ in range(200)
        ]
        rejected = np.mean([evidence.surrogate_pvalues[0] <= 0.05 for evidence in pvalues])

        assert 0.01 <= rejected <= 0.10

    def test_ties_count_against_the_claim(self):
        """Surrogates that equal what was observed, but for a lower one in the first place."""
        lower = iter([0.5, 1.0, 1.0, 1.5, 2.0, 2.0])

        evidence = contrast(float, [1.0, 2.0], lambda *_: next(lower), np.random.default_rng(0), 3)

        assert evidence.surrogate_pvalues == (3 / 4, 1.0)

    def test_ties_but_for_rounding_count_against_the_claim(self):
        """Shuffling codes changes no sum of squares, though its last digits."""
        rng = np.random.default_rng(0)
        clouds = [rng.standard_normal((50, 4)) for _ in range(5)]
        shuffled = lambda codes, rng: rng.permuted(codes, axis=0)  # noqa: E731

        for scale in ("difference", "ratio"):
            evidence = contrast(lambda z: float((z**2).sum()), clouds, shuffled, rng, 19, scale)

            assert evidence.surrogate_pvalues == (1, 1)

    def test_surrogates_without_spread_give_no_score(self):
        with pytest.raises(InsufficientEvidence, match="allow a score"):
            contrast(float, [1.0, 2.0], lambda *_: 5.0, np.random.default_rng(0), 3, scale="score")

    def test_one_surrogate_is_too_few(self):
        with pytest.raises(ValueError, match="two surrogates"):
            contrast(float, [1.0, 2.0], self.noise, np.random.default_rng(0), 1)


def test_parts_of_one_sample_have_no_images_in_common():
    measured = [Estimate(value, 0.1) for value in (0.9, 1.0, 1.1)]
    with independent_images():
        apart = estimate(shared_error, measured)
        contrasted = contrast(
            lambda e: e.value,
            measured,
            lambda e, rng: replace(e, value=rng.normal(0, 0.01)),
            np.random.default_rng(0),
            images=lambda e: (e.error, 0.0),
        )

    assert (apart.shared, apart.interval) == (0.0, estimate(lambda e: e, measured).interval)
    assert contrasted.shared == 0.0 < estimate(shared_error, measured).shared
    assert contrasted.error >= 0.1 / 3**0.5


def test_what_replicates_have_in_common_does_not_average_out():
    estimates = [Estimate(value, 0.1) for value in (0.9, 1.0, 1.1)]
    apart = interval_over_replicates(estimates)
    common = interval_over_replicates([shared_error(estimate) for estimate in estimates])

    assert common[1] - common[0] > 1.3 * (apart[1] - apart[0])
