"""Plain sentences whose numbers are filled in from the results of checks.

A sentence has fields in braces, such as "They peak at {near_root least:.1f} to {near_root
most:.1f} sqrt(N)". The words of a field choose checks of the claim, a number of them, and after a
colon its format:

- a part of the name of a test function, the name of a model, or a parameter choose checks;
- `A-01` takes the checks of another claim;
- `#2` is the second part of a check, the first by default; `#all` is every part;
- `low` and `high` are the ends of the interval and `n` the number of trainings, instead of the
  estimate; `interval` is estimate and interval, such as "1.62 [1.46, 1.79]";
- `least` and `most` choose among several checks; without them one must be left;
- `checks`, `supported`, `refuted` and `inconclusive` count checks, `models` their models;
- `{!faces_ae_256d refuted}` shows nothing: it holds what the sentence says without numbers, that
  these checks came to that.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from aelatent.catalogue.check import Check, Part

FIELD = re.compile(r"\{([^{}:]+)(?::([^{}]*))?\}")
IDENTIFIER = re.compile(r"[A-Z]+-\d+")
COUNTS = ("supported", "refuted", "inconclusive")
NUMBERS: dict[str, Callable[[Part, Check], float]] = {
    "estimate": lambda part, _: part.estimate,
    "low": lambda part, _: part.low,
    "high": lambda part, _: part.high,
    "n": lambda _, check: check.trainings,
}
EXTREMES: dict[str, Callable[[Sequence[float]], float]] = {"least": min, "most": max}


class SentenceError(ValueError):
    """A field of a sentence names no number of the results, or several."""


@dataclass(frozen=True)
class Field:
    """A field of a sentence, taken apart.

    Attributes
    ----------
    claim : str
        Identifier whose checks are meant; empty for that of the sentence.
    words : tuple of str
        Each must fit a check.
    part : int or None
        Counted from 1; None for all.
    number : str
        One of `NUMBERS`, "interval", "checks", "models", or an outcome to be counted.
    extreme : str
        "least", "most" or empty.
    """

    claim: str = ""
    words: tuple[str, ...] = field(default=())
    part: int | None = 1
    number: str = "estimate"
    extreme: str = ""

    @classmethod
    def parse(cls, text: str) -> Field:
        """Take apart what stands before the colon of a field.

        Examples
        --------
        >>> Field.parse("near_root #2 least low")
        Field(claim='', words=('near_root',), part=2, number='low', extreme='least')
        """
        claim, words, part, number, extreme = "", [], 1, "estimate", ""
        chosen: int | None = part
        for word in text.split():
            if IDENTIFIER.fullmatch(word):
                claim = word
            elif word.startswith("#"):
                chosen = None if word == "#all" else int(word[1:])
            elif word in EXTREMES:
                extreme = word
            elif word in {*NUMBERS, *COUNTS, "interval", "checks", "models"}:
                number = word
            else:
                words.append(word)
        return cls(claim, tuple(words), chosen, number, extreme)

    def chosen(self, checks: Iterable[Check]) -> list[Check]:
        """Return the checks that every word fits."""
        found = list(checks)
        for word in self.words:
            exact = [check for check in found if word in {check.test, check.variant}]
            found = exact or [check for check in found if _fits(word, check)]
        return found


def fill(sentence: str, identifier: str, checks: Sequence[Check]) -> str:
    """Fill the fields of a sentence.

    Parameters
    ----------
    sentence : str
        With fields in braces.
    identifier : str
        The claim's.
    checks : sequence of Check
        Of all claims; controls are left out.

    Returns
    -------
    str

    Raises
    ------
    SentenceError
        If a field fits no check, or more than one where it asks for one.

    Examples
    --------
    >>> check = Check("B-08", "", "test_peak", "ae", ("ae",), "refuted",
    ...     parts=(Part("refuted", 1.618, 1.46, 1.79),))
    >>> fill("No. They peak at {ae:.1f} sqrt(N).", "B-08", [check])
    'No. They peak at 1.6 sqrt(N).'
    """

    def replaced(match: re.Match[str]) -> str:
        if match[1].startswith("!"):
            return _held(match[1], [c for c in checks if c.id == identifier and not c.control])
        asked = Field.parse(match[1])
        mine = [c for c in checks if c.id == (asked.claim or identifier) and not c.control]
        return _written(asked, asked.chosen(mine), match[2] or "", f"{identifier}: {match[0]}")

    return FIELD.sub(replaced, sentence)


def _held(text: str, checks: Sequence[Check]) -> str:
    """Return nothing; an error unless the checks that a field names came to what it says."""
    *words, outcome = text[1:].split()
    found = Field(words=tuple(words)).chosen(checks)
    wrong = [c for c in found if c.outcome != outcome]
    if not found or wrong:
        told = ", ".join(f"{c.test}[{c.case}] {c.outcome}" for c in wrong) or "no such check"
        raise SentenceError(f"{checks[0].id if checks else ''}: {{{text}}}: received {told}")
    return ""


def _fits(word: str, check: Check) -> bool:
    return word in check.test or word in check.models or word in check.variant.split()


def _written(asked: Field, found: Sequence[Check], form: str, place: str) -> str:
    """Write the number that a field asks for."""
    if asked.number in COUNTS:
        return str(sum(check.outcome == asked.number for check in found))
    judged = [check for check in found if check.parts]
    if asked.number == "checks":
        return str(len(judged))
    if asked.number == "models":
        return str(len({model for check in judged for model in check.models}))
    parts = [(part, check) for check in judged for part in _parts(check, asked.part)]
    if not parts or (len(parts) > 1 and not asked.extreme):
        cases = ", ".join(f"{check.test}[{check.case}]" for _, check in parts) or "none"
        raise SentenceError(f"{place}: expected one number, received {len(parts)}: {cases}")
    if asked.number == "interval":
        part, _ = parts[0]
        low, high = _number(part.low, form), _number(part.high, form)
        return f"{_number(part.estimate, form)} [{low}, {high}]"
    values = [NUMBERS[asked.number](part, check) for part, check in parts]
    return _number(EXTREMES.get(asked.extreme, max)(values), form)


def _parts(check: Check, place: int | None) -> Sequence[Part]:
    return check.parts if place is None else check.parts[place - 1 : place]


def _number(value: float, form: str) -> str:
    """Write a number in a format of Python, with the signs of print.

    Examples
    --------
    >>> _number(0.962, ".0%"), _number(-0.04, ".2f"), _number(-0.0001, ".2f")
    ('96 %', '−0.04', '0.00')
    """
    text = format(value, form or ".3g")
    if not re.search("[1-9]", text):
        text = text.lstrip("-")
    return text.replace("-", "\N{MINUS SIGN}").replace("%", " %")
