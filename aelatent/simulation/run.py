"""Run a claim on simulated models: call its function without its figures, and take its verdict."""

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
    """Run a claim's function and return its verdict.

    Parameters
    ----------
    claim : callable
        The claim's function, as pytest runs it.
    arguments : mapping of str to object
        The fixtures and parameters that the claim asks for, `decide`, `add_figure` and `rng` aside.
    rng : numpy.random.Generator
        The claim's `rng`, unless `arguments` has another.

    Returns
    -------
    Verdict
        Of the evidence and the rule that the claim passed to `decide`. No figure is drawn.

    Raises
    ------
    TypeError
        If an argument is missing, or the claim called `decide` never or twice.
    """
    verdicts: list[Verdict] = []

    def decide(evidence: Any, rule: Any) -> None:
        verdicts.append(verdict(evidence, rule))

    available = {"decide": decide, ADD_FIGURE: None, "rng": rng, **arguments}
    parameters = inspect.signature(claim).parameters
    without_figures(claim)(**{name: available[name] for name in parameters if name in available})
    if len(verdicts) != 1:
        raise TypeError(f"{claim.__name__}: expected one verdict, received {len(verdicts)}")
    return verdicts[0]


@cache
def without_figures(claim: Claim) -> Claim:
    """Return a claim's function without its calls of `add_figure`.

    Python computes the arguments of such a call before it can ignore them, and a figure takes
    longer than all the rest; so the calls must go from the claim's source. Nothing else changes.
    """
    (tree,) = ast.parse(textwrap.dedent(inspect.getsource(claim))).body
    assert isinstance(tree, ast.FunctionDef)  # noqa: S101 -- for mypy: claims are functions
    tree.decorator_list = []
    bare = ast.fix_missing_locations(_WithoutFigures().visit(tree))
    code = compile(ast.Module([bare], []), inspect.getfile(claim), "exec")
    names: dict[str, Claim] = {}
    exec(code, vars(sys.modules[claim.__module__]), names)  # noqa: S102 -- the claim's own source
    return names[claim.__name__]


class _WithoutFigures(ast.NodeTransformer):
    """Put `pass` in the place of statements that only call `add_figure`."""

    def visit_Expr(self, node: ast.Expr) -> ast.stmt:
        """Replace a call of `add_figure`."""
        called = node.value.func if isinstance(node.value, ast.Call) else None
        if isinstance(called, ast.Name) and called.id == ADD_FIGURE:
            return ast.copy_location(ast.Pass(), node)
        return node
