"""Power and what would decide follow from the spread between trainings and what they share."""

import math

import numpy as np
import pytest

from aelatent.inference.estimates import Estimate, estimate
from aelatent.inference.intervals import Errors, KindError
from aelatent.inference.power import AIM, FACTORS, PartPrecision, claim_chances, need
from aelatent.inference.rules import Above, Below, Between, Outcome

DRAWS = 2000


def measured(effect, spread, limits=(0.0, math.inf), k=3, parts=1, **errors):
    """Make a part of `k` trainings with a standard deviation between them."""
    return PartPrecision(effect, Errors(spread / k**0.5, k - 1, **errors), limits, parts)


def simulated(rule, truth, spread, k, shared=0.0, bounds=(-math.inf, math.inf), draw=None):
    """Count the verdicts of a rule on trainings about a truth."""
    rng = np.random.default_rng(7)
    draw = draw or (lambda: truth + spread * rng.standard_normal(k))
    found = []
    for _ in range(DRAWS):
        values = draw() + shared * rng.standard_normal()
        evidence = estimate(lambda value: Estimate(value, shared=shared), values, bounds=bounds)
        found.append(rule(evidence))
    return found.count(Outcome.SUPPORTED) / DRAWS, found.count(Outcome.REFUTED) / DRAWS


def test_at_the_margin_a_fortieth_goes_either_way():
    chances = measured(1.0, 0.3).chances(0.0)

    assert chances == pytest.approx((0.025, 0.025), abs=0.001)


@pytest.mark.parametrize(
    ("rule", "truth", "spread", "k", "shared"),
    [
        (Above(0.0), 0.3, 0.1, 3, 0.0),
        (Above(0.0), 0.3, 0.25, 3, 0.0),
        (Below(0.05), 0.0, 0.04, 5, 0.01),
        (Above(0.0), 0.3, 0.1, 5, 0.1),
        (Between(-0.1, 0.1), 0.0, 0.05, 3, 0.0),
        (Between(-0.1, 0.1), 0.2, 0.06, 5, 0.02),
    ],
)
def test_chances_are_those_of_simulated_trainings(rule, truth, spread, k, shared):
    part = measured(0.0, spread, rule.limits, k, shared=shared)

    found = part.chances(truth, fresh=True)

    assert found == pytest.approx(simulated(rule, truth, spread, k, shared), abs=0.035)


def test_near_a_bound_the_spread_follows_the_mean():
    """Shares of mean 0.1 whose spread is known from trainings about 0.3."""
    variance = 0.1**2 * (0.1 * 0.9) / (0.3 * 0.7)
    total = 0.1 * 0.9 / variance - 1
    rng = np.random.default_rng(3)
    expected = simulated(
        Below(0.2), 0.1, 0, 5, bounds=(0, 1), draw=lambda: rng.beta(0.1 * total, 0.9 * total, 5)
    )
    part = measured(0.3, 0.1, (-math.inf, 0.2), 5, bounds=(0.0, 1.0))

    assert part.chances(0.1).supported == pytest.approx(expected[0], abs=0.08)
    as_wide = measured(0.3, 0.1, (-math.inf, 0.2), 5).chances(0.1).supported
    assert as_wide < expected[0] - 0.15


def test_a_fact_is_certain():
    part = PartPrecision(5.0, Errors(), (0.0, 10.0))

    assert part.chances(5.0) == (1.0, 0.0)
    assert need([[part]]).now == 1.0


def test_many_trainings_are_as_many_as_the_formula_for_known_spread_says():
    """(1.960 + 0.842)^2 standard deviations over distances, squared: 785."""
    found = need([[measured(0.1, 1.0)]])

    assert found.outcome == Outcome.SUPPORTED
    assert found.trainings == pytest.approx(785, abs=6)
    assert found.images == 1


def test_the_trainings_that_are_needed_decide_as_often_as_was_asked_for():
    found = need([[measured(0.9, 0.1, (0.8, math.inf))]])

    share, _ = simulated(Above(0.8), 0.9, 0.1, found.trainings)
    less, _ = simulated(Above(0.8), 0.9, 0.1, found.trainings - 1)
    assert share > AIM - 0.03
    assert less < AIM + 0.03


def test_an_estimate_outside_the_margin_would_be_refuted():
    assert need([[measured(0.7, 0.1, (0.8, math.inf))]]).outcome == Outcome.REFUTED


def test_trainings_do_not_shrink_what_they_share():
    """The half width of the shared error, 2.09 of them, exceeds the distance of 0.1."""
    found = need([[measured(0.9, 0.001, (0.8, math.inf), shared=0.06)]])

    assert (found.images, found.trainings, found.outcome) == (2, 3, Outcome.SUPPORTED)
    assert found.now < 0.01


def test_a_shared_error_within_the_distance_leaves_more_trainings():
    found = need([[measured(0.9, 0.1, (0.8, math.inf), shared=0.02)]])

    assert found.images == 1
    assert found.trainings > need([[measured(0.9, 0.1, (0.8, math.inf))]]).trainings


def test_new_kinds_of_images_need_another_judge():
    kind = KindError(error=0.2, degrees=4)

    found = need([[measured(0.9, 0.01, (0.8, math.inf), kind=kind)]])

    assert found.kinds
    assert found.trainings == 3


def test_at_the_margin_nothing_decides():
    found = need([[measured(0.8, 0.1, (0.8, math.inf))]])

    assert found.outcome == Outcome.INCONCLUSIVE


def test_readings_on_both_sides_of_the_margin_stay_apart():
    readings = [[measured(effect, 0.1, (0.8, math.inf))] for effect in (0.9, 0.7)]

    assert need(readings).outcome == Outcome.INCONCLUSIVE


def test_parts_of_the_images_of_one_training_ask_for_images():
    found = need([[measured(0.9, 0.1, (0.8, math.inf), of_images=True)]])

    assert found.trainings == 3
    assert found.images in FACTORS[1:]


def test_one_part_refutes_and_all_must_support():
    one, other = measured(0.9, 0.05, (0.8, math.inf)), measured(0.7, 0.05, (0.8, math.inf))

    supported, refuted = claim_chances([one, other])

    assert supported == pytest.approx(
        one.chances(0.9).supported * other.chances(0.7).supported, abs=1e-12
    )
    assert refuted == other.chances(0.7).refuted


def test_of_several_parts_one_refutes_less_often():
    alone = measured(0.7, 0.05, (0.8, math.inf)).chances(0.7).refuted
    beside = measured(0.7, 0.05, (0.8, math.inf), parts=4).chances(0.7).refuted

    assert beside < alone
