"""Rules turn evidence into outcomes; a verdict keeps both, a record carries it away."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from aelatent.inference.estimates import Evidence

# The reading of a judge on which every verdict rests first: all it knows, at its threshold.
THRESHOLD = "threshold"
JUDGE = "judge"  # what a verdict can depend on beside the trainings


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
        return _directed(self.outcome, support, refutation)

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


@dataclass
class Record:
    """A verdict in plain types, for JSON, reports, and travel between processes.

    `id` is the claim's in its catalogue, such as "B-08", and `file` and `line` are where it is
    written; a control shares identifier and file with the claims of its file. `models` names
    every fixture model it is about, none for analytic clouds, and `model` says so in a word or two.
    `figures` are paths relative to the report, `alternatives` say in words what each of them shows;
    `parts` holds effect, interval, unit, rule, limits (between which the interval must lie, None
    for an open end), outcome, pvalue (against the margin, in the direction of the outcome),
    surrogate_pvalue (against the null's surrogates, where there are any), per_replicate, null
    (between which numbers 95 % of the surrogates lie), wide_interval (by which one of several
    parts can refute the claim, else None) and errors (the fields of `Errors`, None where no error
    is known; older records lack it) of every part of a claim; the part that
    decided also stands at the top, or the first where there is a `source_value` to hold against it.
    `readings` holds, where images were judged, the name and outcome of each reading of the judge,
    that at its threshold first, and effect, interval, outcome, per_replicate and errors of every
    part at that reading; `depends_on` is "judge" where they do not agree, else empty. `recorded`
    says where, when and from which commit a verdict is that was not worked out in this run;
    `calibration` how often the claim's check errs, a record for each of its scenarios; `amended`
    the date on which its rule was written, where models and earlier verdicts existed by then.
    `date` and `commit` are those of an earlier run that a report keeps the record of; both are
    empty for the run that the report's environment describes.
    """

    id: str
    name: str
    title: str
    source: str
    model: str
    outcome: str
    expected: str
    file: str = ""
    line: int = 0
    because: str = ""
    effect: float | None = None
    interval: tuple[float, float] | None = None
    unit: str = ""
    source_value: float | None = None
    pvalue: float | None = None
    per_replicate: list[float] = field(default_factory=list)
    rule: str = ""
    control: bool = False
    figures: list[str] = field(default_factory=list)
    alternatives: list[str] = field(default_factory=list)
    seconds: float = 0.0
    models: list[str] = field(default_factory=list)
    parts: list[dict[str, Any]] = field(default_factory=list)
    sections: dict[str, str] = field(default_factory=dict)
    command: str = ""
    message: str = ""
    recorded: str = ""
    calibration: list[dict[str, Any]] = field(default_factory=list)
    readings: list[dict[str, Any]] = field(default_factory=list)
    depends_on: str = ""
    amended: str = ""
    date: str = ""
    commit: str = ""

    def include(self, verdict: Verdict) -> None:
        """Take over outcome, effect and rules from `verdict`."""
        self.outcome = verdict.outcome.value
        self.readings = _readings(verdict)
        self.depends_on = JUDGE if verdict.depends_on_judge else ""
        places = zip(verdict.parts, verdict.outcomes, verdict.widened, strict=True)
        self.parts = [
            _part(evidence, rule, outcome, wide) for (evidence, rule), outcome, wide in places
        ]
        leading = verdict.decisive if self.source_value is None else verdict.parts[0][0]
        self.effect, self.interval = leading.effect, leading.interval
        self.unit = leading.unit
        self.pvalue = verdict.pvalue
        self.per_replicate = list(leading.values)
        self.rule = " ".join(verdict.sentences())

    def add_figure(self, path: str, alternative: str) -> None:
        """Add a figure of the report.

        Parameters
        ----------
        path : str
            Where it lies, relative to the report's folder.
        alternative : str
            What it shows, in words.
        """
        self.figures.append(path)
        self.alternatives.append(alternative)

    def clear_figures(self) -> None:
        """Forget the figures, as before the claim ran."""
        self.figures, self.alternatives = [], []

    @property
    def pictures(self) -> list[tuple[str, str]]:
        """The path of each figure with the words that say what it shows."""
        return list(zip(self.figures, self.alternatives, strict=True))

    def finding(self) -> str:
        """Return outcome and numbers in one line, such as "refuted: 1.42 [1.38, 1.46]".

        Where it depends on the judge, the line names the outcome at each reading.
        """
        if not self.depends_on:
            return f"{self.outcome}: {_numbers(self.parts)}"
        found = "; ".join(
            f"{at['name']}: {at['outcome']}, {_numbers(at['parts'])}" for at in self.readings
        )
        return f"{self.outcome}, depends on the {self.depends_on}: {found}"


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
        If there is no evidence, or not one rule for each piece.
    """
    pieces = list(evidence) if isinstance(evidence, Sequence) else [evidence]
    rules = list(rule) if isinstance(rule, Sequence) else [rule]
    if not pieces or len(pieces) != len(rules):
        raise ValueError(
            f"expected one rule a piece of evidence, received {len(rules)} rules for {len(pieces)}"
        )
    return Verdict(tuple(zip(pieces, rules, strict=True)))


def limits_of(part: Mapping[str, Any]) -> tuple[float, float] | None:
    """Return where the interval of a record's part must lie; None where that is not known.

    Records hold None for an infinite limit, since JSON has no word for it.

    Examples
    --------
    >>> limits_of({"limits": [0.8, None]})
    (0.8, inf)
    """
    if part.get("limits") is None:
        return None
    low, high = part["limits"]
    return -math.inf if low is None else low, math.inf if high is None else high


def _stored(limits: tuple[float, float] | None) -> list[float | None] | None:
    """Return limits for JSON, which has no word for infinity."""
    if limits is None:
        return None
    return [float(limit) if math.isfinite(limit) else None for limit in limits]


def _readings(verdict: Verdict) -> list[dict[str, Any]]:
    """Return the verdict at each reading of the judge in plain types; none without a judge."""
    if not verdict.readings:
        return []
    return [
        {
            "name": name,
            "outcome": at.at_threshold.value,
            "parts": [
                {
                    "effect": evidence.effect,
                    "interval": list(evidence.interval),
                    "outcome": outcome.value,
                    "per_replicate": list(evidence.values),
                    "errors": evidence.errors.stored(),
                }
                for (evidence, _), outcome in zip(at.parts, at.outcomes, strict=True)
            ],
        }
        for name, at in {THRESHOLD: verdict, **verdict.readings}.items()
    ]


def _numbers(parts: Sequence[Mapping[str, Any]]) -> str:
    return " and ".join(
        "{effect:.3g} [{interval[0]:.3g}, {interval[1]:.3g}]".format(**part) for part in parts
    )


def _middle(null: NDArray[np.float64] | None) -> list[float] | None:
    """Return the two numbers between which 95 % of the surrogates lie."""
    if null is None or not np.isfinite(null).all():
        return None
    low, high = np.quantile(null, [0.025, 0.975])
    return [float(low), float(high)]


def _part(evidence: Evidence, rule: Rule, outcome: Outcome, wide: Evidence) -> dict[str, Any]:
    """Return a part of a claim in plain types."""
    return {
        "effect": evidence.effect,
        "interval": list(evidence.interval),
        "unit": evidence.unit,
        "rule": str(rule),
        "limits": _stored(rule.limits),
        "outcome": outcome.value,
        "per_replicate": list(evidence.values),
        "pvalue": _directed(outcome, rule.pvalue(evidence), rule.refutation_pvalue(evidence)),
        "surrogate_pvalue": surrogate_pvalue(evidence, rule),
        "null": _middle(evidence.null),
        "wide_interval": None if wide is evidence else list(wide.interval),
        "errors": evidence.errors.stored(),
    }


def surrogate_pvalue(evidence: Evidence, rule: Rule) -> float | None:
    """Return the p-value of the surrogates on the side of a rule, if there are any.

    Parameters
    ----------
    evidence : Evidence
    rule : Rule

    Returns
    -------
    float or None
        For effects larger than the surrogates' where the rule asks for larger ones, for smaller
        where it asks for smaller, and two-sided where it has two limits.
    """
    if evidence.surrogate_pvalues is None:
        return None
    above, below = evidence.surrogate_pvalues
    low, high = rule.limits or (-math.inf, math.inf)
    if math.isfinite(low) == math.isfinite(high):
        return min(1.0, 2 * min(above, below))
    return above if math.isfinite(low) else below


def _directed(outcome: Outcome, support: float | None, refutation: float | None) -> float | None:
    """Return the p-value of what was decided; the smaller one where nothing was."""
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
