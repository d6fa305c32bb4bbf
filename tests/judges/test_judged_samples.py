"""Codes decoded and judged, and rates corrected for the judge's errors."""

from types import SimpleNamespace

import numpy as np
import pytest

from aelatent.inference.estimates import Estimate
from aelatent.judges.judged_samples import decode_and_judge, reconstructions
from aelatent.latent.cloud import LatentCloud

CARD = SimpleNamespace(sensitivity=Estimate(0.8), false_acceptance=Estimate(0.1, shared=0.01))


class Bright:
    """Accepts images brighter than 100."""

    threshold = 100.0
    card = CARD

    def accepts(self, pixels):
        return pixels.mean(axis=(1, 2, 3)) > self.threshold


class Replicate:
    """Decodes a code to an image of that brightness; nine in ten reconstructions were accepted."""

    held_out = LatentCloud(np.zeros((10, 1)))

    @property
    def scores(self):
        return {"reconstructions": np.array([200.0] * 9 + [50.0])}

    def decode(self, codes):
        return np.broadcast_to(codes[:, :, None, None], (len(codes), 2, 2, 1)).astype(np.uint8)


@pytest.fixture
def judged():
    return decode_and_judge(Replicate(), np.array([[200.0]] * 5 + [[0.0]] * 5), Bright())


def test_the_judge_sees_what_the_decoder_makes(judged):
    assert judged.accepted.tolist() == [True] * 5 + [False] * 5


def test_a_rate_is_corrected_for_both_errors_of_the_judge(judged):
    """Half are accepted: (0.5 - 0.1) / (0.8 - 0.1)."""
    assert judged.rate().value == pytest.approx(4 / 7)


def test_in_a_ratio_the_sensitivity_cancels(judged):
    """(0.5 - 0.1) / (0.9 - 0.1)."""
    assert judged.ratio().value == pytest.approx(0.5)
    assert judged.ratio().shared > 0


def test_codes_of_one_path_count_for_less_than_independent_codes(judged):
    groups = np.repeat(np.arange(5), 2)

    assert judged.ratio(groups).value == judged.ratio().value
    assert judged.ratio(groups).error > judged.ratio().error


def test_reconstructions_are_judged_by_the_threshold():
    assert reconstructions(Replicate(), Bright()).sum() == 9
