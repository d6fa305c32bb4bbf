"""Two audits side by side: worse, better, or within noise."""

import json

import pytest

from aelatent.cli import main
from aelatent.report import write_results
from aelatent.report.audit_comparison import Kind, audit_lines, compare_audits, load_audit
from aelatent.report.history import history, history_lines
from aelatent.runtime.files import StorageError

from .samples import record


def number(value, half=0.03):
    return {"value": value, "interval": [value - half, value + half]}


def row(short, hits, recall=0.5, coverage=0.8):
    return {
        "name": short,
        "short": short,
        "hits": number(hits),
        "recall": number(recall, 0.05),
        "coverage": number(coverage, 0.05),
    }


def audit(*rows, error=0.010, refusals=(), recommended=("gaussian",), date="2026-01-01"):
    return {
        "schema": 2,
        "name": "mine",
        "reconstruction": [{"error": number(error, 0.0005)}],
        "refusals": list(refusals),
        "recommended": list(recommended),
        "samplers": [*rows, row("codes", 0.98, 0.9, 0.95)] if rows else [],
        "environment": {"date": date, "commit": "of the model"},
    }


TRAINED = audit(row("standard-normal", 0.01, 0.1, 0.0), row("gaussian", 0.9))
UNTRAINED = audit(error=0.2, refusals=["It does not reconstruct."], recommended=[])


def kinds(before, after):
    return {change.name: change.kind for change in compare_audits(before, after).changes}


def test_what_matters_is_compared_with_its_noise():
    after = audit(row("standard-normal", 0.01, 0.1, 0.0), row("gaussian", 0.7, 0.52), error=0.008)
    found = kinds(TRAINED, after)
    assert found["clean rate, gaussian"] == Kind.WORSE
    assert found["recall, gaussian"] == Kind.NOISE
    assert found["reconstruction error"] == Kind.BETTER
    assert kinds(TRAINED, TRAINED).keys() == found.keys()
    assert set(kinds(TRAINED, TRAINED).values()) == {Kind.NOISE}


def test_a_model_that_got_lost_is_loud():
    found = compare_audits(TRAINED, UNTRAINED)
    lines = audit_lines(found, unicode=False)
    assert lines[0] == "NOTHING IS RECOMMENDED FOR THE SECOND: It does not reconstruct."
    assert lines[1] == "WORSE:"
    assert lines[2].startswith("  reconstruction error: 0.01 [0.0095, 0.0105] -> 0.2 [")
    assert "9 numbers not measured any more" in lines
    assert "another recommendation: gaussian -> nothing" in lines
    assert found.regressions[0] == "It does not reconstruct."
    assert found.regressions[1].startswith("reconstruction error: 0.01 [0.0095, 0.0105]")
    assert len(found.regressions) == 2
    assert compare_audits(UNTRAINED, TRAINED).regressions == []


def test_a_sampler_that_is_no_longer_measured_is_a_regression():
    after = audit(row("standard-normal", 0.01, 0.1, 0.0))
    lines = audit_lines(compare_audits(TRAINED, after), unicode=False)
    assert "NOT MEASURED ANY MORE:" in lines
    (first, *_) = compare_audits(TRAINED, after).regressions
    assert first.startswith("clean rate, gaussian: 90 % [87, 93]")


def test_a_sampler_that_never_worked_does_not_regress():
    before = audit(row("standard-normal", 0.30), row("gaussian", 0.9))
    after = audit(row("standard-normal", 0.01), row("gaussian", 0.9))
    found = compare_audits(before, after)
    assert [change.name for change in found.of(Kind.WORSE)] == ["clean rate, standard-normal"]
    assert found.regressions == []


def test_many_numbers_need_a_larger_change_each():
    (change,) = [
        c
        for c in compare_audits(TRAINED, audit(row("gaussian", 0.9 - 0.05))).changes
        if c.name == "clean rate, gaussian"
    ]
    assert change.widening > 1.3
    assert change.kind == Kind.NOISE


@pytest.fixture
def audits(tmp_path):
    """Write audits into folders of their own, each with a claim."""

    def write(**contents):
        for name, content in contents.items():
            folder = tmp_path / name
            (folder / "verdicts").mkdir(parents=True)
            (folder / "audit.json").write_text(json.dumps(content))
            environment = {"date": content["environment"]["date"], "commit": "of the library"}
            write_results([record()], environment, folder / "verdicts" / "results.json")
        return [str(tmp_path / name) for name in contents]

    return write


def test_a_regression_gives_status_one_if_asked_for(audits, tmp_path, capsys):
    trained, untrained = audits(trained=TRAINED, untrained=UNTRAINED)
    page = tmp_path / "page.html"

    assert main(["diff", trained, untrained, "--html", str(page)]) == 0
    assert "Nothing is recommended for the second" in page.read_text()
    capsys.readouterr()
    assert main(["diff", trained, untrained, "--fail-on-regression"]) == 1
    assert "FAILED reconstruction error: 0.01 [" in capsys.readouterr().out
    assert main(["diff", trained, trained, "--fail-on-regression"]) == 0
    assert main(["diff", untrained, trained, "--fail-on-regression"]) == 0


def test_runs_that_are_no_audits_cannot_regress(tmp_path, environment, capsys):
    write_results([record()], environment, tmp_path / "results.json")
    run = str(tmp_path)

    assert main(["diff", run, run, "--fail-on-regression"]) == 2
    assert "expected two audits" in capsys.readouterr().err


def test_a_history_shows_the_numbers_of_audits(audits, tmp_path):
    audits(new=audit(row("gaussian", 0.5), date="2026-01-02"), old=TRAINED)

    found = history(tmp_path)

    assert found.names == ("old", "new")
    assert found.runs[0].environment["commit"] == "of the model"
    lines = history_lines(found, 100)
    assert f"{'clean rate, gaussian':34}    90 %    50 %" in lines
    assert f"{'clean rate, standard-normal':34}     1 %       -" in lines


def test_a_damaged_audit_is_told(tmp_path):
    (tmp_path / "audit.json").write_text("{")
    with pytest.raises(StorageError, match="expected a whole JSON file"):
        load_audit(tmp_path)
    (tmp_path / "audit.json").write_text("{}")
    with pytest.raises(StorageError, match="Audit the model again"):
        load_audit(tmp_path)
