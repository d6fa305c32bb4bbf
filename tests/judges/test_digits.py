"""The digit judge, on scikit-learn's digits and a classifier made of a random projection."""

import numpy as np
import pytest
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression

from aelatent.judges import DigitJudge, FaceJudge, digits, measurement, nonimages
from aelatent.judges.card import ORIGINALS
from aelatent.judges.judge import ClassJudge
from aelatent.judges.measurement import CardImages
from aelatent.runtime.files import pack, unpack

SEEN, UNSEEN = slice(0, 800), slice(800, 1300)


@pytest.fixture(scope="module")
def handwriting():
    """1,797 digits of 8x8 pixels, brought to 28x28."""
    bunch = load_digits()
    small = np.minimum(bunch.images[..., None] * 16, 255).astype(np.uint8)
    pixels = nonimages.recast(np.pad(small, ((0, 0), (2, 2), (2, 2), (0, 0))), digits.SHAPE)
    return pixels, bunch.target.astype(np.int64)


@pytest.fixture(scope="module")
def classifier(handwriting):
    """Rectified random projections of the outlines, and a regression on them."""
    pixels, labels = handwriting
    projection = np.random.default_rng(0).standard_normal((196, 64))

    def features(pixels):
        return np.maximum(digits.outlines(pixels) @ projection, 0).astype(np.float32)

    head = LogisticRegression(max_iter=2000).fit(features(pixels[SEEN]), labels[SEEN])
    return lambda pixels: (features(pixels), head.decision_function(features(pixels)))


@pytest.fixture(scope="module")
def arrays(handwriting, classifier):
    pixels, labels = handwriting
    parts = [(pixels[part], labels[part]) for part in (SEEN, UNSEEN)]
    return digits.calibrate(classifier, *parts, np.random.default_rng(1))


@pytest.fixture
def judge(classifier, arrays):
    return DigitJudge(classifier, arrays)


def test_held_out_digits_are_accepted_and_sorted(judge, handwriting):
    """The last writers are others than those it was calibrated on, hence the slack."""
    pixels, labels = (part[1300:] for part in handwriting)
    classes = judge.classes(pixels)
    accepted = classes >= 0

    assert isinstance(judge, ClassJudge)
    assert accepted.mean() > 0.85
    assert (classes == labels)[accepted].mean() > 0.9


def test_calibration_images_are_accepted_at_the_chosen_share(judge, handwriting):
    """A little more often, as the likeness is learnt on them in the end."""
    assert judge.accepts(handwriting[0][UNSEEN]).mean() == pytest.approx(
        digits.ACCEPTANCE, abs=0.02
    )


@pytest.mark.parametrize("kind", ["noise", "grey", "black", "strokes"])
def test_nondigits_are_rejected(judge, kind, rng):
    pixels = {
        "noise": nonimages.pixel_noise(50, digits.SHAPE, rng),
        "grey": np.full((1, *digits.SHAPE), 128, np.uint8),
        "black": np.zeros((1, *digits.SHAPE), np.uint8),
        "strokes": nonimages.strokes(50, digits.SHAPE, rng),
    }[kind]

    assert judge.accepts(pixels).mean() <= 0.05


def test_what_lies_between_two_digits_is_not_sorted(arrays, handwriting):
    """The same image is accepted from a classifier that is sure and left from one that is torn."""
    pixels, _ = handwriting
    sure = _constant_classifier(arrays, [9.0, *[-9.0] * 9])
    torn = _constant_classifier(arrays, [0.1, 0.0, *[-9.0] * 8])

    assert DigitJudge(sure, arrays).scores(pixels[:1])[0] >= 0
    assert DigitJudge(torn, arrays).classes(pixels[:1]).tolist() == [digits.ABSTAINS]


def test_scores_are_p_values(judge, handwriting, rng):
    scores = judge.scores(
        np.concatenate([handwriting[0][:20], rng.integers(0, 9, (5, *digits.SHAPE), np.uint8)])
    )

    assert scores.dtype == np.float64
    assert ((scores > 0) & (scores <= 1)).all()


def test_a_judge_is_whole_again_after_storage(judge, classifier, arrays, handwriting):
    restored = DigitJudge(classifier, unpack(pack(arrays), "memory"))

    np.testing.assert_array_equal(
        restored.scores(handwriting[0][:50]), judge.scores(handwriting[0][:50])
    )


def test_photographs_are_brought_to_the_size_of_digits(judge, rng):
    assert not judge.accepts(nonimages.pixel_noise(3, (96, 96, 3), rng)).any()


def test_likeness_of_an_image_comes_from_a_fit_without_it(rng):
    """Where nothing can be learnt, an honest likeness is no better than guessing."""
    genuine, foreign = rng.standard_normal((2, 80, 60))

    weights, bias, likeness = digits.learn_likeness(genuine, foreign)

    assert (genuine @ weights + bias > 0).mean() > 0.6
    assert 0.25 < (likeness > 0).mean() < 0.7


def test_a_missing_digit_is_named(handwriting, classifier):
    pixels, labels = (part[SEEN] for part in handwriting)
    threeless = labels != 3

    with pytest.raises(ValueError, match="expected 5 of each digit"):
        digits.reference_arrays(classifier, pixels[threeless], labels[threeless])


def test_calibration_needs_every_digit(handwriting, classifier, rng):
    pixels, labels = handwriting
    zeros = np.flatnonzero(labels == 0)[:20]

    with pytest.raises(ValueError, match="expected every digit"):
        digits.calibrate(
            classifier, (pixels[SEEN], labels[SEEN]), (pixels[zeros], labels[zeros]), rng
        )


def test_the_card_holds_every_kind(
    brightness_judge, bright_digits, striped_faces, rng, monkeypatch
):
    monkeypatch.setattr(measurement, "EACH", 5)
    copies = {"model": bright_digits.pixels[:3]}
    images = CardImages(bright_digits, striped_faces, copies, bright_digits.pixels[:2])

    card = digits.measure_card(brightness_judge, images, rng)

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


def test_the_card_needs_a_judge_of_classes_and_labels(
    brightness_judge, bright_digits, striped_faces, rng
):
    decodes = bright_digits.pixels

    with pytest.raises(TypeError, match="received FaceJudge"):
        digits.measure_card(FaceJudge(), CardImages(bright_digits, striped_faces, {}, decodes), rng)
    with pytest.raises(ValueError, match="expected labels"):
        digits.measure_card(
            brightness_judge, CardImages(striped_faces, striped_faces, {}, decodes), rng
        )


def _constant_classifier(arrays, logits):
    features = arrays["reference_features"][:1].astype(np.float32)
    return lambda pixels: (
        features.repeat(len(pixels), 0),
        np.tile(np.array(logits), (len(pixels), 1)),
    )
