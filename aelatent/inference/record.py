"""A record carries a verdict away, in plain types: to reports, files and other processes."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from aelatent.inference.rules import THRESHOLD, Outcome, Rule, Verdict, directed_pvalue

if TYPE_CHECKING:
    from aelatent.inference.estimates import Evidence

JUDGE = "judge"  # what a verdict can depend on beside the trainings


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
        "pvalue": directed_pvalue(outcome, rule.pvalue(evidence), rule.refutation_pvalue(evidence)),
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
