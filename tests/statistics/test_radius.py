"""The peak of the radius density, its error, and what it is compared with."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aelatent.latent.cloud import LatentCloud
from aelatent.statistics.radius import (
    bandwidth,
    peak_contributions,
    peak_over_predicted,
    peak_over_root_n,
    peak_radius,
)

STATISTICS = pytest.mark.parametrize("statistic", [peak_over_root_n, peak_over_predicted])


def error(radii):
    return math.hypot(*peak_contributions(radii))


def normal_cloud(n=1000, d=256, seed=0, scale=1.0, mean=0.0):
    return LatentCloud(scale * np.random.default_rng(seed).normal(mean, 1.0, (n, d)))


@STATISTICS
@pytest.mark.parametrize("seed", range(3))
def test_normal_codes_peak_where_they_should(statistic, seed):
    """For N(0, I) the root of d and the prediction are the same, and are met within 2 %."""
    assert statistic(normal_cloud(seed=seed)).value == pytest.approx(1.0, abs=0.02)


def test_a_shift_keeps_the_peak_at_its_prediction():
    cloud = normal_cloud(mean=1.0)

    assert peak_over_root_n(cloud).value == pytest.approx(2**0.5, abs=0.02)
    assert peak_over_predicted(cloud).value == pytest.approx(1.0, abs=0.02)


def test_codes_of_two_sizes_peak_off_their_prediction():
    """Deceptive: mean and covariance put the peak where there is no code at all."""
    sizes = np.repeat([0.5, 2.0], 500)[:, None]
    cloud = LatentCloud(sizes * np.random.default_rng(0).normal(size=(1000, 256)))

    assert abs(peak_over_predicted(cloud).value - 1) > 0.25


@settings(deadline=None, max_examples=settings.default.max_examples // 2)
@given(st.integers(0, 99), st.sampled_from([1e-3, 0.5, 7.0, 1e3]))
def test_the_peak_scales_with_the_radii_whatever_their_order(seed, scale):
    radii = np.random.default_rng(seed).gamma(9.0, size=200)
    shuffled = np.random.default_rng(seed).permutation(scale * radii)

    assert peak_radius(shuffled) == pytest.approx(scale * peak_radius(radii), rel=1e-5)
    assert error(shuffled) == pytest.approx(scale * error(radii), rel=1e-3)


@settings(deadline=None, max_examples=settings.default.max_examples // 5)
@given(st.integers(0, 99), st.sampled_from([1e-3, 1e3]))
def test_the_ratio_to_the_prediction_ignores_scale_and_rotation(seed, scale):
    cloud = normal_cloud(200, 8, seed, mean=0.5)
    rotation = np.linalg.qr(np.random.default_rng(seed).normal(size=(8, 8)))[0]
    moved = LatentCloud(scale * cloud.z_mean @ rotation)

    assert peak_over_predicted(moved).value == pytest.approx(
        peak_over_predicted(cloud).value, rel=1e-4
    )
    assert peak_over_root_n(moved).value == pytest.approx(
        scale * peak_over_root_n(cloud).value, rel=1e-4
    )


def test_no_radius_nearby_is_denser_than_the_peak():
    radii = np.random.default_rng(0).gamma(4.0, size=500)
    grid, width = np.linspace(radii.min(), radii.max(), 5000), bandwidth(radii)
    density = np.exp(-(((grid[:, None] - radii) / width) ** 2) / 2).sum(axis=1)

    assert peak_radius(radii) == pytest.approx(grid[density.argmax()], abs=2 * np.diff(grid)[0])


def test_of_two_modes_the_higher_one_counts():
    rng = np.random.default_rng(0)
    radii = np.concatenate([rng.normal(10, 1, 400), rng.normal(30, 1, 600)])

    assert peak_radius(radii) == pytest.approx(30, abs=0.5)


def test_a_far_outlier_does_not_move_the_peak():
    radii = np.random.default_rng(0).normal(10, 1, 1000)

    assert peak_radius(np.append(radii, 1e9)) == pytest.approx(peak_radius(radii), abs=0.02)


def test_the_error_is_the_scatter_of_the_peak():
    """Over 150 samples of 1000 radii, within a fifth."""
    rng = np.random.default_rng(0)
    samples = np.sqrt(rng.chisquare(256, (150, 1000)))
    scatter = np.std([peak_radius(sample) for sample in samples])

    assert np.mean([error(sample) for sample in samples]) == pytest.approx(scatter, rel=0.2)


def test_codes_that_repeat_in_groups_have_a_larger_error():
    """Four copies of a code say as much as one: the error is that of a quarter of the codes."""
    cloud = normal_cloud(400, 16)
    copies = np.repeat(cloud.z_mean, 4, axis=0)
    grouped = LatentCloud(copies, groups=np.repeat(np.arange(400), 4))

    ratio = (
        peak_over_root_n(grouped).standard_error
        / peak_over_root_n(LatentCloud(copies)).standard_error
    )
    assert ratio == pytest.approx(2.0, rel=0.05)


@STATISTICS
@pytest.mark.parametrize(("n", "d"), [(60, 2), (300, 256), (60, 256)], ids=["d=2", "d=256", "n<d"])
@pytest.mark.parametrize("scale", [1e-3, 1.0, 1e3])
def test_clouds_of_every_shape_and_scale_have_a_peak(statistic, n, d, scale):
    estimate = statistic(normal_cloud(n, d, scale=scale))

    assert np.isfinite(estimate.value)
    assert 0 < estimate.standard_error < estimate.value


@pytest.mark.parametrize(
    "radii",
    [
        [],
        [1.0],
        [1.0, np.nan],
        [1.0, np.inf],
        [1.0, -1.0],
        [[1.0, 2.0]],
        [2.0, 2.0, 2.0],
        [0.0, 0.0],
    ],
    ids=["none", "one", "NaN", "infinity", "negative", "table", "equal", "zeros"],
)
@pytest.mark.parametrize("statistic", [bandwidth, peak_radius, peak_contributions])
def test_radii_without_a_density_are_refused(statistic, radii):
    with pytest.raises(ValueError, match="expected"):
        statistic(radii)
