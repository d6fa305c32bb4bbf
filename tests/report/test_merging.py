"""A run of a part adds to the report; what it did not repeat keeps its date."""

import pytest

from aelatent.report import read_results, write_report, write_results
from aelatent.report.merging import Run, earlier_runs, merged

from .samples import record

THEN = {"date": "2026-11-20", "commit": "aaa"}
NOW = {"date": "2026-11-28", "commit": "bbb"}
NEVER, ALWAYS = (lambda _: False), (lambda _: True)


def other(**fields):
    """Make a record of another file."""
    return record(id="A-02", file="claims/a/test_other.py", name="test_other[faces_ae]", **fields)


@pytest.fixture
def results(tmp_path):
    """The results of an earlier run of two claims."""
    path = tmp_path / "results.json"
    write_results([record(effect=0.5), other()], THEN, path)
    return path


def test_a_record_of_this_run_replaces_the_earlier_one(results):
    found = merged([record(effect=0.931)], NOW, results, NEVER)

    assert [(r.id, r.effect, r.date, r.commit) for r in found] == [
        ("B-08", 0.931, "", ""),
        ("A-02", 0.931, "2026-11-20", "aaa"),
    ]


def test_records_of_a_whole_file_that_did_not_run_are_dropped(results):
    assert [r.id for r in merged([record()], NOW, results, ALWAYS)] == ["B-08"]
    assert len(merged([record()], NOW, results, lambda file: "radius" in file)) == 2


def test_records_of_the_same_date_and_commit_are_not_older(results):
    assert {r.date for r in merged([record()], THEN, results, NEVER)} == {""}


def test_an_older_record_keeps_its_date_through_many_runs(results):
    for run in (NOW, {"date": "2026-11-29", "commit": "ccc"}):
        write_results(merged([record()], run, results, NEVER), run, results)

    assert {r.id: r.date for r in read_results(results).records} == {
        "B-08": "",
        "A-02": "2026-11-20",
    }


@pytest.mark.parametrize("damage", ["", "{", '{"schema": 99}'])
def test_without_earlier_results_there_is_nothing_to_keep(results, damage):
    results.write_text(damage)

    assert [r.id for r in merged([record()], NOW, results, NEVER)] == ["B-08"]


def test_earlier_runs_are_counted_the_latest_first():
    old = [record(date="2026-11-20", commit="aaa"), record(date="2026-11-21"), record()]

    assert earlier_runs([old[0], *old]) == [Run("2026-11-21", "", 1), Run("2026-11-20", "aaa", 2)]


def test_a_report_tells_older_records_from_those_of_this_run(folder):
    write_report([record(), other()], THEN, folder)
    records = merged([record()], NOW, folder / "results.json", NEVER)
    index, *_ = write_report(records, NOW, folder)

    page = (folder / "claims" / "A-02.html").read_text("utf-8")
    assert "From the run of 2026-11-20, commit aaa" in page
    assert "From the run of" not in (folder / "claims" / "B-08.html").read_text("utf-8")
    assert "1 of 2 checks" in index.read_text("utf-8")
    assert "A-02" in index.read_text("utf-8")


def test_a_report_of_everything_keeps_nothing_older(folder):
    write_report([record(), other()], THEN, folder)
    write_report([record()], NOW, folder)

    assert [r.id for r in read_results(folder / "results.json").records] == ["B-08"]
