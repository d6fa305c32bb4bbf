"""Codes decoded and judged, and rates corrected for the judge's errors."""

from copy import copy

import numpy as np
import pytest

from aelatent.inference.estimates import InsufficientEvidence
from aelatent.judges import FaceJudge
from aelatent.judges.card import CardRow, JudgeCard
from aelatent.judges.grade import Grade
from aelatent.judges.judged_samples import (
    CLEAN,
    RECOGNISABLE,
    decode_and_judge,
    hit_rate,
    hit_ratio,
    image_recall,
    rate_contrast,
    ratio_difference,
    reconstructions,
)
from aelatent.judges.registry import ImageJudge
from aelatent.latent.cloud import LatentCloud

ROWS = (
    CardRow("good", CLEAN, (10, 10, 80)),
    CardRow("bad", Grade.NONE, (85, 5, 10)),
    CardRow("worse", Grade.NONE, (85, 5, 10)),
)
STRICT = (CardRow("good", CLEAN, (20, 10, 70)), *ROWS[1:])
CARD = JudgeCard("digits", {"threshold": ROWS, "strict": STRICT})


class Replicate:
    """Decodes a code to an image of that brightness; nine in ten reconstructions are clean."""

    held_out = LatentCloud(np.zeros((10, 1)))
    seen = 0

    def reconstruct(self):
        self.seen += 1
        return self.decode(np.array([[180.0]] * 9 + [[60.0]]))

    def decode(self, codes):
        return np.broadcast_to(codes[:, :, None, None], (len(codes), 2, 2, 1)).astype(np.uint8)


@pytest.fixture
def judge(brightness_judge):
    return ImageJudge(brightness_judge, CARD)


@pytest.fixture
def judged(judge):
    """Five clean images, two damaged ones, and three of nothing."""
    codes = np.array([[180.0]] * 5 + [[60.0]] * 2 + [[0.0]] * 3)
    return decode_and_judge(Replicate(), codes, judge)


def test_the_judge_grades_what_the_decoder_makes(judged):
    assert judged.grades().tolist() == [2] * 5 + [1] * 2 + [0] * 3
    assert judged.accepted().sum() == 5
    assert judged.accepted(RECOGNISABLE).sum() == 7
    assert judged.accepted(CLEAN, "strict").sum() == 0


def test_a_rate_is_corrected_for_both_errors_of_the_judge(judged):
    """Half are clean: (0.5 - 0.1) / (0.8 - 0.1); 7 of 10 recognisable by a card of 90 and 15 %."""
    assert judged.rate().value == pytest.approx(4 / 7)
    assert judged.rate(RECOGNISABLE).value == pytest.approx((0.7 - 0.15) / (0.9 - 0.15))


@pytest.mark.parametrize("sensitivity", [30, 40])
@pytest.mark.parametrize(
    "measure",
    [
        lambda samples: samples.rate(),
        lambda samples: samples.rate_where(np.ones(10, dtype=bool)),
        lambda samples: rate_contrast([samples], [samples]),
    ],
    ids=["rate", "rate where", "contrast"],
)
def test_a_judge_that_knows_nothing_corrects_no_rate(measure, sensitivity, brightness_judge):
    """A contrast changed its sign, and a rate under a condition was divided by 0."""
    others = [CardRow(name, Grade.NONE, (60, 0, 40)) for name in ("bad", "worse")]
    good = CardRow("good", CLEAN, (100 - sensitivity, 0, sensitivity))
    judge = ImageJudge(brightness_judge, JudgeCard("digits", {"threshold": (good, *others)}))
    samples = decode_and_judge(Replicate(), np.array([[180.0]] * 6 + [[0.0]] * 4), judge)

    with pytest.raises(ValueError, match="accepts meaningful images more often"):
        measure(samples)


def test_in_a_ratio_the_sensitivity_cancels(judged):
    """(0.5 - 0.1) / (0.9 - 0.1)."""
    assert judged.ratio().value == pytest.approx(0.5)
    assert judged.ratio().kind.size > 0


def test_codes_of_one_path_count_for_less_than_independent_codes(judged):
    groups = np.repeat(np.arange(5), 2)

    assert judged.ratio(groups=groups).value == judged.ratio().value
    assert judged.ratio(groups=groups).error > judged.ratio().error


def test_reconstructions_are_judged_once_for_all_readings(judge):
    replicate = Replicate()
    assert reconstructions(replicate, judge).sum() == 9
    assert reconstructions(replicate, judge, RECOGNISABLE, "strict").sum() == 9
    assert replicate.seen == 1


def test_no_judge_gets_what_another_measured(brightness_judge):
    """A judge that is no more leaves its place in memory to the next one."""
    replicate = Replicate()

    def found(factor):
        judge = copy(brightness_judge)
        judge.measures = lambda pixels: {"brightness": factor * pixels.mean(axis=(1, 2, 3))}
        return reconstructions(replicate, ImageJudge(judge, CARD)).sum()

    assert [found(factor) for factor in (1, 0) * 50] == [9, 0] * 50


def test_evidence_carries_every_reading_of_the_judge(judged):
    pair = [judged, judged, judged]
    for evidence in (hit_rate(pair), hit_rate(pair, RECOGNISABLE)):
        assert set(evidence.readings) == {"strict"}
    assert hit_rate(pair).readings["strict"].effect < hit_rate(pair).effect
    assert "recognisable" in hit_rate(pair, RECOGNISABLE).unit


@pytest.mark.parametrize("estimate", [hit_rate, hit_ratio, image_recall])
def test_without_replicates_there_is_no_evidence(estimate):
    with pytest.raises(InsufficientEvidence, match="expected two replicates or more"):
        estimate([])


def test_a_ratio_lies_over_that_of_reconstructions(judged, judge):
    fresh = [decode_and_judge(Replicate(), judged.codes, judge) for _ in range(3)]
    assert hit_ratio(fresh, RECOGNISABLE).effect == pytest.approx((0.7 - 0.15) / (1 - 0.15))


def test_samples_do_not_differ_from_themselves(judged):
    assert ratio_difference((judged, judged)).value == 0


def test_images_are_judged_when_a_grade_is_asked_for(monkeypatch):
    """Those of a judge of the library; another may draw random numbers, whose order counts."""
    judge = ImageJudge(FaceJudge.load(), CARD)
    asked = []
    monkeypatch.setattr(
        judge.judge, "measures", lambda pixels: asked.append(pixels) or {"contrast": np.zeros(3)}
    )

    samples = decode_and_judge(Replicate(), np.zeros((3, 1)), judge)

    assert asked == []
    assert list(samples.measures) == ["contrast"]
    assert len(samples.measures["contrast"]) == 3
    assert len(asked) == 1
