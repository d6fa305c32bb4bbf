"""Hit rates under a judge that errs: known answers, and errors that hold in simulation."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from aelatent.inference.estimates import Estimate, InsufficientEvidence
from aelatent.statistics.rates import (
    corrected_rate,
    hit_ratio,
    rate_difference,
    rate_of_new_kind,
    share,
)

NO_ERRORS = Estimate(0.0)
rates = st.floats(0.0, 1.0)


def hits(count, n):
    return np.arange(n) < count


@pytest.mark.parametrize(("count", "n"), [(0, 500), (500, 500), (3, 10), (0, 1)])
def test_a_share_has_the_error_of_jeffreys_posterior(count, n):
    estimate = share(hits(count, n))

    assert estimate.value == count / n
    assert estimate.error == pytest.approx(stats.beta.std(count + 0.5, n - count + 0.5))
    assert estimate.error > 0


def test_hits_of_one_group_count_once():
    """Six equal points on each of 100 paths say as much as 100 points."""
    paths = np.random.default_rng(0).random(100) < 0.4
    grouped = share(np.repeat(paths, 6), np.repeat(np.arange(100), 6))

    assert grouped.value == paths.mean()
    assert grouped.error == pytest.approx(share(paths).error, rel=0.02)


def test_groups_of_independent_hits_change_little():
    accepted = np.random.default_rng(0).random(1200) < 0.4

    assert share(accepted, np.repeat(np.arange(200), 6)).error == pytest.approx(
        share(accepted).error, rel=0.15
    )


@pytest.mark.parametrize("value", [True, False])
def test_where_all_hits_agree_a_group_counts_once(value):
    accepted = np.full(60, value)

    assert share(accepted, np.repeat(np.arange(10), 6)).error == share(accepted[:10]).error


@pytest.mark.parametrize(
    "accepted",
    [[], [[True, False]], [0, 1, 1], [0.5, np.nan]],
    ids=["none", "table", "numbers", "NaN"],
)
def test_what_are_no_hits_is_refused(accepted):
    with pytest.raises(ValueError, match="expected hits"):
        share(accepted)


@pytest.mark.parametrize("groups", [np.zeros(4, int), np.arange(3)])
def test_groups_are_two_or_more_and_one_a_hit(groups):
    with pytest.raises(ValueError, match="expected groups"):
        share(hits(2, 4), groups)


@settings(deadline=None)
@given(rates, st.floats(0.6, 1.0), st.floats(0.0, 0.4))
def test_the_corrected_rate_undoes_the_judges_errors(rate, sensitivity, false_acceptance):
    accepted = false_acceptance + rate * (sensitivity - false_acceptance)
    corrected = corrected_rate(
        Estimate(accepted), Estimate(sensitivity), Estimate(false_acceptance)
    )

    assert corrected.value == pytest.approx(rate, abs=1e-9)


def test_a_perfect_judge_needs_no_correction():
    observed = share(hits(30, 100))

    assert corrected_rate(observed, Estimate(1.0), NO_ERRORS) == observed


def test_the_error_of_the_judge_is_shared():
    corrected = corrected_rate(Estimate(0.5, 0.01), Estimate(0.9, 0.02), Estimate(0.1, 0.04))

    assert corrected.error == pytest.approx(0.01 / 0.8)
    assert corrected.shared == pytest.approx(np.hypot(0.5 * 0.02, 0.5 * 0.04) / 0.8)


@pytest.mark.parametrize(("sensitivity", "false_acceptance"), [(0.5, 0.5), (0.2, 0.8)])
def test_a_judge_that_knows_nothing_corrects_nothing(sensitivity, false_acceptance):
    with pytest.raises(ValueError, match="accepts meaningful images more often"):
        corrected_rate(hits(1, 2), Estimate(sensitivity), Estimate(false_acceptance))


@settings(deadline=None)
@given(rates, st.floats(0.1, 1.0), st.floats(0.6, 1.0), st.floats(0.0, 0.4))
def test_the_sensitivity_cancels_in_a_ratio(drawn, reference, sensitivity, false_acceptance):
    def accepted(rate):
        return Estimate(false_acceptance + rate * (sensitivity - false_acceptance))

    ratio = hit_ratio(accepted(drawn), accepted(reference), Estimate(false_acceptance))

    assert ratio.value == pytest.approx(drawn / reference, abs=1e-9)


@pytest.mark.parametrize("reference", [0.05, 0.02])
def test_references_that_look_like_non_images_allow_no_ratio(reference):
    with pytest.raises(ValueError, match="no ratio can be formed"):
        hit_ratio(Estimate(0.5), Estimate(reference), Estimate(0.05))


def test_groups_reach_the_error_of_a_ratio():
    draws = np.repeat(np.random.default_rng(0).random(50) < 0.5, 6)
    loose, tight = (
        hit_ratio(share(draws, groups), hits(95, 100), NO_ERRORS)
        for groups in (np.repeat(np.arange(50), 6), None)
    )

    assert loose.value == tight.value
    assert loose.error > 2 * tight.error


def test_a_difference_is_that_of_two_ratios():
    shares = [Estimate(0.8, 0.02), Estimate(0.9, 0.01), Estimate(0.3, 0.03), Estimate(0.95, 0.01)]
    false_acceptance = Estimate(0.05, 0.01)
    first = hit_ratio(*shares[:2], false_acceptance)
    second = hit_ratio(*shares[2:], false_acceptance)
    difference = rate_difference(*shares, false_acceptance)

    assert difference.value == pytest.approx(first.value - second.value)
    assert difference.error == pytest.approx(np.hypot(first.error, second.error))
    assert difference.shared == pytest.approx(second.shared - first.shared)


def simulated(rng, rate, n, sensitivity=0.95, false_acceptance=0.05):
    return rng.random(n) < false_acceptance + rate * (sensitivity - false_acceptance)


@pytest.mark.parametrize("rate", [0.0, 0.3, 0.9])
def test_errors_hold_in_simulation(rate):
    """Within two joint errors of the truth in 93 to 99 of 100 runs, for each of three rates."""
    rng = np.random.default_rng(1)
    within = np.zeros(3)
    for _ in range(600):
        draws, references = simulated(rng, rate, 300), simulated(rng, 0.9, 300)
        sensitivity, false_acceptance = (
            share(simulated(rng, meaningful, 300)) for meaningful in (1.0, 0.0)
        )
        others = simulated(rng, 0.2, 300), simulated(rng, 0.8, 300)
        estimates = [
            corrected_rate(draws, sensitivity, false_acceptance),
            hit_ratio(draws, references, false_acceptance),
            rate_difference(draws, references, *others, false_acceptance),
        ]
        for i, truth in enumerate((rate, rate / 0.9, rate / 0.9 - 0.25)):
            total = np.hypot(estimates[i].error, estimates[i].shared)
            within[i] += abs(estimates[i].value - truth) < 2 * total

    assert (within / 600 > 0.93).all()
    assert (within / 600 < 0.99).all()


class TestNewKind:
    """Images of a kind that is not on the judge's card."""

    @pytest.mark.parametrize("k", [4, 7])
    @pytest.mark.parametrize("spread", [0.002, 0.03])
    def test_the_rate_of_another_kind_is_covered(self, k, spread):
        """Kinds scatter about 0.1; each is measured on 500 images. The mean's error covers 60 %."""
        rng, covered = np.random.default_rng([k, int(1000 * spread)]), 0
        for _ in range(1500):
            kinds = np.clip(rng.normal(0.1, spread, k + 1), 0, 1)
            shares = rng.binomial(500, kinds[:k]) / 500
            rate = rate_of_new_kind(shares, np.sqrt(shares * (1 - shares) / 500))
            fall, rise = rate.kind.reach(0.025)
            covered += rate.value - fall <= kinds[k] <= rate.value + rise

        assert covered / 1500 > 0.94

    def test_no_rate_falls_below_zero(self):
        rate = rate_of_new_kind([0.0, 0.0, 0.06])
        fall, rise = rate.kind.reach(0.025)

        assert fall == rate.value
        assert rise > 0.1

    def test_kinds_that_agree_are_known_no_better_than_their_images_allow(self):
        assert rate_of_new_kind([0.0] * 5, 0.01).kind.error == pytest.approx(0.01 * 0.2**0.5)

    def test_one_kind_is_not_enough(self):
        with pytest.raises(InsufficientEvidence, match="two kinds of images or more"):
            rate_of_new_kind([0.01])

    def test_a_hit_rate_of_less_than_one_can_hardly_be_higher(self):
        """A judge that accepts fewer bad images leaves more of the accepted as good ones."""
        false_acceptance = rate_of_new_kind([0.0, 0.01, 0.05])
        rate = corrected_rate(Estimate(0.5, 0.01), Estimate(0.97), false_acceptance)
        fall, rise = rate.kind.reach(0.025)

        assert 1 < rise / (0.5 / 0.97 - rate.value) < 1.3  # the slope is that of the other side
        assert fall > 1.9 * rise

    def test_equal_hit_ratios_do_not_depend_on_it(self):
        false_acceptance = rate_of_new_kind([0.0, 0.01, 0.05])
        sides = Estimate(0.4, 0.01), Estimate(0.9, 0.01)

        assert rate_difference(*sides, *sides, false_acceptance).kind.size == 0
        assert hit_ratio(*sides, false_acceptance).kind.size > 0
