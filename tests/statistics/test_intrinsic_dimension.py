"""Intrinsic dimension: closed definitions, known manifolds, and invariance."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.distance import cdist
from scipy.stats import ortho_group

from aelatent.latent.synthetic import curves, standard_normal
from aelatent.statistics.intrinsic_dimension import (
    correlation_dimension,
    dimensions,
    least_dimension,
    likelihood_dimension,
    local_pca_dimension,
    two_nn,
)

ESTIMATORS = pytest.mark.parametrize(
    "estimator", [two_nn, likelihood_dimension, correlation_dimension, local_pca_dimension]
)


def cube(n, d, ambient, seed=0):
    """Codes that fill a cube of d dimensions, turned in `ambient` dimensions."""
    rng = np.random.default_rng(seed)
    return rng.random((n, d)) @ ortho_group.rvs(ambient, random_state=seed)[:d]


@ESTIMATORS
@pytest.mark.parametrize("d", [1, 2, 4])
def test_a_flat_cube_has_its_dimension_wherever_it_lies(estimator, d):
    assert estimator(cube(2000, d, 20)) == pytest.approx(d, rel=0.2)


@ESTIMATORS
@given(st.integers(0, 20), st.floats(0.01, 100))
def test_moving_turning_and_scaling_change_nothing(estimator, seed, scale):
    codes = cube(120, 3, 6, seed)
    moved = scale * codes @ ortho_group.rvs(6, random_state=seed + 1) + 1

    assert estimator(moved) == pytest.approx(estimator(codes), rel=1e-4)


def test_two_nn_is_the_slope_of_its_paper():
    """The fit that Facco et al. describe, by least squares of numpy."""
    codes = standard_normal(300, 5, np.random.default_rng(1)).z_mean
    ordered = np.sort(cdist(codes, codes), axis=1)
    ratios = np.sort(ordered[:, 2] / ordered[:, 1])[:270]
    heights = -np.log(1 - np.arange(1, 271) / 300)
    slope = np.linalg.lstsq(np.log(ratios)[:, None], heights, rcond=None)[0]

    assert two_nn(codes) == pytest.approx(slope[0], rel=1e-6)


def test_likelihood_dimension_is_the_inverse_mean_of_inverses():
    codes = standard_normal(200, 5, np.random.default_rng(2)).z_mean
    ordered = np.sort(cdist(codes, codes), axis=1)[:, 1:11]
    inverses = [np.mean(np.log(row[-1] / row[:-1])) for row in ordered]

    assert likelihood_dimension(codes, k=10) == pytest.approx(1 / np.mean(inverses), rel=1e-6)


def test_local_pca_dimension_matches_numpys_eigenvalues():
    codes = standard_normal(60, 4, np.random.default_rng(3)).z_mean
    near = np.argsort(cdist(codes, codes), axis=1)[:, 1:9]
    ratios = []
    for flock in codes[near]:
        variances = np.linalg.eigvalsh(np.cov(flock.T))
        ratios.append(variances.sum() ** 2 / (variances**2).sum())

    assert local_pca_dimension(codes, k=8) == pytest.approx(np.mean(ratios), rel=1e-6)


def test_correlation_dimension_counts_pairs():
    codes = standard_normal(150, 3, np.random.default_rng(4)).z_mean
    between = cdist(codes, codes)
    low, high = np.median(np.sort(between, axis=1)[:, [5, 10]], axis=0)
    counts = [np.sum(between <= reach) - 150 for reach in (low, high)]

    expected = np.log(counts[1] / counts[0]) / np.log(high / low)
    assert correlation_dimension(codes, (5, 10)) == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize(("noise", "low", "high"), [(0.0, 0.8, 1.3), (0.1, 1.0, 1.6)])
def test_planted_strings_are_seen_by_some_estimator(noise, low, high):
    cloud = curves(1000, 256, 10, noise, np.random.default_rng(5))

    assert low < least_dimension(cloud.z_mean) < high


def test_strings_in_wide_noise_are_not_seen():
    rng = np.random.default_rng(6)

    assert least_dimension(standard_normal(1000, 256, rng).z_mean) > 15
    assert least_dimension(curves(1000, 256, 10, 1.0, rng).z_mean) > 3


def test_equal_spacing_along_a_curve_fools_two_nn():
    even = np.outer(np.arange(500.0) + 0.01 * np.sin(np.arange(500)), [1.0, 2.0])
    random = np.outer(np.random.default_rng(7).random(500), [1.0, 2.0])

    assert two_nn(even) > 10
    assert two_nn(random) == pytest.approx(1, abs=0.2)


def test_scales_beyond_the_number_of_codes_are_left_out():
    assert "likelihood, k = 100" not in dimensions(cube(80, 2, 3))
    assert "likelihood, k = 100" in dimensions(cube(120, 2, 3))


@ESTIMATORS
@pytest.mark.parametrize(
    "codes", [np.ones((5, 2)), np.full((50, 2), np.nan), np.ones(50)], ids=["few", "nan", "flat"]
)
def test_what_has_no_dimension_is_refused(estimator, codes):
    with pytest.raises(ValueError, match="expected"):
        estimator(codes)


@ESTIMATORS
@pytest.mark.parametrize("place", [1e3, 1e6])
def test_the_dimension_ignores_the_origin(estimator, place):
    codes = np.round(standard_normal(201, 40, np.random.default_rng(8)).z_mean, 3)

    assert estimator(codes + place) == pytest.approx(estimator(codes), rel=1e-6)


@pytest.mark.parametrize("d", [20, 256])
@pytest.mark.parametrize("place", [0.0, 10.0, 100.0])
def test_a_single_duplicate_is_refused_wherever_it_lies(d, place):
    codes = standard_normal(200, d, np.random.default_rng(9)).z_mean + place
    codes[50] = codes[120]

    with pytest.raises(ValueError, match="duplicates"):
        two_nn(codes)


def test_of_an_odd_number_of_codes_the_median_pair_counts():
    """The radius is the distance of one pair, and rounding must not decide whether it counts."""
    codes = standard_normal(151, 8, np.random.default_rng(10)).z_mean
    turns = [ortho_group.rvs(8, random_state=seed) for seed in range(20)]

    found = [correlation_dimension(codes @ turn) for turn in turns]
    assert np.ptp(found) < 1e-9


@ESTIMATORS
def test_duplicates_are_refused(estimator):
    with pytest.raises(ValueError, match=r"expected codes that differ|expected neighbours"):
        estimator(np.repeat(np.ones((1, 3)), 60, axis=0))


def test_a_lattice_is_refused_where_ratios_are_needed():
    equally_far = np.eye(24)

    for estimator in (two_nn, likelihood_dimension, correlation_dimension):
        with pytest.raises(ValueError, match="lattice"):
            estimator(equally_far)


@pytest.mark.parametrize("discarded", [0.0, 1.0])
def test_two_nn_leaves_some_codes_out_but_not_all(discarded):
    with pytest.raises(ValueError, match="expected a share above 0 and below 1"):
        two_nn(cube(60, 2, 3), discarded)


def test_two_nn_says_that_no_code_is_left():
    with pytest.raises(ValueError, match="expected a share that leaves some of 10 codes"):
        two_nn(cube(10, 2, 3), 0.95)
