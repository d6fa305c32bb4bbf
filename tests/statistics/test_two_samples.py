"""Two samples of one law and of two: known answers, levels, ties."""

import numpy as np
import pytest
from scipy import stats

from aelatent.latent import pairwise
from aelatent.statistics.two_samples import (
    discrepancy_test,
    energy_distance,
    energy_test,
    kernel_discrepancy,
    median_distance,
)

TESTS = pytest.mark.parametrize("test", [energy_test, discrepancy_test])
MEASURES = pytest.mark.parametrize(
    "measure", [energy_distance, lambda x, y: kernel_discrepancy(x, y, 1.0)], ids=["energy", "mmd"]
)


def rng(seed=0):
    return np.random.default_rng(seed)


def normal(n, d=3, seed=0):
    return rng(seed).standard_normal((n, d))


def test_on_a_line_the_energy_distance_is_its_integral():
    """Of the distribution functions; scipy has the root of it."""
    first, second = normal(40, 1), 1 + normal(30, 1, 1)

    expected = stats.energy_distance(first[:, 0], second[:, 0]) ** 2
    assert energy_distance(first, second) == pytest.approx(expected)


def test_two_points_have_known_discrepancies():
    assert energy_distance([[0.0, 0.0]], [[3.0, 4.0]]) == pytest.approx(10.0)
    assert kernel_discrepancy([[0.0]], [[2.0]], 1.0) == pytest.approx(2 - 2 * np.exp(-2))


@MEASURES
def test_the_same_points_are_no_distance_apart(measure):
    """Up to the root of rounding, which a distance between coinciding points is known to."""
    points = normal(30)

    assert measure(points, points[::-1]) == pytest.approx(0, abs=1e-8)
    assert measure(points, np.repeat(points, 3, axis=0)) == pytest.approx(0, abs=1e-8)


@MEASURES
def test_samples_may_be_exchanged(measure):
    first, second = normal(30), 2 * normal(20, seed=1)

    assert measure(first, second) == pytest.approx(measure(second, first))


@MEASURES
def test_blocks_add_up_to_the_whole(measure, monkeypatch):
    first, second = normal(30), 2 * normal(20, seed=1)
    whole = measure(first, second)
    monkeypatch.setattr(pairwise, "BLOCK", 350)
    monkeypatch.setattr(pairwise, "ROWS", (1, 1))

    assert measure(first, second) == pytest.approx(whole, rel=1e-12)


@TESTS
def test_other_laws_are_told_apart(test):
    assert test(normal(60), normal(50, seed=1) + 0.8, rng()).pvalue == 1 / 200
    assert test(normal(100), 2 * normal(100, seed=1), rng()).pvalue == 1 / 200


@TESTS
def test_p_values_of_one_law_are_even(test):
    pvalues = [
        test(normal(15, 2, s), normal(10, 2, 999 + s), rng(s), 49).pvalue for s in range(300)
    ]

    assert np.mean(np.array(pvalues) <= 0.1) == pytest.approx(0.1, abs=3 * 0.018)
    assert np.mean(pvalues) == pytest.approx(0.51, abs=3 * 0.017)


@TESTS
def test_ties_count_against_a_difference(test):
    """Half of the points are equal, and so are most permutations' statistics."""
    first = np.array([[0.0], [0.0], [1.0], [1.0]])
    found = test(first, first, rng(), 99)

    assert found.pvalue == 1.0
    assert len(found.null) == 99


@TESTS
def test_the_statistic_is_the_measure(test):
    first, second = normal(30), normal(20, seed=1) + 1
    width = median_distance(np.concatenate([first, second]), rng())
    measures = {
        energy_test: energy_distance(first, second),
        discrepancy_test: kernel_discrepancy(first, second, width),
    }

    assert test(first, second, rng()).statistic == pytest.approx(measures[test], rel=1e-10)


def test_a_width_may_be_chosen():
    first, second = normal(30), normal(20, seed=1) + 1
    found = discrepancy_test(first, second, rng(), width=0.7)

    assert found.statistic == pytest.approx(kernel_discrepancy(first, second, 0.7))


def test_of_many_points_some_tell_the_median():
    points = normal(3000)

    assert median_distance(points, rng()) == pytest.approx(
        median_distance(points, rng(), most=3000), rel=0.05
    )


@TESTS
@pytest.mark.parametrize(
    ("first", "second"),
    [
        (np.zeros((0, 2)), np.ones((3, 2))),
        (np.zeros(3), np.ones(3)),
        (np.zeros((3, 2)), np.ones((3, 1))),
        (np.full((3, 1), np.nan), np.ones((3, 1))),
    ],
    ids=["empty", "vectors", "other size", "NaN"],
)
def test_what_are_no_samples_is_refused(test, first, second):
    with pytest.raises(ValueError, match="expected"):
        test(first, second, rng())


@TESTS
def test_a_test_needs_a_permutation(test):
    with pytest.raises(ValueError, match="expected a permutation"):
        test(normal(5), normal(5), rng(), 0)


def test_a_kernel_needs_a_width():
    with pytest.raises(ValueError, match="width > 0"):
        kernel_discrepancy([[0.0]], [[1.0]], 0.0)
    with pytest.raises(ValueError, match="points that differ"):
        discrepancy_test(np.zeros((3, 1)), np.zeros((4, 1)), rng())
