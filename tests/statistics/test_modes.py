"""One hump or several."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from aelatent.latent.synthetic import blobs, student
from aelatent.statistics.modes import dip, largest_dip, mixture_gain, mode_count


def normal(n, d, seed):
    return np.random.default_rng(seed).standard_normal((n, d))


def ten_clusters(n, d, spread, rng):
    """Draw codes of ten clusters whose centres scatter `spread` times as widely as their codes."""
    centres = spread * rng.standard_normal((10, d))
    return centres[rng.integers(10, size=n)] + rng.standard_normal((n, d))


def nearest_unimodal(sample):
    """Distance to the nearest law with one hump, by linear programs, one for each place of it.

    Unknown are the values of its distribution function at the data, convex before the mode and
    concave after it, where it may jump; and the distance, which is made as small as can be.
    """
    x = np.sort(sample)
    return min(_distance(x, mode) for mode in range(len(x)))


def _distance(x, mode):
    n = len(x)
    rows, bounds = [], []

    def demand(weights, bound):
        row = np.zeros(n + 2)
        for position, weight in weights.items():
            row[position] += weight
        rows.append(row)
        bounds.append(bound)

    after, width = n, n + 1  # the value just after the mode; the distance
    for i in range(n):
        # From the left a law meets the empirical one at i / n, from the right at (i + 1) / n.
        demand({i: 1, width: -1}, i / n)
        if i == mode:
            demand({i: -1, width: -1}, -i / n)
            demand({after: 1, width: -1}, (i + 1) / n)
            demand({after: -1, width: -1}, -(i + 1) / n)
        else:
            demand({i: -1, width: -1}, -(i + 1) / n)
    demand({mode: 1, after: -1}, 0)
    place = np.append(x, x[mode])
    for side, sign in (([*range(mode + 1)], 1), ([after, *range(mode + 1, n)], -1)):
        for a, b in pairwise(side):
            demand({a: 1, b: -1}, 0)
        for a, b, c in zip(side, side[1:], side[2:], strict=False):
            left, right = 1 / (place[b] - place[a]), 1 / (place[c] - place[b])
            demand({a: -sign * left, b: sign * (left + right), c: -sign * right}, 0)
    cost = np.zeros(n + 2)
    cost[width] = 1
    return linprog(cost, A_ub=np.array(rows), b_ub=bounds, bounds=(0, 1)).fun


@settings(deadline=None, max_examples=settings.default.max_examples // 2)
@given(st.integers(0, 9999), st.integers(2, 11), st.sampled_from([0.0, 2.0, 6.0]))
def test_the_dip_is_the_distance_to_unimodality(seed, n, apart):
    rng = np.random.default_rng(seed)
    sample = rng.standard_normal(n) + apart * rng.integers(2, size=n)

    assert dip(sample) == pytest.approx(nearest_unimodal(sample), abs=1e-7)


def test_equally_spaced_values_have_the_smallest_dip():
    assert dip(np.arange(50.0)) == pytest.approx(1 / 100)
    assert dip([0.0] * 25 + [1.0] * 25) == pytest.approx(1 / 4)
    assert dip([3.0]) == 0.5


@settings(deadline=None, max_examples=settings.default.max_examples // 2)
@given(st.integers(0, 9999))
def test_equal_values_count_as_values_very_close_together(seed):
    rng = np.random.default_rng(seed)
    rounded = rng.integers(8, size=40).astype(float)

    assert dip(rounded) == pytest.approx(dip(rounded + 1e-9 * rng.random(40)), abs=1e-6)


@settings(deadline=None, max_examples=settings.default.max_examples // 2)
@given(st.integers(0, 9999), st.sampled_from([-5.0, 0.01, 100.0]), st.floats(-10, 10))
def test_shifting_scaling_and_mirroring_leave_the_dip(seed, scale, shift):
    sample = normal(60, 1, seed)[:, 0] ** 3

    assert dip(scale * sample + shift) == pytest.approx(dip(sample), abs=1e-9)


@pytest.mark.parametrize("n", [100, 400])
def test_the_dip_of_a_uniform_sample_falls_with_root_n(n):
    rng = np.random.default_rng(0)
    dips = [dip(rng.random(n)) for _ in range(300)]

    assert n**0.5 * np.median(dips) == pytest.approx(0.36, abs=0.03)


@pytest.mark.parametrize("values", [[], [np.nan, 1.0], [np.inf]])
def test_values_without_a_law_have_no_dip(values):
    with pytest.raises(ValueError, match="expected"):
        dip(values)


def test_clusters_have_a_large_dip_and_heavy_tails_have_none():
    rng = np.random.default_rng(0)
    single = [largest_dip(normal(500, 5, seed), rng) for seed in range(10)]
    clusters = blobs(500, 5, 6.0, rng).z_mean
    tails = student(500, np.zeros(5), np.eye(5), 3, rng).z_mean

    assert largest_dip(clusters, rng) > np.max(single) + 0.04
    assert largest_dip(tails, rng) < np.max(single) + 0.005


def test_clusters_off_the_axes_are_seen():
    rng = np.random.default_rng(0)
    white = blobs(600, 2, 5.0, rng).z_mean / [(1 + 2.5**2) ** 0.5, 1.0]
    codes = white @ np.array([[1.0, 1.0], [-1.0, 1.0]])

    assert largest_dip(codes, rng) > 2 * max(dip(column) for column in codes.T)


def test_mixtures_gain_by_clusters_and_lose_by_none():
    rng = np.random.default_rng(0)
    clusters = mixture_gain(blobs(600, 2, 6.0, rng).z_mean, rng)
    none = mixture_gain(normal(600, 2, 0), rng)

    assert none.value < 2 * none.error
    # Far apart: sd from sqrt(1 + 9) to 1, at the price of the label.
    assert clusters.value == pytest.approx(np.log(10) / 2 - np.log(2), abs=0.1)


def test_the_gain_has_no_scale():
    codes = ten_clusters(300, 2, 4.0, np.random.default_rng(0))
    gains = [
        mixture_gain(scale * codes + scale, np.random.default_rng(1)).value for scale in (1, 1024)
    ]

    assert gains[0] == pytest.approx(gains[1], rel=1e-6)


@pytest.mark.parametrize(
    ("draw", "least", "most"),
    [
        (lambda rng: rng.standard_normal((400, 2)), 1, 1),
        (lambda rng: student(400, np.zeros(2), np.eye(2), 6, rng).z_mean, 1, 1),
        (lambda rng: blobs(400, 2, 6.0, rng).z_mean, 2, 2),
        (lambda rng: ten_clusters(600, 2, 6.0, rng), 3, 8),
    ],
    ids=["normal", "heavy tails", "two clusters", "ten clusters"],
)
def test_humps_are_counted(draw, least, most):
    rng = np.random.default_rng(0)
    counts = [mode_count(draw(rng), rng) for _ in range(11)]

    assert least <= np.median(counts) <= most


def test_a_few_codes_far_out_are_no_hump():
    """Three of 300 codes, eight times as far out, were one or two humps in most halvings."""
    rng = np.random.default_rng(0)
    codes = rng.standard_normal((300, 3))
    codes[:3] *= 8

    assert [mode_count(codes, rng) for _ in range(5)] == [1] * 5


def test_a_shallow_valley_does_not_part_two_humps():
    """Two laws 2.8 apart have a valley of three quarters, 6 apart one of a fortieth."""
    rng = np.random.default_rng(0)
    near, far = (blobs(4000, 1, apart, rng).z_mean for apart in (2.8, 6.0))

    assert [mode_count(codes, rng, sizes=[2], valley=0.5) for codes in (near, far)] == [1, 2]
    assert [mode_count(codes, rng, sizes=[2], valley=0.9) for codes in (near, far)] == [2, 2]


@pytest.mark.parametrize("function", [mixture_gain, mode_count, largest_dip])
@pytest.mark.parametrize("codes", [normal(3, 2, 0), np.zeros(9)])
def test_too_few_codes_are_refused(function, codes):
    with pytest.raises(ValueError, match="expected"):
        function(codes, np.random.default_rng(0))


@pytest.mark.parametrize("function", [mixture_gain, mode_count])
def test_still_components_are_refused(function):
    with pytest.raises(ValueError, match="vary along every axis"):
        function(np.ones((30, 2)), np.random.default_rng(0))
