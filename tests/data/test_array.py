import numpy as np
import pytest

from aelatent.data import DataError, MissingData
from aelatent.data.array import read


@pytest.fixture
def path(tmp_path):
    return tmp_path / "images.npy"


def test_pixels_come_back(path):
    pixels = np.random.default_rng(0).integers(0, 256, (12, 4, 5, 3), dtype=np.uint8)
    np.save(path, pixels)
    images = read(path)
    assert np.array_equal(images.pixels, pixels)
    assert 0 < images.train.sum() < 12


def test_equal_images_lie_on_one_side(path):
    pixels = np.random.default_rng(0).integers(0, 256, (12, 4, 5, 1), dtype=np.uint8)
    np.save(path, np.concatenate([pixels, pixels]))
    train = read(path).train
    assert np.array_equal(train[:12], train[12:])


def test_a_missing_file_is_refused(path):
    with pytest.raises(MissingData, match="no such file"):
        read(path)


def test_pickled_objects_are_never_loaded(path):
    np.save(path, np.array([{}, {}]), allow_pickle=True)
    with pytest.raises(DataError, match=r"images\.npy: expected a whole \.npy file"):
        read(path)


def test_a_truncated_file_is_refused(path):
    np.save(path, np.zeros((9, 4, 4, 1), dtype=np.uint8))
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(DataError, match=r"images\.npy: expected a whole \.npy file"):
        read(path)


def test_another_kind_of_file_is_refused(path):
    path.write_text("not an array")
    with pytest.raises(DataError, match=r"images\.npy: expected a whole \.npy file"):
        read(path)


BYTES = np.arange(96, dtype=np.uint8).reshape(6, 4, 4, 1) * 2


@pytest.mark.parametrize("array", [BYTES[..., 0], BYTES / 255, BYTES / 127.5 - 1, BYTES * 1.0])
def test_a_missing_axis_and_floats_of_usual_ranges_are_read(path, array):
    np.save(path, array)
    np.testing.assert_array_equal(read(path).pixels, BYTES)


def test_another_shape_is_refused(path):
    np.save(path, BYTES.reshape(6, 2, 4, 2))
    with pytest.raises(DataError, match="expected uint8 pixels of shape"):
        read(path)


def test_other_values_are_refused_with_the_file(path):
    np.save(path, BYTES * 100.0)
    with pytest.raises(DataError, match=r"images\.npy: .*expected values in \[0, 1\]"):
        read(path)


@pytest.mark.parametrize("array", [np.uint8(7), np.zeros((5, 2, 2, 1), dtype=np.uint8)])
def test_what_cannot_be_split_is_refused(path, array):
    np.save(path, array)
    with pytest.raises(DataError, match="expected two or more different images"):
        read(path)
