"""Scenarios: functions that simulate models of a given true effect, each beside its claim."""

from __future__ import annotations

import importlib.util
import math
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from aelatent.inference.rules import Equals, Near, Rule

Simulate = Callable[[float, np.random.Generator], dict[str, Any]]
Claim = Callable[..., None]
SCENARIOS = "__scenarios__"
EXEMPTION = "__why_not_simulated__"


class NoScenario(ValueError):
    """A scenario that cannot be simulated: its claim's rule has no bound."""


@dataclass(frozen=True)
class Scenario:
    """Simulations for one claim, by their true effect.

    Attributes
    ----------
    claim : callable
        The claim's function, as pytest runs it.
    simulate : callable
        From the true effect and a random generator to the claim's arguments: the fixtures that it
        asks for, `decide`, `add_figure` and `rng` aside, and its parameters.
    null : float
        The effect that speaks least for the claim; the margin is the distance from it to the rule's
        bound.
    part : int
        The part of the claim that has the true effect; all other parts must be comfortably true.
    count : int
        Number of simulations at the margin.
    """

    claim: Claim
    simulate: Simulate
    null: float
    part: int = 0
    count: int = 1000

    @property
    def id(self) -> str:
        """The claim's identifier in the catalogue."""
        return claim_id(self.claim)

    @property
    def name(self) -> str:
        """The names of the claim's function and of the scenario's."""
        return f"{self.claim.__name__}/{self.simulate.__name__}"

    def effects(self, rule: Rule) -> dict[str, list[float]]:
        """Return the true effects at the "margin", and where the claim is "true" and "false".

        A one-sided rule is true as far beyond its bound as the null lies on the other side, and
        false at the null. A rule of equivalence is true at the null and false at twice its margin.

        Raises
        ------
        NoScenario
            If the rule has no bound.
        """
        limits = () if isinstance(rule, Equals) else rule.limits or ()
        ends = [end for end in limits if math.isfinite(end)]
        if not ends:
            raise NoScenario(f"expected a rule with a bound, received {rule!r}")
        if len(ends) == 1:
            return {"margin": ends, "true": [2 * ends[0] - self.null], "false": [self.null]}
        if isinstance(rule, Near):
            beyond = [end**2 / self.null for end in ends]
        else:
            beyond = [2 * end - self.null for end in ends]
        return {"margin": ends, "true": [self.null], "false": beyond}


def scenario(
    claim: Claim, *, null: float, part: int = 0, count: int = 1000
) -> Callable[[Simulate], Simulate]:
    """Mark a function as a scenario of a claim; of several claims if it is marked several times.

    Parameters
    ----------
    claim : callable
        The claim's function.
    null : float
        The effect that speaks least for the claim, from which the margin is measured.
    part : int
        The part of the claim that has the true effect; the first by default.
    count : int
        Number of simulations at the margin.

    Returns
    -------
    callable
        A decorator that returns the function itself.
    """

    def mark(simulate: Simulate) -> Simulate:
        marked = Scenario(claim, simulate, null, part, count)
        setattr(simulate, SCENARIOS, (marked, *getattr(simulate, SCENARIOS, ())))
        return simulate

    return mark


def not_simulated(claim: Claim, *, because: str) -> None:
    """Exempt a claim from simulations.

    Parameters
    ----------
    claim : callable
        The claim's function.
    because : str
        The reason, such as that it counts weights and estimates nothing.
    """
    setattr(claim, EXEMPTION, because)


def scenarios_of(path: Path) -> list[Scenario]:
    """Return the scenarios of a file of claims, in their order."""
    module = load_claims(path)
    functions = [value for value in vars(module).values() if callable(value)]
    return [scenario for function in functions for scenario in getattr(function, SCENARIOS, ())]


def exemptions_of(path: Path) -> list[tuple[str, str, str]]:
    """Return the exempted claims of a file: identifier, name of the function, and reason."""
    functions = [value for value in vars(load_claims(path)).values() if callable(value)]
    return [
        (claim_id(function), function.__name__, getattr(function, EXEMPTION))
        for function in functions
        if hasattr(function, EXEMPTION)
    ]


def claim_id(claim: Claim) -> str:
    """Return the claim's identifier in the catalogue."""
    marks = getattr(claim, "pytestmark", [])
    return next(str(mark.args[0]) for mark in marks if mark.name == "claim")


def claim_files(folder: Path) -> Iterator[Path]:
    """Yield the files of claims of a folder, sorted."""
    yield from sorted(folder.rglob("test_*.py"))


def load_claims(path: Path) -> ModuleType:
    """Import a file of claims by its path.

    Raises
    ------
    NoScenario
        If it is no Python file.
    """
    name = f"aelatent_claims_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise NoScenario(f"{path}: expected a file of claims in Python")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module
