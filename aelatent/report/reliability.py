"""How often the checks err, as one table: a row for each world that a claim was played in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aelatent.inference.rules import Record
from aelatent.report.topics import Topic

# At the margin, either way; an upper bound that exact intervals of few worlds may reach; decisions
# at twice the margin.
AIM, BOUND, POWER = 0.025, 0.05, 0.9
NOT_PLAYED = "no worlds are planted yet"
CHANGED = "the claim's code has changed since"


@dataclass(frozen=True)
class Reliability:
    """What is known of the errors of one claim's check.

    Attributes
    ----------
    topic : Topic
    record : Record
        One run of the claim, which stands for all of them.
    known : mapping or None
        A record of its calibration; None where it was never played.
    """

    topic: Topic
    record: Record
    known: Mapping[str, Any] | None

    @property
    def world(self) -> str:
        """What is planted, in words."""
        name = self.known["name"].partition("/")[2] if self.known else ""
        return str(name).replace("_", " ")

    @property
    def rates(self) -> list[Mapping[str, Any]]:
        """False support, false refutation, power and coverage; nothing where nothing was played."""
        if self.known is None or not self.known["worlds"]:
            return []
        return [
            self.known[kind] for kind in ("false_support", "false_refutation", "power", "coverage")
        ]

    @property
    def remarks(self) -> list[str]:
        """Say which aims are missed, and why there is nothing to say."""
        if self.known is None:
            return [NOT_PLAYED]
        found = [CHANGED] if self.known["stale"] else []
        if not self.rates:
            return [*found, str(self.known["because"])]
        support, refutation, power, _ = self.rates
        for rate, word in ((support, "supports"), (refutation, "refutes")):
            if rate["interval"][0] > AIM:
                found.append(f"{word} too often at the margin")
            elif rate["interval"][1] > BOUND:
                found.append(f"too few worlds to tell how often it {word} at the margin")
        if power["rate"] < POWER:
            found.append("often leaves open what is true")
        return found


def reliability(topics: Sequence[Topic]) -> list[Reliability]:
    """Return what is known of every claim's check, in the order of topics, each world once."""
    rows: dict[tuple[str, str, str], Reliability] = {}
    for topic in topics:
        for claim in topic.claims:
            record = claim.record
            function = record.name.partition("[")[0]
            nothing: list[Mapping[str, Any] | None] = [None]
            for known in record.calibration or nothing:
                key = (record.file, function, known["name"] if known else "")
                rows.setdefault(key, Reliability(topic, record, known))
    return list(rows.values())
