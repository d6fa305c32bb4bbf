"""Images are taken as people have them."""

import numpy as np
import pytest

from aelatent.audit.description import DescriptionError
from aelatent.audit.inputs import given_images
from aelatent.data import DataError


@pytest.fixture
def pixels(digits):
    return digits.pixels[:100]


class Tensor:
    """What counts of a PyTorch tensor."""

    def __init__(self, values):
        self.values = values
        self.shape = values.shape

    def detach(self):
        return self

    cpu = detach

    def numpy(self):
        return self.values


@pytest.mark.parametrize("values", [(0, 255, "uint8"), (0, 1, "f4"), (-1, 1, "f8"), (0, 255, "f4")])
@pytest.mark.parametrize("layout", ["last", "first", "plain", "flat"])
def test_arrays_of_any_range_and_layout_are_the_same_images(pixels, values, layout):
    low, high, dtype = values
    array = (pixels / 255 * (high - low) + low).astype(dtype)
    array = {
        "last": array,
        "first": np.moveaxis(array, -1, 1),
        "plain": array[..., 0],
        "flat": array.reshape(len(array), -1),
    }[layout]
    found = given_images(array)
    assert found.layout == layout
    assert np.abs(found.images.pixels.astype(int) - pixels).max() <= 1
    if dtype != "uint8":
        assert found.value_range == (low, high)


class Pairs:
    """A data set of images and labels."""

    def __init__(self, pixels):
        self.pixels = pixels

    def __len__(self):
        return len(self.pixels)

    def __getitem__(self, place):
        if place >= len(self):
            raise IndexError
        return Tensor(self.pixels[place]), 3


class Loader:
    """A loader of batches, as PyTorch has them."""

    batch_size = 30

    def __init__(self, pixels):
        self.pixels = pixels

    def __iter__(self):
        return (
            {"pixel_values": Tensor(self.pixels[start : start + 30])}
            for start in range(0, len(self.pixels), 30)
        )


@pytest.mark.parametrize("kind", [Tensor, list, Pairs, Loader])
def test_tensors_lists_data_sets_and_loaders_are_images(pixels, kind):
    np.testing.assert_array_equal(given_images(kind(pixels)).images.pixels, pixels)


def test_a_pair_of_images_and_labels_has_labels(digits):
    found = given_images((digits.pixels, digits.labels), most=500)
    assert len(found.images) == 500
    assert set(found.images.labels.tolist()) == set(range(10))


def test_given_labels_take_the_place_of_those_of_a_set(digits):
    own = np.arange(len(digits)) % 3
    for images in (digits, "digits", (digits.pixels, digits.labels), list(digits.pixels)):
        found = given_images(images, labels=own, most=500)
        np.testing.assert_array_equal(found.images.labels, own[found.chosen])


def test_a_list_may_have_more_labels_than_images_are_used(digits):
    found = given_images(list(digits.pixels), labels=list(digits.labels), most=500)
    np.testing.assert_array_equal(found.images.labels, digits.labels[:500])


@pytest.mark.parametrize("kind", [str, object, float, np.uint8])
def test_labels_may_be_whole_numbers_of_any_type(digits, kind):
    found = given_images((digits.pixels, digits.labels.astype(kind)), most=500)

    assert found.images.labels.dtype == np.int64
    assert set(found.images.labels.tolist()) == set(range(10))


@pytest.mark.parametrize("wrap", [np.array, list], ids=["array", "list"])
@pytest.mark.parametrize(
    "labels",
    [3, {"a": 1}, iter([1, 2]), [[0], [1, 2]], np.full(1797, 0.5), np.full(1797, 1e300), "cats"],
    ids=["number", "mapping", "iterator", "ragged", "fractions", "huge", "text"],
)
def test_what_numbers_no_classes_is_refused(digits, wrap, labels):
    with pytest.raises(DescriptionError, match="labels: expected 1,797 whole numbers"):
        given_images(wrap(digits.pixels), labels=labels, most=1797)


def test_labels_of_other_images_are_refused(digits):
    for images in (digits, digits.pixels, list(digits.pixels)):
        with pytest.raises(DescriptionError, match="labels: expected 1,797 whole numbers"):
            given_images(images, labels=digits.labels[:-1])


def test_folders_and_files_are_images(pixels, tmp_path):
    np.save(tmp_path / "images.npy", pixels / 255)
    np.testing.assert_array_equal(given_images(str(tmp_path / "images.npy")).images.pixels, pixels)


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (lambda x: (x / 255 - 0.5) / 0.1, "If they are standardised"),
        (lambda x: x[..., [0, 0, 0, 0]], r"expected \(n, height, width\)"),
        (lambda x: x.reshape(50, -1)[:, :-1], "Give `shape`"),
        (lambda x: [x[0], x[1, :4]], "expected images of one size"),
        (len, "received int"),
    ],
)
def test_what_is_no_set_of_images_is_refused(pixels, made, said):
    with pytest.raises((DescriptionError, DataError), match=said):
        given_images(made(pixels))
