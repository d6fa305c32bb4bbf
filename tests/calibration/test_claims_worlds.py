"""The worlds of the claims can be played, and what is stored of them is up to date."""

from pathlib import Path

import pytest

from aelatent.calibration import FILE, Calibrations, calibrate, code_digest, files, worlds_of
from aelatent.verdicts import Outcome

CLAIMS = Path(__file__).parents[2] / "claims"
WORLDS = [(file, world) for file in files(CLAIMS) for world in worlds_of(file)]


@pytest.mark.parametrize(("file", "world"), WORLDS, ids=[world.name for _, world in WORLDS])
def test_a_world_can_be_played(file, world):
    """One world at each effect; the counts that matter are stored."""
    found = calibrate(world, 1)

    assert sum(counts.get(Outcome.ERROR, 0) for counts in found.counts.values()) == 0
    # Clear cases are never taken for their opposite.
    assert Outcome.REFUTED not in found.counts["true"]
    assert Outcome.SUPPORTED not in found.counts["false"]


@pytest.mark.parametrize(("file", "world"), WORLDS, ids=[world.name for _, world in WORLDS])
def test_the_stored_calibration_is_that_of_the_code(file, world):
    """After a change of a claim: `aelatent calibrate`, and commit what it writes."""
    stored = Calibrations.read(CLAIMS / FILE).of(world.claim.__name__, code_digest(file))

    assert [known["stale"] for known in stored if known["name"] == world.name] == [False]
