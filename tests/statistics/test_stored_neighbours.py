"""Neighbours in a file are those in memory."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import cdist

from aelatent.latent.out_of_core import open_cloud
from aelatent.statistics import nearest, stored_neighbours
from aelatent.statistics.stored_neighbours import neighbours


def opened(folder, codes, dtype="float64", **asked):
    np.save(folder / "codes.npy", codes.astype(dtype))
    return open_cloud(folder / "codes.npy", **asked)


@settings(deadline=None, max_examples=settings.default.max_examples // 4)
@given(
    rows=st.integers(1, 200),
    n=st.integers(20, 300),
    d=st.integers(1, 20),
    k=st.integers(1, 19),
    dtype=st.sampled_from(["float16", "float32", "float64"]),
    seed=st.integers(0, 99),
)
def test_neighbours_are_exact_whatever_the_chunks(tmp_path_factory, rows, n, d, k, dtype, seed):
    rng = np.random.default_rng(seed)
    codes = rng.normal(5, 1, (n, d)).astype(dtype)
    stored = opened(tmp_path_factory.mktemp("rows"), codes, dtype, rows=rows)
    points = rng.normal(5, 1, (9, d))
    far, near = neighbours(stored, points, k)

    apart = cdist(points, codes.astype(np.float64))
    np.testing.assert_allclose(far, np.sort(apart, axis=1)[:, :k], rtol=1e-12)
    np.testing.assert_allclose(far, np.take_along_axis(apart, near, 1), rtol=1e-12)


def test_a_code_is_not_its_own_neighbour(tmp_path):
    codes = np.random.default_rng(0).normal(size=(500, 6))
    places = np.array([400, 3, 499, 0])
    far, near = neighbours(opened(tmp_path, codes, rows=64), codes[places], 5, places)
    expected, expected_near = nearest.neighbours(codes, 5)

    np.testing.assert_allclose(far, expected[places])
    assert (near == expected_near[places]).all()


def test_what_float32_cannot_tell_apart_is_sought_again(tmp_path):
    """Forty codes about a point differ by less than rounding in float32 so far from the others."""
    rng = np.random.default_rng(0)
    heap = 300 + 1e-4 * rng.normal(size=(40, 3)).astype(np.float32)
    codes = np.concatenate([rng.normal(0, 100, (400, 3)), heap]).astype(np.float32)
    stored = opened(tmp_path, codes, "float32", rows=32)
    far, _ = neighbours(stored, [[300.0, 300.0, 300.0]], 3)

    expected = np.sort(np.linalg.norm(codes.astype(np.float64) - 300, axis=1))[:3]
    assert stored.precision == np.float32
    assert far[0] == pytest.approx(expected, rel=1e-9)


def test_a_point_too_far_off_for_float32_has_neighbours(tmp_path):
    codes = np.random.default_rng(0).normal(size=(100, 3))
    far, near = neighbours(opened(tmp_path, codes, "float16", rows=30), np.full((1, 3), 1e30), 4)

    np.testing.assert_allclose(far, 1e30 * 3**0.5)
    assert (near >= 0).all()
    assert len(np.unique(near)) == 4


@pytest.mark.parametrize("workers", [1, 3])
def test_neighbours_do_not_depend_on_the_order_of_codes(tmp_path, workers):
    """Each chunk is nearer than all before it, or farther."""
    codes = np.sort(np.random.default_rng(0).normal(size=(2000, 1)).astype(np.float16), axis=0)
    points = np.array([[-9.0], [0.0], [9.0]])
    far, near = neighbours(opened(tmp_path, codes, "float16", rows=50, workers=workers), points, 9)

    apart = cdist(points, codes.astype(np.float64))
    assert (far == np.sort(apart, axis=1)[:, :9]).all()
    assert (far == np.take_along_axis(apart, near, 1)).all()


def test_more_points_than_one_pass_takes_are_sought_in_several(tmp_path, monkeypatch):
    monkeypatch.setattr(stored_neighbours, "AT_ONCE", 7)
    codes = np.random.default_rng(0).normal(size=(100, 3))
    far, near = neighbours(opened(tmp_path, codes), codes, 2, np.arange(100))

    assert (near == nearest.neighbours(codes, 2)[1]).all()
    np.testing.assert_allclose(far, nearest.neighbours(codes, 2)[0])


def test_codes_that_come_up_often_are_neighbours_at_no_distance(tmp_path):
    codes = np.repeat(np.eye(3), 30, axis=0)
    far, near = neighbours(opened(tmp_path, codes), codes[:2], 5, [0, 1])

    assert (far == 0).all()
    assert (near < 30).all()
    assert not (near == [[0], [1]]).any()


def test_all_other_codes_can_be_asked_for(tmp_path):
    codes = np.arange(4.0)[:, None]
    far, near = neighbours(opened(tmp_path, codes), codes[:1], 3, [0])

    assert far.tolist() == [[1.0, 2.0, 3.0]]
    assert near.tolist() == [[1, 2, 3]]


@pytest.mark.parametrize(
    ("points", "k", "places", "told"),
    [
        (np.zeros((2, 4)), 1, None, r"shape \(n, 3\)"),
        (np.zeros(3), 1, None, r"shape \(n, 3\)"),
        (np.full((2, 3), np.nan), 1, None, "finite points"),
        (np.zeros((2, 3)), 0, None, "received 0"),
        (np.zeros((2, 3)), 11, None, "received 11"),
        (np.zeros((2, 3)), 10, [0, 1], "received 10"),
        (np.zeros((2, 3)), 1, [0], r"places of shape \(2,\)"),
        (np.zeros((2, 3)), 1, [0, 10], "places from 0 to 9"),
    ],
)
def test_what_cannot_be_asked_for_is_told(tmp_path, points, k, places, told):
    stored = opened(tmp_path, np.random.default_rng(0).normal(size=(10, 3)))

    with pytest.raises(ValueError, match=told):
        neighbours(stored, points, k, places)
