"""The code of a claim: its function without its text, and what of its file the function uses."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

_Definition = ast.FunctionDef | ast.ClassDef | ast.Assign | ast.AnnAssign
SILENT = {"expect"}  # marks that say what comes out, not how


def source_code(file: Path, function: str) -> str:
    """Return a function of a file with the constants and functions of that file that it names.

    Docstrings and `expect` marks are left out: the report says them elsewhere. Nothing is returned
    where file or function is missing, or the file is no Python.

    Parameters
    ----------
    file : Path
    function : str
        Its name.

    Returns
    -------
    str
    """
    try:
        text = file.read_text("utf-8")
        tree = ast.parse(text)
    except (OSError, SyntaxError, ValueError):
        return ""
    known = dict(_definitions(tree))
    if function not in known:
        return ""
    lines = text.splitlines()
    order = {id(node): place for place, node in enumerate(tree.body)}
    nodes = sorted(_used(known, function), key=lambda node: order[id(node)])
    return "\n\n".join(_text(lines, node) for node in nodes)


def _definitions(tree: ast.Module) -> Iterator[tuple[str, _Definition]]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name, node
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                yield from ((n.id, node) for n in ast.walk(target) if isinstance(n, ast.Name))
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield node.target.id, node


def _used(known: dict[str, _Definition], name: str) -> list[_Definition]:
    """Return the definition of a name and, one after another, those of all names within it."""
    found: dict[int, _Definition] = {}
    waiting = [name]
    while waiting:
        node = known[waiting.pop()]
        if id(node) in found:
            continue
        found[id(node)] = node
        names = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
        waiting += [other for other in names if other in known]
    return list(found.values())


def _text(lines: list[str], node: _Definition) -> str:
    """Return the lines of a definition, but for its docstring and its silent marks."""
    if isinstance(node, ast.Assign) and _silent_parameters(node):
        return ast.unparse(_Unmarked().visit(node))
    left_out: set[int] = set()
    marks = getattr(node, "decorator_list", [])
    for mark in marks:
        if _mark(mark) in SILENT or _silent_parameters(mark):
            left_out |= {*range(mark.lineno, (mark.end_lineno or mark.lineno) + 1)}
    body = getattr(node, "body", [])
    if body and isinstance(node, ast.FunctionDef) and ast.get_docstring(node) is not None:
        left_out |= {*range(body[0].lineno, (body[0].end_lineno or body[0].lineno) + 1)}
    first = min([node.lineno, *(mark.lineno for mark in marks)])
    numbers = range(first, (node.end_lineno or node.lineno) + 1)
    shorter = {
        mark.lineno: f"@{ast.unparse(_Unmarked().visit(mark))}"
        for mark in marks
        if _silent_parameters(mark)
    }
    return "\n".join(
        shorter.get(n, lines[n - 1]) for n in numbers if n in shorter or n not in left_out
    )


class _Unmarked(ast.NodeTransformer):
    """Drops the silent marks of `pytest.param`."""

    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        node.keywords = [k for k in node.keywords if not _silent_keyword(k)]
        return node


def _silent_parameters(node: ast.AST) -> bool:
    """Tell whether a decorator or a table marks single parameters with an expectation."""
    return any(isinstance(n, ast.keyword) and _silent_keyword(n) for n in ast.walk(node))


def _silent_keyword(keyword: ast.keyword) -> bool:
    """Tell whether a keyword is `marks` with nothing but silent marks."""
    value = keyword.value
    marks = value.elts if isinstance(value, ast.List | ast.Tuple) else [value]
    return keyword.arg == "marks" and all(_mark(mark) in SILENT for mark in marks)


def _mark(mark: ast.expr) -> str:
    called = mark.func if isinstance(mark, ast.Call) else mark
    return called.attr if isinstance(called, ast.Attribute) else ""
