"""Statistics of a file are those of the same codes in memory."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from aelatent.latent.cloud import CloudError, LatentCloud
from aelatent.latent.out_of_core import open_cloud
from aelatent.statistics import normality, radius, region, stored


def made(n=3000, d=8, seed=0, offset=0.5):
    rng = np.random.default_rng(seed)
    return rng.gamma(3.0, size=(n, d)) @ rng.normal(size=(d, d)) / d + offset


@pytest.fixture
def opened(tmp_path):
    """Open codes from a file of their own."""

    def save(codes, dtype="float32", **asked):
        path = tmp_path / f"{len([*tmp_path.iterdir()])}.npy"
        np.save(path, codes.astype(dtype))
        return open_cloud(path, **asked)

    return save


@pytest.mark.parametrize("n", [60, 5000, 40_000])
def test_the_radii_peak_where_they_do_in_memory(opened, n):
    """Within a thousandth of the bandwidth."""
    cloud = opened(made(n))
    off = stored.peak_radius(cloud) - radius.peak_radius(cloud.radii)

    assert abs(off) < 1e-3 * radius.bandwidth(cloud.radii)


def test_a_far_outlier_does_not_move_the_peak(opened):
    codes = made()
    far = np.concatenate([codes, [[1e8] * 8]])

    assert stored.peak_radius(opened(far)) == pytest.approx(
        stored.peak_radius(opened(codes)), rel=1e-3
    )


def test_radii_without_a_density_are_refused(opened):
    with pytest.raises(ValueError, match="spread"):
        stored.peak_radius(opened(np.ones((10, 2))))


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_distances_are_those_in_memory(opened, dtype):
    cloud = opened(made(), dtype)
    codes = np.concatenate(list(cloud.chunks()))

    expected = region.distances(codes, LatentCloud(codes))
    np.testing.assert_allclose(stored.distances(cloud), expected, rtol=1e-4)


@pytest.mark.parametrize("narrow", [1e-2, 1e-4])
def test_a_narrow_direction_costs_no_digits(opened, narrow):
    """Below a thirtieth of the widest, distances are measured in float64."""
    codes = made() * [1, 1, 1, 1, 1, 1, 1, narrow]
    cloud = opened(codes)
    codes = np.concatenate(list(cloud.chunks()))

    expected = region.distances(codes, LatentCloud(codes))
    np.testing.assert_allclose(stored.distances(cloud), expected, rtol=1e-4)


@pytest.mark.parametrize("ratio", [20, 100, 1000, 10_000])
def test_a_narrow_direction_across_the_axes_costs_no_digits(opened, ratio):
    """There every sum of products has the errors of the widest direction."""
    turn = np.linalg.qr(np.random.default_rng(0).normal(size=(8, 8)))[0]
    cloud = opened(made(offset=0) * np.geomspace(1, ratio, 8) @ turn, "float32")
    codes = np.concatenate(list(cloud.chunks()))

    expected = region.distances(codes, LatentCloud(codes))
    np.testing.assert_allclose(stored.distances(cloud), expected, rtol=1e-4)


def test_a_flat_direction_counts_for_nothing(opened):
    codes = made()
    codes[:, 3] = 2.0
    full = stored.distances(opened(np.delete(codes, 3, axis=1)))

    np.testing.assert_allclose(stored.distances(opened(codes)), full, rtol=1e-3)


def test_codes_that_are_all_equal_have_no_distances(opened):
    with pytest.raises(ValueError, match="without any variance"):
        stored.distances(opened(np.ones((10, 2))))


@settings(deadline=None, max_examples=settings.default.max_examples // 10)
@given(rows=st.integers(1, 500), workers=st.integers(1, 3), seed=st.integers(0, 99))
def test_statistics_are_the_same_whatever_the_chunks(tmp_path_factory, rows, workers, seed):
    path = tmp_path_factory.mktemp("rows") / "codes.npy"
    np.save(path, made(700, 5, seed).astype(np.float16))
    whole, parts = open_cloud(path), open_cloud(path, rows=rows, workers=workers)

    np.testing.assert_allclose(stored.distances(parts), stored.distances(whole), rtol=1e-4)
    assert stored.peak_radius(parts) == pytest.approx(stored.peak_radius(whole), rel=1e-5)
    tests = [
        stored.embedding_test(cloud, whole, np.random.default_rng(0), 4).discrepancy
        for cloud in (parts, whole)
    ]
    assert tests[0] == pytest.approx(tests[1], abs=1e-6)


@pytest.mark.parametrize("n", [500, 30_000])
def test_normality_is_that_in_memory(opened, n):
    """Above 10,000 codes its quantiles are compared at as many ranks."""
    cloud = opened(made(n))
    codes = np.concatenate(list(cloud.chunks()))
    fitted, found = LatentCloud(codes), stored.normality(cloud)

    assert found.kurtosis_ratio == pytest.approx(normality.kurtosis_ratio(codes, fitted), rel=1e-4)
    assert found.quantile_discrepancy == pytest.approx(
        normality.quantile_discrepancy(codes, fitted), rel=1e-4 if n < 10_000 else 1e-2
    )
    np.testing.assert_allclose(found.skewness, normality.skewness(codes), atol=1e-4)
    np.testing.assert_allclose(found.excess_kurtosis, normality.excess_kurtosis(codes), atol=1e-3)


def test_normal_codes_are_normal_and_others_are_not(opened):
    rng = np.random.default_rng(0)
    normal = stored.normality(opened(rng.normal(size=(20_000, 8))))
    heavy = stored.normality(opened(rng.standard_t(5, size=(20_000, 8))))

    assert normal.kurtosis_ratio == pytest.approx(1, abs=0.02)
    assert normal.quantile_discrepancy < 0.05
    assert heavy.kurtosis_ratio > 1.3
    assert heavy.quantile_discrepancy > 0.3


@pytest.mark.slow
def test_equal_laws_are_told_apart_as_often_as_the_level_says(opened):
    """The p-values of 200 tests are uniform, by Kolmogorov and Smirnov."""
    rng = np.random.default_rng(0)
    pvalues = [
        stored.embedding_test(
            opened(rng.gamma(3.0, size=(300, 3)), workers=1),
            opened(rng.gamma(3.0, size=(500, 3)), workers=1),
            rng,
            frequencies=4,
        ).pvalue
        for _ in range(200)
    ]

    assert stats.kstest(pvalues, "uniform").pvalue > 0.01


@pytest.mark.parametrize(
    "other",
    [
        lambda rng: rng.normal(0.2, 1, (2000, 4)),
        lambda rng: rng.normal(0, 1.2, (2000, 4)),
        lambda rng: rng.uniform(-(3**0.5), 3**0.5, (2000, 4)),
    ],
    ids=["place", "width", "shape with equal moments"],
)
def test_other_laws_are_told_apart(opened, other):
    rng = np.random.default_rng(0)
    same, different = opened(rng.normal(size=(2000, 4))), opened(other(rng))

    assert stored.embedding_test(same, different, rng).pvalue < 1e-3


def test_the_discrepancy_is_that_of_the_kernel(opened):
    """On many frequencies, as against all pairs of codes."""
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(900, 3)), rng.normal(0.7, 1, size=(700, 3))
    found = stored.embedding_test(opened(x), opened(y), rng, frequencies=30)
    more = [
        stored.embedding_test(opened(x), opened(y), rng, frequencies=30).discrepancy
        for _ in range(40)
    ]

    def kernel(a, b):
        return np.exp(-((a[:, None] - b) ** 2).sum(axis=2) / (2 * found.width**2))

    within = [(kernel(a, a).sum() - len(a)) / (len(a) * (len(a) - 1)) for a in (x, y)]
    expected = sum(within) - 2 * kernel(x, y).mean()
    assert np.mean(more) == pytest.approx(expected, abs=4 * stats.sem(more) + 1e-3)


def test_the_order_of_codes_says_nothing(opened):
    """Files that are sorted in opposite ways hold the same law."""
    codes = made(400, 3)
    ordered = codes[codes[:, 0].argsort()]
    found = stored.embedding_test(
        opened(ordered, rows=50), opened(ordered[::-1], rows=50), np.random.default_rng(0), 8
    )

    assert abs(found.statistic) < 1e-6


@pytest.mark.parametrize(
    ("codes", "told"),
    [
        (made(d=7), "of one dimension"),
        (made(639), "640 codes or more"),
    ],
)
def test_clouds_that_do_not_match_are_refused(opened, codes, told):
    with pytest.raises(ValueError, match=told):
        stored.embedding_test(opened(made()), opened(codes), np.random.default_rng(0))


@pytest.mark.parametrize("other", [1.0, 2.0])
def test_one_code_over_and_over_is_no_law(opened, other):
    with pytest.raises(ValueError, match="expected codes that"):
        stored.embedding_test(
            opened(np.ones((700, 2))), opened(other * np.ones((700, 2))), np.random.default_rng(0)
        )


def test_too_many_dimensions_for_a_covariance_say_what_to_do(opened, monkeypatch):
    monkeypatch.setattr("aelatent.latent.out_of_core.WIDEST", 4)

    with pytest.raises(CloudError, match="projected on fewer directions"):
        stored.distances(opened(made()))
