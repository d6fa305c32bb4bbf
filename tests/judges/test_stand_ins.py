"""Controls: a decoder of noise, one that ignores its code, and what recall says about both."""

import numpy as np
import pytest

from aelatent import LatentCloud
from aelatent.judges.judged_samples import CLEAN, RECOGNISABLE, decode_and_judge, image_recall
from aelatent.judges.stand_ins import decoding_to_noise, decoding_to_one_image
from aelatent.simulation import (
    DIGITS_CARD,
    SimulatedJudge,
    SimulatedReplicate,
    decoder_accepting,
    with_style,
)


@pytest.fixture
def judge(rng):
    return SimulatedJudge(rng, DIGITS_CARD)


@pytest.fixture
def replicate(rng):
    """Its images are clean, vary with the code, and show a 3 on one side and a 7 on the other."""
    cloud = LatentCloud(rng.standard_normal((400, 2)))
    decoder = decoder_accepting(
        lambda codes: np.ones(len(codes), bool), lambda codes: np.where(codes[:, 0] > 0, 3, 7)
    )
    return SimulatedReplicate(cloud, cloud, with_style(decoder))


def test_codes_of_the_same_cloud_reach_all_variety(replicate, judge, rng):
    samples = decode_and_judge(replicate, rng.standard_normal((400, 2)), judge)

    assert samples.relative_recall().value == pytest.approx(1, abs=0.1)


def test_half_of_the_codes_reach_half_of_the_variety(replicate, judge, rng):
    codes = rng.standard_normal((400, 2))
    codes[:, 0] = np.abs(codes[:, 0])
    found = decode_and_judge(replicate, codes, judge).relative_recall()

    assert found.value == pytest.approx(0.5, abs=0.1)
    assert 0.01 < found.shared < 0.1


def test_one_image_for_every_code_has_no_recall(replicate, judge):
    codes = replicate.held_out.z_mean
    blind = decoding_to_one_image(replicate, judge)
    seen_by_it = decode_and_judge(blind, codes, judge).relative_recall()

    assert len(np.unique(blind.decode(codes), axis=0)) == 1
    assert seen_by_it.value == 0
    assert seen_by_it.shared > 0


def test_recall_is_surely_not_negative(replicate, judge):
    codes = replicate.held_out.z_mean
    blind = decode_and_judge(decoding_to_one_image(replicate, judge), codes, judge)
    evidence = image_recall([blind] * 3)

    assert evidence.interval[0] == evidence.effect == 0 < evidence.interval[1] < 0.2


def test_the_one_image_is_clean(replicate, judge):
    blind = decoding_to_one_image(replicate, judge)

    assert (blind.decode(replicate.held_out.z_mean[:3]) == 255).all()
    assert (blind.reconstruct() == 255).all()


def test_noise_keeps_codes_and_reconstructions(replicate, rng):
    noisy = decoding_to_noise(replicate, rng)
    codes = replicate.held_out.z_mean

    assert noisy.held_out is replicate.held_out
    np.testing.assert_array_equal(noisy.reconstruct(), replicate.reconstruct())
    assert len(np.unique(noisy.decode(codes))) > 100


def test_classes_follow_the_grades_of_a_reading(replicate, judge, rng):
    samples = decode_and_judge(replicate, rng.standard_normal((400, 2)), judge)
    for reading in judge.readings:
        recognisable = samples.accepted(RECOGNISABLE, reading)
        truth = np.where(samples.codes[:, 0] > 0, 3, 7)
        np.testing.assert_array_equal(samples.classes(reading), np.where(recognisable, truth, -1))

    assert samples.accepted(CLEAN, "strict").sum() < samples.accepted(CLEAN, "lenient").sum()
