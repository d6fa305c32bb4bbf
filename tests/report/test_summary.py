"""The Markdown table shows text as text."""

from aelatent.report import write_summary

from .samples import record


def test_table_has_a_row_a_claim_and_counts_controls(tmp_path, records, environment):
    write_summary(records, environment, tmp_path / "summary.md")
    lines = (tmp_path / "summary.md").read_text().splitlines()
    rows = [line for line in lines if line.startswith("|")]
    assert len(rows) == 2 + 5
    assert lines[-1] == (
        "1 of 1 controls said what they must. date 2026-11-21, commit 93afba4c12ab"
    )


def test_hostile_title_neither_ends_a_cell_nor_opens_a_tag(tmp_path):
    title = "a | b\n[x](http://x.invalid) <script>alert(1)</script> `c` @user"
    write_summary([record(title=title)], {}, tmp_path / "summary.md")
    row = (tmp_path / "summary.md").read_text().splitlines()[2]
    assert row.replace(r"\|", "").count("|") == 7
    assert "<script" not in row
    assert r"\[x\]" in row
    assert r"\`c\` \@user" in row
