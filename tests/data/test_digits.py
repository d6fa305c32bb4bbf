import numpy as np

from aelatent.data.digits import make


def test_grey_values_span_all_of_a_byte():
    images = make()
    assert images.pixels.shape == (1797, 8, 8, 1)
    assert (images.pixels.min(), images.pixels.max()) == (0, 255)


def test_labels_are_the_ten_digits():
    assert np.array_equal(np.unique(make().labels), np.arange(10))
