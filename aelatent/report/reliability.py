"""How often the checks err, as one table: a row for each scenario of a claim."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from aelatent.inference.record import Record
from aelatent.inference.rules import Outcome
from aelatent.report.arrangement import Claim
from aelatent.report.cell_power import WEAK, needed, power
from aelatent.report.topics import Topic

AIM = 0.025  # rate of false support, and of false refutation, at the margin
BOUND = 0.05  # upper end of their exact intervals, which few simulations may reach
POWER = 0.9  # rate of decisions at twice the margin
ALWAYS = 0.995  # the rate from which a check is said to decide always
STEP = 5.0  # pixels between dots of one pile
NOT_SIMULATED = "no simulations yet"
CHANGED = "the claim's code has changed since"


@dataclass(frozen=True)
class Reliability:
    """The error rates of one claim's check in one scenario.

    Attributes
    ----------
    topic : Topic
    record : Record
        One run of the claim, which stands for all of them.
    known : mapping or None
        A record of its calibration; None where there are no simulations.
    powers : tuple of float
        On each model, from the spread of its own trainings.
    """

    topic: Topic
    record: Record
    known: Mapping[str, Any] | None
    powers: tuple[float, ...] = ()

    @property
    def scenario(self) -> str:
        """Name of the scenario, in words."""
        name = self.known["name"].partition("/")[2] if self.known else ""
        return str(name).replace("_", " ")

    @property
    def rates(self) -> list[Mapping[str, Any]]:
        """False support, false refutation, power and coverage; empty without simulations."""
        if self.known is None or not self.known["simulations"]:
            return []
        return [
            self.known[kind] for kind in ("false_support", "false_refutation", "power", "coverage")
        ]

    @property
    def remarks(self) -> list[str]:
        """The aims that are missed, or the reason why there are no rates."""
        if self.known is None:
            return [NOT_SIMULATED]
        remarks = [CHANGED] if self.known["stale"] else []
        if not self.rates:
            return [*remarks, str(self.known["because"])]
        support, refutation, decided, _ = self.rates
        for rate, word in ((support, "supports"), (refutation, "refutes")):
            if rate["interval"][0] > AIM:
                remarks.append(f"{word} too often at the margin")
            elif rate["interval"][1] > BOUND:
                remarks.append(f"too few simulations to tell how often it {word} at the margin")
        if decided["rate"] < POWER:
            remarks.append("often leaves open what is true")
        weak = sum(own < WEAK for own in self.powers)
        if weak and decided["rate"] >= WEAK:
            remarks.append(
                f"power below {100 * WEAK:.0f} % on {weak} of {len(self.powers)} models, from "
                "the spread of their own trainings"
            )
        return remarks


def reliability(topics: Sequence[Topic]) -> list[Reliability]:
    """Return the error rates of every claim's check, in the order of topics, each scenario once."""
    rows: dict[tuple[str, str, str], Reliability] = {}
    for topic in topics:
        for claim in topic.claims:
            record = claim.record
            function = record.name.partition("[")[0]
            nothing: list[Mapping[str, Any] | None] = [None]
            for known in record.calibration or nothing:
                key = (record.file, function, known["name"] if known else "")
                row = rows.setdefault(key, Reliability(topic, record, known))
                own = power(record, [known]) if known else None
                if own is not None:
                    rows[key] = replace(row, powers=(*row.powers, own))
    return list(rows.values())


@dataclass(frozen=True)
class OpenClaim:
    """A claim that is inconclusive on a model, its power there, and what would decide it."""

    claim: Claim
    power: float | None
    needed: str


def open_claims(claims: Iterable[Claim]) -> list[OpenClaim]:
    """Return the claims that are inconclusive."""
    return [
        OpenClaim(claim, power(claim.record), needed(claim.record))
        for claim in claims
        if claim.record.outcome == Outcome.INCONCLUSIVE
    ]


def worst_first(rows: Sequence[Reliability]) -> list[Reliability]:
    """Sort by power, surely weak checks first; those without simulations come last.

    A check that few simulations call weak is not surely so: the upper end of the interval counts.
    """
    return sorted(rows, key=lambda row: row.rates[2]["interval"][1] if row.rates else 2.0)


def powers(rows: Sequence[Reliability]) -> list[tuple[float, float, Reliability]]:
    """Return a dot for each check that does not always decide correctly at twice the margin.

    Parameters
    ----------
    rows : sequence of Reliability

    Returns
    -------
    list of (across, up, Reliability)
        Its power in per cent and a height in pixels: dots of nearly equal power lie one above
        another.
    """
    piles: Counter[int] = Counter()
    dots = []
    for row in rows:
        if row.rates and row.rates[2]["rate"] < ALWAYS:
            across = 100.0 * row.rates[2]["rate"]
            pile = round(across)
            dots.append((across, 7.0 + STEP * piles[pile], row))
            piles[pile] += 1
    return dots
