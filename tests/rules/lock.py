"""The lock of rules: every claim's rule as it was committed, beside what existed by then."""

import json
import re

from tests.rules import history
from tests.rules.code import rules_of
from tests.rules.history import ROOT

CLAIMS = ROOT / "claims"
LOCK = CLAIMS / "rules.lock"
NOTES = ("CHANGELOG.md", "docs/corrections.md")
SCHEMA = 1
CONTENT = ("id", "decision", "docstring", "statistic", "amended")
MATTERS = ("decision", "statistic")


class Unexplained(ValueError):
    """A rule changed, and neither the changelog nor the corrections name its claim."""


def current():
    """Return the rules of all claims as they are, by function, with the file of each."""
    return {
        name: {**rule, "file": file.relative_to(ROOT).as_posix()}
        for file in sorted(CLAIMS.glob("*/test_*.py"))
        for name, rule in rules_of(file.read_text(encoding="utf-8")).items()
    }


def stored():
    """Return the rules of the lock, by function; none if there is no lock."""
    return json.loads(LOCK.read_text(encoding="utf-8"))["rules"] if LOCK.exists() else {}


def departures(rules, locked, parts=CONTENT):
    """Return the claims whose rule is not the locked one, each with the parts that differ."""
    found = {}
    for name in sorted(rules.keys() | locked.keys()):
        ours, theirs = rules.get(name), locked.get(name)
        if ours is None or theirs is None:
            found[name] = ["not in the lock" if theirs is None else "no such claim"]
        elif changed := [part for part in parts if ours[part] != theirs[part]]:
            found[name] = changed
    return found


def write():
    """Write the lock of the committed rules.

    Raises
    ------
    Unexplained
        If a rule is not committed yet; or if a rule or its statistic differs from the lock, and no
        line was added to CHANGELOG.md or docs/corrections.md that names its claim.
    """
    if changed := history.uncommitted("claims/*.py", "claims/*/*.py"):
        raise Unexplained(f"expected committed rules, found changes in {', '.join(changed)}")
    rules, locked = current(), stored()
    said = {rule["id"]: mentions(rule["id"], notes()) for rule in rules.values()}
    if silent := unexplained(rules, locked, said):
        raise Unexplained(
            f"expected a new line in {' or '.join(NOTES)} that names {', '.join(silent)}: "
            "their rule or statistic is not the locked one"
        )
    entries = {name: entry(name, rule, said[rule["id"]]) for name, rule in rules.items()}
    commits = sorted({found["commit"] for found in entries.values()})
    content = {
        "schema": SCHEMA,
        "models": {commit: history.trained_by(commit) for commit in commits},
        "rules": entries,
    }
    LOCK.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def entry(name, rule, mentioned):
    """Return a rule with the commit and the date since which its limits are what they are.

    How many lines of the notes name its claim is kept, so that a change can be seen to add one.
    """
    commit, date = history.since(ROOT / rule["file"], name, rule["decision"])
    return {**rule, "commit": commit, "date": date, "notes": mentioned}


def unexplained(rules, locked, said):
    """Return the identifiers of changed rules that no more lines name than when they were locked.

    `said` gives the number of lines by identifier.
    """
    changed = departures(rules, locked, MATTERS)
    both = [name for name in changed if name in rules and name in locked]
    silent = {rules[n]["id"] for n in both if said[rules[n]["id"]] <= locked[n].get("notes", -1)}
    return sorted(silent)


def notes():
    """Return the lines of the changelog and the corrections."""
    texts = [(ROOT / name).read_text(encoding="utf-8") for name in NOTES]
    return [line for text in texts for line in text.splitlines()]


def mentions(identifier, lines):
    """Return how many lines name a claim."""
    return sum(re.search(rf"\b{identifier}\b", line) is not None for line in lines)
