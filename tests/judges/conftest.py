"""A judge that goes by brightness, and images for it."""

from pathlib import Path

import numpy as np
import pytest

from aelatent.data import Images
from aelatent.judges.grade import Grade
from aelatent.judges.grading import Graded

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
