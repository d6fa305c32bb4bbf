"""Packaged claims in a test suite of the user's own."""

import inspect
import json
from pathlib import Path

import pytest

from aelatent.plugin import parametrize_with_claims

pytest_plugins = ["pytester"]

TESTS = """
import pytest
from aelatent.plugin import parametrize_with_claims

EXPECTED = {expected}


@parametrize_with_claims(["mine.yaml"], claims={claims}, expected=EXPECTED)
def test_claims(claim):
    claim()
"""


@pytest.fixture
def suite(libraries, home, describe, pytester, monkeypatch):
    """A function that runs packaged claims in a project that holds nothing else."""

    def run(claims, expected=None):
        (home / "test_mine.py").write_text(TESTS.format(claims=claims, expected=expected or {}))
        describe()
        monkeypatch.chdir(home)
        monkeypatch.setenv("PYTHONPATH", str(home))
        return pytester.runpytest_inprocess("-p", "no:cacheprovider", "-rs")

    return run


def outcomes(folder):
    records = json.loads((folder / "reports" / "results.json").read_text())["claims"]
    return {(r["id"], r["outcome"]) for r in records}


@pytest.mark.slow
def test_expected_verdicts_pass_and_missing_capabilities_skip(suite, home):
    expected = {
        "test_radius_peak_sits_near_root_n": (
            "refuted",
            "the codes of principal components have a scale of their own",
        ),
        "test_radius_peak_sits_where_mean_and_covariance_predict_it": (
            "inconclusive",
            "one training leaves open whether the peak lies within a factor of 1.05",
        ),
    }

    result = suite(["B-08", "C-07"], expected)

    assert result.ret == 0, str(result.stdout)
    counts = result.parseoutcomes()
    assert counts["skipped"] == 1
    assert counts["passed"] >= 1
    assert "needs an encoder that gives means and log-variances" in str(result.stdout)
    found = outcomes(home)
    assert ("B-08", "refuted") in found
    assert ("C-07", "not applicable") in found


@pytest.mark.slow
def test_a_verdict_that_nobody_declared_fails(suite):
    result = suite(["B-08"])

    assert result.ret == 1
    result.stdout.fnmatch_lines(["*test_claims?mine-B-08-*"])
    assert "refuted" in str(result.stdout)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("claims", "expected", "said"),
    [
        (["Q-99"], {}, "Q-99 is none"),
        (["B-08"], {"A-01": ("refuted", "why")}, "A-01 is none of them"),
    ],
)
def test_a_name_that_no_claim_has_is_told(suite, claims, expected, said):
    result = suite(claims, expected)

    assert result.ret != 0
    assert said in str(result.stdout) + str(result.stderr)
    assert "Traceback" not in str(result.stdout)


def test_every_claim_about_one_model_can_be_asked_for(tmp_path):
    mark = parametrize_with_claims([tmp_path / "mine.yaml"])

    _, cases = mark.args
    names = [case.id for case in cases]
    assert len(set(names)) == len(names)
    assert len({case.values[0].id for case in cases}) > 70
    for case in cases:
        (packaged,) = case.values
        assert set(packaged.arguments) <= set(inspect.signature(packaged.function).parameters)


def test_paths_are_relative_to_the_file_that_calls(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    mark = parametrize_with_claims(["mine.yaml"], claims=["B-08"])

    assert {c.values[0].subject for c in mark.args[1]} == {Path(__file__).parent / "mine.yaml"}


def test_a_file_of_expected_verdicts_may_list_more_than_is_run(tmp_path):
    name = "test_radius_peak_sits_near_root_n"
    entry = "{verdict: refuted, because: its scale}"
    (tmp_path / "expected.yaml").write_text(f"{name}: {entry}\ntest_of_another_claim: {entry}\n")
    mark = parametrize_with_claims(
        [tmp_path / "mine.yaml"], claims=["B-08"], expected=tmp_path / "expected.yaml"
    )

    marked = {c.values[0].name for c in mark.args[1] if any(m.name == "expect" for m in c.marks)}
    assert marked == {name}
