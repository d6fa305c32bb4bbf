"""Results of checks, a line each."""

import json
from dataclasses import replace

import pytest

from aelatent.catalogue import Check, Part, checks_of, latest, read_checks, write_checks
from aelatent.runtime.files import StorageError

ENVIRONMENT = {"commit": "abc", "date": "2026-11-28", "versions": {"numpy": "2"}, "hardware": {}}
CHECK = Check(
    "B-08",
    "claims/x/test_peak.py",
    "test_peak",
    "ae-b=1",
    ("ae",),
    "refuted",
    trainings=5,
    seconds=1.5,
    source_value=1.03,
    parts=(Part("refuted", 1.625, 1.46, 1.79, "sqrt(N)"),),
    date="2026-11-28",
    source="anracom II",
)


def test_stored_checks_come_back(tmp_path):
    older = replace(CHECK, case="other", date="2026-11-01", outcome="not applicable", parts=())
    control = replace(
        CHECK, test="test_control_x", control=True, case="", models=(), source_value=0.0
    )  # of which the outcome alone is kept

    write_checks([CHECK, older, control], ENVIRONMENT, tmp_path / "results.json")
    found, environment = read_checks(tmp_path / "results.json")

    assert set(found) == {CHECK, older, replace(control, parts=())}
    assert environment == {key: ENVIRONMENT[key] for key in ("commit", "date", "versions")}


def test_each_check_has_a_line(tmp_path):
    write_checks([CHECK, replace(CHECK, case="b")], ENVIRONMENT, tmp_path / "results.json")

    lines = (tmp_path / "results.json").read_text().splitlines()

    assert sum("1.625" in line for line in lines) == 2
    assert not any(line.count("1.625") > 1 for line in lines)


def test_equal_checks_give_equal_bytes(tmp_path):
    several = [CHECK, replace(CHECK, case="b"), replace(CHECK, id="A-01", test="test_a")]
    for name, checks in (("a", several), ("b", several[::-1])):
        write_checks(checks, ENVIRONMENT, tmp_path / name)

    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_numbers_keep_five_digits(tmp_path):
    long = replace(CHECK, parts=(Part("refuted", 1.23456789, 1.0, 2.0, "sqrt(N)"),))
    write_checks([long], ENVIRONMENT, tmp_path / "a")

    assert read_checks(tmp_path / "a").checks[0].parts[0].estimate == 1.2346


def test_the_later_run_counts():
    fresh = replace(CHECK, outcome="supported")

    assert latest([CHECK, replace(CHECK, case="b")], [fresh])[0].outcome == "supported"


def test_a_variant_is_what_the_model_leaves():
    assert CHECK.variant == "b=1"
    assert replace(CHECK, case="ae", models=("ae",)).variant == ""


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", json.dumps({"schema": 99, "tests": []})])
def test_a_damaged_file_is_refused(tmp_path, content):
    path = tmp_path / "results.json"
    path.write_text(content)

    with pytest.raises(StorageError, match="expected"):
        read_checks(path)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(StorageError, match="no file"):
        read_checks(tmp_path / "results.json")


def test_records_become_checks(record_of):
    (check,) = checks_of([record_of(name="test_peak[ae-b=1]", models=["ae"])], ENVIRONMENT)

    assert (check.test, check.case, check.variant) == ("test_peak", "ae-b=1", "b=1")
    assert check.date == "2026-11-28"
    assert check.parts[0].low < check.parts[0].estimate < check.parts[0].high
