"""Intervals over replicates: what they contain, and when there is none."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from aelatent.inference.contrasts import contrast
from aelatent.inference.estimates import (
    Estimate,
    InsufficientEvidence,
    estimate,
    fact,
    independent_images,
    interval_over_replicates,
    left_out_images,
    shared_error,
)
from aelatent.inference.intervals import NO_KIND, KindError
from aelatent.statistics.rates import share

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


class TestBounds:
    """Shares and lengths scatter skewly near their bounds."""

    @pytest.mark.parametrize(
        ("bounds", "draw", "truth"),
        [
            ((0, 1), lambda rng: rng.beta(0.5, 9.5, 5), 0.05),
            ((0, 1), lambda rng: 1 - rng.beta(0.5, 9.5, 5), 0.95),
            ((0, math.inf), lambda rng: rng.gamma(2, size=5), 2.0),
            ((-math.inf, 3), lambda rng: 3 - rng.gamma(2, size=5), 1.0),
        ],
        ids=["share near 0", "share near 1", "length", "what has a most"],
    )
    def test_intervals_miss_less_often_than_students(self, bounds, draw, truth):
        """Student's miss in 16 and 8.5 % of samples of five."""
        rng, missed = np.random.default_rng(0), np.zeros(2)
        for _ in range(1500):
            values = draw(rng)
            for place, kept in enumerate([(-math.inf, math.inf), bounds]):
                low, high = estimate(float, values, bounds=kept).interval
                missed[place] += not low <= truth <= high

        student, ours = missed / 1500
        assert 0.05 < ours < 0.72 * student

    @pytest.mark.parametrize(
        ("values", "low", "high"),
        [
            ([0.0, 0.0, 0.3], 0, 1),
            ([1.0, 0.98, 1.0], 0, 1),
            ([-0.01, 0.0, 0.02], 0, 1),
            ([3.0, 40.0], 0, math.inf),
        ],
    )
    def test_an_interval_stays_within_its_bounds(self, values, low, high):
        evidence = estimate(float, values, bounds=(low, high))

        assert low <= evidence.interval[0] <= evidence.effect <= evidence.interval[1] <= high
        assert evidence.values == tuple(values)

    def test_the_effect_is_the_mean(self):
        assert estimate(float, [1.0, 8.0, 27.0], bounds=(0, math.inf)).effect == 12

    def test_shares_of_nothing_have_the_interval_that_docs_give(self):
        """docs/calibration.md says how much wider it is than that of all codes together."""
        evidence = estimate(share, [np.zeros(250, bool)] * 3, bounds=(0, 1))

        assert evidence.interval == pytest.approx((0, 0.029), abs=5e-4)
        of_all_codes = 1 - 0.025 ** (1 / 750)
        assert of_all_codes == pytest.approx(0.0049, abs=5e-5)

    def test_far_from_all_bounds_it_is_students_interval(self):
        values = [1000.0, 1000.2, 1000.5]

        bounded = estimate(float, values, bounds=(0, 1e6))
        assert bounded.interval == pytest.approx(estimate(float, values).interval, rel=1e-6)

    @pytest.mark.parametrize("bounds", [(0, 1), (0, math.inf), (-math.inf, 1), (-2, 5)])
    @pytest.mark.parametrize("shared", [0.0, 0.01])
    @pytest.mark.parametrize("slope", [0, -0.5, 0.5])
    def test_the_pvalue_is_half_of_what_the_interval_leaves_out(self, bounds, shared, slope):
        kind = KindError(0.002, degrees=3, room=0.004, slope=slope) if slope else NO_KIND
        values = (0.02, 0.01, 0.09, 0.05)
        measured = [Estimate(value, shared=shared, kind=kind) for value in values]
        evidence = estimate(lambda value: value, measured, bounds=bounds)

        assert evidence.exceedance(evidence.interval[0]) == pytest.approx(0.025)
        assert evidence.shortfall(evidence.interval[1]) == pytest.approx(0.025)
        assert evidence.exceedance(evidence.interval[1]) == pytest.approx(0.975)

    @pytest.mark.parametrize("shared", [0.0, 0.01, 0.1])
    @pytest.mark.parametrize("values", [[0.1, 0.2], [0.1, 0.1, 0.2, 0.2], [-0.1, -0.2]])
    def test_a_mean_is_surely_within_its_bounds(self, values, shared):
        evidence = estimate(lambda v: Estimate(v, shared=shared), values, bounds=(0, 1))

        assert evidence.exceedance(-0.01) < 1e-200
        assert evidence.shortfall(1.01) < 1e-200
        assert evidence.exceedance(1.01) == evidence.shortfall(-0.01) == 1

    @pytest.mark.parametrize("truth", [0.02, 0.1, 0.9])
    @pytest.mark.parametrize("shared", [0.0, 0.04])
    def test_what_trainings_share_does_not_shrink_near_a_bound(self, truth, shared):
        """Until November 2026 12 % of intervals lay above a truth of 0.02 with a shared 0.04."""
        rng, found = np.random.default_rng(3), []
        for _ in range(1000):
            values = rng.normal(truth + shared * rng.standard_normal(), 0.01, 5)
            found.append(
                estimate(lambda v: Estimate(v, shared=shared), values, bounds=(0, 1)).interval
            )

        low, high = np.transpose(found)
        assert np.mean(low > truth) < (0.03 if shared else 0.05)
        assert np.mean(high < truth) < (0.03 if shared else 0.05)

    def test_a_known_error_at_zero_is_no_certainty(self):
        evidence = estimate(lambda v: Estimate(v, 0.01), [0.0, 0.0, 0.0], bounds=(0, 1))

        assert evidence.interval[0] == 0 < evidence.interval[1] < 0.15

    @pytest.mark.parametrize("bounds", [(-1, 1), (0, 1), (-math.inf, 1)])
    @pytest.mark.parametrize("error", [{"error": 0.06}, {"shared": 0.007}, {"images": (0.1, 0.2)}])
    @pytest.mark.parametrize("count", [3, 5])
    def test_no_limit_is_beyond_a_bound_by_rounding(self, bounds, error, count):
        evidence = estimate(lambda v: Estimate(v, **error), [1.0] * count, bounds=bounds)

        low, high = evidence.interval
        assert bounds[0] <= low < evidence.effect == high == 1

    def test_bounds_are_in_order(self):
        with pytest.raises(ValueError, match="expected bounds in order"):
            estimate(float, [1.0, 2.0], bounds=(1, 0))


class TestRounding:
    """What NumPy's rounding leaves is no spread between trainings."""

    def test_values_that_differ_by_rounding_have_no_spread(self):
        with pytest.raises(InsufficientEvidence, match="differ or have an error"):
            estimate(float, [0.1 + 0.2, 0.3, 0.3])

    def test_their_known_error_is_all_that_counts(self):
        noisy = estimate(lambda v: Estimate(v, 0.1), [0.1 + 0.2, 0.3, 0.3])
        clean = estimate(lambda v: Estimate(v, 0.1), [0.3, 0.3, 0.3])

        assert noisy.interval == pytest.approx(clean.interval, rel=1e-12)

    def test_small_values_keep_their_spread(self):
        assert estimate(float, [1e-20, 2e-20]).interval[1] > 2e-20


class TestKinds:
    """A judge sees a kind of images on which it was not measured."""

    def test_it_has_the_quantile_of_its_own_degrees_of_freedom(self):
        kind = KindError(0.1, degrees=5)
        low, high = interval_over_replicates([Estimate(1.0, kind=kind)] * 5)

        assert high - 1 == pytest.approx(stats.t.ppf(0.975, 5) * 0.1)
        assert 1 - low == pytest.approx(high - 1)

    def test_its_rate_cannot_fall_below_zero(self):
        """A rate that falls by 0.02 at most lifts a number of negative slope by as little."""
        kind = KindError(0.1, degrees=5, room=0.02, slope=-0.5)
        low, high = interval_over_replicates([Estimate(1.0, kind=kind)] * 5)

        assert high - 1 == pytest.approx(0.5 * 0.02)
        assert 1 - low == pytest.approx(0.5 * stats.t.ppf(0.975, 5) * 0.1)

    def test_it_is_the_same_kind_for_all_replicates(self):
        """Slopes of both signs cancel, since one rate moves all values."""
        kind = KindError(0.1, degrees=5)
        opposed = [Estimate(1.0, 0.01, kind=kind), Estimate(1.0, 0.01, kind=kind.times(-1))]

        assert estimate(lambda e: e, opposed).errors.kind.size == 0

    @pytest.mark.parametrize("bound", [0.2, 0.8, 0.95, 1.005, 1.3])
    def test_the_pvalue_fits_the_interval(self, bound):
        kind = KindError(0.1, degrees=5, room=0.02, slope=-0.5)
        measured = [Estimate(value, kind=kind) for value in (0.99, 1.0, 1.01)]
        evidence = estimate(lambda e: e, measured)
        over, under = evidence.exceedance(bound), evidence.shortfall(bound)

        assert over + under == pytest.approx(1)
        low, high = interval_over_replicates(measured, 1 - 2 * min(over, under))
        assert bound == pytest.approx(low if over < under else high)


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

    assert (apart.errors.shared, apart.interval) == (0.0, estimate(lambda e: e, measured).interval)
    assert contrasted.errors.shared == 0.0 < estimate(shared_error, measured).errors.shared
    assert contrasted.errors.own >= 0.1 / 3**0.5


def test_samples_of_a_jackknife_give_the_error_of_the_whole():
    """Each leaves out a fifth of the values; their spread is four times too small."""
    values = np.random.default_rng(0).standard_normal((5, 200))
    left_out = [np.delete(values, part, axis=0).mean() for part in range(5)]

    with left_out_images():
        evidence = estimate(float, left_out)
    assert evidence.effect == pytest.approx(values.mean())
    assert evidence.errors.own == pytest.approx(stats.sem(values.mean(axis=1)))


def test_known_errors_of_a_jackknifes_samples_do_not_average_out():
    """They were measured on nearly the same images: of four fifths of them each."""
    with left_out_images():
        evidence = estimate(lambda v: Estimate(v, 0.1), [1.0] * 5)

    assert evidence.errors.own == pytest.approx(0.1 * 0.8**0.5)


def test_what_replicates_have_in_common_does_not_average_out():
    estimates = [Estimate(value, 0.1) for value in (0.9, 1.0, 1.1)]
    apart = interval_over_replicates(estimates)
    common = interval_over_replicates([shared_error(estimate) for estimate in estimates])

    assert common[1] - common[0] > 1.3 * (apart[1] - apart[0])


def test_a_mean_below_its_bound_moves_the_limit_above():
    """A judge's errors were subtracted, and less than nothing was left."""
    low = [-0.09, -0.02, 0.01]
    inside = estimate(float, low, bounds=(0, math.inf))
    plain = estimate(float, low)

    assert inside.effect == 0
    assert inside.interval == (0, plain.interval[1])
    assert inside.shortfall(0.1) == pytest.approx(plain.shortfall(0.1))


@pytest.mark.parametrize("bound", [0, 1])
def test_a_mean_far_beyond_its_bound_is_not_known_exactly(bound):
    """Its limit was the bound itself: a corrected rate of 1.05 gave [1, 1]."""
    beyond = [0.28, 0.30, 0.31]
    plain = estimate(float, beyond)
    inside = estimate(lambda v: bound + v if bound else -v, beyond, bounds=(0, 1))

    low, high = inside.interval
    assert high - low == pytest.approx((plain.interval[1] - plain.interval[0]) / 4)
    assert low <= inside.effect == bound <= high
    tail = inside.exceedance(low) if bound else inside.shortfall(high)
    assert tail == pytest.approx(0.025)


def test_the_error_of_a_kind_alone_keeps_no_limit_from_the_bound():
    """Images of which the judge accepts none are none, whatever it accepts of other kinds."""
    kind = KindError(0.06, degrees=3, room=0.04, slope=-1)
    evidence = estimate(lambda v: Estimate(v, 0.001, kind=kind), [-0.04] * 5, bounds=(0, 1))

    assert 0 == evidence.interval[0] < evidence.interval[1] < 0.001
    assert evidence.shortfall(evidence.interval[1]) == pytest.approx(0.025)
