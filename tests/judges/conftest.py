"""A judge that goes by brightness, a classifier of digits, and images for both."""

from pathlib import Path

import numpy as np
import pytest
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression

from aelatent.data import Images
from aelatent.judges import digits, nonimages
from aelatent.judges.grade import Grade
from aelatent.judges.grading import Graded

SEEN, UNSEEN = slice(0, 800), slice(800, 1300)  # digits that the classifier is fitted to, or not
LIMITS = {"threshold": (50, 100), "strict": (150, 200)}


class BrightnessJudge:
    """Grades images by their brightness, and takes the class from the first pixel."""

    name = "digits"
    readings = tuple(LIMITS)

    def measures(self, pixels):
        return {"brightness": pixels.mean(axis=(1, 2, 3))}

    def grades(self, measures, reading="threshold"):
        return np.digitize(measures["brightness"], LIMITS[reading]).astype(np.int8)

    def grade(self, pixels):
        measured = self.measures(pixels)
        return Graded(self.grades(measured), measured["brightness"])

    def classes(self, pixels):
        seen = self.grade(pixels).grades > Grade.NONE
        return np.where(seen, pixels[:, 0, 0, 0].astype(np.int64) % 10, -1)


@pytest.fixture
def brightness_judge():
    return BrightnessJudge()


@pytest.fixture
def encodings(monkeypatch):
    """The encodings that texts are read with, in the order of reading."""
    found, read = [], Path.read_text

    def noting(path, encoding=None, **others):
        found.append(encoding)
        return read(path, encoding, **others)

    monkeypatch.setattr(Path, "read_text", noting)
    return found


@pytest.fixture
def striped_faces(rng):
    pixels = rng.integers(0, 90, (30, 96, 96, 3), dtype=np.uint8)
    return Images("faces", pixels, np.arange(30) < 10, groups=np.arange(30))


@pytest.fixture(scope="session")
def handwriting():
    """1,797 digits of 8x8 pixels, brought to 28x28."""
    bunch = load_digits()
    small = np.minimum(bunch.images[..., None] * 16, 255).astype(np.uint8)
    pixels = nonimages.recast(np.pad(small, ((0, 0), (2, 2), (2, 2), (0, 0))), digits.SHAPE)
    return pixels, bunch.target.astype(np.int64)


@pytest.fixture(scope="session")
def classifier(handwriting):
    """Rectified random projections of the outlines, and a regression on them."""
    pixels, labels = handwriting
    projection = np.random.default_rng(0).standard_normal((196, 64))

    def features(pixels):
        return np.maximum(digits.outlines(pixels) @ projection, 0).astype(np.float32)

    head = LogisticRegression(max_iter=2000).fit(features(pixels[SEEN]), labels[SEEN])
    return lambda pixels: (features(pixels), head.decision_function(features(pixels)))
