import numpy as np
import pytest

from aelatent.data import DataError
from aelatent.data.drawn_faces import FACTORS, draw, hair_colours, make, sample


def middle_faces(n):
    return np.full((n, len(FACTORS)), 0.5)


def test_a_seed_gives_the_same_faces():
    assert np.array_equal(make(20, seed=3).pixels, make(20, seed=3).pixels)


def test_another_seed_gives_other_faces():
    assert not np.array_equal(make(20, seed=3).pixels, make(20, seed=4).pixels)


def test_a_larger_set_begins_with_the_same_faces():
    """Also across the border between two batches."""
    small, large = make(20), make(40)
    assert np.array_equal(small.pixels, large.pixels[:20])
    assert np.array_equal(small.train, large.train[:20])


def test_factors_of_the_set_can_be_had():
    values = sample(20, np.random.default_rng(0))
    assert np.array_equal(draw(values), make(20).pixels)
    assert np.array_equal(hair_colours(values), make(20).labels)


def test_machines_agree_on_the_first_faces():
    """Means of the channels of `load("drawn_faces")`, as first drawn."""
    means = make(64).pixels.mean(axis=(0, 1, 2))
    assert means == pytest.approx([127.0985, 115.0701, 106.3848], abs=0.01)


@pytest.mark.parametrize("name", FACTORS)
def test_every_factor_shows(name):
    values = middle_faces(2)
    values[:, FACTORS.index(name)] = 0.1, 0.8
    first, second = draw(values).astype(int)
    assert np.count_nonzero(np.abs(first - second).max(axis=-1) > 20) >= 5


@pytest.mark.parametrize("name", FACTORS)
def test_a_small_step_changes_little(name):
    """Edges are anti-aliased: no pixel jumps."""
    values = middle_faces(2)
    values[:, FACTORS.index(name)] = 0.5, 0.502
    first, second = draw(values).astype(int)
    assert np.abs(first - second).max() <= 8


def test_extreme_faces_are_drawn():
    corners = np.random.default_rng(0).integers(0, 2, (32, len(FACTORS))).astype(float)
    assert len(np.unique(draw(corners), axis=0)) == 32


@pytest.mark.parametrize("shape", [(3,), (2, len(FACTORS) - 1)])
def test_another_number_of_factors_is_refused(shape):
    with pytest.raises(DataError, match="factors: expected shape"):
        draw(np.full(shape, 0.5))


@pytest.mark.parametrize("value", [-0.1, 1.1, np.nan])
def test_a_factor_out_of_range_is_refused(value):
    with pytest.raises(DataError, match=r"factors: expected values in \[0, 1\]"):
        draw(np.full((1, len(FACTORS)), value))
