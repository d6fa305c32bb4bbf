"""Point patterns: closed forms under randomness, lattices, and invariance."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aelatent.statistics.point_patterns import (
    LOCATIONS,
    Pattern,
    central_window,
    clark_evans,
    crowding,
    departures,
    ripley_l,
    scattered,
    void_share,
)

RADII = [0.3, 0.6, 0.9, 1.2]


def random_pattern(seed, n=40_000):
    """About a quarter of n points, in the middle of a square with n."""
    points = np.random.default_rng(seed).random((n, 2))
    return Pattern(points, np.full(2, 0.25), np.full(2, 0.75))


def square_lattice(side=31):
    """Points at distance 1; the window's edges run halfway between them."""
    ticks = np.arange(float(side))
    points = np.stack(np.meshgrid(ticks, ticks), axis=-1).reshape(-1, 2)
    return Pattern(points, np.full(2, 4.5), np.full(2, side - 5.5))


def test_summaries_of_random_points_follow_their_closed_forms():
    pattern = random_pattern(0)
    expected = 1 - np.exp(-np.pi * np.square(RADII))

    assert clark_evans(pattern) == pytest.approx(1, abs=0.02)
    voids = [1 - void_share(pattern, radius) for radius in RADII]
    np.testing.assert_allclose(voids, expected, atol=0.05)
    np.testing.assert_allclose(ripley_l(pattern, RADII), RADII, atol=0.02)


def test_a_square_lattice_is_told_by_geometry():
    pattern = square_lattice()

    assert pattern.spacing == pytest.approx(1)
    assert clark_evans(pattern) == pytest.approx(2)
    assert crowding(pattern) == pytest.approx(0.5)
    assert void_share(pattern) == 0  # no place is farther than sqrt(1/2) from a lattice point
    # Four neighbours within 1.01, eight within 1.5.
    np.testing.assert_allclose(ripley_l(pattern, [0.9, 1.01, 1.5]) ** 2 * np.pi, [0, 4, 8])


def test_points_outside_the_window_count_as_neighbours():
    points = np.array([[0.4, 0.5], [0.6, 0.5], [0.39, 0.5], [5.0, 5.0]])
    pattern = Pattern(points, np.array([0.395, 0.0]), np.array([1.0, 1.0]))

    assert pattern.count == 2
    np.testing.assert_allclose(pattern.neighbours * pattern.spacing, [0.01, 0.2])


def test_points_on_lines_crowd_and_leave_voids():
    rng = np.random.default_rng(1)
    lines = np.column_stack([rng.random(4000), rng.integers(20, size=4000) / 20])
    pattern = Pattern(lines, np.full(2, 0.2), np.full(2, 0.8))

    assert crowding(pattern) > 2
    assert void_share(pattern) > 2 * void_share(random_pattern(1, 4000))


@given(st.integers(0, 99), st.floats(0.01, 100), st.floats(-10, 10))
def test_summaries_do_not_change_with_scale_and_place(seed, scale, shift):
    pattern = random_pattern(seed, 300)
    moved = Pattern(
        pattern.points * scale + shift, pattern.low * scale + shift, pattern.high * scale + shift
    )

    assert crowding(moved) == pytest.approx(crowding(pattern), rel=1e-6)
    assert void_share(moved) == pytest.approx(void_share(pattern), abs=2 / LOCATIONS**2)


@given(st.integers(0, 99), st.integers(2, 299))
def test_a_central_window_holds_as_many_points_as_asked(seed, count):
    points = np.random.default_rng(seed).standard_normal((300, 2)) * [9, 6]

    assert central_window(points, count).count == count


def test_scattered_points_keep_the_window_and_its_count():
    rng, pattern = np.random.default_rng(2), square_lattice()
    nulls = [scattered(pattern, rng) for _ in range(20)]

    assert {null.count for null in nulls} == {pattern.count}
    assert np.mean([clark_evans(null) for null in nulls]) == pytest.approx(1, abs=0.02)
    assert np.mean([void_share(null) for null in nulls]) == pytest.approx(0.171, abs=0.015)


def test_the_family_wise_envelope_keeps_its_level():
    rng = np.random.default_rng(3)
    found = [
        departures(curves[0], curves[1:]).any() for curves in rng.standard_normal((400, 20, 10, 4))
    ]
    curves = rng.standard_normal((40, 10, 4))
    curves[0, 6, 2] += 9

    assert np.mean(found) == pytest.approx(0.05, abs=0.03)
    assert np.flatnonzero(departures(curves[0], curves[1:])).tolist() == [6]


def test_too_few_surrogates_make_no_envelope():
    with pytest.raises(ValueError, match="expected 19 surrogates or more"):
        departures(np.zeros((3, 4)), np.zeros((18, 3, 4)))


@pytest.mark.parametrize("points", [np.ones((5, 3)), np.full((5, 2), np.nan), np.full((5, 2), 9.0)])
def test_what_shows_no_pattern_is_refused(points):
    with pytest.raises(ValueError, match="expected"):
        Pattern(points, np.zeros(2), np.ones(2))


def test_points_that_all_coincide_have_no_nearness():
    with pytest.raises(ValueError, match="at least twice"):
        crowding(Pattern(np.full((4, 2), 0.5), np.zeros(2), np.ones(2)))


@pytest.mark.parametrize("count", [1, 300])
def test_a_window_of_too_few_or_all_points_is_refused(count):
    with pytest.raises(ValueError, match="expected a count from 2 to 299"):
        central_window(np.random.default_rng(0).random((300, 2)), count)
