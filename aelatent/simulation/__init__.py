"""Simulated scenarios with known truth: how often each check errs.

A scenario is a function beside its claim, marked with `scenario`, that simulates models with a
given true effect. `run_claim` runs the very function that pytest runs on them and returns its
verdict; `calibrate` counts verdicts over many simulations; `Calibrations` keeps the counts with the
digest of the code that they hold for.
"""

from aelatent.simulation.error_rates import HEADING, Calibration, calibrate, percent, row
from aelatent.simulation.results import FILE, Calibrations, code_digest
from aelatent.simulation.run import run_claim
from aelatent.simulation.scenarios import (
    NoScenario,
    Scenario,
    files,
    not_simulated,
    not_simulated_of,
    scenario,
    scenarios_of,
)
from aelatent.simulation.simulated_models import (
    DIGITS,
    FACES,
    SimulatedCard,
    SimulatedJudge,
    SimulatedModel,
    SimulatedReplicate,
    correlated_codes,
    decoder_accepting,
    decoders,
    scores,
    stored,
    torn,
)
from aelatent.simulation.tasks import Task, excuses, identities, run_task, tasks_of

__all__ = [
    "DIGITS",
    "FACES",
    "FILE",
    "HEADING",
    "Calibration",
    "Calibrations",
    "NoScenario",
    "Scenario",
    "SimulatedCard",
    "SimulatedJudge",
    "SimulatedModel",
    "SimulatedReplicate",
    "Task",
    "calibrate",
    "code_digest",
    "correlated_codes",
    "decoder_accepting",
    "decoders",
    "excuses",
    "files",
    "identities",
    "not_simulated",
    "not_simulated_of",
    "percent",
    "row",
    "run_claim",
    "run_task",
    "scenario",
    "scenarios_of",
    "scores",
    "stored",
    "tasks_of",
    "torn",
]
