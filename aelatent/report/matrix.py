"""The matrix of claims by models: one sign for all checks of a claim that came to the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from aelatent.inference.record import Record
from aelatent.report.arrangement import Claim
from aelatent.report.notation import effect, limits
from aelatent.report.rendering import variant
from aelatent.report.topics import Topic

LISTED = 4  # checks whose numbers a sign tells


@dataclass(frozen=True)
class Sign:
    """Checks of a claim on a model that came to the same outcome.

    Attributes
    ----------
    outcome : str
    count : int
    words : str
        The claim, the model and the numbers, for those who hear it or point at it.
    place : str
        Where the first of the checks is shown.
    """

    outcome: str
    count: int
    words: str
    place: str


def signs(topic: Topic, column: str, place: Callable[[Claim], str]) -> list[Sign]:
    """Return the signs of a cell.

    Parameters
    ----------
    topic : Topic
    column : str
        Name of a model, or that of codes whose distribution is known.
    place : callable
        Returns where a claim is shown.

    Returns
    -------
    list of Sign
        One for each outcome.
    """
    found: dict[str, list[Claim]] = {}
    for claim in topic.on(column):
        found.setdefault(claim.record.outcome, []).append(claim)
    return [
        Sign(outcome, len(claims), _words(topic, column, claims), place(claims[0]))
        for outcome, claims in found.items()
    ]


def _words(topic: Topic, column: str, claims: list[Claim]) -> str:
    numbers = [number for claim in claims if (number := _number(claim.record))]
    more = len(numbers) - LISTED
    listed = numbers[:LISTED] + ([f"and {more} more"] if more > 0 else [])
    times = f"{len(claims)} times " if len(claims) > 1 else ""
    end = f", {'; '.join(listed)}" if listed else ""
    return f"{topic.id} on {column}: {times}{claims[0].record.outcome}{end}"


def _number(record: Record) -> str:
    if record.effect is None:
        return ""
    words = [effect(record.effect, record.interval), limits(record.interval), variant(record)]
    return " ".join(word for word in words if word)
