"""The worlds of the claims can be played, and what is stored of them is up to date."""

from pathlib import Path

import pytest

from aelatent.inference.rules import Outcome
from aelatent.simulation import (
    FILE,
    Calibrations,
    calibrate,
    code_digest,
    files,
    not_simulated_of,
    scenarios_of,
)
from aelatent.simulation.scenarios import load_claims

CLAIMS = Path(__file__).parents[2] / "claims"
WORLDS = [(file, scenario) for file in files(CLAIMS) for scenario in scenarios_of(file)]


@pytest.mark.parametrize("file", list(files(CLAIMS)), ids=lambda file: file.stem)
def test_every_claim_has_a_world_or_says_why_it_has_none(file):
    """A claim whose errors are not counted would look as sure as the others."""
    claims = {
        name
        for name, found in vars(load_claims(file)).items()
        if name.startswith("test_") and not name.startswith("test_control_")
        if any(mark.name == "claim" for mark in getattr(found, "pytestmark", []))
    }
    planted = {scenario.claim.__name__ for scenario in scenarios_of(file)}
    excused = {name for _, name, _ in not_simulated_of(file)}

    assert claims == planted | excused
    assert not planted & excused


@pytest.mark.parametrize(("file", "world"), WORLDS, ids=[scenario.name for _, scenario in WORLDS])
def test_a_world_can_be_played(file, scenario):
    """One world at each effect; the counts that matter are stored."""
    found = calibrate(scenario, 1)

    assert sum(counts.get(Outcome.ERROR, 0) for counts in found.counts.values()) == 0
    # Clear cases are never taken for their opposite.
    assert Outcome.REFUTED not in found.counts["true"]
    assert Outcome.SUPPORTED not in found.counts["false"]


@pytest.mark.parametrize(("file", "world"), WORLDS, ids=[scenario.name for _, scenario in WORLDS])
def test_the_stored_calibration_is_that_of_the_code(file, scenario):
    """After a change of a claim: `aelatent calibrate`, and commit what it writes."""
    stored = Calibrations.read(CLAIMS / FILE).of(scenario.claim.__name__, code_digest(file))

    assert [known["stale"] for known in stored if known["name"] == scenario.name] == [False]
