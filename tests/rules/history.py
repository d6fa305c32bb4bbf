"""When a rule was committed, and which models had been trained by then: what git knows."""

import re
import subprocess
from functools import cache
from pathlib import Path

from tests.rules.code import rules_of

ROOT = Path(__file__).parents[2]
LIMIT = re.compile(r"-?\d+(?:\.\d+)?|above|below|within|outside|between|Supported|refuted")
REPLICATE = re.compile(r"([^/]+)/seed-\d+\.npz$")


def git(*arguments):
    """Return the output of a git command in the repository."""
    command = ["git", *arguments]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout


def uncommitted(*paths):
    """Return the changed or new files among some paths."""
    return [line[3:] for line in git("status", "--porcelain", "--", *paths).splitlines()]


def versions(file):
    """Yield the commit, the date and the text of every version of a file, the newest first."""
    shown = git("log", "--follow", "--name-only", "--format=commit %h %cs", "--", str(file))
    for block in shown.split("commit ")[1:]:
        (commit, date), *paths = [line.split() for line in block.splitlines() if line]
        yield commit, date, git("show", f"{commit}:{paths[-1][0]}")


def since(file, name, decision):
    """Return the first commit of a file since which a claim has had the limits of its rule.

    Words may have changed in between; numbers and directions have not.
    """
    found = ("", "")
    for commit, date, text in known_versions(file):
        earlier = known_rules(text).get(name)
        if earlier is None or limits(earlier["decision"]) != limits(decision):
            break
        found = (commit, date)
    return found


@cache
def known_versions(file):
    """Return the versions of a file, read once."""
    return [*versions(file)]


@cache
def known_rules(text):
    """Return the rules in a version; none in one that today's Python cannot read."""
    try:
        return rules_of(text)
    except SyntaxError:
        return {}


def limits(decision):
    """Return the numbers and directions of a decision, in their order."""
    return LIMIT.findall(decision)


@cache
def trained_by(commit):
    """Return the names of the models that had stored replicates in a commit, sorted."""
    paths = git("ls-tree", "-r", "--name-only", commit).splitlines()
    return sorted({match[1] for path in paths if (match := REPLICATE.search(path))})
