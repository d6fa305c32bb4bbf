"""The scenarios of the claims run, and their stored calibrations are up to date."""

from pathlib import Path

import numpy as np
import pytest
import yaml

from aelatent.inference.rules import Outcome
from aelatent.simulation import (
    FILE,
    Calibrations,
    calibrated_names,
    claim_files,
    code_digest,
    exemptions_of,
    run_claim,
    scenarios_of,
)
from aelatent.simulation.scenarios import load_claims
from aelatent.statistics import embedding

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


@pytest.fixture
def short_maps(monkeypatch):
    """Maps by t-SNE end after a third of their iterations; `calibrate` simulates whole ones."""
    method = embedding.METHODS["scikit-learn"]

    def short(points, perplexity, exaggeration, iterations, seed):
        return method(points, perplexity, exaggeration, iterations // 3, seed)

    monkeypatch.setitem(embedding.METHODS, "scikit-learn", short)


@pytest.mark.slow
@pytest.mark.parametrize("file", list(claim_files(CLAIMS)), ids=lambda file: file.stem)
def test_scenarios_run_and_clear_cases_are_decided_rightly(file, short_maps):
    """One simulation where the claim is clearly true, one where false; `calibrate` counts more."""
    wrong = []
    for scenario in scenarios_of(file):
        outcomes = clear_outcomes(scenario)
        if outcomes["true"] is Outcome.REFUTED or outcomes["false"] is Outcome.SUPPORTED:
            wrong.append((scenario.name, outcomes))

    assert wrong == []


def clear_outcomes(scenario):
    """Simulate at the null, which also tells the rule, and at the other clear effect."""
    at_null = simulated_verdict(scenario, scenario.null)
    effects = scenario.effects(at_null.parts[scenario.part][1])
    at, other = ("false", "true") if effects["false"] == [scenario.null] else ("true", "false")
    return {
        at: at_null.outcome,
        other: simulated_verdict(scenario, effects[other][0]).outcome,
    }


def simulated_verdict(scenario, effect):
    rng = np.random.default_rng(0)
    try:
        return run_claim(scenario.claim, scenario.simulate(effect, rng), rng)
    except pytest.skip.Exception as skipped:  # it would skip this test, and nobody would look
        pytest.fail(f"{scenario.name}: the claim does not apply to its own scenario: {skipped}")


def test_stored_calibrations_are_those_of_the_code(scenarios):
    """After a change of a claim: `aelatent calibrate --stale`, and commit what it writes.

    `claims/pending.yaml` lists the scenarios that wait for it, and no others.
    """
    stored = Calibrations.read(CLAIMS / FILE)
    stale = [
        scenario.name
        for file, simulated in scenarios.items()
        for code in [code_digest(file)]
        for scenario in simulated
        if not stored.current(scenario.name, code, 1)
    ]

    pending = yaml.safe_load((CLAIMS / "pending.yaml").read_text(encoding="utf-8"))
    assert sorted(stale) == pending["calibrate"]
    assert sorted(stored.records.keys() - calibrated_names(CLAIMS)) == []
