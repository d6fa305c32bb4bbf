"""Mahalanobis distances, and the ellipsoid that holds most codes."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aelatent.latent.cloud import LatentCloud
from aelatent.statistics.region import distances, edge, inside_ratio, inside_share, near_ratio


def normal(n, d, seed):
    return np.random.default_rng(seed).standard_normal((n, d))


def test_distances_are_those_of_the_textbook():
    cloud = LatentCloud(normal(200, 5, 0) @ normal(5, 5, 1) + 3)
    points = normal(20, 5, 2)
    offsets, inverse = points - cloud.mean, np.linalg.inv(cloud.covariance)

    np.testing.assert_allclose(
        distances(points, cloud), np.sqrt(np.einsum("ni,ij,nj->n", offsets, inverse, offsets))
    )


def test_the_mean_is_at_distance_zero():
    cloud = LatentCloud(normal(50, 3, 0))

    assert distances(cloud.mean[None], cloud).tolist() == [0.0]


@settings(deadline=None, max_examples=settings.default.max_examples // 2)
@given(st.integers(0, 99), st.integers(2, 8), st.sampled_from([1e-3, 1.0, 1e3]))
def test_an_affine_map_changes_no_distance(seed, d, scale):
    codes, points = normal(100, d, seed), normal(20, d, seed + 1)
    matrix, shift = scale * normal(d, d, seed + 2), scale * normal(1, d, seed + 3)

    np.testing.assert_allclose(
        distances(points @ matrix + shift, LatentCloud(codes @ matrix + shift)),
        distances(points, LatentCloud(codes)),
        rtol=1e-4,
    )


def test_the_moments_of_the_full_set_are_used():
    cloud = LatentCloud(normal(9, 2, 0), full_mean=np.ones(2), full_covariance=4 * np.eye(2))

    np.testing.assert_allclose(distances([[1.0, 5.0]], cloud), [2.0])


def test_a_displacement_along_a_flat_direction_is_infinitely_far():
    """Rounding of float32 codes is no displacement."""
    codes = np.hstack([normal(50, 2, 0), np.full((50, 1), 7.0)])
    points = [[0.0, 0.0, 7.0], [0.0, 0.0, 7.0 + 1e-6], [0.0, 0.0, 7.1]]

    assert np.isinf(distances(points, LatentCloud(codes))).tolist() == [False, False, True]


def test_few_codes_are_flat_in_most_directions():
    """Each of 10 codes in 20 dimensions has a distance; any other code is infinitely far."""
    codes = normal(10, 20, 0)
    cloud = LatentCloud(codes)

    np.testing.assert_allclose(distances(codes, cloud), 9 / 10**0.5)
    assert np.isinf(distances(normal(5, 20, 1), cloud)).all()


@pytest.mark.parametrize("d", [2, 256])
def test_draws_from_the_law_of_the_codes_lie_inside(d):
    fitted = LatentCloud(normal(3000, d, 0))
    inside = inside_share(normal(2000, d, 2), fitted, normal(2000, d, 1))

    assert inside.value == pytest.approx(0.99, abs=4 * inside.error)
    assert inside.error < 0.006


@pytest.mark.parametrize(
    ("draws", "share"), [(5 * np.ones((50, 8)), 0.0), (np.zeros((50, 8)), 1.0)]
)
def test_draws_far_out_score_zero_and_draws_at_the_centre_one(draws, share):
    inside = inside_share(draws, LatentCloud(normal(500, 8, 0)), normal(500, 8, 1))

    assert inside.value == share
    assert 0 < inside.error < 0.02


def test_the_error_holds_that_of_the_edge():
    """Over 200 pairs of draws and held-out codes the shares scatter as their errors say."""
    fitted = LatentCloud(normal(2000, 4, 0))
    estimates = [
        inside_share(1.3 * normal(200, 4, 2 * i), fitted, normal(200, 4, 2 * i + 1), level=0.9)
        for i in range(1, 201)
    ]
    scatter = np.std([estimate.value for estimate in estimates])

    errors = [np.hypot(estimate.error, estimate.shared) for estimate in estimates]
    assert np.mean(errors) == pytest.approx(scatter, rel=0.2)


def test_the_ratio_of_held_out_codes_to_themselves_is_one():
    held_out = normal(500, 3, 1)

    assert inside_ratio(held_out, LatentCloud(normal(500, 3, 0)), held_out).value == 1.0


@pytest.mark.parametrize("level", [0.5, 0.9, 0.99])
def test_the_edge_holds_its_share_of_held_out_codes(level):
    fitted, held_out = LatentCloud(normal(500, 3, 0)), normal(299, 3, 1)
    inside = np.sum(distances(held_out, fitted) <= edge(fitted, held_out, level))

    assert inside == round(300 * level)


def test_too_few_held_out_codes_have_no_edge():
    fitted = LatentCloud(normal(500, 3, 0))

    assert edge(fitted, normal(99, 3, 1)) > 0
    with pytest.raises(ValueError, match=r"expected 99 held-out codes or more .* received 98"):
        edge(fitted, normal(98, 3, 1))


def test_a_cloud_of_too_few_codes_has_no_edge():
    with pytest.raises(ValueError, match="fit on more codes"):
        inside_share(normal(9, 20, 2), LatentCloud(normal(10, 20, 0)), normal(200, 20, 1))


@pytest.mark.parametrize("level", [0.0, 1.0, -1.0, np.nan])
def test_a_level_is_a_share(level):
    with pytest.raises(ValueError, match="level between 0 and 1"):
        edge(LatentCloud(normal(50, 2, 0)), normal(50, 2, 1), level)


@pytest.mark.parametrize("codes", [np.zeros(3), np.zeros((4, 2)), np.full((4, 3), np.nan)])
def test_codes_that_do_not_fit_are_refused(codes):
    with pytest.raises(ValueError, match="expected"):
        distances(codes, LatentCloud(normal(50, 3, 0)))


def test_a_cloud_without_variance_has_no_distances():
    with pytest.raises(ValueError, match="without any variance"):
        distances(np.ones((2, 3)), LatentCloud(np.zeros((5, 3))))


def test_draws_in_the_voids_of_two_strings_are_near_no_code():
    """Codes lie on a cross; draws lie in its ellipsoid, but not on the cross."""
    along = normal(2000, 1, 0)
    codes = np.concatenate(
        [np.pad(along[:1000], ((0, 0), (0, 1))), np.pad(along[1000:], ((0, 0), (1, 0)))]
    )
    void = np.array([[0.7, 0.7], [-0.7, 0.7]])

    assert inside_ratio(void, LatentCloud(codes), codes).value > 0.99
    assert near_ratio(void, codes[::2], codes[1::2]).value == 0
    assert near_ratio(codes[1::2], codes[::2], codes[1::2]).value == 1


def test_nearness_needs_held_out_codes_near_the_others():
    with pytest.raises(ValueError, match="received none that is"):
        near_ratio(normal(9, 2, 0), normal(50, 2, 1), 100 + normal(9, 2, 2))
