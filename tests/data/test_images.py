import numpy as np
import pytest

from aelatent.data import DataError, Images

PIXELS = np.arange(6 * 4, dtype=np.uint8).reshape(6, 2, 2, 1)
TRAIN = np.array([True, True, False, True, False, True])


def test_training_and_held_out_images_make_up_the_set():
    images = Images("six", PIXELS, TRAIN, labels=np.arange(6), groups=np.arange(6))
    assert images.training().labels.tolist() == [0, 1, 3, 5]
    assert images.held_out().groups.tolist() == [2, 4]
    assert len(images.training()) + len(images.held_out()) == len(images)


def test_the_first_training_images_come_in_the_order_of_the_set():
    images = Images("six", PIXELS, TRAIN)
    assert np.array_equal(images.training(2).pixels, PIXELS[:2])


def test_shape_is_that_of_one_image():
    assert Images("six", PIXELS, TRAIN).shape == (2, 2, 1)


@pytest.mark.parametrize("pixels", [PIXELS[..., 0], PIXELS / 255, np.tile(PIXELS, 4)])
def test_pixels_of_another_kind_are_refused(pixels):
    with pytest.raises(DataError, match="images 'six': expected uint8 pixels of shape"):
        Images("six", pixels, TRAIN)


@pytest.mark.parametrize("field", ["train", "labels", "groups"])
def test_a_field_of_another_length_is_refused(field):
    fields = {"train": TRAIN, field: TRAIN[:5]}
    with pytest.raises(DataError, match=rf"expected `{field}` of shape \(6,\)"):
        Images("six", PIXELS, **fields)
