"""Distances to the nearest code, and the uniform clouds that they are held against."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import cdist
from scipy.stats import ortho_group

from aelatent.latent.cloud import LatentCloud
from aelatent.statistics.nearest import (
    box_fillings,
    ellipsoid_fillings,
    nearest_distance,
    nearest_distances,
    nearest_variation,
    neighbours,
)
from aelatent.statistics.region import distances


def cloud(n=200, d=6, seed=0):
    return LatentCloud(np.random.default_rng(seed).standard_normal((n, d)))


@pytest.mark.parametrize("d", [1, 3, 64])
def test_each_distance_is_the_smallest_to_another_code(d):
    codes = cloud(d=d).z_mean
    pairs = cdist(codes, codes)
    np.fill_diagonal(pairs, np.inf)

    np.testing.assert_allclose(nearest_distances(codes), pairs.min(axis=1), atol=1e-9)


LAWS = {
    "normal": lambda rng, shape: rng.standard_normal(shape),
    "heavy": lambda rng, shape: rng.standard_cauchy(shape),
    "lattice": lambda rng, shape: rng.integers(0, 3, shape).astype(float),
    "all equal": lambda rng, shape: np.full(shape, 0.1),  # noqa: ARG005
}


@pytest.mark.parametrize("law", LAWS)
@pytest.mark.parametrize(("n", "d", "k"), [(6, 2, 5), (300, 3, 1), (900, 20, 3), (300, 300, 10)])
def test_neighbours_are_those_of_all_distances_in_their_order(law, n, d, k):
    """Of codes at one distance the first come first."""
    codes = LAWS[law](np.random.default_rng(0), (n, d))
    pairs = cdist(codes, codes)
    np.fill_diagonal(pairs, np.inf)
    order = np.argsort(pairs, axis=1, kind="stable")[:, :k]
    distances, near = neighbours(codes, k)

    np.testing.assert_array_equal(near, order)
    np.testing.assert_allclose(distances, np.take_along_axis(pairs, order, axis=1), rtol=1e-14)


@pytest.mark.parametrize("k", [0, 3])
def test_more_neighbours_than_codes_are_refused(k):
    with pytest.raises(ValueError, match="expected k from 1 to 2"):
        neighbours([[0.0], [1.0], [3.0]], k)


def test_a_code_that_comes_up_twice_is_at_distance_zero():
    assert nearest_distances([[1.0], [1.0], [4.0]]).tolist() == [0.0, 0.0, 3.0]


@pytest.mark.parametrize("d", [4, 20, 64, 256])
@pytest.mark.parametrize("place", [0.0, 10.0, 1e6])
def test_codes_that_come_up_twice_are_found_wherever_they_lie(d, place):
    codes = cloud(d=d).z_mean + place
    codes[50] = codes[120]

    assert np.flatnonzero(nearest_distances(codes) == 0).tolist() == [50, 120]


def test_far_from_the_origin_distances_are_as_exact_as_the_codes():
    codes = np.round(cloud(d=40).z_mean, 3)

    np.testing.assert_allclose(
        nearest_distances(codes + 1e6), nearest_distances(codes), rtol=0, atol=1e-8
    )


@settings(deadline=None, max_examples=settings.default.max_examples // 2)
@given(st.integers(0, 99), st.floats(0.01, 100))
def test_distances_scale_and_ignore_rotation_and_shift(seed, scale):
    codes = cloud(seed=seed)
    moved = LatentCloud(scale * codes.z_mean @ ortho_group.rvs(6, random_state=seed) + 7.0)

    assert nearest_distance(moved) == pytest.approx(scale * nearest_distance(codes), rel=1e-6)
    assert nearest_variation(moved) == pytest.approx(nearest_variation(codes), rel=1e-5)


def test_a_poisson_pattern_has_the_mean_of_clark_and_evans():
    """In a plane it is half the root of the area of a point, and its variation is 0.52."""
    points = LatentCloud(np.random.default_rng(0).uniform(0, 1, (5000, 2)))

    assert nearest_distance(points) == pytest.approx(0.5 / np.sqrt(5000), rel=0.03)
    assert nearest_variation(points) == pytest.approx(np.sqrt(4 / np.pi - 1), rel=0.04)


def test_clumps_make_distances_vary_more_than_an_even_filling():
    rng = np.random.default_rng(0)
    even = rng.uniform(0, 1, (300, 2))
    clumped = np.concatenate([0.05 * even[:150], even[150:]])

    assert nearest_variation(LatentCloud(clumped)) > 1.5 * nearest_variation(LatentCloud(even))


def test_a_box_holds_its_filling_to_the_corners():
    codes = cloud(2000, 2)
    filled = box_fillings(codes, np.random.default_rng(0)).z_mean

    assert (filled >= codes.z_mean.min(axis=0)).all()
    assert (filled <= codes.z_mean.max(axis=0)).all()
    np.testing.assert_allclose(np.ptp(filled, axis=0), np.ptp(codes.z_mean, axis=0), rtol=0.02)


@pytest.mark.parametrize("d", [1, 2, 30])
def test_an_ellipsoid_filling_has_the_moments_of_the_cloud(d):
    rng = np.random.default_rng(0)
    factor = rng.standard_normal((d, d)) + 2 * np.eye(d)
    codes = LatentCloud(rng.standard_normal((20000, d)) @ factor + 5.0)
    filled = ellipsoid_fillings(codes, rng)
    reach = distances(filled.z_mean, codes)

    spread = np.outer(codes.deviations, codes.deviations)
    np.testing.assert_allclose(filled.mean, codes.mean, atol=0.05 * codes.deviations.max())
    np.testing.assert_allclose(filled.covariance / spread, codes.covariance / spread, atol=0.05)
    assert reach.max() <= np.sqrt(d + 2) * (1 + 1e-9)
    # Half of the volume lies within the radius of half the volume.
    assert np.mean(reach <= np.sqrt(d + 2) * 0.5 ** (1 / d)) == pytest.approx(0.5, abs=0.02)


@pytest.mark.parametrize("codes", [[[1.0]], [1.0, 2.0], [[np.nan], [1.0]]])
def test_what_has_no_neighbours_is_refused(codes):
    with pytest.raises(ValueError, match="expected"):
        nearest_distances(codes)


def test_codes_that_all_come_up_twice_have_no_variation():
    with pytest.raises(ValueError, match="twice"):
        nearest_variation(LatentCloud(np.array([[1.0], [1.0], [2.0], [2.0]])))
