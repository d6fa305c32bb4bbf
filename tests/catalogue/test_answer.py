"""What a claim came to, from the outcomes of its checks."""

import pytest

from aelatent.catalogue import Answer, answer_to


@pytest.mark.parametrize(
    ("outcomes", "status", "expected"),
    [
        (["supported", "inconclusive", "not applicable"], "A", Answer.HELD),
        (["refuted", "inconclusive", "error"], "A", Answer.FELL),
        (["refuted", "supported"], "A", Answer.PARTLY),
        (["inconclusive", "not applicable"], "A", Answer.OPEN),
        (["not applicable", "error"], "A", Answer.UNTESTED),
        ([], "A", Answer.UNTESTED),
        (["supported"], "T", Answer.GIVEN),
        (["supported"], "T (mistranslated)", Answer.GIVEN),
        (["refuted", "supported"], "T", Answer.PARTLY),
        (["supported"], "A (half T)", Answer.HELD),
    ],
)
def test_an_answer_follows_from_the_outcomes(outcomes, status, expected):
    assert answer_to(outcomes, status) == expected


def test_each_sentence_opens_one_answer_alone():
    sentences = {
        Answer.FELL: "No. They peak elsewhere.",
        Answer.PARTLY: "Yes on digits, no on faces.",
        Answer.HELD: "Yes. They do.",
        Answer.OPEN: "Open: the interval is wide.",
        Answer.GIVEN: "By construction. It follows.",
        Answer.UNTESTED: "Not tested: no model has it.",
    }

    for answer, sentence in sentences.items():
        assert [a for a in Answer if a.opens(sentence)] == [answer]
        assert answer.opening.partition(" ")[0] in sentence or answer is Answer.PARTLY
    assert Answer.PARTLY.opens("In part: the first half.")


def test_signs_differ():
    assert len({answer.glyph for answer in Answer}) == len(Answer)
    assert len({answer.plain for answer in Answer}) == len(Answer)
    assert all(answer.plain.isascii() and answer.meaning for answer in Answer)
