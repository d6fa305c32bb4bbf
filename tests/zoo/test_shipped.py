"""What is stored in the repository is whole, small enough, and belongs to its specifications."""

from pathlib import Path

import numpy as np
import pytest

from aelatent.judges import JudgeCard, registry
from aelatent.judges.grade import Grade
from aelatent.zoo import Collection
from aelatent.zoo.store import procedures

SHIPPED = Collection(Path(__file__).parents[2] / "fixtures")
MEGABYTE = 1_000_000
STORED = [name for name in SHIPPED.names() if SHIPPED.expected(name)]


def test_every_replicate_matches_its_digest_and_specification():
    complaints = {name: [*SHIPPED.complaints(name)] for name in STORED}

    assert STORED
    assert {name: found for name, found in complaints.items() if found} == {}


def test_every_model_was_trained_for_as_long_as_it_says():
    wrong = [
        f"{name} seed {seed}: {entry.epochs} epochs, {len(entry.history)} in its history"
        for name in STORED
        for seed, entry in SHIPPED.entries(name).items()
        if {entry.epochs, len(entry.history)} != {SHIPPED.specification(name).training.epochs}
    ]

    assert wrong == []


def test_replicates_of_a_model_are_draws_from_one_distribution():
    mixed = {name for name in STORED if len(procedures(SHIPPED, name)) > 1}

    assert mixed == set()


def test_replicates_stay_within_the_budget_of_the_repository():
    sizes = [entry.bytes for name in SHIPPED.names() for entry in SHIPPED.entries(name).values()]

    assert max(sizes) < 15 * MEGABYTE
    assert sum(sizes) < 110 * MEGABYTE


@pytest.mark.parametrize("name", registry.NAMES)
def test_every_judge_has_a_card_of_all_its_readings(name):
    image_judge = registry.image_judge(name, SHIPPED)

    assert tuple(image_judge.card.readings) == image_judge.readings
    assert image_judge.card.sensitivity().value > 0.85
    assert image_judge.card.sensitivity(Grade.DAMAGED).value > 0.9


@pytest.mark.parametrize("name", registry.NAMES)
def test_noise_is_nothing_to_a_judge(name):
    noise = np.random.default_rng(0).integers(0, 256, (20, 96, 96, 3), dtype=np.uint8)

    assert set(registry.image_judge(name, SHIPPED).grade(noise).words) == {"none"}


def test_only_a_judge_of_classes_tells_classes():
    with pytest.raises(TypeError, match="received that of faces"):
        registry.image_judge("faces", SHIPPED).classes(np.zeros((1, 96, 96, 3), np.uint8))


def test_a_card_survives_the_round_trip():
    card = registry.image_judge("faces", SHIPPED).card

    assert JudgeCard.from_json(card.to_json()) == card


def test_the_mean_error_is_that_of_all_images():
    """A thousand of 3,708 are stored; by the lock, the mean over all of them differs a little."""
    replicate = SHIPPED.replicate("faces_ae_256d", 0)
    sample = replicate.errors("held_out")

    error = replicate.mean_error("held_out")

    assert error.value == SHIPPED.entries("faces_ae_256d")[0].summary["held_out_error"]
    assert error.value == pytest.approx(sample.mean(), rel=0.1)
    assert error.shared == pytest.approx(sample.std(ddof=1) / 3708**0.5)
