"""A simulated judge errs as its card says, and its card as that of a stored judge."""

from pathlib import Path

import numpy as np
import pytest

from aelatent.judges import JudgeCard
from aelatent.judges.grade import Grade
from aelatent.simulation import DIGITS_CARD, FACES_CARD, SimulatedJudge

FIXTURES = Path(__file__).parents[2] / "fixtures"


@pytest.mark.parametrize("card", [FACES_CARD, DIGITS_CARD])
def test_a_simulated_judge_errs_at_its_own_rates(card, rng):
    judge = SimulatedJudge(rng, card)
    clean, damaged = np.repeat(np.array([255, 100], np.uint8), 20000).reshape(2, -1, 1, 1, 1)
    for reading in judge.readings:
        found, mistaken = (
            np.mean(judge.grades(judge.measures(images), reading) == Grade.CLEAN)
            for images in (clean, damaged)
        )
        chances = judge.chances(Grade.CLEAN, reading)
        seen = max(chances[0], judge.chances(Grade.DAMAGED, reading)[0])
        assert found == pytest.approx(min(chances[0], seen), abs=0.015)
        assert mistaken == pytest.approx(min(chances[1], seen), abs=0.015)


@pytest.mark.parametrize(("name", "simulated"), [("faces", FACES_CARD), ("digits", DIGITS_CARD)])
def test_simulated_judges_err_as_the_stored_cards_say(name, simulated):
    stored = JudgeCard.read(FIXTURES / "judges" / f"{name}.json")
    assert set(simulated.clean) == set(simulated.recognisable) == set(stored.readings)
    for grade in (Grade.CLEAN, Grade.DAMAGED):
        for reading in stored.readings:
            here, there = simulated.rates(grade, reading), stored
            found = there.sensitivity(grade, reading)
            false = there.false_acceptance(grade, reading)
            assert here.sensitivity.value == pytest.approx(found.value, abs=6e-4)
            assert here.sensitivity.shared == pytest.approx(found.shared, abs=6e-5)
            assert here.false_acceptance.value == pytest.approx(false.value, abs=6e-5)
            assert here.false_acceptance.kind.error == pytest.approx(false.kind.error, abs=1e-4)
            assert here.false_acceptance.kind.degrees == false.kind.degrees
