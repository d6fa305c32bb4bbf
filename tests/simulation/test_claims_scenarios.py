"""The scenarios of the claims run, and their stored calibrations are up to date."""

from pathlib import Path

import pytest

from aelatent.inference.rules import Outcome
from aelatent.simulation import (
    FILE,
    Calibrations,
    calibrate,
    claim_files,
    code_digest,
    exemptions_of,
    scenarios_of,
)
from aelatent.simulation.scenarios import load_claims

CLAIMS = Path(__file__).parents[2] / "claims"


@pytest.fixture(scope="module")
def scenarios():
    """The scenarios of each file of claims."""
    return {file: scenarios_of(file) for file in claim_files(CLAIMS)}


def test_every_claim_has_a_scenario_or_an_exemption(scenarios):
    """A claim whose errors are not counted would look as sure as the others."""
    wrong = []
    for file, simulated in scenarios.items():
        claims = {
            name
            for name, function in vars(load_claims(file)).items()
            if name.startswith("test_") and not name.startswith("test_control_")
            if any(mark.name == "claim" for mark in getattr(function, "pytestmark", []))
        }
        with_scenario = {scenario.claim.__name__ for scenario in simulated}
        exempted = {name for _, name, _ in exemptions_of(file)}
        wrong += claims ^ (with_scenario | exempted)
        wrong += with_scenario & exempted

    assert wrong == []


@pytest.mark.slow
@pytest.mark.parametrize("file", list(claim_files(CLAIMS)), ids=lambda file: file.stem)
def test_scenarios_run_and_clear_cases_are_decided_rightly(file):
    """One simulation at each effect; the counts that matter are stored."""
    wrong = []
    for scenario in scenarios_of(file):
        counts = calibrate(scenario, 1).counts
        errors = sum(outcomes.get(Outcome.ERROR, 0) for outcomes in counts.values())
        if errors or Outcome.REFUTED in counts["true"] or Outcome.SUPPORTED in counts["false"]:
            wrong.append((scenario.name, counts))

    assert wrong == []


def test_stored_calibrations_are_those_of_the_code(scenarios):
    """After a change of a claim: `aelatent calibrate --stale`, and commit what it writes."""
    stored = Calibrations.read(CLAIMS / FILE)
    stale = [
        scenario.name
        for file, simulated in scenarios.items()
        for code in [code_digest(file)]
        for scenario in simulated
        if not stored.current(scenario.name, code, 1)
    ]

    assert stale == []
