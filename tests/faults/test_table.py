"""The table of faults is up to date, and every test that it names exists."""

import ast

import pytest

from tests.faults.table import CASES, DOCUMENT, TESTS, document


def test_the_document_is_up_to_date():
    """Otherwise: `python -m tests.faults.table`."""
    assert DOCUMENT.read_text(encoding="utf-8") == document()


@pytest.mark.parametrize("test", sorted({case[-1] for case in CASES}))
def test_a_named_test_exists(test):
    file, _, name = test.partition("::")
    tree = ast.parse((TESTS / file).read_text(encoding="utf-8"))

    assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
