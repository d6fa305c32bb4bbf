"""The law of the radius of a normal vector, against closed forms and simulation."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from aelatent.latent.cloud import LatentCloud
from aelatent.statistics.generalised_chi import GeneralisedChi

SHARES = [1e-6, 0.01, 0.3, 0.5, 0.9, 0.999, 1 - 1e-9]


@pytest.mark.parametrize(
    ("d", "scale"), [(1, 1.0), (2, 1e-3), (3, 1e3), (16, 1.0), (256, 1e-3), (1024, 1.0)]
)
def test_equal_variances_give_the_chi_law(d, scale):
    chi, law = stats.chi(d, scale=scale), GeneralisedChi(np.full(d, scale**2), np.zeros(d))
    radii = chi.ppf(SHARES)

    np.testing.assert_allclose(law.density(radii), chi.pdf(radii), rtol=1e-7)
    np.testing.assert_allclose([law.mean, law.sd], [chi.mean(), chi.std()], rtol=1e-8)
    assert law.peak / scale == pytest.approx((d - 1) ** 0.5, abs=0.01)


@pytest.mark.parametrize(
    ("d", "offset"), [(1, 0.3), (2, 10.0), (4, 100.0), (256, 2.0), (256, 300.0)]
)
def test_an_offset_gives_the_noncentral_chi_law(d, offset):
    law = GeneralisedChi(np.ones(d), offset / d**0.5 * np.ones(d))
    square = stats.ncx2(d, offset**2)
    radii = np.sqrt(square.ppf([0.001, 0.1, 0.5, 0.9, 0.999]))

    np.testing.assert_allclose(law.density(radii), 2 * radii * square.pdf(radii**2), rtol=1e-6)


@pytest.mark.parametrize("small", [0.5, 1e-2, 1e-4, 1e-8, 1e-11])
def test_two_pairs_of_variances_give_two_exponentials(small):
    """The squared radius is a sum of two exponential variables, however unequal."""
    law = GeneralisedChi(np.array([1.0, 1.0, small, small]), np.zeros(4))
    radii = np.array([0.01, 0.1, 1.0, 2.0, 5.0])
    exponentials = np.exp(-(radii**2) / 2) - np.exp(-(radii**2) / 2 / small)

    np.testing.assert_allclose(law.density(radii), radii * exponentials / (1 - small), rtol=1e-8)
    assert law.mean == pytest.approx(
        (np.pi / 8) ** 0.5 * (1 - small**1.5) / (1 - small) * 2, rel=1e-4
    )


@pytest.mark.parametrize("power", [0.0, 1.0, 2.0])
def test_simulated_radii_follow_the_law(power):
    rng = np.random.default_rng(0)
    variances, offsets = np.arange(1.0, 65.0) ** -power, rng.normal(size=64) / 3
    law = GeneralisedChi(variances, offsets)
    radii = np.linalg.norm(offsets + rng.normal(size=(20_000, 64)) * np.sqrt(variances), axis=1)

    assert radii.mean() == pytest.approx(law.mean, abs=5 * law.sd / 20_000**0.5)
    assert radii.std() == pytest.approx(law.sd, rel=0.03)
    grid, densities = law.curve(50)
    expected = 20_000 * np.diff(grid) * (densities[1:] + densities[:-1]) / 2
    counts = np.histogram(radii, grid)[0][expected > 20]
    expected = expected[expected > 20]

    assert ((counts - expected) ** 2 / expected).mean() < 2


laws = st.integers(0, 999).map(
    lambda seed: (
        np.random.default_rng(seed).gamma(1.0, size=5) + 0.01,
        np.random.default_rng(seed).normal(size=5),
    )
)


@settings(deadline=None, max_examples=settings.default.max_examples // 2)
@given(laws, st.sampled_from([1e-3, 0.5, 1e3]))
def test_the_law_scales_with_the_codes(law, scale):
    chi = GeneralisedChi(*law)
    scaled = GeneralisedChi(law[0] * scale**2, law[1] * scale)

    assert [scaled.mean, scaled.sd] == pytest.approx([scale * chi.mean, scale * chi.sd], rel=1e-6)
    assert scaled.density(scale * chi.mean) * scale == pytest.approx(
        chi.density(chi.mean), rel=1e-6
    )


@settings(deadline=None, max_examples=settings.default.max_examples // 2)
@given(laws)
def test_no_radius_is_denser_than_the_peak(law):
    chi = GeneralisedChi(*law)
    radii, densities = chi.curve()

    assert densities.max() <= chi.density(chi.peak) * (1 + 1e-6)
    assert radii[0] <= chi.peak <= radii[-1]


@settings(deadline=None, max_examples=settings.default.max_examples // 2)
@given(laws)
def test_the_density_integrates_to_one_and_to_the_mean(law):
    chi = GeneralisedChi(*law)
    radii, densities = chi.curve(2000)

    assert np.trapezoid(densities, radii) == pytest.approx(1, abs=3e-3)
    assert np.trapezoid(radii * densities, radii) == pytest.approx(chi.mean, rel=3e-3)


def test_directions_without_variance_only_add_to_the_radius():
    """z = (x, 3) with x normal never comes nearer than 3, and is densest there."""
    law = GeneralisedChi(np.array([1.0, 1e-17]), np.array([0.0, 3.0]))

    assert law.density([2.0, 2.999]).tolist() == [0.0, 0.0]
    assert law.peak == pytest.approx(3.0, abs=1e-4)
    assert law.mean == pytest.approx(stats.norm.expect(lambda x: np.hypot(3, x)), rel=1e-4)


def test_radii_below_zero_have_no_density():
    assert GeneralisedChi(np.ones(3), np.zeros(3)).density([-1.0, 0.0]).tolist() == [0.0, 0.0]


@pytest.mark.parametrize("n", [3, 40, 400])
def test_the_law_of_a_cloud_has_its_moments(n):
    """With fewer codes than dimensions as with more."""
    cloud = LatentCloud(np.random.default_rng(0).normal(0.5, 2.0, (n, 100)))
    law = GeneralisedChi.of(cloud)

    assert law.mean**2 + law.sd**2 == pytest.approx(
        np.trace(cloud.covariance) + cloud.mean @ cloud.mean, rel=1e-6
    )


@pytest.mark.parametrize(
    ("variances", "offsets"),
    [
        ([], []),
        ([0.0, 0.0], [1.0, 1.0]),
        ([1.0, -1e-3], [0.0, 0.0]),
        ([1.0, np.nan], [0.0, 0.0]),
        ([1.0, 1.0], [0.0, np.inf]),
        ([1.0, 1.0], [0.0]),
        ([[1.0]], [[0.0]]),
    ],
)
def test_what_is_no_law_is_refused(variances, offsets):
    with pytest.raises(ValueError, match="expected"):
        GeneralisedChi(np.array(variances), np.array(offsets))
