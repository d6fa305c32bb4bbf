"""The face judge."""

import os
from pathlib import Path

import numpy as np
import pytest
from skimage.data import astronaut

from aelatent.judges import FaceJudge, faces, measurement, nonimages
from aelatent.judges.judge import Judge
from aelatent.judges.measurement import CardImages

LFW = Path(os.environ.get("AELATENT_DATA", "")) / "lfw"


@pytest.fixture
def face():
    """The face of the astronaut Eileen Collins (NASA, public domain), cropped as in LFW."""
    return nonimages.recast(astronaut()[None, 35:185, 150:300], faces.SHAPE)


def test_a_face_is_accepted_with_windows_to_spare(face):
    judge: Judge = FaceJudge()

    assert judge.scores(face)[0] > 2 * judge.threshold
    assert judge.accepts(face).tolist() == [True]


def test_noise_strokes_and_tiles_are_rejected(face, rng):
    judge = FaceJudge()

    assert not judge.accepts(nonimages.pixel_noise(20, faces.SHAPE, rng)).any()
    assert not judge.accepts(nonimages.strokes(20, faces.SHAPE, rng)).any()
    assert not judge.accepts(nonimages.shuffled_tiles(20, face, rng)).any()


def test_size_and_colour_hardly_matter(face):
    judge = FaceJudge()
    others = nonimages.recast(face, (150, 150, 3)), nonimages.recast(face, (96, 96, 1))

    assert all(judge.accepts(other).all() for other in others)


def test_scores_keep_the_order_of_the_images(face, rng):
    mixed = np.concatenate([nonimages.pixel_noise(2, faces.SHAPE, rng), face])

    assert FaceJudge().accepts(mixed).tolist() == [False, False, True]


@pytest.mark.parametrize(
    "pixels",
    [np.zeros((2, 96, 96, 3)), np.zeros((96, 96, 3), np.uint8), np.zeros((1, 9, 9, 4), np.uint8)],
)
def test_what_are_no_pixels_is_refused(pixels):
    with pytest.raises(ValueError, match="expected uint8 pixels of shape"):
        FaceJudge().scores(pixels)


def test_the_threshold_accepts_the_share_that_was_asked_for(face, rng):
    """Nine copies of a face and one image of noise: nine tenths pass at the face's own score."""
    originals = np.concatenate([face.repeat(9, 0), nonimages.pixel_noise(1, faces.SHAPE, rng)])

    assert faces.calibrate(originals, 0.9) == FaceJudge().scores(face)[0]


def test_calibration_refuses_originals_without_faces(rng):
    with pytest.raises(ValueError, match="expected frontal faces"):
        faces.calibrate(nonimages.pixel_noise(5, faces.SHAPE, rng))


def test_no_person_is_in_both_halves(rng):
    people = rng.integers(0, 40, 200)
    half = faces.calibration_half(people)

    assert not set(people[half]) & set(people[~half])
    assert len(set(people[half])) == 20


def test_the_card_is_measured_on_people_who_set_no_threshold(
    striped_faces, bright_digits, rng, monkeypatch
):
    """Twenty people are held out, and ten of them calibrate; faces made of noise are not found."""
    calibrated_on = []
    monkeypatch.setattr(measurement, "EACH", 5)
    monkeypatch.setattr(faces, "calibrate", lambda pixels: calibrated_on.append(pixels) or 3.0)
    decodes = striped_faces.pixels[:2]
    images = CardImages(striped_faces, bright_digits, {"ae": decodes}, decodes)

    card = faces.measure_card(FaceJudge(), images, rng)

    np.testing.assert_array_equal(calibrated_on[0], striped_faces.pixels[10::2])
    assert (card.judge, card.threshold) == ("faces", 3.0)
    assert card.sensitivity.value == 0
    assert [row.kind for row in card.rows if row.uncounted] == ["overlaid pairs of faces"]
    assert len(card.rows) == 9


def test_faces_without_people_are_refused(bright_digits, rng):
    images = CardImages(bright_digits, bright_digits, {}, bright_digits.pixels)

    with pytest.raises(ValueError, match="expected groups"):
        faces.measure_card(FaceJudge(), images, rng)


@pytest.mark.skipif(not LFW.exists(), reason="Labeled Faces in the Wild is not in AELATENT_DATA")
def test_the_threshold_is_what_half_of_the_held_out_people_say():
    from aelatent import data

    held_out = data.load("lfw").held_out()
    half = faces.calibration_half(held_out.groups)

    assert faces.calibrate(held_out.pixels[half]) == faces.THRESHOLD
    assert FaceJudge().accepts(held_out.pixels[~half]).mean() >= 0.95
