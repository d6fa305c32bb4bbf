"""What a cut leaves of a normal law, and how its covariance is got back."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from aelatent.latent.cloud import LatentCloud
from aelatent.statistics.truncation import (
    core_moments,
    radius_of_share,
    shrinkage,
    uncut_covariance,
    within_ellipsoid,
    within_ranges,
)


def normal(n, d, seed=0):
    return np.random.default_rng(seed).standard_normal((n, d))


def standard(d):
    """Return a cloud that stands for N(0, I)."""
    return LatentCloud(np.zeros((2, d)), full_mean=np.zeros(d), full_covariance=np.eye(d))


@pytest.mark.parametrize(("d", "share"), [(1, 0.5), (4, 0.8), (256, 0.9973)])
def test_an_ellipsoid_holds_its_share_of_a_normal_law(d, share):
    inside = within_ellipsoid(normal(5000, d), standard(d), radius_of_share(share, d))

    assert inside.mean() == pytest.approx(share, abs=0.02)


def test_half_of_256_independent_components_stay_in_their_ranges():
    assert within_ranges(normal(5000, 256), standard(256), 3.0).mean() == pytest.approx(
        (1 - 2 * stats.norm.sf(3.0)) ** 256, abs=0.02
    )


@settings(deadline=None, max_examples=settings.default.max_examples // 2)
@given(st.integers(0, 99), st.floats(0.5, 4.0))
def test_the_cuts_follow_a_map_of_codes_and_cloud(seed, limit):
    rng = np.random.default_rng(seed)
    codes = rng.standard_normal((50, 3))
    factor, shift = rng.standard_normal((3, 3)) + 3 * np.eye(3), rng.standard_normal(3)
    scale = np.array([0.1, 1.0, 20.0])
    cloud = LatentCloud(codes)

    np.testing.assert_array_equal(
        within_ellipsoid(codes @ factor + shift, LatentCloud(codes @ factor + shift), limit),
        within_ellipsoid(codes, cloud, limit),
    )
    np.testing.assert_array_equal(
        within_ranges(scale * codes + shift, LatentCloud(scale * codes + shift), limit),
        within_ranges(codes, cloud, limit),
    )


@pytest.mark.parametrize("limit", [0.1, 1.0, 3.0])
def test_one_dimensional_shrinkage_is_a_truncated_normals(limit):
    assert shrinkage(limit, 1) == pytest.approx(stats.truncnorm(-limit, limit).var(), rel=1e-6)


@settings(deadline=None)
@given(st.integers(1, 300), st.floats(0.01, 0.99), st.floats(0.01, 0.99))
def test_the_shrinkage_is_a_share_that_grows_with_the_limit(d, one, other):
    low, high = sorted(radius_of_share(share, d) for share in (one, other))

    assert 0 < shrinkage(low, d) <= shrinkage(high, d) < 1


def test_a_tiny_limit_leaves_the_variance_of_a_ball():
    """A uniform ball of radius r has a variance of r^2 / (d + 2) along each direction."""
    assert shrinkage(1e-3, 256) == pytest.approx(1e-6 / 258, rel=1e-3)


@pytest.mark.parametrize("d", [1, 3, 40])
def test_the_covariance_of_a_core_is_recovered(d):
    factor = np.random.default_rng(1).standard_normal((d, d)) + 2 * np.eye(d)
    codes = normal(40000, d)
    limit = radius_of_share(0.8, d)
    core = codes[within_ellipsoid(codes, standard(d), limit)] @ factor
    truth = factor.T @ factor
    scale = np.sqrt(np.outer(np.diag(truth), np.diag(truth)))

    naive = np.atleast_2d(np.cov(core, rowvar=False))
    assert np.trace(naive) < np.trace(truth) * 0.97
    np.testing.assert_allclose(uncut_covariance(core, limit) / scale, truth / scale, atol=0.03)


@pytest.mark.parametrize("outer", [0.0, 0.15])
@pytest.mark.parametrize("d", [3, 16])
def test_iteration_finds_the_core_whatever_lies_beyond_it(d, outer):
    """A fifth of the variance of all codes is that of the outer ones, yet the core is found."""
    codes = normal(8000, d)
    limit, others = radius_of_share(0.8, d), int(8000 * outer)
    codes[:others, 0] = limit + np.random.default_rng(1).exponential(3.0, others)
    mean, covariance = core_moments(codes, limit)

    np.testing.assert_allclose(mean, 0, atol=0.1)
    np.testing.assert_allclose(covariance, np.eye(d), atol=0.12)


def test_iteration_follows_a_map_of_the_codes():
    codes = normal(3000, 2)
    stretch = np.array([5.0, 0.2])
    mean, covariance = core_moments(codes, 2.0)
    moved_mean, moved_covariance = core_moments(codes * stretch + 3.0, 2.0)

    np.testing.assert_allclose(moved_mean, mean * stretch + 3.0, rtol=1e-6)
    np.testing.assert_allclose(moved_covariance, covariance * np.outer(stretch, stretch), rtol=1e-6)


@pytest.mark.parametrize(
    "call",
    [
        lambda: radius_of_share(1.0, 2),
        lambda: radius_of_share(0.5, 0),
        lambda: shrinkage(0.0, 2),
        lambda: shrinkage(1.0, 0),
        lambda: within_ranges([[1.0]], standard(2), 3.0),
        lambda: within_ranges([[np.nan, 1.0]], standard(2), 3.0),
        lambda: within_ranges([[1.0, 1.0]], LatentCloud([[1.0, 1.0], [1.0, 2.0]]), 3.0),
        lambda: uncut_covariance([[1.0, 2.0]], 1.0),
        lambda: core_moments(normal(30, 20), 3.0),
    ],
)
def test_what_cannot_be_cut_is_refused(call):
    with pytest.raises(ValueError, match="expected"):
        call()
