"""A judge that goes by brightness, and images for it."""

import numpy as np
import pytest

from aelatent.data import Images


class BrightnessJudge:
    """Accepts bright images, and takes the class from the first pixel."""

    name = "digits"
    threshold = 100.0

    def scores(self, pixels):
        return pixels.mean(axis=(1, 2, 3))

    def accepts(self, pixels):
        return self.scores(pixels) >= self.threshold

    def classes(self, pixels):
        return np.where(self.accepts(pixels), pixels[:, 0, 0, 0].astype(np.int64) % 10, -1)


@pytest.fixture
def brightness_judge():
    return BrightnessJudge()


@pytest.fixture
def bright_digits(rng):
    """Twenty training and twenty held-out images, bright in the upper or in the lower half."""
    pixels = rng.integers(0, 9, (40, 28, 28, 1), dtype=np.uint8)
    pixels[::2, :14] += 220
    pixels[1::2, 14:] += 220
    labels = (pixels[:, 0, 0, 0] % 10).astype(np.int64)
    return Images("digits", pixels, np.arange(40) < 20, labels)


@pytest.fixture
def striped_faces(rng):
    pixels = rng.integers(0, 90, (30, 96, 96, 3), dtype=np.uint8)
    return Images("faces", pixels, np.arange(30) < 10, groups=np.arange(30))
