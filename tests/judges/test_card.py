"""Judge cards."""

from unittest.mock import Mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aelatent.inference.estimates import InsufficientEvidence
from aelatent.judges import card as cards
from aelatent.judges.card import ORIGINALS, CardRow, JudgeCard
from aelatent.judges.grade import Grade
from aelatent.runtime.files import StorageError

NONE, DAMAGED, CLEAN = Grade


@pytest.fixture
def card():
    rows = (
        CardRow(ORIGINALS, None, (10, 10, 980)),
        CardRow("clean faces", CLEAN, (2, 8, 90)),
        CardRow("torn faces", DAMAGED, (10, 70, 20)),
        CardRow("noise", NONE, (1000, 0, 0)),
        CardRow("strokes", NONE, (940, 20, 40)),
    )
    strict = tuple(CardRow(row.kind, row.grade, (sum(row.counts), 0, 0)) for row in rows)
    return JudgeCard("faces", {"threshold": rows, "strict": strict}, (966, 970))


@given(n=st.integers(1, 5000), share=st.floats(0, 1), grade=st.sampled_from(Grade))
def test_the_interval_holds_the_rate_and_the_error_is_never_zero(n, share, grade):
    good = round(share * n)
    row = CardRow("kind", CLEAN, (n - good, good // 2, good - good // 2))
    low, high = row.interval(grade)

    assert 0 <= low <= row.rate(grade).value <= high <= 1
    assert row.rate(grade).shared > 0


def test_the_interval_is_jeffreys():
    """3 of 10: Brown, Cai and DasGupta 2001, table 5 [0.093, 0.606]."""
    assert CardRow("kind", CLEAN, (7, 0, 3)).interval(CLEAN) == pytest.approx(
        (0.093, 0.606), abs=5e-4
    )


@pytest.mark.parametrize("counts", [(0, 0, 0), (5, -1, 1), (1, 2)])
def test_a_row_needs_images_and_a_count_for_each_grade(counts):
    with pytest.raises(ValueError, match="expected a count for each grade"):
        CardRow("kind", CLEAN, counts)


def test_sensitivity_counts_images_of_a_grade_or_better(card):
    assert card.sensitivity(CLEAN).value == 0.90
    assert card.sensitivity(DAMAGED).value == (98 + 90) / 200
    assert card.sensitivity(CLEAN, "strict").value == 0


def test_false_acceptance_is_the_mean_over_lesser_kinds(card):
    """Kinds of unknown grade, such as originals, count for neither."""
    assert card.false_acceptance(DAMAGED).value == pytest.approx((0 + 0.06) / 2)
    assert card.false_acceptance(CLEAN).value == pytest.approx((0.20 + 0 + 0.04) / 3)


def test_damaged_images_make_a_clean_one_doubtful(card):
    assert card.false_acceptance(CLEAN).kind.size > card.false_acceptance(DAMAGED).kind.size


def test_a_card_asks_for_each_error_once(card, monkeypatch):
    """Every claim asks for each kind, reading and replicate; SciPy takes a millisecond a time."""
    asked = Mock(wraps=cards._posterior)
    monkeypatch.setattr(cards, "_posterior", asked)
    cards._error.cache_clear()

    first = card.sensitivity(CLEAN), card.false_acceptance(CLEAN)
    times = asked.call_count

    assert (card.sensitivity(CLEAN), card.false_acceptance(CLEAN)) == first
    assert times > 0
    assert asked.call_count == times


def test_a_card_without_rows_says_nothing():
    empty = JudgeCard("digits", {"threshold": ()})

    with pytest.raises(InsufficientEvidence, match="expected images that are clean"):
        empty.sensitivity()
    with pytest.raises(InsufficientEvidence, match="two kinds"):
        empty.false_acceptance()


def test_a_card_survives_storage(card, tmp_path):
    card.write(tmp_path / "judges" / "faces.json")

    assert JudgeCard.read(tmp_path / "judges" / "faces.json") == card


def test_a_missing_card_says_so(tmp_path):
    with pytest.raises(StorageError, match=r"faces\.json.*no such file"):
        JudgeCard.read(tmp_path / "faces.json")


@pytest.mark.parametrize(
    "text",
    ["", "{}", "[1]", '{"judge": "faces"}', '{"judge": "a", "accuracy": null, "readings": {}}'],
)
def test_what_is_no_card_is_refused(text, tmp_path):
    (tmp_path / "faces.json").write_text(text)

    with pytest.raises(StorageError, match="expected a judge card"):
        JudgeCard.read(tmp_path / "faces.json")


def test_a_card_prints_the_shares_of_the_grades_of_each_kind(card):
    lines = str(card).splitlines()

    (torn,) = (line for line in lines if "torn faces" in line)
    assert torn.split() == ["torn", "faces", "damaged", "100", "0.100", "0.700", "0.200"]
    assert lines[-1].endswith("966 of 970 recognisable originals")
