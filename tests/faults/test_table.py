"""The table of faults is up to date, and every test that it names exists."""

import ast
from functools import cache

from tests.faults.table import CASES, DOCUMENT, TESTS, document


def test_the_document_is_up_to_date():
    """Otherwise: `python -m tests.faults.table`."""
    assert DOCUMENT.read_text(encoding="utf-8") == document()


@cache
def names_in(file):
    """Return the names of the tests in a file; none if there is no such file."""
    path = TESTS / file
    tree = ast.parse(path.read_text(encoding="utf-8") if path.exists() else "")
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_every_named_test_exists():
    named = sorted({case[-1].partition("::") for case in CASES})

    assert [f"{file}::{name}" for file, _, name in named if name not in names_in(file)] == []
