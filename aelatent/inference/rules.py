"""Rules turn evidence into outcomes; a verdict keeps both."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from aelatent.inference.estimates import Evidence

# The reading of a judge on which every verdict rests first: all it knows, at its threshold.
THRESHOLD = "threshold"


class Outcome(StrEnum):
    """The verdict on a claim, or why there is none."""

    SUPPORTED = "supported"
    REFUTED = "refuted"
    INCONCLUSIVE = "inconclusive"
    NOT_APPLICABLE = "not applicable"
    ERROR = "error"


class Rule(Protocol):
    """Evidence in, outcome out; `str(rule)` is the sentence that a claim's docstring repeats."""

    @property
    def limits(self) -> tuple[float, float] | None:
        """Where the interval must lie for the claim to be supported; None if there is no such."""

    def __call__(self, evidence: Evidence) -> Outcome:
        """Return what the evidence says about the claim."""

    def pvalue(self, evidence: Evidence) -> float | None:
        """Return the p-value of support: against an effect at the margin or beyond it.

        None where no error is known.
        """

    def refutation_pvalue(self, evidence: Evidence) -> float | None:
        """Return the p-value of refutation: against an effect at the margin or within it.

        None where no error is known.
        """


class Region:
    """A rule about where the whole interval must lie."""

    @property
    def limits(self) -> tuple[float, float]:
        """Where the interval must lie for the claim to be supported."""
        raise NotImplementedError

    def __call__(self, evidence: Evidence) -> Outcome:
        """Decide: supported if the interval lies within, refuted if it lies wholly without."""
        low, high = self.limits
        lower, upper = evidence.interval
        if low < lower and upper < high:
            return Outcome.SUPPORTED
        if upper < low or lower > high:
            return Outcome.REFUTED
        return Outcome.INCONCLUSIVE

    def pvalue(self, evidence: Evidence) -> float | None:
        """Return the larger of the one-sided p-values against the two limits."""
        low, high = self.limits
        above = evidence.exceedance(low) if low > -math.inf else 0.0
        below = evidence.shortfall(high) if high < math.inf else 0.0
        return None if above is None or below is None else max(above, below)

    def refutation_pvalue(self, evidence: Evidence) -> float | None:
        """Return the p-value against an effect within the limits, from the nearer of them."""
        low, high = self.limits
        below = evidence.shortfall(low) if low > -math.inf else 1.0
        above = evidence.exceedance(high) if high < math.inf else 1.0
        return None if above is None or below is None else min(above, below)


@dataclass(frozen=True)
class Near(Region):
    """The effect lies within a factor of a target: an equivalence rule.

    Examples
    --------
    >>> print(Near(1.0, factor=1.15))
    Supported when the 95 % interval over replicates lies within a factor of 1.15 of 1; refuted when
    it lies outside; inconclusive otherwise.
    """

    target: float
    factor: float

    def __post_init__(self) -> None:
        if self.target <= 0 or self.factor <= 1:
            raise ValueError(f"expected target > 0 and factor > 1, received {self!r}")

    @property
    def limits(self) -> tuple[float, float]:
        """Where the interval must lie for the claim to be supported."""
        return self.target / self.factor, self.target * self.factor

    def __str__(self) -> str:
        within = f"within a factor of {self.factor:g} of {self.target:g}"
        return _sentence(f"lies {within}", "it lies outside")


@dataclass(frozen=True)
class Above(Region):
    """The effect exceeds a bound.

    Examples
    --------
    >>> print(Above(0.8))
    Supported when the 95 % interval over replicates lies above 0.8; refuted when it lies below;
    inconclusive otherwise.
    """

    bound: float

    @property
    def limits(self) -> tuple[float, float]:
        """Where the interval must lie for the claim to be supported."""
        return self.bound, math.inf

    def __str__(self) -> str:
        return _sentence(f"lies above {self.bound:g}", "it lies below")


@dataclass(frozen=True)
class Below(Region):
    """The effect stays short of a bound.

    Examples
    --------
    >>> print(Below(0.5))
    Supported when the 95 % interval over replicates lies below 0.5; refuted when it lies above;
    inconclusive otherwise.
    """

    bound: float

    @property
    def limits(self) -> tuple[float, float]:
        """Where the interval must lie for the claim to be supported."""
        return -math.inf, self.bound

    def __str__(self) -> str:
        return _sentence(f"lies below {self.bound:g}", "it lies above")


@dataclass(frozen=True)
class Between(Region):
    """The effect lies between two bounds: an equivalence rule for effects that may be 0.

    Examples
    --------
    >>> print(Between(-0.1, 0.1))
    Supported when the 95 % interval over replicates lies between -0.1 and 0.1; refuted when it lies
    outside; inconclusive otherwise.
    """

    low: float
    high: float

    def __post_init__(self) -> None:
        if not self.low < self.high:
            raise ValueError(f"expected low < high, received {self!r}")

    @property
    def limits(self) -> tuple[float, float]:
        """Where the interval must lie for the claim to be supported."""
        return self.low, self.high

    def __str__(self) -> str:
        return _sentence(f"lies between {self.low:g} and {self.high:g}", "it lies outside")


@dataclass(frozen=True)
class Equals:
    """A fact equals a number, to within a tolerance: for what is true by construction.

    Examples
    --------
    >>> print(Equals(98946))
    Supported when the number is 98946; refuted otherwise.
    >>> print(Equals(0.5, within=0.01))
    Supported when the number is 0.5, give or take 0.01; refuted otherwise.
    """

    target: float
    within: float = 0.0

    @property
    def limits(self) -> tuple[float, float]:
        """Where the number must lie, ends included."""
        return self.target - self.within, self.target + self.within

    def __call__(self, evidence: Evidence) -> Outcome:
        """Decide by the number alone."""
        near = abs(evidence.effect - self.target) <= self.within
        return Outcome.SUPPORTED if near else Outcome.REFUTED

    def pvalue(self, evidence: Evidence) -> float | None:
        """Return None: a fact has no error."""
        del evidence
        return None

    def refutation_pvalue(self, evidence: Evidence) -> float | None:
        """Return None: a fact has no error."""
        del evidence
        return None

    def __str__(self) -> str:
        give_or_take = f", give or take {self.within:g}" if self.within else ""
        return f"Supported when the number is {self.target:.10g}{give_or_take}; refuted otherwise."


@dataclass(frozen=True)
class Verdict:
    """An outcome with the evidence and the rules that led to it.

    A claim of several parts holds if every part holds: an intersection-union test, which needs no
    correction for the number of parts. It falls if one part falls. With k parts there are k ways to
    be refuted by chance, so that a part refutes only if its interval at the level 1 - 0.05/k lies
    outside (Bonferroni); then no more than 2.5 % of claims with all parts at their margins fall.

    Where images were judged, there is a verdict at each reading of the judge. They must agree:
    otherwise the claim is inconclusive, since it depends on the judge.
    """

    parts: tuple[tuple[Evidence, Rule], ...]

    @property
    def outcomes(self) -> list[Outcome]:
        """The outcome of each part, at the judge's threshold."""
        found = []
        for (evidence, rule), wide in zip(self.parts, self.widened, strict=True):
            outcome = rule(evidence)
            open_ = outcome == Outcome.REFUTED and rule(wide) != Outcome.REFUTED
            found.append(Outcome.INCONCLUSIVE if open_ else outcome)
        return found

    @cached_property
    def widened(self) -> list[Evidence]:
        """The evidence of each part with the interval by which the part can refute the claim."""
        uncertain = sum(evidence.has_error for evidence, _ in self.parts)
        return [evidence.widened(max(uncertain, 1)) for evidence, _ in self.parts]

    @property
    def at_threshold(self) -> Outcome:
        """The outcome of the claim at the judge's threshold."""
        for decisive in (Outcome.REFUTED, Outcome.INCONCLUSIVE):
            if decisive in self.outcomes:
                return decisive
        return Outcome.SUPPORTED

    @cached_property
    def readings(self) -> dict[str, Verdict]:
        """The verdict at each other reading of the judge.

        A part that has no such reading keeps its evidence.
        """
        names = dict.fromkeys(name for evidence, _ in self.parts for name in evidence.readings)
        return {
            name: Verdict(tuple((evidence.at(name), rule) for evidence, rule in self.parts))
            for name in names
        }

    @property
    def depends_on_judge(self) -> bool:
        """Whether a reading of the judge leads to another outcome than its threshold."""
        return any(other.at_threshold != self.at_threshold for other in self.readings.values())

    @property
    def outcome(self) -> Outcome:
        """The outcome of the claim."""
        return Outcome.INCONCLUSIVE if self.depends_on_judge else self.at_threshold

    @property
    def decisive(self) -> Evidence:
        """The evidence of the first part that decided.

        That is the first whose outcome depends on the judge where the claim's does, else the first
        that came out as the claim did.
        """
        if self.depends_on_judge:
            others = [other.outcomes for other in self.readings.values()]
            for place, outcome in enumerate(self.outcomes):
                if any(outcomes[place] != outcome for outcomes in others):
                    return self.parts[place][0]
        return self.parts[self.outcomes.index(self.at_threshold)][0]

    @property
    def pvalue(self) -> float | None:
        """The p-value against the margin, in the direction of the outcome.

        It is below 0.025 where the claim is supported or refuted, and nowhere else. Of support it
        is the largest of the parts', of refutation k times the smallest of k parts; of a claim that
        is inconclusive the smaller of the two. It is the largest over the readings of a judge. None
        where no error is known.
        """
        at = [self, *self.readings.values()]
        support = _known(max, (verdict._support for verdict in at))
        refutation = _known(max, (verdict._refutation for verdict in at))
        return directed_pvalue(self.outcome, support, refutation)

    @property
    def _support(self) -> float | None:
        return _known(max, (rule.pvalue(evidence) for evidence, rule in self.parts))

    @property
    def _refutation(self) -> float | None:
        found = [rule.refutation_pvalue(evidence) for evidence, rule in self.parts]
        if Outcome.REFUTED in (o for o, p in zip(self.outcomes, found, strict=True) if p is None):
            return None  # a fact refutes
        least = _known(min, found)
        return None if least is None else min(1.0, least * sum(p is not None for p in found))

    def sentences(self) -> list[str]:
        """Return the sentence of each rule."""
        return [str(rule) for _, rule in self.parts]


def verdict(evidence: Evidence | Sequence[Evidence], rule: Rule | Sequence[Rule]) -> Verdict:
    """Pair evidence with rules, one rule for each piece of evidence.

    Parameters
    ----------
    evidence : Evidence or sequence of Evidence
    rule : Rule or sequence of Rule
        As many as there are pieces of evidence, in the same order.

    Returns
    -------
    Verdict

    Raises
    ------
    ValueError
        If there is no evidence, or not one rule for each piece, or if a margin is a bound that the
        effect cannot pass.
    """
    pieces = list(evidence) if isinstance(evidence, Sequence) else [evidence]
    rules = list(rule) if isinstance(rule, Sequence) else [rule]
    if not pieces or len(pieces) != len(rules):
        raise ValueError(
            f"expected one rule a piece of evidence, received {len(rules)} rules for {len(pieces)}"
        )
    for piece, its_rule in zip(pieces, rules, strict=True):
        _refuse_bounds_as_margins(piece, its_rule)
    return Verdict(tuple(zip(pieces, rules, strict=True)))


def _refuse_bounds_as_margins(evidence: Evidence, rule: Rule) -> None:
    """Trainings cannot scatter at a bound: the score test would take other means as certain."""
    bounds = evidence.errors.bounds
    if any(math.isfinite(limit) and limit in bounds for limit in rule.limits or ()):
        raise ValueError(
            f"expected a margin other than the bounds of the effect, {bounds}, received {rule!r}"
        )


def directed_pvalue(
    outcome: Outcome, support: float | None, refutation: float | None
) -> float | None:
    """Return the p-value of what was decided; the smaller one where nothing was.

    Parameters
    ----------
    outcome : Outcome
    support, refutation : float or None
        The p-values of support and of refutation; None where no error is known.

    Returns
    -------
    float or None
    """
    if outcome == Outcome.INCONCLUSIVE:
        return _known(min, (support, refutation))
    return support if outcome == Outcome.SUPPORTED else refutation


def _known(choose: Any, pvalues: Iterable[float | None]) -> float | None:
    """Return the largest or smallest of the p-values that are known."""
    known = [pvalue for pvalue in pvalues if pvalue is not None]
    return choose(known) if known else None


def _sentence(supported: str, refuted: str) -> str:
    return (
        f"Supported when the 95 % interval over replicates {supported}; refuted when {refuted}; "
        "inconclusive otherwise."
    )
