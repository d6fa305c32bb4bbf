"""Tables of plain answers in a Markdown file."""

import pytest

from aelatent.catalogue import Catalogue, Check, Entry, Part
from aelatent.catalogue.answer_table import table_lines, update, with_tables
from aelatent.runtime.files import StorageError

CATALOGUE = Catalogue(
    {
        "B-08": Entry("B-08", "A", answer="No. They peak at {ae:.1f} √N."),
        "X-01": Entry("X-01", "A", answer="In part: on {supported} of {checks}."),
        "Z-01": Entry("Z-01"),
    },
    checks=[
        Check(
            identifier,
            "f",
            f"test_{outcome}",
            "ae",
            ("ae",),
            outcome,
            parts=(Part(outcome, 1.6, 1, 2),),
            title="Radii peak near sqrt(N).",
        )
        for identifier, outcome in (
            ("B-08", "refuted"),
            ("X-01", "supported"),
            ("X-01", "refuted"),
        )
    ],
)
ROW = "| ◆ | B-08 Radii peak near √N | **No.** They peak at 1.6 √N. | 1 |"


def test_a_row_has_sign_claim_and_answer():
    assert table_lines(CATALOGUE, ["B-08"])[2:] == [ROW]
    assert "| **In part:** on 1 of 2. | 1 |" in table_lines(CATALOGUE, ["X-01"])[2]


def test_a_claim_without_an_answer_is_an_error():
    with pytest.raises(StorageError, match="Z-01: expected a plain answer"):
        table_lines(CATALOGUE, ["Z-01"])


def test_only_what_lies_between_markers_changes(tmp_path):
    path = tmp_path / "README.md"
    path.write_text("before\n<!-- answers: B-08 -->\nold\n<!-- end of answers -->\nafter\n")

    assert update(CATALOGUE, path)

    text = path.read_text()
    assert text.startswith("before\n<!-- answers: B-08 -->\n| | claim | answer | models |\n")
    assert text.endswith(f"{ROW}\n<!-- end of answers -->\nafter\n")
    assert not update(CATALOGUE, path)
    assert with_tables(CATALOGUE, "no marker") == "no marker"
