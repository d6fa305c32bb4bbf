"""Play a claim: call its function with planted models, and take its verdict instead of a figure."""

from __future__ import annotations

import ast
import inspect
import sys
import textwrap
from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np

from aelatent.inference.rules import Verdict, verdict
from aelatent.simulation.scenarios import Claim

ADD_FIGURE = "add_figure"


def run_claim(claim: Claim, arguments: Mapping[str, Any], rng: np.random.Generator) -> Verdict:
    """Run a claim's function and return the verdict that it would have judged by.

    Parameters
    ----------
    claim : callable
    arguments : mapping of str to object
        What the claim asks for, `decide`, `add_figure` and `rng` aside.
    rng : numpy.random.Generator

    Returns
    -------
    Verdict
        What the claim handed to `decide`. No figure is made.

    Raises
    ------
    TypeError
        If an argument is missing, or the claim judged nothing or twice.
    """
    heard: list[Verdict] = []

    def decide(evidence: Any, rule: Any) -> None:
        heard.append(verdict(evidence, rule))

    given = {"decide": decide, ADD_FIGURE: None, "rng": rng, **arguments}
    wanted = inspect.signature(claim).parameters
    undrawn(claim)(**{name: given[name] for name in wanted if name in given})
    if len(heard) != 1:
        raise TypeError(f"{claim.__name__}: expected one verdict, received {len(heard)}")
    return heard[0]


@cache
def undrawn(claim: Claim) -> Claim:
    """Return a claim's function without the statements that draw.

    Figures take longer than all the rest and say nothing to a verdict, which is judged by evidence
    weighed before. Everything else is the claim's own code, in its own module.
    """
    (tree,) = ast.parse(textwrap.dedent(inspect.getsource(claim))).body
    assert isinstance(tree, ast.FunctionDef)  # noqa: S101 -- for mypy: claims are functions
    tree.decorator_list = []
    bare = ast.fix_missing_locations(_Undrawn().visit(tree))
    code = compile(ast.Module([bare], []), inspect.getfile(claim), "exec")
    found: dict[str, Claim] = {}
    exec(code, vars(sys.modules[claim.__module__]), found)  # noqa: S102 -- the claim's own source
    return found[claim.__name__]


class _Undrawn(ast.NodeTransformer):
    """Put `pass` where a statement does nothing but draw."""

    def visit_Expr(self, node: ast.Expr) -> ast.stmt:
        """Replace a call of `add_figure`."""
        called = node.value.func if isinstance(node.value, ast.Call) else None
        if isinstance(called, ast.Name) and called.id == ADD_FIGURE:
            return ast.copy_location(ast.Pass(), node)
        return node
