"""The toy code of the answer saves six characters."""

import pytest

from aelatent import Equals, fact
from aelatent.simulation import not_simulated

TEXT = "aaaaaaaabcdefghijklmnopqrstuv"  # 29 characters, one run of eight


@pytest.mark.claim("C-16", source_value=6)
def test_a_run_length_code_saves_six_characters(decide):
    """The answer's toy run-length code shortens 29 characters to 23.

    Source
        001, the answer's example, 29 characters before and 23 after. Its own text is not in our
        catalogue; this is another one of that length.
    Statement
        The code saves six characters. True by construction.
    Statistic
        The length of a text of 29 characters with a run of eight, minus that of its run-length
        code.
    Null
        None: arithmetic.
    Decision
        Supported when the number is 6; refuted otherwise.
    """
    decide(fact(len(TEXT) - len(encode(TEXT)), unit="characters saved"), Equals(6))


@pytest.mark.claim("C-16")
@pytest.mark.expect("refuted", because="a text without runs has nothing to save")
def test_control_a_text_without_runs_saves_nothing(decide):
    """The run-length code of a text without runs saves nothing."""
    text = "abcdefg"

    decide(fact(len(text) - len(encode(text))), Equals(6))


def encode(text):
    """Write each run of more than one character as the character and its length."""
    runs, start = [], 0
    for end in range(1, len(text) + 1):
        if end == len(text) or text[end] != text[start]:
            runs.append(text[start] + (str(end - start) if end - start > 1 else ""))
            start = end
    return "".join(runs)


not_simulated(
    test_a_run_length_code_saves_six_characters,
    because="Characters are counted, nothing is estimated.",
)
