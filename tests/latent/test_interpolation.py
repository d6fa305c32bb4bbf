"""Paths pass where they say, at the pace they say."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from aelatent.latent.cloud import LatentCloud
from aelatent.latent.interpolation import (
    PathError,
    along,
    random_planes,
    spherical,
    straight,
    through_centre,
)

vectors = st.lists(st.floats(-10, 10), min_size=4, max_size=4).map(np.array)
CLOUD = LatentCloud(np.random.default_rng(0).normal([1.0, -2.0, 3.0], [1.0, 2.0, 0.5], (200, 3)))


@settings(deadline=None)
@given(vectors, vectors, st.integers(2, 9))
def test_a_straight_path_takes_equal_steps_from_end_to_end(start, end, steps):
    path = straight(start, end, steps)

    np.testing.assert_allclose(path[[0, -1]], [start, end], atol=1e-12)
    np.testing.assert_allclose(
        np.diff(path, axis=0), [(end - start) / (steps - 1)] * (steps - 1), atol=1e-12
    )


@settings(deadline=None)
@given(st.integers(0, 999), st.integers(2, 9))
def test_a_spherical_path_turns_and_stretches_steadily(seed, steps):
    start, end = np.random.default_rng(seed).normal(size=(2, 4))
    path = spherical(start, end, steps)
    radii = np.linalg.norm(path, axis=1)
    cosines = (path[1:] * path[:-1]).sum(axis=1) / (radii[1:] * radii[:-1])

    np.testing.assert_allclose(path[[0, -1]], [start, end], atol=1e-9)
    np.testing.assert_allclose(np.ptp(np.diff(radii)), 0, atol=1e-9)
    np.testing.assert_allclose(np.ptp(np.arccos(np.clip(cosines, -1, 1))), 0, atol=1e-6)


@settings(deadline=None)
@given(st.integers(0, 999), st.floats(0.01, 100))
def test_a_spherical_path_turns_and_scales_with_its_ends(seed, scale):
    start, end = np.random.default_rng(seed).normal(size=(2, 4))
    turn = scale * stats.ortho_group.rvs(4, random_state=seed)

    np.testing.assert_allclose(
        spherical(start @ turn, end @ turn, 5), spherical(start, end, 5) @ turn, atol=1e-8 * scale
    )


def test_a_spherical_path_between_equal_directions_is_straight():
    np.testing.assert_allclose(spherical([1, 0], [3, 0], 3), [[1, 0], [2, 0], [3, 0]])


@pytest.mark.parametrize("end", [[-2.0, 0.0], [0.0, 0.0]], ids=["opposite", "origin"])
def test_a_spherical_path_needs_two_directions_and_a_way_between(end):
    with pytest.raises(PathError, match="expected"):
        spherical([1.0, 0.0], end, 3)


@settings(deadline=None)
@given(st.floats(-7, 7), st.floats(0.1, 3))
def test_a_path_through_the_centre_stays_in_its_plane(angle, reach):
    path = through_centre(CLOUD, (0, 2), angle, steps=7, reach=reach)
    standardised = (path - CLOUD.mean) / CLOUD.deviations

    np.testing.assert_allclose(path[3], CLOUD.mean)
    np.testing.assert_allclose(standardised[:, 1], 0, atol=1e-12)
    np.testing.assert_allclose(
        np.linalg.norm(standardised, axis=1), np.abs(np.linspace(-reach, reach, 7)), atol=1e-9
    )


@settings(deadline=None)
@given(st.floats(-7, 7))
def test_half_a_turn_reverses_a_path_through_the_centre(angle):
    there = through_centre(CLOUD, (0, 1), angle)
    back = through_centre(CLOUD, (0, 1), angle + math.pi)

    np.testing.assert_allclose(there, back[::-1], atol=1e-9)


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_a_path_along_an_axis_is_a_path_in_a_plane_at_angle_zero(axis):
    np.testing.assert_allclose(
        along(CLOUD, 7 * np.eye(3)[axis]), through_centre(CLOUD, (axis, (axis + 1) % 3), 0.0)
    )


@pytest.mark.parametrize("plane", [(0, 0), (0, 3), (-1, 1)])
def test_a_plane_has_two_axes_of_the_space(plane):
    with pytest.raises(PathError, match="two different axes"):
        through_centre(CLOUD, plane, 0.0)


@settings(deadline=None, max_examples=settings.default.max_examples // 2)
@given(d=st.integers(2, 40), count=st.integers(1, 300), seed=st.integers(0, 9))
def test_random_planes_differ_and_exhaust_what_there_is(d, count, seed):
    planes = random_planes(d, count, np.random.default_rng(seed))

    assert len(set(planes)) == len(planes) == min(count, d * (d - 1) // 2)
    assert all(0 <= i < j < d for i, j in planes)


def test_random_planes_are_equally_likely():
    rng = np.random.default_rng(0)
    seen = [random_planes(4, 1, rng)[0] for _ in range(1200)]
    counts = np.unique(seen, axis=0, return_counts=True)[1]

    assert len(counts) == 6
    assert stats.chisquare(counts).pvalue > 0.001


@pytest.mark.parametrize(
    "path",
    [
        lambda: straight([0.0], [1.0, 2.0], 3),
        lambda: straight([0.0], [np.nan], 3),
        lambda: straight([[0.0]], [[1.0]], 3),
        lambda: straight([0.0], [1.0], 1),
        lambda: spherical([1.0, np.inf], [1.0, 0.0], 3),
        lambda: along(CLOUD, [0.0, 0.0, 0.0]),
        lambda: along(CLOUD, [1.0, 0.0]),
        lambda: random_planes(1, 5, np.random.default_rng(0)),
        lambda: random_planes(5, 0, np.random.default_rng(0)),
    ],
)
def test_a_path_that_is_not_defined_is_refused(path):
    with pytest.raises(PathError, match="expected"):
        path()
