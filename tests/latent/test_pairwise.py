"""Squared distances by matrix products are off by no more than they say."""

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from aelatent.latent import pairwise
from aelatent.latent.pairwise import measured, over_blocks, pairs, rounded

LAWS = {
    "normal": lambda rng, shape: rng.standard_normal(shape),
    "heavy": lambda rng, shape: rng.standard_cauchy(shape),
    "lattice": lambda rng, shape: 0.1 * rng.integers(0, 4, shape),
    "tiny beside huge": lambda rng, shape: (
        rng.standard_normal(shape) * np.geomspace(1e-30, 1e30, shape[0])[:, None]
    ),
    "far off": lambda rng, shape: rng.standard_normal(shape) + 1e6,
    "all equal": lambda rng, shape: np.full(shape, 0.1),  # noqa: ARG005
}


@pytest.mark.parametrize("law", LAWS)
@pytest.mark.parametrize("d", [1, 3, 64, 1500])
def test_a_squared_distance_lies_on_its_side_of_a_bound(law, d):
    rng = np.random.default_rng(0)
    points, others = LAWS[law](rng, (60, d)), LAWS[law](rng, (40, d))
    left, right = rounded(points, others)
    squares = left.squares(slice(None), right)
    exact = (cdist(points, others) / left.unit) ** 2
    bound = np.sort(exact, axis=1)[:, 4]
    slack = left.slack(slice(None), bound)

    assert (squares <= (bound + slack)[:, None])[exact <= bound[:, None]].all()
    assert (squares >= (bound - slack)[:, None])[exact >= bound[:, None]].all()


def test_many_dimensions_are_summed_in_float64():
    few, many = np.eye(3, pairwise.WIDEST), np.eye(3, pairwise.WIDEST + 1)

    assert rounded(few)[0].left.dtype == np.float32
    assert rounded(many)[0].left.dtype == np.float64


def test_blocks_come_in_order_and_hold_every_pair(monkeypatch):
    monkeypatch.setattr(pairwise, "BLOCK", 100)
    monkeypatch.setattr(pairwise, "ROWS", (1, 1))
    points = np.random.default_rng(0).standard_normal((35, 4))
    (one,) = rounded(points)
    blocks = over_blocks(lambda chosen, squares: (chosen.start, squares), one, one)

    assert [start for start, _ in blocks] == list(range(0, 35, 2))
    np.testing.assert_allclose(
        np.concatenate([squares for _, squares in blocks]),
        (cdist(points, points) / one.unit) ** 2,
        atol=1e-5,
    )


def test_pairs_are_those_of_nonzero():
    selected = np.random.default_rng(0).random((7, 11)) < 0.3

    np.testing.assert_array_equal(pairs(selected), np.nonzero(selected))
    np.testing.assert_array_equal(pairs(selected.T), np.nonzero(selected.T))


def test_equal_differences_have_equal_lengths(monkeypatch):
    """Whichever piece they come in, and whichever of the two points is named first."""
    monkeypatch.setattr(pairwise, "PIECE", 40)
    points = np.random.default_rng(0).standard_normal((9, 13))
    rows, columns = np.triu_indices(9)

    forth, back = measured(points, rows, points, columns), measured(points, columns, points, rows)
    np.testing.assert_array_equal(forth, back)
    np.testing.assert_allclose(forth, cdist(points, points)[rows, columns], rtol=1e-14)
    assert (forth[rows == columns] == 0).all()
