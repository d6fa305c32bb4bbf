"""A cloud in a file has the moments of the same cloud in memory."""

import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import aelatent
from aelatent.latent import out_of_core
from aelatent.latent.cloud import CloudError, LatentCloud
from aelatent.statistics import normality

MADE = ["float16", "float32", "float64"]


def made(n, d, dtype, seed=0, offset=0.5):
    """Skewed codes, correlated and off the origin."""
    rng = np.random.default_rng(seed)
    return (rng.gamma(3.0, size=(n, d)) @ rng.normal(size=(d, d)) / d + offset).astype(dtype)


def opened(folder, codes, **asked):
    np.save(folder / "codes.npy", codes)
    return aelatent.open_cloud(folder / "codes.npy", **asked)


def assert_alike(stored, codes):
    """As `StoredCloud` promises."""
    cloud = LatentCloud(codes)
    deviations = cloud.deviations
    unit = np.outer(deviations, deviations)

    assert np.abs((stored.mean - cloud.mean) / deviations).max() < 1e-6
    assert np.abs((stored.covariance - cloud.covariance) / unit).max() < 1e-5
    np.testing.assert_allclose(stored.deviations, deviations, rtol=1e-5)
    np.testing.assert_allclose(stored.radii, cloud.radii, rtol=1e-6)
    for found, expected in [
        (stored.skewness, normality.skewness(codes)),
        (stored.excess_kurtosis, normality.excess_kurtosis(codes)),
    ]:
        assert (np.abs(found - expected) / (1 + np.abs(expected))).max() < 1e-4


@pytest.mark.parametrize("dtype", MADE)
@pytest.mark.parametrize(("n", "d"), [(4, 1), (50, 80), (5000, 2), (6000, 64)])
def test_moments_are_those_of_the_same_codes_in_memory(tmp_path, dtype, n, d):
    codes = made(n, d, dtype)

    assert_alike(opened(tmp_path, codes), codes)


@settings(deadline=None, max_examples=settings.default.max_examples // 4)
@given(
    rows=st.integers(1, 400),
    workers=st.integers(1, 3),
    n=st.integers(4, 300),
    d=st.integers(1, 12),
    dtype=st.sampled_from(MADE),
    seed=st.integers(0, 99),
)
def test_moments_are_the_same_whatever_the_chunks(
    tmp_path_factory, rows, workers, n, d, dtype, seed
):
    codes = made(n, d, dtype, seed)

    assert_alike(opened(tmp_path_factory.mktemp("rows"), codes, rows=rows, workers=workers), codes)


def test_workers_change_no_digit(tmp_path):
    codes = made(3000, 16, "float16")
    one, many = (opened(tmp_path, codes, rows=100, workers=workers) for workers in (1, 4))

    assert one.covariance.tobytes() == many.covariance.tobytes()
    assert one.excess_kurtosis.tobytes() == many.excess_kurtosis.tobytes()


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("offset", [0.0, 1e3])
@pytest.mark.parametrize("scale", [1e-12, 1e-3, 1e12])
def test_no_scale_and_no_offset_costs_digits(tmp_path, dtype, offset, scale):
    codes = (made(3000, 5, "float64", offset=offset) * scale).astype(dtype)

    assert_alike(opened(tmp_path, codes), codes)


def test_codes_in_order_are_summed_as_well(tmp_path):
    """Their first chunk lies far from their mean."""
    codes = np.sort(made(5000, 4, "float32"), axis=0) * 10

    assert_alike(opened(tmp_path, codes, rows=50), codes)


def test_a_far_outlier_among_the_codes_looked_at_costs_no_digits(tmp_path):
    codes = made(2000, 4, "float16")
    codes[0] = 60000

    assert_alike(opened(tmp_path, codes), codes)


def test_principal_axes_are_those_in_memory(tmp_path):
    codes = made(4000, 6, "float32")
    variances, axes = opened(tmp_path, codes).principal
    expected, expected_axes = LatentCloud(codes).principal

    # Errors of the covariance, which differ with the BLAS, are in proportion to the largest.
    np.testing.assert_allclose(variances, expected, atol=1e-6 * expected[-1])
    np.testing.assert_allclose(axes, expected_axes, atol=1e-3)


def test_a_sample_has_codes_of_the_file_and_the_moments_of_all(tmp_path):
    codes = made(1000, 3, "float16")
    stored = opened(tmp_path, codes)
    sample = stored.sample(100, np.random.default_rng(0))
    again = stored.sample(100, np.random.default_rng(0))

    assert isinstance(sample, LatentCloud)
    assert len(np.unique(sample.z_mean, axis=0)) == 100
    assert {*map(tuple, sample.z_mean)} <= {*map(tuple, codes.astype(float))}
    assert (sample.covariance == stored.covariance).all()
    assert (sample.z_mean == again.z_mean).all()
    assert (stored.sample(1000, np.random.default_rng(0)).z_mean == codes).all()


@pytest.mark.parametrize("n", [0, 1, 1001])
def test_a_sample_is_neither_nothing_nor_more_than_all(tmp_path, n):
    with pytest.raises(ValueError, match="2 to 1,000 codes"):
        opened(tmp_path, made(1000, 3, "float16")).sample(n, np.random.default_rng(0))


def test_too_many_dimensions_have_no_covariance_but_all_else(tmp_path, monkeypatch):
    monkeypatch.setattr(out_of_core, "WIDEST", 4)
    codes = made(1000, 5, "float16")
    stored = opened(tmp_path, codes)

    with pytest.raises(CloudError, match=r"expected 4 dimensions or fewer .* Use `deviations`"):
        stored.covariance  # noqa: B018
    np.testing.assert_allclose(stored.deviations, LatentCloud(codes).deviations, rtol=1e-5)
    assert stored.sample(10, np.random.default_rng(0)).full_covariance is None


def test_a_component_that_does_not_vary_is_named(tmp_path):
    codes = made(1000, 5, "float64")
    codes[:, 3] = 0.1

    with pytest.raises(CloudError, match=r"1 that do not: \[3\]"):
        opened(tmp_path, codes).skewness  # noqa: B018


def test_three_codes_have_no_kurtosis(tmp_path):
    with pytest.raises(CloudError, match="4 codes or more, received 3"):
        opened(tmp_path, made(3, 2, "float32")).excess_kurtosis  # noqa: B018


def test_codes_too_large_to_be_added_up_are_refused(tmp_path):
    with pytest.raises(CloudError, match="other units"):
        opened(tmp_path, made(50, 2, "float64") * 1e100).mean  # noqa: B018


def test_nan_beyond_the_codes_looked_at_is_named(tmp_path):
    codes = made(5000, 3, "float16")
    codes[4321, 2] = np.nan

    with pytest.raises(CloudError, match="row 4,321"):
        opened(tmp_path, codes).mean  # noqa: B018


def test_a_pass_holds_a_few_chunks_and_no_more(tmp_path):
    """A twentieth of the codes as float32, with the radii of all."""
    stored = opened(tmp_path, np.ones((200_000, 64), np.float16), rows=500, workers=2)
    tracemalloc.start()
    stored.mean  # noqa: B018
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < 200_000 * 64 * 4 / 20 + 8 * 200_000
