"""Skewness, kurtosis, and tests of multivariate normality."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from sklearn.datasets import load_iris

from aelatent.latent.cloud import LatentCloud
from aelatent.latent.synthetic import gaussian, student
from aelatent.statistics.normality import (
    Mardia,
    excess_kurtosis,
    henze_zirkler,
    irregular_components,
    kurtosis_ratio,
    mardia,
    normal_pvalues,
    quantile_discrepancy,
    quantiles,
    skewness,
    whitened,
)


def normal(n, d, seed):
    return np.random.default_rng(seed).standard_normal((n, d))


def test_skewness_and_kurtosis_are_those_of_known_laws():
    """Normal 0 and 0, exponential 2 and 6, uniform 0 and -1.2."""
    rng = np.random.default_rng(0)
    n = 200_000
    codes = np.column_stack([rng.standard_normal(n), rng.standard_exponential(n), rng.random(n)])

    np.testing.assert_allclose(skewness(codes), [0, 2, 0], atol=0.05)
    np.testing.assert_allclose(excess_kurtosis(codes), [0, 6, -1.2], atol=0.5)


@pytest.mark.parametrize(("statistic", "scatter"), [(skewness, 6), (excess_kurtosis, 24)])
def test_normal_components_scatter_about_zero(statistic, scatter):
    values = statistic(normal(400, 1000, 0))

    assert values.mean() == pytest.approx(0, abs=4 * (scatter / 400 / 1000) ** 0.5)
    assert values.std() == pytest.approx((scatter / 400) ** 0.5, rel=0.1)


@settings(deadline=None, max_examples=settings.default.max_examples // 2)
@given(st.integers(0, 99), st.floats(0.01, 100), st.floats(-100, 100))
def test_shifting_and_scaling_a_component_changes_nothing(seed, scale, shift):
    codes = normal(50, 3, seed)

    np.testing.assert_allclose(skewness(scale * codes + shift), skewness(codes), atol=1e-6)
    np.testing.assert_allclose(
        excess_kurtosis(scale * codes + shift), excess_kurtosis(codes), atol=1e-6
    )


def test_irregular_components_are_found():
    rng = np.random.default_rng(0)
    skewed = rng.gamma(4, size=(1000, 40))  # skewness 1
    heavy = rng.standard_t(5, size=(1000, 40))
    found = irregular_components(np.hstack([normal(1000, 120, 1), skewed, heavy]))

    assert found[:120].mean() < 0.02
    assert found[120:160].all()
    assert found[160:].mean() > 0.9


@pytest.mark.parametrize("n", [50, 100, 300])
def test_normal_components_are_rarely_irregular(n):
    """By the chi-squared distribution one of 256 is found in 24 to 38 % of samples."""
    rng = np.random.default_rng(n)
    found = [irregular_components(rng.standard_normal((n, 256))).any() for _ in range(150)]

    assert np.mean(found) < 0.11


@pytest.mark.parametrize("n", [20, 100, 300, 1000])
def test_small_pvalues_of_normal_components_are_uniform(n):
    rng, count = np.random.default_rng(n), 3_000_000 // max(n, 300)
    pvalues = normal_pvalues(rng.standard_normal((n, count)))

    for level in (0.05, 0.01, 0.002):
        assert stats.binomtest(int((pvalues < level).sum()), count, level).pvalue > 0.003


def test_a_tiny_deviation_is_never_irregular():
    """At n = 20,000 a skewness of 0.2 is significant beyond doubt, and yet too small to matter."""
    codes = np.random.default_rng(0).gamma(100, size=(20_000, 5))

    assert (stats.normaltest(codes).pvalue < 1e-6).all()
    assert not irregular_components(codes).any()


def test_mardia_and_henze_zirkler_agree_with_published_values():
    """Korkmaz, Goksuluk and Zararsiz, "MVN", The R Journal 6 (2014): the setosa irises."""
    setosa = load_iris().data[:50]
    measures, test = mardia(setosa), henze_zirkler(setosa)

    assert measures.skewness == pytest.approx(3.079721, abs=1e-6)
    assert measures.skewness_pvalue == pytest.approx(0.1771859, abs=1e-6)
    assert measures.kurtosis == pytest.approx(26.53766, abs=1e-5)
    assert test.statistic == pytest.approx(0.9488453, abs=1e-6)
    assert test.pvalue == pytest.approx(0.04995356, abs=1e-6)


def kurtosis_only(n, d, seed):
    """Return Mardia's measures of normal codes without the slow one."""
    squares = (whitened(normal(n, d, seed)) ** 2).sum(axis=1)
    return Mardia(0.0, float((squares**2).mean()), n, d)


@pytest.mark.parametrize(("n", "d"), [(120, 12), (60, 8)])
def test_the_kurtosis_of_few_codes_keeps_its_level(n, d):
    """By the moments of the limit a tenth of such samples and more were rejected."""
    pvalues = [kurtosis_only(n, d, seed).kurtosis_pvalue for seed in range(200)]

    assert 0.01 < np.mean(np.array(pvalues) < 0.05) < 0.09


def test_the_mean_kurtosis_of_normal_codes_is_exact():
    found = [kurtosis_only(60, 10, seed).relative_kurtosis for seed in range(400)]

    assert np.mean(found) == pytest.approx(1, abs=0.004)


def test_mardia_in_one_dimension_is_the_classical_one():
    codes = np.random.default_rng(0).standard_exponential((300, 1))
    measures = mardia(codes)

    assert measures.skewness == pytest.approx(stats.skew(codes[:, 0]) ** 2)
    assert measures.kurtosis == pytest.approx(stats.kurtosis(codes[:, 0], fisher=False))


def test_mardia_follows_its_definition():
    codes = normal(40, 3, 0) ** 2
    offsets = codes - codes.mean(axis=0)
    products = offsets @ np.linalg.inv(np.cov(codes, rowvar=False, bias=True)) @ offsets.T

    assert mardia(codes).skewness == pytest.approx((products**3).mean())
    assert mardia(codes).kurtosis == pytest.approx((np.diag(products) ** 2).mean())


def test_henze_zirkler_matches_characteristic_functions():
    """Integrated on a grid: |phi_n - phi|^2 against a normal density of variance beta^2."""
    codes = np.random.default_rng(1).standard_exponential((60, 1))
    white = whitened(codes)[:, 0]
    beta = (60 * 3 / 4) ** (1 / 5) / 2**0.5
    t = np.linspace(-12 * beta, 12 * beta, 20_001)
    empirical = np.exp(1j * np.outer(t, white)).mean(axis=1)
    gap = np.abs(empirical - np.exp(-(t**2) / 2)) ** 2 * stats.norm(scale=beta).pdf(t)

    assert henze_zirkler(codes).statistic == pytest.approx(60 * np.trapezoid(gap, t), rel=1e-6)


def test_henze_zirkler_counts_every_pair_once_across_blocks():
    """2,300 codes need three blocks of rows; the sum over all pairs at once is the same."""
    white = whitened(normal(2300, 2, 0) ** 3)
    square = (2300 * 5 / 4) ** (1 / 3) / 2
    apart = ((white[:, None] - white) ** 2).sum(axis=2)
    alone = np.exp(-square / (2 * (1 + square)) * (white**2).sum(axis=1)).mean() / (1 + square)
    expected = 2300 * (np.exp(-square / 2 * apart).mean() - 2 * alone + 1 / (1 + 2 * square))

    assert henze_zirkler(white).statistic == pytest.approx(expected)


@pytest.mark.parametrize("d", [1, 2, 5])
def test_both_tests_keep_their_level(d):
    """Of 300 normal samples about one in twenty is rejected."""
    samples = [normal(200, d, seed) for seed in range(300)]
    pvalues = {
        "henze_zirkler": [henze_zirkler(sample).pvalue for sample in samples],
        "skewness": [mardia(sample).skewness_pvalue for sample in samples],
        "kurtosis": [mardia(sample).kurtosis_pvalue for sample in samples],
    }

    for rejected in (np.mean(np.array(values) < 0.05) for values in pvalues.values()):
        assert 0.01 < rejected < 0.1


@settings(deadline=None, max_examples=settings.default.max_examples // 2)
@given(st.integers(0, 99), st.sampled_from([1e-3, 1.0, 1e3]))
def test_an_affine_map_changes_no_measure(seed, scale):
    codes, points = normal(60, 4, seed) ** 2, normal(30, 4, seed + 1)
    matrix, shift = scale * normal(4, 4, seed + 2), scale * normal(1, 4, seed + 3)
    mapped, cloud = codes @ matrix + shift, LatentCloud(codes)

    assert mardia(mapped).skewness == pytest.approx(mardia(codes).skewness, rel=1e-5)
    assert mardia(mapped).kurtosis == pytest.approx(mardia(codes).kurtosis, rel=1e-5)
    assert henze_zirkler(mapped).statistic == pytest.approx(
        henze_zirkler(codes).statistic, rel=1e-5
    )
    for measure in (kurtosis_ratio, quantile_discrepancy):
        assert measure(points @ matrix + shift, LatentCloud(mapped)) == pytest.approx(
            measure(points, cloud), rel=1e-4
        )


def test_relative_kurtosis_of_normal_codes_is_one():
    values = [mardia(normal(100, 5, seed)).relative_kurtosis for seed in range(200)]

    assert np.mean(values) == pytest.approx(1, abs=4 * np.std(values) / 200**0.5)


@pytest.mark.parametrize("d", [2, 64])
def test_normal_codes_lie_where_a_normal_law_has_them(d):
    rng = np.random.default_rng(0)
    law = LatentCloud(normal(2, d, 0), full_mean=np.zeros(d), full_covariance=np.eye(d))
    codes = gaussian(2000, np.zeros(d), np.eye(d), rng).z_mean

    assert kurtosis_ratio(codes, law) == pytest.approx(1, abs=0.15)
    assert quantile_discrepancy(codes, law) < 0.1


@pytest.mark.parametrize("d", [2, 64])
def test_heavy_tails_raise_the_kurtosis_ratio_in_any_dimension(d):
    """(v - 2) / (v - 4) is 1.5 for v = 8 degrees."""
    rng = np.random.default_rng(0)
    law = LatentCloud(normal(2, d, 0), full_mean=np.zeros(d), full_covariance=np.eye(d))
    codes = student(20_000, np.zeros(d), np.eye(d), 8, rng).z_mean

    assert kurtosis_ratio(codes, law) == pytest.approx(1.5, rel=0.15)
    assert quantile_discrepancy(codes, law) > 0.2


def test_a_shift_by_the_scatter_is_a_discrepancy_of_one():
    d = 64
    law = LatentCloud(normal(2, d, 0), full_mean=np.zeros(d), full_covariance=np.eye(d))
    codes = normal(3000, d, 1)
    stretch = 1 + stats.chi(d).std() / np.linalg.norm(codes, axis=1, keepdims=True)

    assert quantile_discrepancy(codes * stretch, law) == pytest.approx(1, abs=0.05)


def test_flat_directions_do_not_count_as_dimensions():
    codes = normal(500, 3, 0)
    flat = np.hstack([codes, np.zeros((500, 2))])

    assert kurtosis_ratio(flat, LatentCloud(flat)) == pytest.approx(
        kurtosis_ratio(codes, LatentCloud(codes))
    )


def test_quantiles_ascend():
    for values in quantiles(normal(50, 3, 0), LatentCloud(normal(50, 3, 1))):
        assert (np.diff(values) > 0).all()


def test_components_that_do_not_vary_are_named():
    with pytest.raises(ValueError, match=r"received 1 that do not: \[1\]"):
        skewness(np.column_stack([np.arange(9.0), np.full(9, 0.1)]))


@pytest.mark.parametrize("function", [skewness, excess_kurtosis, irregular_components])
@pytest.mark.parametrize("codes", [np.zeros(9), np.full((30, 2), np.nan), np.ones((2, 3))])
def test_codes_that_say_nothing_about_components_are_refused(function, codes):
    with pytest.raises(ValueError, match="expected"):
        function(codes)


@pytest.mark.parametrize("level", [0.0, 0.06, 0.5])
def test_a_level_at_which_pvalues_are_rough_is_refused(level):
    with pytest.raises(ValueError, match=r"expected a level above 0 and at most 0\.05"):
        irregular_components(normal(30, 2, 0), level=level)


@pytest.mark.parametrize("function", [mardia, henze_zirkler])
@pytest.mark.parametrize(
    ("codes", "reason"),
    [
        (normal(3, 3, 0), "more codes than dimensions"),
        (np.hstack([normal(9, 2, 0), np.zeros((9, 1))]), "flat"),
        (np.full((9, 2), np.inf), "finite"),
    ],
)
def test_codes_without_a_whitened_form_are_refused(function, codes, reason):
    with pytest.raises(ValueError, match=reason):
        function(codes)
