"""The table for the terminal keeps to its width and says everything that counts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aelatent.inference.rules import Outcome
from aelatent.report import verdict_table

from .samples import control, dependent, record

ANY = st.builds(
    record,
    id=st.text(max_size=30),
    title=st.text(max_size=90),
    model=st.text(max_size=30),
    outcome=st.sampled_from([outcome.value for outcome in Outcome]),
    control=st.booleans(),
)


@given(st.lists(ANY, max_size=5), st.integers(40, 200), st.booleans())
def test_no_line_is_wider_than_asked(records, width, unicode):
    lines = verdict_table(records, width, unicode=unicode)
    assert all(len(line) <= width and line.isprintable() for line in lines)
    assert unicode or all(line.isascii() for line in lines)


def test_wide_table_has_one_aligned_line_a_claim(records):
    header, *lines = verdict_table(records, 160)
    rows = lines[: lines.index("")]
    assert len(rows) == 5
    where = header.index("effect")
    assert any(row[where:].startswith("0.93 [0.90, 0.96]") for row in rows)
    assert all(row[where - 1] == " " and row[where] != " " for row in rows)


def test_narrow_table_has_two_lines_a_claim(records):
    lines = verdict_table(records, 80)
    assert len(lines[: lines.index("")]) == 2 * 5


@pytest.mark.parametrize("width", [60, 160])
def test_an_unexpected_verdict_has_a_star_that_is_explained(width):
    lines = verdict_table([record(outcome="refuted")], width)
    assert any("◆ refuted *" in line for line in lines)
    assert any("* not as expected" in line for line in lines)


def test_legend_shows_only_the_signs_that_occur():
    assert verdict_table([record()], 100)[-1] == "● supported"


def test_ascii_spells_out_what_it_can():
    lines = verdict_table([record(title="R ≥ √N", effect=-1.0, interval=None)], 160, unicode=False)
    assert "R >= sqrt N" in lines[1]
    assert "-1" in lines[1]


def test_controls_are_counted_in_one_line():
    failed = control(name="test_control_fails", outcome="supported")
    assert verdict_table([record(), control(), failed], 100)[-1] == (
        "Controls: 1 of 2 came out as expected; 1 did not: test_control_fails"
    )


def test_a_run_without_claims_has_one_line():
    assert verdict_table([]) == ["No claim was run."]


def test_a_shortened_title_keeps_its_parameters():
    title = "Numbers in [0, 9] drawn from a very long list of numbers exceed one. [b=1.5]"

    lines = verdict_table([record(title=title)], width=60)

    assert any("Numbers in [0, 9] dr" in line and "… [b=1.5]" in line for line in lines)
    assert all(len(line) <= 60 for line in lines)


def test_a_long_title_without_parameters_is_cut_at_its_end():
    lines = verdict_table([record(title="Numbers exceed one, " * 9)], width=60)

    assert any("Numbers exceed one, Numbers" in line and "…" in line for line in lines)


def test_many_claims_have_a_line_for_each_identifier():
    calm = [record(id=f"A-{i // 4:02}", name=f"test_{i}", outcome="supported") for i in range(80)]
    wrong = record(id="A-03", name="test_wrong", outcome="refuted", expected="supported")

    lines = verdict_table([*calm, wrong], width=100)

    assert sum(line.startswith("A-") for line in lines) == 20 + 1
    assert any(line.startswith("A-03 ●4 ◆") for line in lines)
    assert sum("refuted *" in line for line in lines) == 1


def test_claims_that_depend_on_the_judge_are_listed():
    lines = verdict_table([dependent(), record()], 200)

    assert lines[-1] == (
        "Inconclusive, depends on the judge: "
        "B-08 on faces_ae (supported at threshold, lenient; refuted at strict)"
    )


def test_of_many_such_claims_the_rest_are_counted():
    records = [dependent(name=f"test_{i}", model=f"m{i}") for i in range(8)]

    (line,) = [x for x in verdict_table(records, 2000) if x.startswith("Inconclusive, dep")]
    assert line.endswith("2 more")
