"""Spectra of covariances: closed forms, references, and what leaves them unchanged."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from sklearn.decomposition import PCA

from aelatent.latent.cloud import LatentCloud
from aelatent.statistics.spectrum import (
    crossed_scree,
    dominance,
    leading_share,
    scree,
    second_moments,
    unevenness,
)


def drawn(n=500, d=8, seed=0):
    return np.random.default_rng(seed).standard_normal((n, d)) * np.arange(1, d + 1)


def test_the_scree_is_that_of_a_principal_component_analysis():
    codes = drawn()

    np.testing.assert_allclose(
        scree(np.cov(codes, rowvar=False)), PCA().fit(codes).explained_variance_
    )


@settings(deadline=None, max_examples=settings.default.max_examples // 2)
@given(st.integers(0, 99))
def test_a_rotation_leaves_the_scree(seed):
    covariance = np.cov(drawn(seed=seed), rowvar=False)
    rotation = stats.ortho_group.rvs(8, random_state=seed)

    np.testing.assert_allclose(scree(rotation.T @ covariance @ rotation), scree(covariance))


def test_crossed_with_itself_a_covariance_gives_its_scree():
    covariance = np.cov(drawn(), rowvar=False)

    np.testing.assert_allclose(crossed_scree(covariance, covariance), scree(covariance))


def test_a_flat_spectrum_stays_flat_when_it_is_crossed():
    """Estimated eigenvalues spread by a factor of three; crossed variances hardly do."""
    rng = np.random.default_rng(0)
    one, other = (np.cov(rng.standard_normal((2000, 150)), rowvar=False) for _ in range(2))

    assert unevenness(scree(one)) > 1.5
    assert unevenness(crossed_scree(one, other)) < 1.15


@settings(deadline=None, max_examples=settings.default.max_examples // 2)
@given(st.integers(0, 99), st.floats(1e-3, 1e3))
def test_scaling_changes_no_ratio(seed, scale):
    variances = np.sort(np.random.default_rng(seed).gamma(2.0, size=20))[::-1]

    assert dominance(scale * variances) == pytest.approx(dominance(variances))
    assert unevenness(scale * variances) == pytest.approx(unevenness(variances))
    assert leading_share(scale * variances, 3) == pytest.approx(leading_share(variances, 3))


def test_what_is_skipped_does_not_count_as_uneven():
    assert unevenness([1000.0, 2.0, 2.0, 2.0], skipped=1) == pytest.approx(1.0)


def test_a_direction_without_variance_is_infinitely_uneven():
    assert unevenness([1.0, 1.0, 0.0], skipped=0) == np.inf


def test_the_leading_share_does_not_depend_on_the_order():
    assert leading_share([1.0, 5.0, 2.0], 2) == pytest.approx(7 / 8)
    assert leading_share([2.0, 1.0, 5.0], 2) == pytest.approx(7 / 8)


def test_second_moments_add_up_to_the_mean_squared_radius():
    cloud = LatentCloud(drawn() + 3.0)
    n = cloud.n

    centred = (cloud.radii**2).mean() - (cloud.mean**2).sum()
    expected = centred * n / (n - 1) + (cloud.mean**2).sum()
    assert second_moments(cloud).sum() == pytest.approx(expected)


@pytest.mark.parametrize(
    "call",
    [
        lambda: scree(np.ones((2, 3))),
        lambda: scree([[1.0, 2.0], [0.0, 1.0]]),
        lambda: scree([[np.nan]]),
        lambda: crossed_scree(np.eye(2), np.eye(3)),
        lambda: dominance([1.0]),
        lambda: dominance([1.0, 0.0]),
        lambda: unevenness([1.0, 2.0, 3.0], skipped=2),
        lambda: unevenness([1.0, 0.0, 0.0], skipped=1),
        lambda: leading_share([1.0, -1.0], 1),
        lambda: leading_share([0.0, 0.0], 1),
        lambda: leading_share([1.0], 2),
        lambda: leading_share([1.0], 0),
    ],
)
def test_what_has_no_spectrum_is_refused(call):
    with pytest.raises(ValueError, match="expected"):
        call()
