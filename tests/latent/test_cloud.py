"""Latent clouds are checked once, where they are made."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aelatent.latent.cloud import CloudError, LatentCloud

CODES = np.random.default_rng(0).standard_normal((20, 3))


@pytest.mark.parametrize(
    "codes",
    [
        np.zeros((1, 3)),
        np.zeros((0, 3)),
        np.zeros((4, 0)),
        np.zeros(4),
        np.zeros((2, 2, 2)),
        np.array([[0.0, np.nan], [1.0, 2.0]]),
        np.array([[0.0, np.inf], [1.0, 2.0]]),
    ],
    ids=["one code", "no code", "no dimension", "vector", "cube", "NaN", "infinity"],
)
def test_codes_that_say_nothing_are_refused(codes):
    with pytest.raises(CloudError, match="expected"):
        LatentCloud(codes)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("z_log_var", np.zeros((20, 2))),
        ("labels", np.zeros(19, dtype=int)),
        ("groups", np.zeros((20, 1), dtype=int)),
        ("full_mean", np.zeros(4)),
        ("full_covariance", np.eye(4)),
        ("z_log_var", np.full((20, 3), np.nan)),
        ("full_mean", np.array([0.0, np.inf, 0.0])),
        ("full_covariance", np.array([[1.0, 0.5, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])),
    ],
)
def test_a_field_that_does_not_fit_is_named(field, value):
    with pytest.raises(CloudError, match=field):
        LatentCloud(CODES, **{field: value})


def test_moments_are_those_of_the_sample_by_default():
    cloud = LatentCloud(CODES)

    np.testing.assert_allclose(cloud.mean, CODES.mean(axis=0))
    np.testing.assert_allclose(cloud.covariance, np.cov(CODES.T))
    np.testing.assert_allclose(cloud.deviations, CODES.std(axis=0, ddof=1))


def test_moments_of_the_full_set_come_first():
    cloud = LatentCloud(CODES, full_mean=np.arange(3.0), full_covariance=np.diag([1.0, 4.0, 9.0]))

    assert cloud.mean.tolist() == [0.0, 1.0, 2.0]
    assert cloud.deviations.tolist() == [1.0, 2.0, 3.0]


def test_standardised_means_are_absolute_and_in_deviations():
    cloud = LatentCloud(CODES, full_mean=[0.0, -3.0, 6.0], full_covariance=np.diag([1.0, 4.0, 9.0]))

    assert cloud.standardised_means.tolist() == [0.0, 1.5, 2.0]


def test_stored_float32_arrays_become_float64():
    moments = {"full_mean": np.zeros(3, np.float32), "full_covariance": np.eye(3, dtype=np.float32)}
    cloud = LatentCloud(CODES.astype(np.float32), **moments)

    assert {cloud.z_mean.dtype, cloud.mean.dtype, cloud.covariance.dtype} == {np.dtype(np.float64)}


def test_one_dimension_has_a_covariance_matrix():
    assert LatentCloud(np.array([[0.0], [2.0]])).covariance.tolist() == [[2.0]]


@settings(deadline=None, max_examples=settings.default.max_examples // 2)
@given(n=st.integers(2, 30), d=st.integers(1, 8), seed=st.integers(0, 99))
def test_principal_axes_rebuild_the_covariance(n, d, seed):
    """Also where there are fewer codes than dimensions, with no variance below zero."""
    cloud = LatentCloud(np.random.default_rng(seed).normal(size=(n, d)))
    variances, axes = cloud.principal

    assert variances.min() >= 0
    np.testing.assert_allclose((axes * variances) @ axes.T, cloud.covariance, atol=1e-10)


def test_principal_axes_point_the_same_way_whatever_the_rounding(rng):
    codes = rng.normal(size=(200, 6)) * np.arange(1, 7)
    first, second = (LatentCloud(c).principal[1] for c in (codes, codes[::-1] * (1 + 1e-13)))

    np.testing.assert_allclose(first, second, atol=1e-6)
    assert (np.take_along_axis(first, np.abs(first).argmax(axis=0)[None], axis=0) > 0).all()


@pytest.mark.parametrize("n", [None, 2, 7])
def test_a_head_has_the_first_codes_and_the_moments_of_all(n):
    cloud = LatentCloud(CODES, labels=np.arange(20))
    head = cloud.head(n)

    np.testing.assert_array_equal(head.z_mean, CODES[:n])
    np.testing.assert_array_equal(head.mean, cloud.mean)
    np.testing.assert_array_equal(head.covariance, cloud.covariance)
    assert head.labels is None
