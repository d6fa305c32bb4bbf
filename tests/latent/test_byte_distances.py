"""Squared distances of bytes are whole numbers without rounding."""

import numpy as np
import pytest

from aelatent.latent.byte_distances import are_few_bytes, squares_of_bytes


@pytest.mark.parametrize("d", [1, 784, 3000])
@pytest.mark.parametrize("bytes_", [(0, 256), (0, 2), (255, 256)])
def test_squares_of_bytes_are_exact(d, bytes_, rng):
    points, others = (rng.integers(*bytes_, (n, d), dtype=np.uint8) for n in (7, 5))
    differences = points[:, None].astype(np.int64) - others[None]

    found = squares_of_bytes(points, others)

    np.testing.assert_array_equal(found, (differences**2).sum(axis=2))


def test_the_longest_distances_are_exact():
    points = np.repeat(np.array([[0], [255]], np.uint8), 27648, axis=1)

    assert squares_of_bytes(points, points).tolist() == [[0, 27648 * 255**2], [27648 * 255**2, 0]]


def test_many_bytes_and_numbers_are_told_from_few_bytes():
    few = np.zeros((10, 3), np.uint8)

    assert are_few_bytes(few, few)
    assert not are_few_bytes(few, few.astype(float))
    assert not are_few_bytes(few, np.zeros((5000, 1), np.uint8))
