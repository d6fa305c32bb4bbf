"""The lock of rules: every claim's rule as it was committed, beside what existed by then."""

import json

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
        If a rule is not committed yet; or if a rule or its statistic differs from the lock, and
        the lines that were added to CHANGELOG.md and docs/corrections.md since do not name its
        claim.
    """
    if changed := history.uncommitted("claims/*.py", "claims/*/*.py"):
        raise Unexplained(f"expected committed rules, found changes in {', '.join(changed)}")
    rules, locked = current(), stored()
    if silent := unexplained(rules, locked, notes()):
        raise Unexplained(
            f"expected a line in {' or '.join(NOTES)} that names {', '.join(silent)}: "
            "their rule or statistic is not the locked one"
        )
    entries = {name: entry(name, rule) for name, rule in rules.items()}
    commits = sorted({found["commit"] for found in entries.values()})
    content = {
        "schema": SCHEMA,
        "models": {commit: history.trained_by(commit) for commit in commits},
        "rules": entries,
    }
    LOCK.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def entry(name, rule):
    """Return a rule with the commit and the date since which its limits are what they are."""
    commit, date = history.since(ROOT / rule["file"], name, rule["decision"])
    return {**rule, "commit": commit, "date": date}


def unexplained(rules, locked, said):
    """Return the identifiers of changed rules that a text does not name."""
    changed = departures(rules, locked, MATTERS)
    identifiers = {rules[name]["id"] for name in changed if name in rules and name in locked}
    return sorted(identifier for identifier in identifiers if identifier not in said)


def notes():
    """Return the lines that were added to the notes since the lock was last committed."""
    last = history.git("log", "-1", "--format=%H", "--", str(LOCK)).strip()
    if not last:
        return ""
    lines = history.git("diff", last, "--", *NOTES).splitlines()
    return "\n".join(line[1:] for line in lines if line.startswith("+"))
