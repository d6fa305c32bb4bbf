"""Every rule is the locked one, and what changes is named where readers look."""

import re

import pytest

from tests.rules import lock
from tests.rules.code import rules_of
from tests.rules.history import limits

FILE = '''
import pytest
from helpers import estimate

BOUND, DRAWS = 1.0, 50


@pytest.mark.claim("Z-01", needs="trained")
def test_numbers_exceed_one(model, decide, add_figure):
    """Numbers exceed one.

    Decision
        Supported when the 95 % interval over replicates lies above 1.
    """
    evidence = estimate(drawn, model)

    add_figure(evidence, "Numbers.")

    decide(evidence, BOUND)


@pytest.mark.claim("Z-01")
def test_control_small_numbers_do_not(decide):
    decide(estimate(other, 0), BOUND)


def drawn(model):
    """Draw numbers."""
    return model[:DRAWS]


def other(model):
    return model
'''
(NAME,) = rules_of(FILE)


def changed(old, new):
    """Return which parts of the rule change with the file."""
    first, second = rules_of(FILE)[NAME], rules_of(FILE.replace(old, new))[NAME]
    return {part for part in first if first[part] != second[part]}


def test_every_rule_is_the_locked_one():
    """After a rule was committed: `python -m tests.rules`, and commit the lock."""
    assert lock.departures(lock.current(), lock.stored()) == {}


def test_every_locked_rule_has_a_commit_and_a_date():
    wrong = [
        name
        for name, rule in lock.stored().items()
        if not (re.fullmatch(r"[0-9a-f]{7,}", rule["commit"]) and rule["date"] >= "2026-11-21")
    ]

    assert wrong == []


def test_amended_claims_are_among_the_corrections():
    text = (lock.ROOT / "docs" / "corrections.md").read_text(encoding="utf-8")
    amended = [
        identifier
        for file in lock.CLAIMS.glob("*/test_*.py")
        for identifier in re.findall(
            r'claim\(\s*"([A-Z]-\d+)"[^)]*?amended=', file.read_text(encoding="utf-8")
        )
    ]

    assert amended
    assert [identifier for identifier in amended if identifier not in text] == []


@pytest.mark.parametrize(
    ("old", "new", "parts"),
    [
        ("DRAWS = 1.0, 50", "DRAWS = 1.0, 40", {"statistic"}),
        ("BOUND, DRAWS = 1.0", "BOUND, DRAWS = 0.9", {"statistic"}),
        ("model[:DRAWS]", "model[DRAWS:]", {"statistic"}),
        ("lies above 1.", "lies above 0.9.", {"decision", "docstring"}),
        ('"""Numbers exceed one.', '"""All numbers exceed one.', {"docstring"}),
        ('"""Draw numbers."""', '"""Draw some numbers."""', set()),
        ('"Numbers."', '"Other numbers."', set()),
        ("return model\n", "return -model\n", set()),
    ],
)
def test_a_change_of_the_file_changes_its_part_of_the_rule(old, new, parts):
    assert changed(old, new) == parts


def test_a_control_is_no_rule():
    assert [*rules_of(FILE)] == ["test_numbers_exceed_one"]


def test_a_changed_rule_must_be_named():
    rules = rules_of(FILE)
    locked = {NAME: {**rules_of(FILE.replace("50", "40"))[NAME], "notes": 1}}

    assert lock.unexplained(rules, locked, {"Z-01": 1}) == ["Z-01"]
    assert lock.unexplained(rules, locked, {"Z-01": 2}) == []
    assert lock.unexplained(rules, {NAME: {**rules[NAME], "notes": 1}}, {"Z-01": 1}) == []
    assert lock.unexplained(rules, {}, {"Z-01": 0}) == []


def test_a_line_names_a_claim_by_its_whole_identifier():
    lines = ["- Z-01 draws 50 numbers instead of 40.", "- Z-012 and Z-02 do not.", "Z-01, again"]

    assert lock.mentions("Z-01", lines) == 2


def test_words_are_no_limits():
    said = "Supported when the interval lies above 0.5; refuted when it lies below."

    assert limits(said) == limits(said.replace("the interval", "all of it"))
    assert limits(said) != limits(said.replace("0.5", "0.6"))
