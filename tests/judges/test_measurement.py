"""Cards, measured with judges that go by brightness."""

import numpy as np
import pytest

from aelatent.data import Images
from aelatent.judges import FaceJudge, measurement
from aelatent.judges.card import ORIGINALS, Row
from aelatent.judges.measurement import Kind


class BrightnessJudge:
    """Accepts what is bright, and calls it by its first pixel."""

    name = "digits"
    threshold = 100.0

    def scores(self, pixels):
        return pixels.mean(axis=(1, 2, 3))

    def accepts(self, pixels):
        return self.scores(pixels) >= self.threshold

    def classes(self, pixels):
        return np.where(self.accepts(pixels), pixels[:, 0, 0, 0].astype(np.int64) % 10, -1)


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


def test_each_kind_is_counted():
    kinds = {
        "bright": Kind(np.full((4, 2, 2, 1), 200, np.uint8), True, 0.95),
        "dark": Kind(np.zeros((3, 2, 2, 1), np.uint8), False, 0.02),
        "odd": Kind(np.full((2, 2, 2, 1), 255, np.uint8), False, None, "it is bright after all"),
    }

    assert measurement.measure(BrightnessJudge(), kinds).rows == (
        Row("bright", True, 4, 4, 0.95),
        Row("dark", False, 3, 0, 0.02),
        Row("odd", False, 2, 2, None, "it is bright after all"),
    )


def test_accuracy_is_that_of_accepted_images_only():
    pixels = np.zeros((3, 2, 2, 1), np.uint8)
    pixels[:2] = [[[[203]]], [[[204]]]]

    row = measurement.accuracy(BrightnessJudge(), pixels, np.array([3, 0, 9]), 0.992)

    assert (row.n, row.accepted, row.met) == (2, 1, False)


def test_the_digits_card_holds_every_kind(bright_digits, striped_faces, rng, monkeypatch):
    monkeypatch.setattr(measurement, "EACH", 5)
    copies = {"model": bright_digits.pixels[:3]}

    card = measurement.measure_digits_card(
        BrightnessJudge(), bright_digits, striped_faces, copies, bright_digits.pixels[:2], rng
    )

    assert {row.kind: row.n for row in card.rows} == {
        ORIGINALS: 20,
        "reconstructions of model": 3,
        "pixel noise": 5,
        "phase-scrambled digits": 5,
        "digits in shuffled tiles": 5,
        "random strokes": 5,
        "overlaid pairs of digits": 5,
        "faces": 5,
        "decodes of an untrained decoder": 2,
    }
    assert card.sensitivity.value == 1
    assert card.accuracy.rate == 1


def test_the_faces_card_is_measured_on_people_who_set_no_threshold(
    striped_faces, bright_digits, rng, monkeypatch
):
    """Twenty people are held out, and ten of them calibrate; faces made of noise are not found."""
    seen = []
    monkeypatch.setattr(measurement, "EACH", 5)
    monkeypatch.setattr(measurement, "calibrate", lambda pixels: seen.append(pixels) or 3.0)
    decodes = striped_faces.pixels[:2]

    card = measurement.measure_faces_card(
        striped_faces, bright_digits, {"ae": decodes}, decodes, rng
    )

    np.testing.assert_array_equal(seen[0], striped_faces.pixels[10::2])
    assert (card.judge, card.threshold) == ("faces", 3.0)
    assert card.sensitivity.value == 0
    assert [row.kind for row in card.rows if row.uncounted] == ["overlaid pairs of faces"]
    assert len(card.rows) == 9


def test_faces_without_people_are_refused(bright_digits, rng):
    with pytest.raises(ValueError, match="expected groups"):
        measurement.measure_faces_card(bright_digits, bright_digits, {}, bright_digits.pixels, rng)


def test_the_digits_card_needs_a_judge_that_sorts_and_labels(striped_faces, bright_digits, rng):
    rest = striped_faces, {}, bright_digits.pixels, rng

    with pytest.raises(TypeError, match="received FaceJudge"):
        measurement.measure_digits_card(FaceJudge(), bright_digits, *rest)
    with pytest.raises(ValueError, match="expected labels"):
        measurement.measure_digits_card(BrightnessJudge(), striped_faces, *rest)
