"""The Markdown table shows text as text."""

from aelatent.catalogue import Catalogue, Entry, checks_of
from aelatent.report import write_summary

from .samples import dependent, many, record


def test_table_has_a_row_a_claim_and_counts_controls(tmp_path, records, environment):
    write_summary(records, environment, tmp_path / "summary.md")
    lines = (tmp_path / "summary.md").read_text().splitlines()
    rows = [line for line in lines if line.startswith("|")]
    assert len(rows) == 2 + 5
    assert lines[-1] == (
        "1 of 1 controls came out as expected. date 2026-11-21, commit 93afba4c12ab"
    )


def test_the_first_line_counts_verdicts(tmp_path, records):
    write_summary(records, {}, tmp_path / "summary.md")
    first = (tmp_path / "summary.md").read_text().splitlines()[0]
    assert first == (
        "5 verdicts: ● 2 supported, ◆ 1 refuted, ○ 1 not applicable, ▲ 1 error; "
        "**2 not as expected**."
    )


def test_of_many_claims_only_the_unexpected_make_the_table(tmp_path):
    records = many(40, 2)
    write_summary(records, {}, tmp_path / "summary.md")
    calm = (tmp_path / "summary.md").read_text()
    records[0].expected = "error"
    write_summary(records, {}, tmp_path / "summary.md")
    exceptions = (tmp_path / "summary.md").read_text()

    assert "all as expected" in calm
    assert "|" not in calm
    assert "<details><summary>All 40 claims: " in calm
    assert "</summary>\n\n- \N{BLACK CIRCLE} A-000 " in calm
    assert sum(line.startswith("|") for line in exceptions.splitlines()) == 3


def test_hostile_title_neither_ends_a_cell_nor_opens_a_tag(tmp_path):
    title = "a | b\n[x](http://x.invalid) <script>alert(1)</script> `c` @user"
    write_summary([record(title=title)], {}, tmp_path / "summary.md")
    row = (tmp_path / "summary.md").read_text().splitlines()[4]
    assert row.replace(r"\|", "").count("|") == 7
    assert "<script" not in row
    assert r"\[x\]" in row
    assert r"\`c\` \@user" in row


def test_a_row_says_that_a_verdict_depends_on_the_judge(tmp_path):
    write_summary([dependent()], {}, tmp_path / "summary.md")

    assert "inconclusive, depends on the judge |" in (tmp_path / "summary.md").read_text()


def test_the_list_of_many_claims_has_their_plain_answers(tmp_path):
    records = many(40, 2)
    entries = {"A-000": Entry("A-000", "A", answer="Yes. On {checks} models.")}
    catalogue = Catalogue(entries).updated(checks_of(records, {}))

    write_summary(records, {}, tmp_path / "summary.md", catalogue)

    told = (tmp_path / "summary.md").read_text()
    assert "**Yes. On 2 models.**" in told
    assert "**Held.**" in told
