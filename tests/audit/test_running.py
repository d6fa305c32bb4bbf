"""An audit from the command line, end to end."""

import json
import subprocess
import sys

import numpy as np
import pytest

import aelatent
from aelatent.cli import main
from aelatent.report import read_results

QUICK = ["--claims", "A-18", "B-08", "C-07", "A-01"]


@pytest.mark.slow
def test_an_audit_leaves_a_page_numbers_verdicts_and_a_sampler(describe, home, monkeypatch):
    monkeypatch.chdir(home)
    assert main(["audit", str(describe()), "--report", "out", *QUICK]) == 0

    audited = home / "out"
    content = json.loads((audited / "audit.json").read_text())
    assert content["codes"]["d"] == 16
    assert content["advice"]
    assert {s["name"] for s in content["samplers"]} >= {"N(0, I)", "codes of images"}
    records = read_results(audited / "verdicts" / "results.json").records
    assert {r.id for r in records} == {"A-18", "B-08", "C-07", "A-01"}
    assert {r.outcome for r in records if r.id == "C-07"} == {"not applicable"}
    assert not [r.message for r in records if r.outcome == "error"]
    (vectors,) = [r for r in records if r.id == "A-18"]
    assert vectors.outcome in {"supported", "refuted", "inconclusive"}
    assert "as many as there are codes" in vectors.alternatives[0]
    assert "| gaussian | " in (audited / "summary.md").read_text()
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
    assert main(["audit", spec, *out, "--no-claims", "--min-hit-rate", "0.3"]) == 0


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


def test_the_advice_and_the_page_come_before_the_claims(describe, home, monkeypatch, capsys):
    seen = []

    def run_claims(description, folder, claims, workers, progress):
        seen.append((capsys.readouterr().out, (home / "out" / "index.html").read_text()))
        return []

    monkeypatch.setattr("aelatent.audit.running.run_claims", run_claims)
    assert main(["audit", str(describe()), "--report", str(home / "out")]) == 0
    ((said, page),) = seen
    assert said.startswith("aelatent audit: mine can be sampled\n  The model reconstructs")
    assert "Draw from this sampler" in said
    assert "Read as: 1,797 images of 8 x 8 x 1; the encoder takes" in said
    assert "\nstandard-normal " in said
    assert "Read as" in page
    assert said.endswith("index.html\n")
    assert "None was run" in page
    assert capsys.readouterr().out == "claims: none\n"


@pytest.mark.slow
def test_the_command_audits_functions_without_keras(describe, home):
    options = ["audit", str(describe()), "--report", str(home / "out"), "--no-claims"]
    code = (
        "import sys; from aelatent.cli import main; "
        f"assert main({options!r}) == 0; "
        "assert not {'keras', 'tensorflow', 'torch'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)


def test_an_audit_may_run_no_claims(describe, home, monkeypatch, capsys):
    monkeypatch.setattr("aelatent.audit.running.run_claims", pytest.fail)
    spec = [str(describe()), "--report", str(home / "out"), "--no-claims"]
    assert main(["audit", *spec, "--min-hit-rate", "gaussian:0"]) == 0
    assert "claims:" not in capsys.readouterr().out
    assert main(["audit", *spec, "--claims", "A-18"]) == 2


@pytest.mark.parametrize("said", [["--claims", "Q-99"], ["--fail-on", "refuted:Q-99"]])
def test_a_claim_that_nobody_knows_is_told_at_once(describe, said, capsys):
    assert main(["audit", str(describe()), *said]) == 2
    assert "received Q-99" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--min-hit-rate", "nan", "expected a number from 0 to 1"),
        ("--min-hit-rate", "gaussian:2", "expected a number from 0 to 1"),
        (
            "--min-recall",
            "gauss:0.9",
            "expected a sampler of standard-normal, own-ranges, gaussian",
        ),
        ("--max-error", "-1", "expected a number above 0"),
    ],
)
def test_a_demand_that_nothing_can_meet_is_wrong_usage(describe, option, value, said, capsys):
    with pytest.raises(SystemExit) as caught:
        main(["audit", str(describe()), f"{option}={value}"])
    assert caught.value.code == 2
    assert said in capsys.readouterr().err


def test_a_missing_description_is_bad_input(tmp_path, capsys):
    assert main(["audit", str(tmp_path / "nope.yaml")]) == 2
    assert "nope.yaml" in capsys.readouterr().err


def test_a_fault_of_the_description_is_one_line(describe, capsys):
    assert main(["audit", str(describe(range="[-1, 1]"))]) == 2
    said = capsys.readouterr().err
    assert said.splitlines()[-1].startswith("aelatent: range: expected [-1, 1] as declared")
    assert "Traceback" not in said


@pytest.mark.slow
def test_a_gate_fails_on_a_model_that_reconstructs_noise(describe, home, capsys):
    file = home / "networks_of_mine.py"
    noise = (
        "\n\ndef noise(codes):\n    return np.random.default_rng(0).random((len(codes), 8, 8, 1))\n"
    )
    file.write_text(file.read_text() + noise)
    spec = str(describe(decoder="networks_of_mine:noise"))
    out = ["--report", str(home / "out")]
    assert main(["audit", spec, *out, "--claims", "B-08", "--min-hit-rate", "0.9"]) == 1
    said = capsys.readouterr().out
    assert "FAILED The model does not reconstruct its images" in said
    assert "No sampler is recommended." in said
    assert main(["audit", spec, *out, "--no-claims"]) == 0
    assert not (home / "out" / "sampler.npz").exists()
    assert "The model does not reconstruct its images" in (home / "out" / "index.html").read_text()
