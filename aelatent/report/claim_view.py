"""The readings of a claim: each test function is one, and runs on several models."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from aelatent.inference.record import Record
from aelatent.inference.rules import Outcome
from aelatent.report.arrangement import Claim
from aelatent.report.cell_power import part_powers
from aelatent.report.dot_plot import DotPlot, Scale, scale_of
from aelatent.report.notation import as_expected

Favoured = Callable[[str], Outcome | None]


@dataclass(frozen=True)
class Row:
    """A claim on one model, or a control, as a row of a plot, with its power on this model."""

    record: Record
    part: dict[str, Any]
    dot_plot: DotPlot
    anchor: str = ""
    power: float | None = None


@dataclass(frozen=True)
class Plot:
    """One part of a claim on all models."""

    label: str
    rule: str
    unit: str
    scale: Scale
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Strip:
    """One part of a claim by reading of its judge: rows of names, values and outcomes."""

    unit: str
    scale: Scale
    rows: tuple[tuple[str, dict[str, Any], DotPlot], ...]


@dataclass(frozen=True)
class Reading:
    """The claims of one test function, on whatever models and with whatever parameters."""

    claims: tuple[Claim, ...]
    favoured: Outcome | None = None

    @property
    def sentence(self) -> str:
        """What it says, without the parameters of a variant at the end."""
        return sentence(self.claims)

    @cached_property
    def headline(self) -> Claim:
        """The claim that represents all: see `headline`."""
        return headline(self.claims, self.favoured)

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
        """Every control that stands beside one of the claims, once."""
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

    def plots_of(self, control: Record) -> list[Plot]:
        """Return a plot for each part of a control that is no row, and did not pass.

        Of one that passed a line says enough.
        """
        if as_expected(control):
            return []
        rules = {plot.rule for plot in self.plots}
        return [plot for plot in plots_of(control) if plot.rule not in rules]

    def _plot(self, place: int) -> Plot:
        rows = [_row(c.record, place, c.anchor) for c in self.judged if place < len(c.record.parts)]
        lead = max(rows, key=lambda row: row.record is self.headline.record)
        rows += self._control_rows(place, lead.part["rule"])
        return Plot(
            lead.part.get("label", ""),
            lead.part["rule"],
            lead.part["unit"],
            scale_of(row.dot_plot for row in rows),
            tuple(rows),
        )

    def _control_rows(self, place: int, rule: str) -> list[Row]:
        """Return a row for each control under a rule; of those on many models, one.

        That is the one on the model that represents all, unless another failed.
        """
        found: dict[str, Record] = {}
        for record in self.controls:
            if place < len(record.parts) and record.parts[place]["rule"] == rule:
                first = found.setdefault(record.name.partition("[")[0], record)
                if self._precedes(record, first):
                    found[record.name.partition("[")[0]] = record
        return [_row(record, place) for record in found.values()]

    def _precedes(self, record: Record, other: Record) -> bool:
        met = as_expected(record) is not False, as_expected(other) is not False
        if met[0] != met[1]:
            return not met[0]
        here = self.headline.record.model
        return record.model == here and other.model != here


def readings(claims: Iterable[Claim], favoured: Favoured = lambda _: None) -> list[Reading]:
    """Gather claims by test function, in the order in which the functions first appear.

    Parameters
    ----------
    claims : iterable of Claim
    favoured : callable
        Of an identifier: the verdict of the claim that represents all, or None.

    Returns
    -------
    list of Reading
    """
    found: dict[tuple[str, str, str], list[Claim]] = {}
    for claim in claims:
        record = claim.record
        key = (record.id, record.file, record.name.partition("[")[0])
        found.setdefault(key, []).append(claim)
    return [Reading(tuple(group), favoured(key[0])) for key, group in found.items()]


def plots_of(control: Record) -> list[Plot]:
    """Return a plot of one row for each part of a control."""
    rows = [_row(control, place) for place in range(len(control.parts))]
    return [
        Plot("", row.part["rule"], row.part["unit"], scale_of([row.dot_plot]), (row,))
        for row in rows
    ]


def strips(record: Record) -> list[Strip]:
    """Return a strip for each part of a claim that its judge's readings measure differently."""
    found = []
    for place, main in enumerate(record.parts):
        parts = {at["name"]: {**main, **at["parts"][place]} for at in record.readings}
        if len({(part["effect"], *part["interval"]) for part in parts.values()}) > 1:
            rows = [
                (name, part, DotPlot.of({**part, "null": None, "wide_interval": None}))
                for name, part in parts.items()
            ]
            scale = scale_of(dot_plot for *_, dot_plot in rows)
            found.append(Strip(main["unit"], scale, tuple(rows)))
    return found


def sentence(claims: Sequence[Claim]) -> str:
    """Return what the first claim says, without the parameters of its variant at the end."""
    title = claims[0].record.title
    return title.rpartition(" [")[0] if title.endswith("]") else title


def headline(claims: Sequence[Claim], favoured: Outcome | None = None) -> Claim:
    """Return the claim on the model with the most trainings, and of these the most claims.

    Parameters
    ----------
    claims : sequence of Claim
        One or more.
    favoured : Outcome, optional
        Verdict with which the plain answer begins: claims that came to it go before others.

    Returns
    -------
    Claim
    """
    fitting = [claim for claim in claims if claim.record.outcome == favoured] or claims
    return max(fitting, key=lambda claim: (len(claim.record.per_replicate or ()), claim.weight))


def tally(claims: Iterable[Claim]) -> list[tuple[Outcome, int]]:
    """Count the outcomes, in a fixed order."""
    found = Counter(claim.record.outcome for claim in claims)
    return [(outcome, found[outcome]) for outcome in Outcome if found[outcome]]


def _row(record: Record, place: int, anchor: str = "") -> Row:
    part = record.parts[place]
    source = record.source_value if place == 0 and not record.control else None
    power = None if record.control else part_powers(record)[place]
    return Row(record, part, DotPlot.of(part, source, control=record.control), anchor, power)
