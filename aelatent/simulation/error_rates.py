"""Error rates of a claim's check: verdicts counted over simulations of known truth."""

from __future__ import annotations

import hashlib
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from aelatent.inference.estimates import CONFIDENCE, InsufficientEvidence
from aelatent.inference.rules import Outcome, Rule, Verdict
from aelatent.simulation.run import run_claim
from aelatent.simulation.scenarios import Scenario

DECIDED = {"true": Outcome.SUPPORTED, "false": Outcome.REFUTED}
# Off the margin nearly every simulation is decided, so fewer of them suffice.
FRACTION, LEAST = 5, 40


@dataclass(frozen=True)
class Calibration:
    """How often a claim's check reached each verdict in simulations whose truth is known.

    Attributes
    ----------
    id, name : str
        The claim's identifier, and the names of its function and of its scenario.
    simulations : int
        Number of simulations at the margin.
    effects : mapping of str to list of float
        True effects at the "margin", where the claim is clearly "true", and where it is "false".
    counts : mapping of str to mapping of str to int
        Number of verdicts by outcome, at each of them.
    coverage : tuple of int
        Number of intervals that contain the true effect, and number of all intervals.
    bias : mapping of str to float
        Mean measured effect minus the true one, at each where one was measured.
    seconds : float
        Mean time of a simulation.
    """

    id: str
    name: str
    simulations: int
    effects: Mapping[str, list[float]]
    counts: Mapping[str, Mapping[str, int]]
    coverage: tuple[int, int]
    bias: Mapping[str, float]
    seconds: float

    @property
    def false_support(self) -> tuple[int, int]:
        """Number of supported simulations at the margin, and of all there."""
        return self._share("margin", Outcome.SUPPORTED)

    @property
    def false_refutation(self) -> tuple[int, int]:
        """Number of refuted simulations at the margin, and of all there."""
        return self._share("margin", Outcome.REFUTED)

    @property
    def power(self) -> tuple[int, int]:
        """Number of rightly decided simulations at twice the margin, and of all there."""
        at = "true" if len(self.effects["margin"]) == 1 else "false"
        return self._share(at, DECIDED[at])

    def _share(self, at: str, outcome: Outcome) -> tuple[int, int]:
        counts = self.counts[at]
        return counts.get(outcome.value, 0), sum(counts.values())


def calibrate(scenario: Scenario, count: int | None = None) -> Calibration:
    """Run a claim on many simulations of a scenario and count its verdicts.

    Parameters
    ----------
    scenario : Scenario
    count : int, optional
        Number of simulations at the margin; by default the number that `scenario` names. At the
        effects that are clearly true and false `simulations_off_margin` says how many.

    Returns
    -------
    Calibration

    Raises
    ------
    NoScenario
        If the claim's rule has no bound.
    """
    at_margin = count or scenario.count
    effects = scenario.effects(_rule(scenario))
    start = time.perf_counter()
    tallies = {}
    for place, (at, values) in enumerate(effects.items()):
        number = at_margin if at == "margin" else simulations_off_margin(at_margin)
        tallies[at] = _tally(scenario, values, place, number)
    total = sum(tally.outcomes.total() for tally in tallies.values())
    return Calibration(
        scenario.id,
        scenario.name,
        at_margin,
        effects,
        {at: dict(tally.outcomes) for at, tally in tallies.items()},
        (
            sum(tally.covered for tally in tallies.values()),
            sum(len(tally.errors) for tally in tallies.values()),
        ),
        {at: float(np.mean(tally.errors)) for at, tally in tallies.items() if tally.errors},
        (time.perf_counter() - start) / total,
    )


def simulations_off_margin(at_margin: int) -> int:
    """Return how many simulations to run at a clearly true or false effect.

    A fifth of those at the margin, but at least forty, or as many as at the margin.
    """
    return max(at_margin // FRACTION, min(at_margin, LEAST))


def interval(share: tuple[int, int]) -> tuple[float, float]:
    """Return the exact 95 % interval of a rate, after Clopper and Pearson (1934).

    Examples
    --------
    >>> [round(end, 4) for end in interval((25, 1000))]
    [0.0162, 0.0367]
    """
    from scipy import stats  # takes half a second to import, and claims import this package

    found = stats.binomtest(*share).proportion_ci(CONFIDENCE)
    return float(found.low), float(found.high)


def percent(share: tuple[int, int]) -> str:
    """Return a rate and its interval in per cent.

    Examples
    --------
    >>> percent((25, 1000))
    '2.5 % [1.6, 3.7]'
    """
    low, high = interval(share)
    return f"{100 * share[0] / share[1]:.1f} % [{100 * low:.1f}, {100 * high:.1f}]"


HEADING = (
    f"{'claim':6}{'simulations':>13}{'false support':>20}{'false refutation':>20}"
    f"{'power':>24}  scenario"
)


def row(calibration: Calibration) -> str:
    """Return a calibration as a row of the table that `HEADING` begins."""
    support, refutation, power = (
        percent(share)
        for share in (calibration.false_support, calibration.false_refutation, calibration.power)
    )
    rates = f"{support:>20}{refutation:>20}{power:>24}"
    return f"{calibration.id:6}{calibration.simulations:>13}{rates}  {calibration.name}"


@dataclass(frozen=True)
class _Tally:
    """Outcomes of simulations, intervals that cover the truth, and measured minus true effects."""

    outcomes: Counter[str]
    covered: int
    errors: list[float]


def _tally(scenario: Scenario, effects: Sequence[float], place: int, number: int) -> _Tally:
    """Run so many simulations, which take turns at the effects; `place` is part of their seeds."""
    outcomes: Counter[str] = Counter()
    covered, errors = 0, []
    for index in range(number):
        effect = effects[index % len(effects)]
        rng = np.random.default_rng([*_seed(scenario.name), place, index])
        verdict = _simulated_verdict(scenario, effect, rng)
        if verdict is None:
            outcomes[Outcome.ERROR.value] += 1
            continue
        evidence, _ = verdict.parts[scenario.part]
        outcomes[verdict.outcome.value] += 1
        covered += evidence.interval[0] <= effect <= evidence.interval[1]
        errors.append(evidence.effect - effect)
    return _Tally(outcomes, covered, errors)


def _rule(scenario: Scenario) -> Rule:
    """Return the claim's rule about the simulated effect."""
    rng = np.random.default_rng(_seed(scenario.name))
    verdict = run_claim(scenario.claim, scenario.simulate(scenario.null, rng), rng)
    return verdict.parts[scenario.part][1]


def _simulated_verdict(
    scenario: Scenario, effect: float, rng: np.random.Generator
) -> Verdict | None:
    """Run one simulation; return None if its evidence is insufficient or the claim is skipped."""
    try:
        return run_claim(scenario.claim, scenario.simulate(effect, rng), rng)
    except _without_verdict():
        return None


def _without_verdict() -> tuple[type[BaseException], ...]:
    """Return what a claim raises that gives no verdict; `pytest.skip` without importing pytest."""
    outcomes = sys.modules.get("_pytest.outcomes")
    return (InsufficientEvidence,) if outcomes is None else (InsufficientEvidence, outcomes.Skipped)


def _seed(name: str) -> list[int]:
    return list(hashlib.sha256(name.encode()).digest()[:16])
