"""Maps by t-SNE: a pure function; gaps of maps are told as geometry tells them."""

import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.distance import cdist

from aelatent.latent.synthetic import curves, standard_normal
from aelatent.statistics.embedding import embed, smoothed, torn_share, zoomed_void_share


def random_points(seed, n=400):
    return np.random.default_rng(seed).random((n, 2))


def lattice(side=30):
    ticks = np.arange(float(side))
    return np.stack(np.meshgrid(ticks, ticks), axis=-1).reshape(-1, 2)


def test_the_same_seed_gives_the_same_map():
    codes = standard_normal(60, 8, np.random.default_rng(0)).z_mean
    first = embed(codes, perplexity=10, iterations=260)

    assert first.shape == (60, 2)
    assert first.dtype == np.float64
    np.testing.assert_array_equal(first, embed(codes, perplexity=10, iterations=260))


def test_neighbours_stay_together():
    """Codes of two far blobs lie in two separate parts of the map."""
    rng = np.random.default_rng(1)
    codes = rng.standard_normal((80, 10))
    codes[40:] += 20
    points = embed(codes, perplexity=10, iterations=500)
    middles = np.array([points[:40].mean(axis=0), points[40:].mean(axis=0)])
    nearest = cdist(points, middles).argmin(axis=1)

    assert nearest.tolist() == [0] * 40 + [1] * 40


def test_opentsne_draws_maps_of_the_same_kind():
    """Each half of the codes stays together, and the same seed gives the same map."""
    pytest.importorskip("openTSNE")
    rng = np.random.default_rng(1)
    codes = rng.standard_normal((80, 10))
    codes[40:] += 20
    points = embed(codes, perplexity=10, iterations=500, method="openTSNE")
    middles = np.array([points[:40].mean(axis=0), points[40:].mean(axis=0)])

    assert cdist(points, middles).argmin(axis=1).tolist() == [0] * 40 + [1] * 40
    again = embed(codes, perplexity=10, iterations=500, method="openTSNE")
    np.testing.assert_array_equal(points, again)


def test_without_opentsne_its_maps_say_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "openTSNE", None)
    with pytest.raises(ImportError, match=r"pip install aelatent\[tsne\]"):
        embed(random_points(0, 40), method="openTSNE")


def test_an_unknown_way_to_map_is_refused():
    with pytest.raises(ValueError, match="expected a method among"):
        embed(random_points(0, 40), method="umap")


def test_maps_of_strings_are_torn_more_than_of_normal_codes():
    rng = np.random.default_rng(2)
    strings = embed(curves(150, 64, 6, 0.0, rng).z_mean, perplexity=10)
    whole = embed(standard_normal(150, 64, rng).z_mean, perplexity=10)

    assert torn_share(strings) > 2 * torn_share(whole)


def test_evenly_spread_points_are_not_torn():
    assert torn_share(lattice()) == 0
    shares = [torn_share(random_points(seed)) for seed in range(10)]
    assert np.mean(shares) == pytest.approx(0.19, abs=0.02)


@given(st.integers(0, 99), st.floats(0.1, 100), st.floats(-10, 10))
def test_shares_do_not_change_with_scale_and_place(seed, scale, shift):
    points = random_points(seed, 120)
    moved = points * scale + shift

    assert torn_share(moved) == pytest.approx(torn_share(points), abs=2e-3)
    assert zoomed_void_share(moved) == pytest.approx(zoomed_void_share(points), abs=2e-3)


def test_zooming_into_random_points_shows_voids_of_chance():
    rng = np.random.default_rng(3)
    even = [zoomed_void_share(rng.random((1000, 2))) for _ in range(10)]
    heaped = [zoomed_void_share(rng.standard_normal((1000, 2))) for _ in range(10)]

    assert np.mean(even) == pytest.approx(0.171, abs=0.03)
    assert np.mean(heaped) == pytest.approx(0.171, abs=0.03)


def test_zooming_into_gaps_within_gaps_shows_more():
    """Clumps of clumps: each window that holds a tenth of the points has voids of its own."""
    rng = np.random.default_rng(4)
    clumps = rng.random((40, 2))[rng.integers(40, size=1000)]

    assert zoomed_void_share(clumps + 0.005 * rng.standard_normal((1000, 2))) > 0.4


def test_smoothed_points_lose_the_small_gaps():
    rng = np.random.default_rng(5)
    points = np.repeat(rng.random((50, 2)), 10, axis=0) + 1e-3 * rng.standard_normal((500, 2))
    null = smoothed(points, rng)

    assert null.shape == points.shape
    np.testing.assert_allclose(null.mean(axis=0), points.mean(axis=0), atol=0.06)
    assert zoomed_void_share(null) < zoomed_void_share(points) / 2


@pytest.mark.parametrize(
    "points", [np.ones((5, 2)), np.ones((60, 3)), np.full((60, 2), np.nan), np.ones((60, 2))]
)
@pytest.mark.parametrize("share", [torn_share, zoomed_void_share])
def test_what_is_no_map_is_refused(share, points):
    with pytest.raises(ValueError, match="expected"):
        share(points)
