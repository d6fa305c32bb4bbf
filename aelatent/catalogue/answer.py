"""What a claim came to over all its checks: computed here, and nowhere else."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum

from aelatent.inference.rules import Outcome

TRUE_BY_CONSTRUCTION = "T"  # the letter in a claim's status


class Answer(StrEnum):
    """What a claim came to. The order is that of reports."""

    FELL = "did not hold"
    PARTLY = "held in part"
    HELD = "held"
    OPEN = "open"
    GIVEN = "true by construction"
    UNTESTED = "not tested"

    @property
    def glyph(self) -> str:
        """A sign for a page or a terminal that shows Unicode."""
        return _SIGNS[self][0]

    @property
    def plain(self) -> str:
        """A sign in ASCII."""
        return _SIGNS[self][1]

    @property
    def meaning(self) -> str:
        """What it says about the checks, in a sentence."""
        return _MEANINGS[self]

    @property
    def opening(self) -> str:
        """How the plain sentence of such a claim begins, for messages."""
        return _OPENINGS[self][0]

    def opens(self, sentence: str) -> bool:
        """Tell whether a plain sentence begins with the words of this answer.

        Examples
        --------
        >>> Answer.HELD.opens("Yes. They do."), Answer.HELD.opens("Yes on faces, no on digits.")
        (True, False)
        """
        return re.match(_OPENINGS[self][1], sentence) is not None


_SIGNS = {
    Answer.FELL: ("◆", "x"),
    Answer.PARTLY: ("◈", "~"),
    Answer.HELD: ("●", "+"),
    Answer.OPEN: ("◐", "?"),
    Answer.GIVEN: ("=", "="),
    Answer.UNTESTED: ("○", "-"),
}
_MEANINGS = {
    Answer.FELL: "Refuted wherever these trainings decide.",
    Answer.PARTLY: "Supported on some models or in one part, and refuted on others.",
    Answer.HELD: "Supported wherever these trainings decide, and refuted nowhere.",
    Answer.OPEN: "On every model the interval crosses the margin, or the verdict depends on the "
    "judge.",
    Answer.GIVEN: "It follows from a definition. It was checked all the same.",
    Answer.UNTESTED: "No model has what the claim needs, or its check broke.",
}
_OPENINGS = {
    Answer.FELL: ("No.", r"No[.,:] "),
    Answer.PARTLY: ("In part: or Yes on ..., no on ...", r"(In part: |(Yes|No) [a-z])"),
    Answer.HELD: ("Yes.", r"Yes[.,:] "),
    Answer.OPEN: ("Open:", r"Open: "),
    Answer.GIVEN: ("By construction.", r"By construction[.,:] "),
    Answer.UNTESTED: ("Not tested:", r"Not tested: "),
}


def answer_to(outcomes: Iterable[str], status: str = "") -> Answer:
    """Return what a claim came to.

    Parameters
    ----------
    outcomes : iterable of str
        Of each check of the claim on each model, without controls.
    status : str
        The claim's in the catalogue; "T" means true by construction.

    Returns
    -------
    Answer

    Examples
    --------
    >>> answer_to(["supported", "inconclusive"]), answer_to(["supported", "refuted"])
    (<Answer.HELD: 'held'>, <Answer.PARTLY: 'held in part'>)
    """
    found = set(outcomes)
    if TRUE_BY_CONSTRUCTION in status.partition("(")[0].split() and Outcome.REFUTED not in found:
        return Answer.GIVEN
    if {Outcome.SUPPORTED, Outcome.REFUTED} <= found:
        return Answer.PARTLY
    for outcome, answer in (
        (Outcome.REFUTED, Answer.FELL),
        (Outcome.SUPPORTED, Answer.HELD),
        (Outcome.INCONCLUSIVE, Answer.OPEN),
    ):
        if outcome in found:
            return answer
    return Answer.UNTESTED
