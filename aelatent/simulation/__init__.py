"""Simulated scenarios with known truth: how often each check errs.

A scenario is a function beside its claim, marked with `scenario`, that simulates models with a
given true effect; each call of it is a simulation. `run_claim` runs the very function that pytest
runs on simulated models and returns its verdict; `calibrate` counts verdicts over many simulations;
`Calibrations` keeps the counts with the digest of the code that they hold for.
"""

from aelatent.simulation.error_rates import HEADING, Calibration, calibrate, percent, row
from aelatent.simulation.results import FILE, Calibrations, code_digest
from aelatent.simulation.run import run_claim
from aelatent.simulation.scenarios import (
    NoScenario,
    Scenario,
    claim_files,
    exemptions_of,
    not_simulated,
    scenario,
    scenarios_of,
)
from aelatent.simulation.simulated_codes import (
    beta_shares,
    codes_of_lengths,
    correlated_codes,
    have_independent_halves,
    normal_clouds,
    scatter_about_one,
    stored_cloud,
)
from aelatent.simulation.simulated_judge import (
    DIGITS_CARD,
    FACES_CARD,
    SimulatedCard,
    SimulatedJudge,
    SimulatedRates,
)
from aelatent.simulation.simulated_models import (
    SimulatedModel,
    SimulatedReplicate,
    SimulatedSpecification,
    decoder_accepting,
    model_with_hit_rates,
    model_with_variety,
    random_region,
    replicate_with_hit_rate,
    replicate_with_variety,
    with_style,
)
from aelatent.simulation.tasks import (
    Task,
    calibrated_names,
    claim_ids,
    exemptions,
    run_task,
    tasks_of,
)

__all__ = [
    "DIGITS_CARD",
    "FACES_CARD",
    "FILE",
    "HEADING",
    "Calibration",
    "Calibrations",
    "NoScenario",
    "Scenario",
    "SimulatedCard",
    "SimulatedJudge",
    "SimulatedModel",
    "SimulatedRates",
    "SimulatedReplicate",
    "SimulatedSpecification",
    "Task",
    "beta_shares",
    "calibrate",
    "calibrated_names",
    "claim_files",
    "claim_ids",
    "code_digest",
    "codes_of_lengths",
    "correlated_codes",
    "decoder_accepting",
    "exemptions",
    "exemptions_of",
    "have_independent_halves",
    "model_with_hit_rates",
    "model_with_variety",
    "normal_clouds",
    "not_simulated",
    "percent",
    "random_region",
    "replicate_with_hit_rate",
    "replicate_with_variety",
    "row",
    "run_claim",
    "run_task",
    "scatter_about_one",
    "scenario",
    "scenarios_of",
    "stored_cloud",
    "tasks_of",
    "with_style",
]
