"""Many runs in the order of their dates."""

import json

import pytest

from aelatent.cli import main
from aelatent.report import write_results
from aelatent.report.history import history, history_lines
from aelatent.runtime.files import StorageError

from .samples import record
from .test_comparison import measured


@pytest.fixture
def runs(tmp_path):
    """Three runs whose names do not sort as their dates do."""
    steady = {"name": "test_steady[faces_ae]", "title": "It stays."}
    contents = {
        "b/results.json": ("2026-01-01", [measured(1.0), measured(1.0, **steady)]),
        "c.json": ("2026-01-02", [measured(1.2, outcome="refuted")]),
        "a/results.json": ("2026-01-03", [measured(2.0), measured(1.01, **steady)]),
    }
    for name, (date, records) in contents.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        write_results(records, {"date": date, "commit": f"of {date}"}, tmp_path / name)
    return tmp_path


def test_runs_stand_in_the_order_of_their_dates(runs):
    found = history(runs)

    assert found.names == ("b", "c", "a")
    (line,) = found.unsteady
    assert line.flips == 2
    assert line.drift.beyond
    assert [r and r.outcome for r in line.records] == ["supported", "refuted", "supported"]
    lines = history_lines(found, 80, unicode=False)
    assert any(text.startswith("+ x + B-08") for text in lines)
    assert "1 of 2 kept" in lines[-1]


def test_the_page_names_runs_and_what_did_not_stay(runs, capsys):
    page = runs / "page.html"

    assert main(["history", str(runs), "--html", str(page)]) == 0

    assert "written" in capsys.readouterr().out
    assert "of 2026-01-02" in page.read_text()
    assert "It stays" not in page.read_text()


def test_runs_and_claims_are_printed_as_json(runs, capsys):
    assert main(["history", str(runs), "--json"]) == 0

    found = json.loads(capsys.readouterr().out)
    assert [run["name"] for run in found["runs"]] == ["b", "c", "a"]
    assert found["runs"][1] == {"name": "c", "date": "2026-01-02", "commit": "of 2026-01-02"}
    flipped, steady = sorted(found["claims"], key=lambda claim: -claim["flips"])
    assert (flipped["flips"], flipped["moved"]) == (2, True)
    assert [run["outcome"] for run in flipped["runs"]] == ["supported", "refuted", "supported"]
    assert (steady["flips"], steady["runs"][1]) == (0, None)


def test_a_folder_without_runs_is_told(tmp_path):
    with pytest.raises(StorageError, match="expected results files of runs"):
        history(tmp_path)


def test_a_claim_that_was_never_measured_does_not_drift(tmp_path):
    for day in (1, 2):
        folder = tmp_path / str(day)
        folder.mkdir()
        skipped = record(outcome="not applicable", parts=[], effect=None, interval=None)
        write_results([skipped], {"date": f"2026-01-0{day}"}, folder / "results.json")

    assert history(tmp_path).lines[0].drift is None
