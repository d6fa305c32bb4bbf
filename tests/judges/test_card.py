"""Judge cards."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aelatent.inference.estimates import InsufficientEvidence
from aelatent.judges.card import ORIGINALS, CardRow, JudgeCard
from aelatent.runtime.files import StorageError


@pytest.fixture
def card():
    return JudgeCard(
        judge="faces",
        threshold=4.0,
        rows=(
            CardRow(ORIGINALS, True, 1000, 970, 0.95),
            CardRow("noise", False, 1000, 0, 0.02),
            CardRow("strokes", False, 1000, 60, 0.02),
            CardRow("overlaid pairs", False, 1000, 1000, 0.02, "they are faces"),
        ),
        accuracy=CardRow("right class", True, 970, 966, 0.992),
    )


@given(n=st.integers(1, 5000), share=st.floats(0, 1))
def test_the_interval_holds_the_rate_and_the_error_is_never_zero(n, share):
    row = CardRow("kind", True, n, round(share * n))
    low, high = row.interval

    assert 0 <= low <= row.rate <= high <= 1
    assert row.error > 0


def test_the_interval_is_jeffreys():
    """3 of 10: Brown, Cai and DasGupta 2001, table 5 [0.093, 0.606]."""
    assert CardRow("kind", True, 10, 3).interval == pytest.approx((0.093, 0.606), abs=5e-4)


@pytest.mark.parametrize(
    ("is_image", "accepted", "met"),
    [(True, 95, True), (True, 94, False), (False, 95, True), (False, 96, False)],
)
def test_images_reach_the_aim_and_nonimages_stay_below(is_image, accepted, met):
    assert CardRow("kind", is_image, 100, accepted, 0.95).met is met


def test_a_row_without_aim_is_neither_met_nor_missed():
    assert CardRow("kind", True, 10, 5).met is None


@pytest.mark.parametrize(("n", "accepted"), [(0, 0), (5, 6), (5, -1)])
def test_a_row_needs_images_and_cannot_accept_more(n, accepted):
    with pytest.raises(ValueError, match=f"received {accepted} of {n}"):
        CardRow("kind", True, n, accepted)


def test_sensitivity_is_the_acceptance_of_originals(card):
    assert card.sensitivity.value == 0.97
    assert card.sensitivity.shared == pytest.approx(np.sqrt(0.97 * 0.03 / 1000), rel=0.02)


def test_false_acceptance_is_the_mean_over_kinds(card):
    """0 % and 6 %: their mean is 3 %, and its error 3 %, ten times the binomial one."""
    assert card.false_acceptance.value == pytest.approx(0.03)
    assert card.false_acceptance.shared == pytest.approx(0.03)


def test_kinds_that_agree_leave_the_sampling_error():
    rows = tuple(CardRow(f"kind {i}", False, 500, 0) for i in range(4))
    error = JudgeCard("digits", 0.1, rows).false_acceptance.shared

    assert error == pytest.approx(rows[0].error / 2)


def test_a_card_without_rows_says_nothing():
    empty = JudgeCard("digits", 0.1, ())

    with pytest.raises(InsufficientEvidence, match="held-out originals"):
        _ = empty.sensitivity
    with pytest.raises(InsufficientEvidence, match="two kinds"):
        _ = empty.false_acceptance


def test_a_card_survives_storage(card, tmp_path):
    card.write(tmp_path / "judges" / "faces.json")

    assert JudgeCard.read(tmp_path / "judges" / "faces.json") == card


def test_a_missing_card_says_so(tmp_path):
    with pytest.raises(StorageError, match=r"faces\.json.*no such file"):
        JudgeCard.read(tmp_path / "faces.json")


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"judge": "faces"}'])
def test_what_is_no_card_is_refused(text, tmp_path):
    (tmp_path / "faces.json").write_text(text)

    with pytest.raises(StorageError, match="expected a judge card"):
        JudgeCard.read(tmp_path / "faces.json")


def test_a_card_prints_a_line_a_kind_and_whether_its_aim_was_met():
    rows = (CardRow("noise", False, 100, 1, aim=0.02), CardRow("strokes", False, 100, 9, aim=0.02))

    first, second = str(JudgeCard("faces", 4.0, rows)).splitlines()[1:]

    assert first.endswith("met")
    assert second.endswith("MISSED")
