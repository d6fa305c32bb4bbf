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


@pytest.mark.parametrize(
    "array", [np.arange(48.0).reshape(3, 4, 4, 1), np.arange(48, dtype=np.uint8).reshape(3, 4, 4)]
)
def test_another_dtype_or_shape_is_refused(path, array):
    np.save(path, array)
    with pytest.raises(DataError, match="expected uint8 pixels of shape"):
        read(path)


@pytest.mark.parametrize("array", [np.uint8(7), np.zeros((5, 2, 2, 1), dtype=np.uint8)])
def test_what_cannot_be_split_is_refused(path, array):
    np.save(path, array)
    with pytest.raises(DataError, match="expected two or more different images"):
        read(path)
