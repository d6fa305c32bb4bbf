"""The readings of a claim: each test function is one, and runs on several models."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from aelatent.report.arrangement import Claim
from aelatent.report.margins import limits
from aelatent.report.notation import number
from aelatent.report.strips import Scale, Strip, scale_of
from aelatent.verdicts import Outcome, Record


@dataclass(frozen=True)
class Row:
    """A claim on one model, or a control, as a row of a plot."""

    record: Record
    part: dict[str, Any]
    strip: Strip
    anchor: str = ""


@dataclass(frozen=True)
class Plot:
    """One part of a claim on all models."""

    label: str
    rule: str
    unit: str
    scale: Scale
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Reading:
    """The claims of one test function, on whatever models and with whatever parameters."""

    claims: tuple[Claim, ...]

    @property
    def sentence(self) -> str:
        """What it says, without the parameters of a variant at the end."""
        title = self.claims[0].record.title
        return title.rpartition(" [")[0] if title.endswith("]") else title

    @cached_property
    def headline(self) -> Claim:
        """The claim that stands for all: on the model with the most trainings, else the first."""
        return headline(self.claims)

    @property
    def judged(self) -> list[Claim]:
        """The claims that came to a verdict."""
        return [claim for claim in self.claims if claim.record.parts]

    @property
    def unjudged(self) -> list[Claim]:
        """The claims that came to none: not applicable, or broken."""
        return [claim for claim in self.claims if not claim.record.parts]

    @property
    def controls(self) -> list[Record]:
        """Every control that vouches for one of the claims, once."""
        return list({id(c): c for claim in self.claims for c in claim.controls}.values())

    @cached_property
    def tally(self) -> list[tuple[Outcome, int]]:
        """How often each outcome came out, in a fixed order."""
        return tally(self.claims)

    @cached_property
    def plots(self) -> list[Plot]:
        """A plot for each part, its rows the models; controls under the same rule come last."""
        count = max((len(claim.record.parts) for claim in self.claims), default=0)
        return [self._plot(place) for place in range(count)]

    def _plot(self, place: int) -> Plot:
        rows = [_row(c.record, place, c.anchor) for c in self.judged if place < len(c.record.parts)]
        lead = max(rows, key=lambda row: row.record is self.headline.record)
        rows += [
            _row(record, place)
            for record in self.controls
            if place < len(record.parts) and record.parts[place]["rule"] == lead.part["rule"]
        ]
        return Plot(
            lead.part.get("label", ""), lead.part["rule"], lead.part["unit"],
            scale_of(row.strip for row in rows), tuple(rows),
        )  # fmt: skip


def readings(claims: Iterable[Claim]) -> list[Reading]:
    """Gather claims by test function, in the order in which the functions first appear."""
    found: dict[tuple[str, str, str], list[Claim]] = {}
    for claim in claims:
        record = claim.record
        key = (record.id, record.file, record.name.partition("[")[0])
        found.setdefault(key, []).append(claim)
    return [Reading(tuple(group)) for group in found.values()]


def headline(claims: Sequence[Claim]) -> Claim:
    """Return the claim on the model with the most trainings, else the first."""
    return max(claims, key=lambda claim: len(claim.record.per_replicate or ()))


def tally(claims: Iterable[Claim]) -> list[tuple[Outcome, int]]:
    """Count the outcomes, in a fixed order."""
    found = Counter(claim.record.outcome for claim in claims)
    return [(outcome, found[outcome]) for outcome in Outcome if found[outcome]]


def reversal(record: Record) -> list[str]:
    """Say, for each part, what other numbers would have led to another verdict.

    It is arithmetic on interval and margin and says nothing on how likely such numbers are.

    Examples
    --------
    >>> rule = "Supported when the 95 % interval over replicates lies above 0.8; refuted when ..."
    >>> part = {"effect": 0.93, "interval": [0.9, 0.96], "rule": rule, "outcome": "supported"}
    >>> reversal(Record("B-08", "", "", "", "", "", "", parts=[part]))
    ['From 0.9 the interval would have to reach down to 0.8: by 3.3 times its half-width.']
    """
    return [said for part in record.parts if (said := _reversed(part))]


def _row(record: Record, place: int, anchor: str = "") -> Row:
    part = record.parts[place]
    source = record.source_value if place == 0 and not record.control else None
    return Row(record, part, Strip.of(part, source, control=record.control), anchor)


def _reversed(part: dict[str, Any]) -> str:
    margin = limits(part["rule"])
    low, high = part["interval"]
    half = (high - low) / 2
    if margin is None or half <= 0:
        return ""
    if part["outcome"] == Outcome.INCONCLUSIVE:
        return _narrower(part["effect"], margin, half)
    return _moved((low, high), margin, half, supported=part["outcome"] == Outcome.SUPPORTED)


def _narrower(effect: float, margin: tuple[float, float], half: float) -> str:
    nearest = min(margin, key=lambda limit: abs(limit - effect))
    need = abs(nearest - effect) / half
    side = "supported" if margin[0] < effect < margin[1] else "refuted"
    return (
        f"The interval reaches across {number(nearest)}. About the same mean it would have to be "
        f"less than {number(need)} times as wide; the verdict would then be {side}."
    )


def _moved(
    interval: tuple[float, float], margin: tuple[float, float], half: float, *, supported: bool
) -> str:
    """Tell how far the nearer end of a decided interval lies from the margin."""
    pairs = [(interval[0], margin[0], "down"), (interval[1], margin[1], "up")]
    if not supported:
        pairs = [(interval[0], margin[1], "down"), (interval[1], margin[0], "up")]
        pairs = [p for p in pairs if (p[0] > p[1]) == (p[2] == "down")]
    near = [p for p in pairs if math.isfinite(p[1])]
    end, limit, way = min(near, key=lambda pair: abs(pair[0] - pair[1]))
    times = number(abs(end - limit) / half, 0.5)
    return (
        f"From {number(end)} the interval would have to reach {way} to {number(limit)}: "
        f"by {times} times its half-width."
    )
