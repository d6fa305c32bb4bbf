"""Count verdicts over planted worlds."""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from aelatent.inference.estimates import CONFIDENCE, InsufficientEvidence
from aelatent.inference.rules import Outcome, Rule, Verdict
from aelatent.simulation.run import run_claim
from aelatent.simulation.scenarios import Scenario

DECIDED = {"true": Outcome.SUPPORTED, "false": Outcome.REFUTED}
# Away from the margin a share near 1 is counted, which fewer worlds tell as well.
FRACTION, LEAST = 5, 40


@dataclass(frozen=True)
class Calibration:
    """How often a claim's check said what in worlds whose truth is known.

    Attributes
    ----------
    id, name : str
        The claim's identifier, and its function with that of its world.
    worlds : int
        Worlds played at the margin.
    effects : mapping of str to list of float
        Planted at the "margin", where the claim is clearly "true", and where it is "false".
    counts : mapping of str to mapping of str to int
        Verdicts by outcome at each of them.
    coverage : tuple of int
        Intervals that held the planted effect, of all that there were.
    bias : mapping of str to float
        Mean measured effect minus the planted one, at each where one was measured.
    seconds : float
        What a world took on average.
    """

    id: str
    name: str
    worlds: int
    effects: Mapping[str, list[float]]
    counts: Mapping[str, Mapping[str, int]]
    coverage: tuple[int, int]
    bias: Mapping[str, float]
    seconds: float

    @property
    def false_support(self) -> tuple[int, int]:
        """Worlds at the margin, and those among them that were supported."""
        return self._share("margin", Outcome.SUPPORTED)

    @property
    def false_refutation(self) -> tuple[int, int]:
        """Worlds at the margin, and those among them that were refuted."""
        return self._share("margin", Outcome.REFUTED)

    @property
    def power(self) -> tuple[int, int]:
        """Worlds twice the margin from the null, and those among them that were decided rightly."""
        at = "true" if len(self.effects["margin"]) == 1 else "false"
        return self._share(at, DECIDED[at])

    def _share(self, at: str, outcome: Outcome) -> tuple[int, int]:
        counts = self.counts[at]
        return counts.get(outcome.value, 0), sum(counts.values())


def calibrate(scenario: Scenario, count: int | None = None) -> Calibration:
    """Play a claim in many worlds and count its verdicts.

    Parameters
    ----------
    world : Scenario
    count : int, optional
        Worlds at the margin, instead of the number that `scenario` names; a fifth of them, but not
        fewer than forty, at the effects that are clearly true and false.

    Raises
    ------
    NoScenario
        If the claim's rule leaves nothing to plant.
    """
    number = count or scenario.count
    effects = scenario.effects(_rule(scenario))
    counts: dict[str, Counter[str]] = {}
    bias: dict[str, float] = {}
    covered = played = 0
    numbers = {at: number if at == "margin" else elsewhere(number) for at in effects}
    start = time.perf_counter()
    for place, (at, planted) in enumerate(effects.items()):
        counts[at], errors = Counter(), []
        for index in range(numbers[at]):
            effect = planted[index % len(planted)]
            rng = np.random.default_rng([*_seed(scenario.name), place, index])
            verdict = _played(scenario, effect, rng)
            if verdict is None:
                counts[at][Outcome.ERROR.value] += 1
                continue
            evidence, _ = verdict.parts[scenario.part]
            counts[at][verdict.outcome.value] += 1
            covered += evidence.interval[0] <= effect <= evidence.interval[1]
            errors.append(evidence.effect - effect)
            played += 1
        if errors:
            bias[at] = float(np.mean(errors))
    seconds = (time.perf_counter() - start) / sum(numbers.values())
    return Calibration(
        scenario.id,
        scenario.name,
        number,
        effects,
        {at: dict(found) for at, found in counts.items()},
        (covered, played),
        bias,
        seconds,
    )


def elsewhere(number: int) -> int:
    """Return how many worlds to play away from the margin, for so many at it."""
    return max(number // FRACTION, min(number, LEAST))


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
    """Say a rate and its interval in a cell of a table.

    Examples
    --------
    >>> percent((25, 1000))
    '2.5 % [1.6, 3.7]'
    """
    low, high = interval(share)
    return f"{100 * share[0] / share[1]:.1f} % [{100 * low:.1f}, {100 * high:.1f}]"


HEADING = (
    f"{'claim':6}{'worlds':>8}{'false support':>20}{'false refutation':>20}{'power':>24}  world"
)


def row(found: Calibration) -> str:
    """Say a calibration in a row of the table that `HEADING` begins."""
    support, refutation = map(percent, (found.false_support, found.false_refutation))
    rates = f"{support:>20}{refutation:>20}{percent(found.power):>24}"
    return f"{found.id:6}{found.worlds:>8}{rates}  {found.name}"


def _rule(scenario: Scenario) -> Rule:
    """Return the rule about the planted effect, as the claim states it."""
    rng = np.random.default_rng(_seed(scenario.name))
    verdict = run_claim(scenario.claim, scenario.plant(scenario.null, rng), rng)
    return verdict.parts[scenario.part][1]


def _played(scenario: Scenario, effect: float, rng: np.random.Generator) -> Verdict | None:
    """Play one world; None if the claim found that nothing could be said."""
    try:
        return run_claim(scenario.claim, scenario.plant(effect, rng), rng)
    except InsufficientEvidence:
        return None


def _seed(name: str) -> list[int]:
    return list(hashlib.sha256(name.encode()).digest()[:16])
