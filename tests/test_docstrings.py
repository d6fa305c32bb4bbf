"""Every public function with two parameters or more describes them, and what it returns."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

LIBRARY = Path(__file__).parents[1] / "aelatent"
# pytest calls hooks and gives fixtures; nobody reads how to call them.
CALLED_BY_PYTEST = ("pytest_", "pytest.fixture", "pytest.hookimpl")
NOTHING = {"None", "NoReturn"}


def public_functions(path: Path) -> Iterator[tuple[str, ast.FunctionDef]]:
    """Yield the public functions of a file, and the public methods of its public classes."""
    module = ast.parse(path.read_text(encoding="utf-8"))
    for node in module.body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            yield node.name, node
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            for method in node.body:
                if isinstance(method, ast.FunctionDef) and not method.name.startswith("_"):
                    yield f"{node.name}.{method.name}", method


def lacking(function: ast.FunctionDef) -> list[str]:
    """Return the sections that a function's docstring should have and has not."""
    parameters = [
        argument.arg
        for argument in (
            *function.args.posonlyargs,
            *function.args.args,
            *function.args.kwonlyargs,
        )
        if argument.arg not in {"self", "cls"}
    ]
    if len(parameters) < 2 or any(
        name in "\n".join([function.name, *map(ast.unparse, function.decorator_list)])
        for name in (*CALLED_BY_PYTEST, "overload")
    ):
        return []
    docstring = ast.get_docstring(function) or ""
    if re.search(rf"as `\w+\.{function.name}`", docstring) or all(
        name.startswith("_") for name in parameters
    ):
        return []  # documented where it is inherited from, or nothing that it reads
    missing = [] if "Parameters\n----------" in docstring else ["Parameters"]
    returns = function.returns is not None and ast.unparse(function.returns) not in NOTHING
    if returns and not any(f"{word}\n---" in docstring for word in ("Returns", "Yields")):
        missing.append("Returns")
    return missing


def test_public_functions_describe_parameters_and_results():
    faults = [
        f"{path.relative_to(LIBRARY.parent)}:{function.lineno} {name}: {', '.join(missing)}"
        for path in sorted(LIBRARY.rglob("*.py"))
        for name, function in public_functions(path)
        if (missing := lacking(function))
    ]

    assert not faults, "\n".join(faults)
