"""The toy code of the answer saves six characters."""

from itertools import groupby

import pytest

from aelatent import Equals, fact
from aelatent.simulation import not_simulated

TEXT = "33333333000000000669111222222"
CODE = "8:3/9:0/2:6/1:9/3:1/6:2"
SIX, SAME = Equals(6), Equals(0)
SAVED, WRONG = "characters saved", "characters that differ"


@pytest.mark.claim("C-16", source_value=6, amended="2026-11-28")
def test_a_run_length_code_saves_six_characters(decide):
    """The answer's toy run-length code shortens its text of 29 characters to 23.

    Source
        Cross Validated, the answer's example: the text 33333333000000000669111222222, 29
        characters, and its code 8:3/9:0/2:6/1:9/3:1/6:2, 23 characters.
    Statement
        The code saves six characters. True by construction.
    Statistic
        The length of the answer's text minus that of the code that we compute for it; and in how
        many characters our code differs from the answer's.
    Null
        None: arithmetic.
    Decision
        Length: Supported when the number is 6; refuted otherwise. Code: Supported when the number
        is 0; refuted otherwise.
    """
    code = encode(TEXT)

    decide([fact(len(TEXT) - len(code), SAVED), fact(differences(code, CODE), WRONG)], [SIX, SAME])


@pytest.mark.claim("C-16")
@pytest.mark.expect("refuted", because="a text without runs has nothing to save")
def test_control_a_text_without_runs_saves_nothing(decide):
    """The run-length code of a text without runs is longer than the text."""
    text = "abcdefg"

    decide(fact(len(text) - len(encode(text)), SAVED), SIX)


def encode(text):
    """Write each run of a character as its length, a colon and the character, parted by slashes."""
    return "/".join(f"{len([*run])}:{character}" for character, run in groupby(text))


def differences(code, other):
    """Return how many characters differ, and by how many one code is longer than the other."""
    return sum(a != b for a, b in zip(code, other, strict=False)) + abs(len(code) - len(other))


not_simulated(
    test_a_run_length_code_saves_six_characters,
    because="Characters are counted, nothing is estimated.",
)
