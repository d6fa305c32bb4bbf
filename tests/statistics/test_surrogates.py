"""Nulls keep what they promise and lose the rest."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import pdist

from aelatent.latent.cloud import LatentCloud
from aelatent.statistics.surrogates import (
    column_shuffles,
    gaussian_twins,
    haar_rotations,
    sign_flips,
)

NULLS = pytest.mark.parametrize(
    "null", [column_shuffles, gaussian_twins, haar_rotations, sign_flips]
)


def cloud_of(n, d, seed=0):
    rng = np.random.default_rng(seed)
    codes = rng.gamma(1.0, size=(n, d)) @ rng.normal(size=(d, d)) + 1
    return LatentCloud(codes, labels=np.arange(n) % 3, groups=np.arange(n) // 2)


def rng():
    return np.random.default_rng(1)


clouds = st.builds(cloud_of, st.integers(3, 50), st.integers(1, 9), st.integers(0, 99))


@NULLS
@pytest.mark.parametrize(("n", "d"), [(50, 1), (50, 2), (300, 256), (20, 256)])
def test_a_null_has_the_clouds_shape_and_other_codes(null, n, d):
    cloud = cloud_of(n, d)
    surrogate = null(cloud, rng())

    assert surrogate.z_mean.shape == (n, d)
    assert (surrogate.z_mean != cloud.z_mean).any()


@NULLS
def test_a_null_is_a_function_of_its_generator(null):
    cloud = cloud_of(20, 3)

    np.testing.assert_array_equal(null(cloud, rng()).z_mean, null(cloud, rng()).z_mean)


@settings(deadline=None)
@given(clouds)
def test_column_shuffles_keep_every_marginal(cloud):
    np.testing.assert_array_equal(
        np.sort(column_shuffles(cloud, rng()).z_mean, axis=0), np.sort(cloud.z_mean, axis=0)
    )


def test_column_shuffles_lose_correlations():
    cloud = cloud_of(5000, 4)
    correlation = np.corrcoef(column_shuffles(cloud, rng()).z_mean.T)

    assert np.abs(correlation - np.eye(4)).max() < 0.08


def test_gaussian_twins_keep_moments_and_lose_skewness():
    cloud = cloud_of(20_000, 3)
    twin = gaussian_twins(cloud, rng())
    scale = np.outer(cloud.deviations, cloud.deviations)
    standardised = (twin.z_mean - twin.mean) / twin.deviations

    np.testing.assert_allclose((twin.covariance - cloud.covariance) / scale, 0, atol=0.05)
    np.testing.assert_allclose((twin.mean - cloud.mean) / cloud.deviations, 0, atol=0.05)
    np.testing.assert_allclose((standardised**3).mean(axis=0), 0, atol=0.1)


@settings(deadline=None)
@given(clouds)
def test_haar_rotations_keep_radii_distances_and_spectrum(cloud):
    turned = haar_rotations(cloud, rng())

    np.testing.assert_allclose(turned.radii, cloud.radii)
    np.testing.assert_allclose(pdist(turned.z_mean), pdist(cloud.z_mean), atol=1e-9)
    np.testing.assert_allclose(
        turned.principal[0], cloud.principal[0], atol=1e-9 * cloud.principal[0].max()
    )
    assert turned.labels is cloud.labels
    assert turned.groups is cloud.groups


def test_haar_rotations_turn_the_moments_of_the_full_set_along():
    codes = cloud_of(30, 4)
    cloud = LatentCloud(codes.z_mean, full_mean=codes.mean, full_covariance=codes.covariance)
    turned = haar_rotations(cloud, rng())

    np.testing.assert_allclose(turned.mean, turned.z_mean.mean(axis=0))
    np.testing.assert_allclose(turned.covariance, np.cov(turned.z_mean.T))


def test_haar_rotations_have_no_preferred_axis():
    """The first code's direction averages out over 2000 rotations, in three dimensions."""
    generator, cloud = rng(), cloud_of(3, 3)
    turned = np.array([haar_rotations(cloud, generator).z_mean[0] for _ in range(2000)])
    directions = turned / np.linalg.norm(turned[0])

    np.testing.assert_allclose(directions.mean(axis=0), 0, atol=0.05)
    np.testing.assert_allclose(directions.T @ directions / 2000, np.eye(3) / 3, atol=0.04)


@settings(deadline=None)
@given(clouds)
def test_sign_flips_keep_radii_and_second_moments(cloud):
    flipped = sign_flips(cloud, rng())

    np.testing.assert_array_equal(np.abs(flipped.z_mean), np.abs(cloud.z_mean))
    np.testing.assert_allclose(flipped.radii, cloud.radii)
    np.testing.assert_allclose(
        flipped.z_mean.T @ flipped.z_mean, cloud.z_mean.T @ cloud.z_mean, rtol=1e-9, atol=1e-6
    )


def test_sign_flips_lose_the_mean():
    cloud = cloud_of(5000, 3)
    flipped = sign_flips(cloud, rng())
    size = np.sqrt((cloud.z_mean**2).mean(axis=0))

    np.testing.assert_allclose(flipped.mean / size, 0, atol=0.06)
