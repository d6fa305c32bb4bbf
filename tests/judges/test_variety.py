"""Recall of draws, against held-out codes: none for one image, all for draws of the same kinds."""

from dataclasses import replace

import numpy as np
import pytest

from aelatent.inference.estimates import InsufficientEvidence
from aelatent.inference.rules import Above, Outcome, verdict
from aelatent.judges import variety
from aelatent.judges.controls import judge_noise, judge_one_image
from aelatent.judges.judged_samples import (
    CLEAN,
    decode_and_judge,
    hit_ratio,
    rate_contrast,
    ratio_to,
)
from aelatent.judges.variety import (
    features,
    recall,
    recall_difference,
    recall_ratio,
    reconstructions_apart,
    relative_recall,
)
from aelatent.latent.cloud import LatentCloud
from aelatent.simulation import (
    SimulatedModel,
    SimulatedReplicate,
    model_with_variety,
    normal_clouds,
)


def simulated(rng, share=0.9, kinds=1.0):
    """Return five simulated trainings, and their judge."""
    return simulated_for(200, rng, share, kinds)


def simulated_for(draws, rng, share=1.0, kinds=1.0, trainings=5):
    """Return simulated trainings for a claim of so many draws, and their judge."""
    clouds = (normal_clouds(rng) * trainings)[:trainings]
    shares, widths = [share] * trainings, [kinds] * trainings
    found = model_with_variety(clouds, shares, rng, kinds=widths, draws=draws)
    return found["model"], found["image_judge"](None)


def drawn(model, judge, rng, n=200):
    """Decode 200 draws of each training."""
    return [decode_and_judge(r, rng.standard_normal((n, 8)), judge) for r in model.replicates]


def quality_and_variety(judged):
    return verdict([hit_ratio(judged), relative_recall(judged)], [Above(0.5), Above(0.5)])


@pytest.mark.parametrize("draws", [100, 200])
def test_few_draws_of_half_the_kinds_recall_half(draws, rng):
    judged = drawn(*simulated_for(draws, rng, kinds=0.5, trainings=60), rng, draws)

    assert np.mean([recall_ratio(s).value for s in judged]) == pytest.approx(0.5, abs=0.015)


def test_draws_of_all_kinds_are_as_varied_as_reconstructions(rng):
    judged = drawn(*simulated(rng), rng)

    assert np.mean([recall_ratio(s).value for s in judged]) == pytest.approx(1, abs=0.1)
    assert quality_and_variety(judged).outcome is Outcome.SUPPORTED


def test_draws_of_half_of_the_kinds_have_half_of_the_recall(rng):
    judged = drawn(*simulated(rng, kinds=0.5), rng)

    assert np.mean([recall_ratio(s).value for s in judged]) == pytest.approx(0.5, abs=0.1)


def test_without_replicates_there_is_no_recall():
    with pytest.raises(InsufficientEvidence, match="expected two replicates or more"):
        relative_recall([])


def test_one_clean_image_for_all_codes_is_refuted(rng):
    model, judge = simulated(rng, share=1.0)
    judged = judge_one_image(model, 200, judge)

    assert all(recall(s).value == 0 for s in judged)
    assert quality_and_variety(judged).outcome is Outcome.REFUTED


def test_noise_has_the_shape_of_decoded_images(rng):
    model, judge = simulated(rng)
    judged = judge_noise(model, 50, judge, rng)[0]

    assert judged.pixels.shape == (50, *model.replicates[0].decode(judged.codes).shape[1:])
    assert len(np.unique(judged.pixels)) > 50


def test_noise_needs_no_codes_of_training_images(rng):
    model, judge = simulated(rng)
    bare = SimulatedModel([replace(replicate, train=None) for replicate in model.replicates])

    assert len(judge_noise(bare, 50, judge, rng)) == 5


def test_a_model_whose_reconstructions_are_one_image_has_no_variety(rng):
    """All it draws equals all it reconstructs: that is no variety to keep."""
    cloud = LatentCloud(rng.standard_normal((300, 4)))
    _, judge = simulated(rng)
    blind = SimulatedReplicate(
        cloud, cloud, lambda codes: np.full((len(codes), 1, 1, 1), 255, np.uint8)
    )
    judged = decode_and_judge(blind, cloud.z_mean[:200], judge)

    assert recall_ratio(judged).value == 0


def test_a_difference_of_recall_holds_what_the_images_share(rng):
    first, second = (drawn(*simulated(rng, kinds=kinds), rng)[0] for kinds in (0.4, 1.0))
    found = recall_difference((first, second))

    assert found.value == recall(first).value - recall(second).value
    assert len(found.images) == len(recall(first).images)


def test_features_of_draws_are_found_once_for_all_readings(rng, monkeypatch):
    model, judge = simulated(rng)
    samples = drawn(model, judge, rng)[0]
    recall_ratio(samples)
    monkeypatch.setattr(variety, "features", None)

    assert [recall_ratio(samples, reading=reading).value for reading in judge.readings]


def test_no_person_is_in_both_sets_of_reconstructions(rng):
    groups = np.repeat(np.arange(100), 3)
    cloud = LatentCloud(rng.standard_normal((300, 4)), groups=groups)
    persons = groups.astype(np.uint8)[:, None, None, None]
    first, second = reconstructions_apart(SimulatedReplicate(cloud, cloud, images=persons))

    assert set(first.ravel()) & set(second.ravel()) == set()
    assert len(first) + len(second) == 300


@pytest.mark.parametrize("size", [96, 50, 3])
def test_features_are_mean_colours_of_cells(rng, size):
    pixels = rng.integers(0, 256, (2, size, size, 3), dtype=np.uint8)
    cells = features(pixels).reshape(2, min(size, 16), min(size, 16), 3)
    side = size // 16 or 1

    assert cells[1, 0, 0] == pytest.approx(pixels[1, :side, :side].mean(axis=(0, 1)) / 255)
    assert features(np.full_like(pixels, 51)) == pytest.approx(0.2)


def test_a_rate_where_all_meet_the_condition_is_the_rate(rng):
    judged = drawn(*simulated(rng), rng)[0]
    everywhere = judged.rate_where(np.ones(200, dtype=bool))

    assert everywhere.value == pytest.approx(judged.rate().value)
    assert everywhere.kind.size == pytest.approx(judged.rate().kind.size)


def test_a_condition_that_none_meets_has_a_rate_of_zero(rng):
    assert drawn(*simulated(rng), rng)[0].rate_where(np.zeros(200, dtype=bool)).value == 0


def test_a_contrast_of_rates_is_corrected_and_cancels_false_acceptances(rng):
    first, second = drawn(*simulated(rng), rng)[0], drawn(*simulated(rng, share=0.4), rng)[0]
    second = type(second)(
        second.replicate, first.judge, second.codes, second.pixels, second.measures
    )
    found = rate_contrast([first], [second])

    assert found.value == pytest.approx(first.rate().value - second.rate().value)
    assert ratio_to(first, first, CLEAN).value == 1
