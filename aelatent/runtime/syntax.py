"""Python source as a text that is the same under every version of Python."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any


def normal_form(tree: Any) -> str:
    """Write a syntax tree as `ast.dump` of Python 3.11 does, so that its digest can be kept.

    `ast.dump` itself depends on the version: that of 3.12 adds the field `type_params` and the
    empty end of some f-strings, that of 3.13 leaves out whatever is empty.

    Parameters
    ----------
    tree : AST, list of AST, or the constant in a field
        Without what 3.11 cannot parse, if the text is to be the same.

    Returns
    -------
    str
        All fields in their order, without line numbers.

    Examples
    --------
    >>> normal_form(ast.parse("f(None)", mode="eval"))
    "Expression(body=Call(func=Name(id='f', ctx=Load()), args=[Constant(value=None)], keywords=[]))"
    """
    if isinstance(tree, list):
        return f"[{', '.join(map(normal_form, tree))}]"
    if not isinstance(tree, ast.AST):
        return repr(tree)
    fields = (f"{name}={normal_form(value)}" for name, value in _fields(tree))
    return f"{type(tree).__name__}({', '.join(fields)})"


def _fields(node: ast.AST) -> Iterator[tuple[str, Any]]:
    """Yield the fields of a node that every version fills alike; an optional one may be missing."""
    for name, value in ast.iter_fields(node):
        if value is None:
            if isinstance(node, (ast.Constant, ast.MatchSingleton)) and name == "value":
                yield name, value
        elif isinstance(node, ast.JoinedStr):
            yield name, [part for part in value if getattr(part, "value", None) != ""]
        elif value or name != "type_params":
            yield name, value
