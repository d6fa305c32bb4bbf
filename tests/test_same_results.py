"""Two results files are the same where every number, outcome, rule and verdict is."""

import copy
import json

import pytest

from benchmarks.same_results import differences, main

RECORD = {
    "id": "B-08",
    "name": "test_peak[faces]",
    "model": "faces",
    "title": "The radii peak.",
    "outcome": "supported",
    "effect": 0.1,
    "interval": [0.05, 0.15],
    "pvalue": None,
    "seconds": 1.0,
    "rule": "Supported when the number is 1; refuted otherwise.",
    "figures": ["figures/a.svg"],
    "parts": [{"effect": 0.1, "per_replicate": [0.1, 0.1], "unit": "share"}],
}


@pytest.fixture
def runs():
    run = {"schema": 3, "environment": {}, "multiplicity": {"standing": 5}, "claims": [RECORD]}
    return copy.deepcopy(run), copy.deepcopy(run)


def test_texts_times_and_figures_are_left_aside(runs):
    before, after = runs
    after["claims"][0] |= {"title": "Radii peak.", "seconds": 9.0, "figures": []}
    after["claims"][0]["parts"][0] |= {"unit": "rate", "limits": [0.0, None]}
    after["environment"] = {"date": "2026-01-01"}

    assert differences(before, after) == []


def test_readings_of_the_judge_are_compared_where_both_runs_have_them(runs):
    before, after = runs
    after["claims"][0] |= {"readings": [{"name": "strict", "outcome": "refuted"}]}
    assert differences(before, after) == []

    before["claims"][0] |= {"readings": [{"name": "strict", "outcome": "supported"}]}
    (line,) = differences(before, after)
    assert 'readings[0].outcome: "supported" -> "refuted"' in line


def test_one_bit_of_a_float_is_a_difference(runs):
    before, after = runs
    after["claims"][0]["parts"][0]["per_replicate"][1] = 0.1 + 2**-56

    (line,) = differences(before, after)
    assert line.startswith(
        "B-08 test_peak[faces] on faces: parts[0].per_replicate[1]: 0.1 -> 0.1000"
    )


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("outcome", "refuted"),
        ("interval", [0.05, 0.16]),
        ("pvalue", 0.01),
        ("rule", "Supported when the number is 2; refuted otherwise."),
        ("parts", []),
    ],
)
def test_every_result_is_compared(runs, field, value):
    before, after = runs
    after["claims"][0][field] = value

    (line,) = differences(before, after)
    assert field in line


def test_verdicts_that_stand_together_are_compared(runs):
    before, after = runs
    after["multiplicity"]["standing"] = 4
    assert differences(before, after) == ["read together: standing: 5 -> 4"]

    del before["multiplicity"]
    assert differences(before, after) == []


def test_a_record_that_one_run_lacks_is_a_difference(runs):
    before, after = runs
    after["claims"] = []

    assert differences(before, after) == ["B-08 test_peak[faces] on faces: only in the first"]


def test_a_field_that_one_run_lacks_is_a_difference(runs):
    before, after = runs
    del after["claims"][0]["effect"]

    assert differences(before, after) == [
        "B-08 test_peak[faces] on faces: effect only in the first"
    ]


def test_renamed_fields_and_words_are_the_same(runs, monkeypatch):
    before, after = runs
    monkeypatch.setattr("benchmarks.same_results.RENAMED", {"per_replicate": "values"})
    monkeypatch.setattr("benchmarks.same_results.REWORDED", {"the number": "the effect"})
    part = after["claims"][0]["parts"][0]
    part["values"] = part.pop("per_replicate")
    after["claims"][0]["rule"] = "Supported when the effect is 1; refuted otherwise."

    assert differences(before, after) == []


@pytest.mark.parametrize(("effect", "status"), [(0.1, 0), (0.2, 1)])
def test_the_exit_status_tells_whether_results_differ(runs, tmp_path, effect, status, capsys):
    _, after = runs
    after["claims"][0]["effect"] = effect
    files = [tmp_path / "before.json", tmp_path / "after.json"]
    for file, run in zip(files, runs, strict=True):
        file.write_text(json.dumps(run))

    assert main([str(file) for file in files]) == status
    assert ("the same results" in capsys.readouterr().out) == (status == 0)
