"""A place on a sheet of tiles and a code in latent space are each other's image."""

import numpy as np
import pytest

from aelatent.explorer.planes import leading, planes, strongest
from aelatent.latent.cloud import LatentCloud

from .samples import cloud

SIDE = 11
CLOUD = cloud(200, 5, 0)
EVERY = pytest.mark.parametrize(
    "plane", [*planes(CLOUD, SIDE), *planes(cloud(200, 2, 0), SIDE)], ids=lambda plane: plane.key
)


def test_many_dimensions_have_three_planes_and_two_have_one():
    assert [plane.key for plane in planes(CLOUD, SIDE)] == ["principal", "components", "origin"]
    assert [plane.key for plane in planes(cloud(200, 2, 0), SIDE)] == ["whole"]


@EVERY
def test_each_tile_has_its_code_in_its_middle(plane):
    places = plane.place(plane.project(plane.codes))

    rows, columns = np.divmod(np.arange(SIDE**2), SIDE)
    np.testing.assert_allclose(places, np.stack([columns, rows], axis=1) + 0.5, atol=1e-9)


@EVERY
def test_coordinates_grow_to_the_right_and_upwards(plane):
    across, up = plane.coordinates.reshape(SIDE, SIDE, 2)[[0, 0, -1], [0, -1, 0]].T

    assert across[1] > across[0]
    assert up[0] > up[2]


@EVERY
def test_axes_are_orthonormal(plane):
    np.testing.assert_allclose(plane.basis @ plane.basis.T, np.eye(2), atol=1e-12)
    ends = plane.codes[[0, SIDE - 1]]
    assert np.linalg.norm(ends[1] - ends[0]) == pytest.approx((SIDE - 1) * plane.step)


@pytest.mark.parametrize("plane", planes(CLOUD, SIDE), ids=lambda plane: plane.key)
def test_the_centre_of_the_codes_is_a_tile_of_each_plane(plane):
    assert np.linalg.norm(plane.codes - CLOUD.mean, axis=1).min() < 1e-9
    assert plane.holds(CLOUD.mean)


@pytest.mark.parametrize("key", ["origin", "whole"])
def test_the_origin_is_a_tile_of_the_planes_that_hold_it(key):
    held = {p.key: p for p in [*planes(CLOUD, SIDE), *planes(cloud(200, 2, 0), SIDE)]}[key]

    assert np.linalg.norm(held.codes, axis=1).min() < 1e-9
    assert held.holds(np.zeros(held.basis.shape[1]))


def test_the_principal_plane_misses_the_origin():
    assert not planes(CLOUD, SIDE)[0].holds(np.zeros(5))


def test_the_principal_plane_follows_the_largest_axes():
    variances, axes = CLOUD.principal

    spread, rows = leading(CLOUD)

    np.testing.assert_allclose(spread, np.sqrt(variances[::-1][:2]))
    np.testing.assert_allclose(rows, axes.T[::-1][:2])


def test_axes_of_a_bare_sample_are_those_of_its_covariance():
    sample = LatentCloud(CLOUD.z_mean)
    variances, axes = sample.principal

    spread, rows = leading(sample)

    np.testing.assert_allclose(spread, np.sqrt(variances[::-1][:2]))
    np.testing.assert_allclose(rows, axes.T[::-1][:2], atol=1e-9)


def test_on_a_coordinate_plane_only_two_components_change():
    pair = list(strongest(CLOUD))
    others = [i for i in range(5) if i not in pair]

    codes = planes(CLOUD, SIDE)[1].codes

    np.testing.assert_allclose(codes[:, others], np.tile(CLOUD.mean[others], (SIDE**2, 1)))
    assert (np.ptp(codes[:, pair], axis=0) > 0).all()
    squares = CLOUD.mean**2 + CLOUD.deviations**2
    assert set(pair) == set(np.argsort(squares)[-2:].tolist())


@EVERY
def test_the_ellipse_of_three_deviations_fits_on_every_plane(plane):
    whole = CLOUD if plane.basis.shape[1] == 5 else cloud(200, 2, 0)
    shadow = plane.shadow(whole)
    angles = np.linspace(0, 2 * np.pi, 60)
    variances, axes = shadow.principal
    edge = (
        shadow.mean
        + 3 * np.stack([np.cos(angles), np.sin(angles)], axis=1) * np.sqrt(variances) @ axes.T
    )

    places = plane.place(edge)

    assert ((places > 0) & (places < SIDE)).all()


def test_a_shadow_has_the_moments_of_the_projected_codes():
    sample = LatentCloud(CLOUD.z_mean)
    plane = planes(sample, SIDE)[2]

    shadow = plane.shadow(
        LatentCloud(sample.z_mean, full_mean=sample.mean, full_covariance=sample.covariance)
    )

    np.testing.assert_allclose(shadow.mean, plane.project(sample.z_mean).mean(axis=0), atol=1e-12)
    np.testing.assert_allclose(shadow.covariance, np.cov(plane.project(sample.z_mean).T))


def test_codes_around_the_origin_have_no_line_from_it():
    centred = LatentCloud(CLOUD.z_mean, full_mean=np.zeros(5), full_covariance=CLOUD.covariance)

    assert [plane.key for plane in planes(centred, SIDE)] == ["principal", "components"]


@pytest.mark.parametrize(("d", "side"), [(1, 11), (4, 10), (4, 1)])
def test_a_line_or_an_even_edge_is_refused(d, side):
    with pytest.raises(ValueError, match=f"received {d} and {side}"):
        planes(cloud(20, d, 0), side)
