"""The command `answers`, and the answers of this repository."""

from pathlib import Path

import pytest

from aelatent.catalogue import read_checks
from aelatent.cli import main
from aelatent.cli.answer_lines import read_catalogue
from aelatent.report import write_results

ROOT = Path(__file__).parents[2]
README = "<!-- answers: B-08 -->\n<!-- end of answers -->\n"


def test_the_answers_agree_with_the_stored_results(monkeypatch, capsys):
    """After a run: `aelatent answers reports/results.json`, and commit what it changes."""
    monkeypatch.chdir(ROOT)

    assert main(["answers", "--check"]) == 0, capsys.readouterr().out


def test_the_stored_results_are_small_enough_to_commit():
    assert (ROOT / "claims" / "results.json").stat().st_size < 300_000


def test_every_source_has_an_author_and_a_title():
    sources = read_catalogue(ROOT / "claims").sources

    assert sources
    assert [s.name for s in sources.values() if not s.title] == []
    assert [s.name for s in sources.values() if not s.author] == ["aelatent"]


@pytest.fixture
def project(tmp_path, monkeypatch, record_of):
    """A folder with a catalogue, a README and the results of a run."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "claims").mkdir()
    (tmp_path / "claims" / "catalogue.yaml").write_text(
        'B-08: {status: A, says: Radii peak, answer: "No. They peak at {estimate:.1f} sqrt(N)."}'
    )
    (tmp_path / "README.md").write_text(README)
    write_results([record_of()], {"date": "2026-11-28", "commit": "abc"}, tmp_path / "run.json")
    return tmp_path


def test_results_are_stored_and_the_table_written(project, capsys):
    assert main(["answers", "run.json"]) == 0

    assert "| ◆ | B-08 Radii peak near √N | **No.** They peak at 1.6 sqrt(N). |" in (
        project / "README.md"
    ).read_text(encoding="utf-8")
    assert len(read_checks(project / "claims" / "results.json").checks) == 1
    assert "written: README.md" in capsys.readouterr().out
    assert main(["answers", "--check"]) == 0


def test_the_check_writes_nothing(project, capsys):
    main(["answers", "run.json"])
    (project / "README.md").write_text(README)

    assert main(["answers", "--check"]) == 1

    assert (project / "README.md").read_text() == README
    assert "FAILED README.md" in capsys.readouterr().out


def test_an_answer_that_flipped_is_told(project, record_of, capsys):
    changed = record_of(outcome="supported", parts=[{**record_of().parts[0], "effect": 1.0}])
    write_results([changed], {"date": "2026-11-29"}, project / "run.json")

    assert main(["answers", "run.json"]) == 1

    assert 'FAILED B-08: expected "Yes.", as it held' in capsys.readouterr().out


def test_a_later_run_of_few_checks_leaves_the_environment(project, record_of):
    more = [record_of(), record_of(name="test_peak[other]", models=["other"])]
    write_results(more, {"date": "2026-11-28", "commit": "whole"}, project / "whole.json")
    write_results([record_of(outcome="inconclusive")], {"commit": "part"}, project / "part.json")

    main(["answers", "whole.json", "part.json"])

    checks, environment = read_checks(project / "claims" / "results.json")
    assert environment["commit"] == "whole"
    assert {check.outcome for check in checks} == {"refuted", "inconclusive"}
