"""An audit from the command line, end to end."""

import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

import aelatent
from aelatent.audit.running import Audit
from aelatent.cli import main
from aelatent.inference.rules import Record
from aelatent.report import read_results

QUICK = ["--claims", "A-18", "B-08", "C-07", "A-01"]


@pytest.fixture
def audited(describe, home, monkeypatch):
    monkeypatch.chdir(home)
    assert main(["audit", str(describe()), "--report", "out", *QUICK]) == 0
    return home / "out"


@pytest.mark.slow
def test_an_audit_leaves_a_page_numbers_verdicts_and_a_sampler(audited, capsys):
    content = json.loads((audited / "audit.json").read_text())
    assert content["codes"]["d"] == 16
    assert content["advice"]
    assert {s["name"] for s in content["samplers"]} >= {"N(0, I)", "held-out codes"}
    records = read_results(audited / "verdicts" / "results.json").records
    assert {r.id for r in records} == {"A-18", "B-08", "C-07", "A-01"}
    assert {r.outcome for r in records if r.id == "C-07"} == {"not applicable"}
    assert not [r.message for r in records if r.outcome == "error"]
    page = (audited / "index.html").read_text()
    assert "this model alone" in page
    assert "means and log-variances" in page
    codes = aelatent.load_sampler(audited / "sampler.npz").draw(3, np.random.default_rng(0))
    assert codes.shape == (3, 16)
    assert not (audited.parent / ".aelatent").exists()


@pytest.mark.slow
def test_a_demand_that_is_missed_gives_status_one(describe, home, capsys):
    spec = str(describe())
    out = ["--report", str(home / "out")]
    refused = ["--fail-on", "not applicable:C-07", "--fail-on", "refuted:C-07"]
    assert main(["audit", spec, *out, "--claims", "C-07", *refused]) == 1
    assert "FAILED C-07: expected a verdict, it is not applicable" in capsys.readouterr().out
    assert main(["audit", spec, *out, "--claims", "C-07", "--min-hit-rate", "0.3"]) == 0


@pytest.mark.parametrize(
    ("hits", "said"),
    [
        (0.85, ["expected a hit rate of 0.9 or more, received 0.850 of the sampler"]),
        (0.95, []),
        (None, ["expected a hit rate of 0.9 or more, received no decoder"]),
    ],
)
def test_the_best_hit_rate_has_to_meet_the_demand(hits, said):
    best = SimpleNamespace(name="the sampler", hits=(hits, (0.8, 1.0)))
    found = Audit(Path(), None, hits and SimpleNamespace(best=best), [])
    assert found.shortcomings([], 0.9) == said


@pytest.mark.slow
def test_codes_a_statistic_refuses_make_a_claim_not_applicable(describe, home):
    codes = np.random.default_rng(0).normal(size=(900, 16))
    codes[:, 3] = 0.5
    np.save(home / "codes.npy", codes)
    spec = describe(encoder=None, decoder=None, images=None, codes="codes.npy")
    assert main(["audit", str(spec), "--report", str(home / "out"), "--claims", "A-08"]) == 0
    (record,) = read_results(home / "out" / "verdicts" / "results.json").records
    assert record.outcome == "not applicable"
    assert record.message.startswith("cannot be measured on this model: ")


def test_a_check_that_broke_is_no_verdict():
    record = Record("A-18", "test", "A claim.", "", "mine", outcome="error", expected="")
    found = Audit(Path(), None, None, [record])
    assert found.shortcomings([("refuted", "A-18")], None)[0].startswith("A-18: expected a verdict")


@pytest.mark.parametrize("said", [["--claims", "Q-99"], ["--fail-on", "refuted:Q-99"]])
def test_a_claim_that_nobody_knows_is_told_at_once(describe, said, capsys):
    assert main(["audit", str(describe()), *said]) == 2
    assert "received Q-99" in capsys.readouterr().out


@pytest.mark.parametrize("rate", ["nan", "2", "much"])
def test_a_rate_lies_between_none_and_all(describe, rate, capsys):
    with pytest.raises(SystemExit):
        main(["audit", str(describe()), "--min-hit-rate", rate])
    assert "expected a number from 0 to 1" in capsys.readouterr().err


def test_a_fault_of_the_description_is_one_line(describe, capsys):
    assert main(["audit", str(describe(range="[-1, 1]"))]) == 1
    said = capsys.readouterr().err
    assert said.startswith("aelatent: range: expected [-1, 1] as declared")
    assert "Traceback" not in said
