"""Worlds: functions that plant a given effect, each beside the claim that should find it."""

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

Planter = Callable[[float, np.random.Generator], dict[str, Any]]
Claim = Callable[..., None]
SCENARIOS = "__planted_world__"
WHY_NOT = "__why_there_is_no_world__"


class NoScenario(ValueError):
    """A world that cannot be played: its claim's rule leaves nothing to plant."""


@dataclass(frozen=True)
class Scenario:
    """A family of worlds for one claim.

    Attributes
    ----------
    claim : callable
        The claim's function, as pytest runs it.
    plant : callable
        From the true effect and a random generator to the claim's arguments: the fixtures that it
        asks for, `decide`, `add_figure` and `rng` aside, and its parameters.
    null : float
        The effect that says nothing for the claim; the margin is how far the rule's bound lies from
        it.
    part : int
        Which part of the claim the planted effect is about; all others must be comfortably true.
    count : int
        How many worlds to play at the margin.
    """

    claim: Claim
    plant: Planter
    null: float
    part: int = 0
    count: int = 1000

    @property
    def id(self) -> str:
        """The claim's identifier in the catalogue."""
        return identity(self.claim)

    @property
    def name(self) -> str:
        """The claim's function and the world's."""
        return f"{self.claim.__name__}/{self.plant.__name__}"

    def effects(self, rule: Rule) -> dict[str, list[float]]:
        """Return the effects to plant: "margin", and where the verdict must be "true" or "false".

        A one-sided rule is true as far beyond its bound as the null lies on the other side, and
        false at the null. A rule of equivalence is true at the null and false at twice its margin.
        """
        limits = () if isinstance(rule, Equals) else rule.limits or ()
        ends = [end for end in limits if math.isfinite(end)]
        if not ends:
            raise NoScenario(f"{self.name}: expected a rule with a bound, received {rule!r}")
        if len(ends) == 1:
            return {"margin": ends, "true": [2 * ends[0] - self.null], "false": [self.null]}
        if isinstance(rule, Near):
            beyond = [end**2 / self.null for end in ends]
        else:
            beyond = [2 * end - self.null for end in ends]
        return {"margin": ends, "true": [self.null], "false": beyond}


def scenario(
    claim: Claim, *, null: float, part: int = 0, count: int = 1000
) -> Callable[[Planter], Planter]:
    """Mark a function as the planter of a claim's worlds; see `Scenario` for the arguments.

    A function may plant for several claims.
    """

    def mark(plant: Planter) -> Planter:
        planted = Scenario(claim, plant, null, part, count)
        setattr(plant, SCENARIOS, (planted, *getattr(plant, SCENARIOS, ())))
        return plant

    return mark


def not_simulated(claim: Claim, *, because: str) -> None:
    """Say why a claim has no worlds, such as that it counts weights and draws nothing."""
    setattr(claim, WHY_NOT, because)


def scenarios_of(path: Path) -> list[Scenario]:
    """Read the worlds that a file of claims plants, in their order."""
    module = load_claims(path)
    functions = [value for value in vars(module).values() if callable(value)]
    return [scenario for function in functions for scenario in getattr(function, SCENARIOS, ())]


def not_simulated_of(path: Path) -> list[tuple[str, str, str]]:
    """Read which claims of a file have no worlds: the identifier, the function, and why."""
    functions = [value for value in vars(load_claims(path)).values() if callable(value)]
    return [
        (identity(function), function.__name__, getattr(function, WHY_NOT))
        for function in functions
        if hasattr(function, WHY_NOT)
    ]


def identity(claim: Claim) -> str:
    """Return the claim's identifier in the catalogue."""
    marks = getattr(claim, "pytestmark", [])
    return next(str(mark.args[0]) for mark in marks if mark.name == "claim")


def files(folder: Path) -> Iterator[Path]:
    """Yield the files of claims of a folder, sorted."""
    yield from sorted(folder.rglob("test_*.py"))


def load_claims(path: Path) -> ModuleType:
    """Import a file of claims, wherever it lies."""
    name = f"aelatent_claims_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise NoScenario(f"{path}: expected a file of claims in Python")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module
