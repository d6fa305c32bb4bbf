"""Coordinate and principal axes: how many matter, how wide they are, where the origin lies."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from aelatent.latent.cloud import LatentCloud
from aelatent.latent.synthetic import gaussian, standard_normal, student
from aelatent.statistics import axes
from aelatent.statistics.axes import (
    common_width,
    correlations,
    diagonal_law,
    direction_kurtosis,
    direction_skewness,
    largest_gap,
    offset,
    participation_ratio,
    principal_scores,
    relative_size,
    resultant_length,
    standing_of_origin,
    strongest_correlation,
)
from aelatent.statistics.surrogates import haar_rotations


def normal(n, d, seed):
    return np.random.default_rng(seed).standard_normal((n, d))


def law(mean, covariance):
    """Return a cloud of two codes with these moments."""
    d = len(mean)
    return LatentCloud(normal(2, d, 0), full_mean=mean, full_covariance=covariance)


def turned(cloud, seed=1):
    """Return the cloud in a random basis."""
    return haar_rotations(cloud, np.random.default_rng(seed))


@pytest.mark.parametrize("k", [1, 3, 8])
def test_equal_weights_count_as_axes(k):
    assert participation_ratio([7.0] * k + [0.0] * (8 - k)) == pytest.approx(k)


def test_a_random_direction_takes_a_third_of_the_axes():
    ratios = [participation_ratio(row**2) for row in normal(400, 256, 0)]

    assert np.mean(ratios) == pytest.approx((256 + 2) / 3, rel=0.03)


@given(st.lists(st.floats(0.01, 100), min_size=1, max_size=9), st.sampled_from([1e-9, 1e9]))
def test_participation_lies_between_one_and_all_and_has_no_scale(weights, scale):
    ratio = participation_ratio(weights)

    assert 1 - 1e-9 <= ratio <= len(weights) + 1e-9
    assert participation_ratio(scale * np.array(weights)) == pytest.approx(ratio)


@pytest.mark.parametrize("weights", [[], [0.0, 0.0], [1.0, -1.0], [np.nan], [[1.0]]])
def test_weights_that_count_nothing_are_refused(weights):
    with pytest.raises(ValueError, match="expected"):
        participation_ratio(weights)


def test_correlations_are_those_of_numpy():
    codes = normal(50, 4, 0) @ normal(4, 4, 1)
    expected = np.corrcoef(codes, rowvar=False)[np.triu_indices(4, k=1)]

    np.testing.assert_allclose(correlations(LatentCloud(codes)), expected)
    assert strongest_correlation(LatentCloud(codes)) == pytest.approx(np.abs(expected).max())


def test_a_still_component_correlates_with_none():
    codes = np.column_stack([normal(50, 2, 0), np.full(50, 3.0)])

    np.testing.assert_allclose(correlations(LatentCloud(codes))[1:], 0, atol=1e-12)


def test_one_component_has_no_correlation():
    with pytest.raises(ValueError, match="received one"):
        strongest_correlation(standard_normal(9, 1, np.random.default_rng(0)))


def test_the_common_width_is_the_likelihood_ratio_per_value():
    rng = np.random.default_rng(0)
    codes = rng.standard_normal(6) + rng.lognormal(size=6) * rng.standard_normal((400, 6))
    cloud = LatentCloud(codes, full_mean=codes.mean(0), full_covariance=np.cov(codes.T, ddof=0))
    own = stats.norm.logpdf(codes, codes.mean(axis=0), codes.std(axis=0)).mean()
    common = stats.norm.logpdf(codes, codes.mean(), codes.std()).mean()

    assert np.log(common_width(cloud)) == pytest.approx(own - common)


def test_equal_components_have_a_common_width_of_one():
    assert common_width(law([2.0] * 3, np.eye(3))) == 1.0
    with pytest.raises(ValueError, match="one that does not"):
        common_width(law([0.0, 0.0], np.diag([1.0, 0.0])))


def test_the_resultant_is_the_mean_cosine_to_the_mean_direction():
    codes = normal(30, 5, 0) + 1
    directions = codes / np.linalg.norm(codes, axis=1, keepdims=True)
    mean = directions.mean(axis=0)

    expected = (directions @ mean / np.linalg.norm(mean)).mean()
    assert resultant_length(codes) == pytest.approx(expected)


def test_codes_that_point_anywhere_have_no_resultant():
    assert resultant_length(normal(10_000, 8, 0)) < 0.03
    assert resultant_length([[1.0, 2.0], [3.0, 6.0]]) == pytest.approx(1)
    with pytest.raises(ValueError, match="other than the origin"):
        resultant_length(np.zeros((2, 2)))


def test_the_gap_below_a_group_is_found():
    values = np.concatenate([np.linspace(0, 1, 50), [4.0, 4.1, 4.2]])
    gap, above = largest_gap(np.random.default_rng(0).permutation(values))

    assert above == 3
    assert gap == pytest.approx(3 / np.sqrt((values**2).mean()))


def test_a_gap_in_the_lower_half_does_not_count():
    """A few small values are no group of large ones."""
    assert largest_gap([0.0, 9.0, 10.0, 11.0, 12.0, 13.0])[1] <= 3


@pytest.mark.parametrize("values", [[1.0, 2.0, 3.0], [0.0] * 5, [1.0, 2.0, np.nan, 4.0]])
def test_values_without_gaps_are_refused(values):
    with pytest.raises(ValueError, match="expected"):
        largest_gap(values)


@settings(deadline=None, max_examples=settings.default.max_examples // 2)
@given(st.integers(0, 99), st.sampled_from([1e-3, 1e3]))
def test_rotating_and_scaling_change_neither_offset_nor_size(seed, scale):
    cloud = LatentCloud(normal(40, 4, seed) * [1, 2, 3, 4] + 1)
    changed = LatentCloud(scale * turned(cloud, seed).z_mean)

    for measure in (offset, relative_size):
        assert measure(changed) == pytest.approx(measure(cloud))


def test_size_is_the_root_of_a_ratio_of_volumes():
    covariance = np.array([[4.0, 1.0], [1.0, 2.0]])
    mean = np.array([1.0, 2.0])
    ball = np.sqrt((np.trace(covariance) + mean @ mean) / 2)

    expected = np.linalg.det(covariance) ** (1 / 4) / ball
    assert relative_size(law(mean, covariance)) == pytest.approx(expected)


def test_flat_codes_have_no_size_and_still_ones_no_offset():
    assert relative_size(law([0.0, 0.0], np.diag([1.0, 0.0]))) == 0
    with pytest.raises(ValueError, match="without any variance"):
        offset(law([1.0], [[0.0]]))
    with pytest.raises(ValueError, match="off the origin"):
        relative_size(law([0.0], [[0.0]]))


@pytest.mark.parametrize("d", [16, 64])
def test_the_origin_stands_where_the_chi_law_has_it(d):
    """At the mean distance 0; two scatters beyond it 2; at the centre minus mean over scatter."""
    chi, rng = stats.chi(d), np.random.default_rng(0)
    for steps in (0, 2, -chi.mean() / chi.std()):
        mean = np.zeros(d)
        mean[0] = chi.mean() + steps * chi.std()
        codes = gaussian(4000, mean, np.eye(d), rng)
        standing = standing_of_origin(codes, law(mean, np.eye(d)))

        assert standing.value == pytest.approx(steps, abs=4 * standing.error)


def test_the_standing_of_the_origin_scatters_as_its_error_says():
    mean, rng = np.full(8, 1.5), np.random.default_rng(0)
    fitted = law(mean, np.eye(8))
    estimates = [
        standing_of_origin(gaussian(200, mean, np.eye(8), rng), fitted) for _ in range(300)
    ]

    assert np.mean([estimate.error for estimate in estimates]) == pytest.approx(
        np.std([estimate.value for estimate in estimates]), rel=0.2
    )


def test_the_diagonal_law_knows_no_correlations():
    cloud = law([1.0, 1.0], np.array([[1.0, 0.99], [0.99, 1.0]]))

    np.testing.assert_allclose(diagonal_law(cloud).covariance, np.eye(2))
    assert standing_of_origin(cloud, diagonal=True).value == pytest.approx(
        standing_of_origin(cloud, diagonal_law(cloud)).value
    )


@pytest.mark.parametrize("count", [None, 3])
def test_scores_of_few_wide_codes_are_those_of_the_covariance(monkeypatch, count):
    codes = normal(20, 60, 0) * np.linspace(1, 3, 60) + 5
    for cloud in (LatentCloud(codes), LatentCloud(codes, full_mean=np.zeros(60))):
        with_covariance = principal_scores(cloud, count)
        with monkeypatch.context() as narrow:
            narrow.setattr(axes, "WIDEST", 8)
            without = principal_scores(cloud, count)
        np.testing.assert_allclose(without, with_covariance, rtol=1e-9, atol=1e-9)


def test_principal_scores_are_white_and_the_widest_come_first():
    cloud = LatentCloud(normal(500, 3, 0) * [1, 5, 2])
    scores = principal_scores(cloud)

    np.testing.assert_allclose(np.cov(scores, rowvar=False), np.eye(3), atol=1e-9)
    assert abs(np.corrcoef(scores[:, 0], cloud.z_mean[:, 1])[0, 1]) > 0.99
    np.testing.assert_array_equal(principal_scores(cloud, 2), scores[:, :2])


def test_flat_directions_have_no_scores():
    assert principal_scores(LatentCloud(normal(50, 2, 0) @ normal(2, 5, 1))).shape == (50, 2)


@pytest.mark.parametrize("measure", [direction_skewness, direction_kurtosis])
def test_directions_of_all_elliptical_laws_are_alike(measure):
    """Heavy tails change nothing, a star and a set of lopsided components do."""
    rng, d = np.random.default_rng(0), 32
    widths = np.concatenate([np.geomspace(20, 4, 12), np.ones(20)])
    normals = gaussian(4000, np.ones(d), np.diag(widths**2), rng)
    tails = student(4000, np.ones(d), np.diag(widths**2), 6, rng)
    lopsided = LatentCloud(rng.exponential(size=(4000, d)) ** 2 * widths)

    assert measure(tails) == pytest.approx(measure(normals), abs=0.1)
    assert measure(lopsided) > 0.5 > measure(normals)


@settings(deadline=None, max_examples=settings.default.max_examples // 5)
@given(st.integers(0, 99))
def test_rotating_the_codes_does_not_change_their_directions(seed):
    cloud = LatentCloud(normal(100, 4, seed) * [1, 2, 4, 8])

    for measure in (direction_skewness, direction_kurtosis):
        assert measure(turned(cloud, seed)) == pytest.approx(measure(cloud), rel=1e-6)
