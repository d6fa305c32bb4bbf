"""Samplers: what each keeps of the codes, and what it ignores."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from aelatent.latent.cloud import LatentCloud
from aelatent.samplers.distributions import SamplingError
from aelatent.samplers.ladder import (
    LADDER,
    TITLES,
    Codes,
    ColumnShuffles,
    Ellipse,
    Gaussian,
    OwnRanges,
    PairwiseEllipse,
    RadiusMatched,
    StandardNormal,
    Uniform,
)


def correlated_cloud(n=300, d=4, seed=0, scale=1.0):
    rng = np.random.default_rng(seed)
    return LatentCloud(scale * (rng.normal(size=(n, d)) @ rng.normal(size=(d, d)) + 2.0))


def rng():
    return np.random.default_rng(1)


clouds = st.builds(
    correlated_cloud,
    n=st.integers(10, 60),
    d=st.integers(2, 8),
    seed=st.integers(0, 99),
    scale=st.sampled_from([1e-3, 1.0, 1e3]),
)
EVERY = pytest.mark.parametrize("sampler", LADDER.values(), ids=LADDER)


@EVERY
@pytest.mark.parametrize(
    "cloud",
    [correlated_cloud(50, 2), correlated_cloud(300, 256), correlated_cloud(60, 256)],
    ids=["d=2", "d=256", "n<d"],
)
def test_every_sampler_draws_finite_codes_of_the_clouds_shape(sampler, cloud):
    drawn = sampler.draw(40, cloud, rng())

    assert drawn.shape == (40, cloud.d)
    assert drawn.dtype == np.float64
    assert np.isfinite(drawn).all()


@EVERY
def test_every_sampler_is_a_function_of_its_generator(sampler):
    cloud = correlated_cloud()

    np.testing.assert_array_equal(sampler.draw(9, cloud, rng()), sampler.draw(9, cloud, rng()))
    assert (sampler.draw(9, cloud, rng()) != sampler.draw(9, cloud, np.random.default_rng(2))).any()


@EVERY
def test_every_sampler_refuses_to_draw_nothing(sampler):
    with pytest.raises(SamplingError, match="one draw or more"):
        sampler.draw(0, correlated_cloud(), rng())


def test_names_tell_the_samplers_apart():
    names = [sampler.name for sampler in LADDER.values()]

    assert len(set(names)) == len(names)


def test_every_rung_has_a_title_of_its_own():
    assert list(TITLES) == list(LADDER)
    assert len({*TITLES.values()}) == len(TITLES)


@pytest.mark.parametrize("make", [Uniform, Ellipse, PairwiseEllipse])
@pytest.mark.parametrize("value", [0.0, -1.0, np.nan, np.inf])
def test_a_width_is_finite_and_positive(make, value):
    with pytest.raises(SamplingError, match="> 0"):
        make(value)


@settings(deadline=None)
@given(clouds, st.floats(0.1, 10))
def test_uniform_draws_stay_in_their_cube(cloud, b):
    assert np.abs(Uniform(b).draw(50, cloud, rng()).ravel()).max() <= b


@pytest.mark.parametrize("sampler", [Uniform(1.0), StandardNormal()])
def test_blind_samplers_see_only_the_number_of_dimensions(sampler):
    near, far = correlated_cloud(seed=1), correlated_cloud(seed=2, scale=1e3)

    np.testing.assert_array_equal(sampler.draw(9, near, rng()), sampler.draw(9, far, rng()))


@settings(deadline=None)
@given(clouds)
def test_matched_draws_have_the_radii_of_the_codes(cloud):
    drawn = RadiusMatched(StandardNormal()).draw(30, cloud, rng())
    radii = np.linalg.norm(drawn, axis=1)
    base = StandardNormal().draw(30, cloud, rng())

    gaps = np.abs(radii[:, None] - cloud.radii).min(axis=1)
    assert (gaps <= 1e-9 * radii).all()
    np.testing.assert_allclose(
        drawn / radii[:, None], base / np.linalg.norm(base, axis=1)[:, None], atol=1e-12
    )


@settings(deadline=None)
@given(clouds, st.integers(1, 3))
def test_column_shuffles_keep_the_marginals_exactly(cloud, times):
    drawn = ColumnShuffles().draw(times * cloud.n, cloud, rng())

    np.testing.assert_array_equal(
        np.sort(drawn, axis=0), np.sort(np.tile(cloud.z_mean, (times, 1)), axis=0)
    )


@pytest.mark.parametrize("sampler", [OwnRanges(), ColumnShuffles()])
def test_own_ranges_keep_means_and_widths_and_lose_correlations(sampler):
    cloud = correlated_cloud(4000)
    drawn = LatentCloud(sampler.draw(4000, cloud, rng()))

    np.testing.assert_allclose(drawn.mean, cloud.mean, atol=0.1 * cloud.deviations.max())
    np.testing.assert_allclose(drawn.deviations, cloud.deviations, rtol=0.05)
    assert np.abs(np.corrcoef(cloud.z_mean.T) - np.eye(4)).max() > 0.5
    assert np.abs(np.corrcoef(drawn.z_mean.T) - np.eye(4)).max() < 0.08


def test_moments_of_gaussian_draws_converge():
    cloud = correlated_cloud()
    drawn = LatentCloud(Gaussian().draw(40_000, cloud, rng()))
    scale = np.outer(cloud.deviations, cloud.deviations)

    np.testing.assert_allclose((drawn.mean - cloud.mean) / cloud.deviations, 0, atol=0.03)
    np.testing.assert_allclose((drawn.covariance - cloud.covariance) / scale, 0, atol=0.04)


@settings(deadline=None, max_examples=settings.default.max_examples // 5)
@given(st.integers(0, 99))
def test_gaussian_draws_of_a_mapped_cloud_follow_the_mapped_law(seed):
    """Affine maps: the Mahalanobis distances of the draws follow the same law whatever the map."""
    cloud = correlated_cloud(seed=seed)
    matrix = np.random.default_rng(seed).normal(size=(4, 4))
    mapped = LatentCloud(cloud.z_mean @ matrix + 5.0)
    offsets = Gaussian().draw(2000, mapped, rng()) - mapped.mean
    squares = np.einsum(
        "ni,ij,nj->n", offsets, np.linalg.inv(matrix.T @ cloud.covariance @ matrix), offsets
    )

    assert stats.kstest(squares, stats.chi2(4).cdf).pvalue > 1e-4


def test_gaussian_draws_use_the_moments_of_the_full_set():
    codes = np.zeros((10, 2)) + np.arange(10)[:, None]
    cloud = LatentCloud(codes, full_mean=np.array([50.0, -50.0]), full_covariance=np.eye(2) * 1e-6)

    np.testing.assert_allclose(Gaussian().draw(100, cloud, rng()), [[50, -50]] * 100, atol=0.01)


def test_gaussian_draws_of_few_codes_stay_in_their_span():
    """Five codes span four directions; there is no draw outside of them."""
    cloud = correlated_cloud(5, 20)
    drawn = Gaussian().draw(50, cloud, rng())

    assert np.linalg.matrix_rank(drawn - cloud.mean, tol=1e-6) == 4


@settings(deadline=None)
@given(clouds, st.sampled_from([0.5, 1, 2, 3]))
def test_every_principal_component_stays_within_its_cut(cloud, k):
    variances, axes = cloud.principal
    scores = (Ellipse(k).draw(50, cloud, rng()) - cloud.mean) @ axes / np.sqrt(variances)

    assert np.abs(scores).max() <= k * (1 + 1e-6)


@pytest.mark.parametrize(("k", "kept"), [(0.5, 0.29), (1.0, 0.54), (2.0, 0.88), (3.0, 0.99)])
def test_a_cut_keeps_as_much_spread_as_the_docstring_says(k, kept):
    cloud = correlated_cloud()
    drawn = LatentCloud(Ellipse(k).draw(20_000, cloud, rng()))

    assert (drawn.deviations / cloud.deviations).mean() == pytest.approx(kept, abs=0.01)


@settings(deadline=None)
@given(clouds, st.sampled_from([0.5, 1, 2, 3]))
def test_every_pair_of_components_stays_within_its_ellipse(cloud, k):
    scores = (PairwiseEllipse(k).draw(50, cloud, rng()) - cloud.mean) / cloud.deviations
    r = np.corrcoef(cloud.z_mean.T)
    u, v = scores[:, :, None], scores[:, None, :]

    assert (u**2 - 2 * r * u * v + v**2 <= k**2 * (1 - r**2) + 1e-6).all()


def test_dependent_components_are_drawn_together():
    first = np.random.default_rng(0).normal(size=(100, 1))
    cloud = LatentCloud(np.hstack([first, -2 * first, np.ones((100, 1))]))
    drawn = PairwiseEllipse(2.0).draw(50, cloud, rng())

    np.testing.assert_allclose(drawn[:, 1], -2 * drawn[:, 0], atol=1e-5)
    np.testing.assert_allclose(drawn[:, 2], 1.0)


def test_codes_are_drawn_without_replacement():
    cloud = correlated_cloud(30)
    drawn = Codes().draw(30, cloud, rng())

    np.testing.assert_array_equal(np.sort(drawn, axis=0), np.sort(cloud.z_mean, axis=0))
    assert len(Codes().draw(31, cloud, rng())) == 30  # a user's model may have fewer codes


def test_draws_of_a_seed_stay_the_same():
    """Stored results depend on them. One line a rung: the first draw of seed 1."""
    cloud = LatentCloud([[0.0, 1.0], [4.0, 2.0], [2.0, -5.0], [3.0, 7.0]])
    expected = {
        "S0 b=1": [0.023643, 0.900927],
        "S0 b=1.5": [0.035465, 1.351391],
        "S0 b=1.786": [0.042227, 1.609056],
        "S0 b=2": [0.047286, 1.801855],
        "S1": [0.345584, 0.821618],
        "S2 uniform": [0.026234, 0.999656],
        "S2 normal": [0.387714, 0.92178],
        "S3": [2.840197, 5.296],
        "S3b": [0.0, 7.0],
        "S4": [3.286791, 5.226789],
        "S5 k=0.5": [2.530642, 3.446448],
        "S5 k=1": [2.792767, 5.521329],
        "S5 k=2": [3.162066, 8.505329],
        "S5 k=3": [3.259287, 9.302497],
        "S6 k=1": [3.73379, 4.598719],
        "S6 k=3": [5.046736, 9.272826],
        "S7": [0.0, 1.0],
    }
    assert expected.keys() == LADDER.keys()
    for rung, sampler in LADDER.items():
        assert sampler.draw(2, cloud, rng())[0] == pytest.approx(expected[rung], abs=2e-6), rung
