"""What a rule consists of in the source of its claim: the sentences that decide, and the code."""

import ast
import copy
import hashlib

from aelatent.inference.headings import sections
from aelatent.runtime.syntax import normal_form

DRAWN = "add_figure"  # figures decide nothing


def rules_of(text):
    """Return the rule of every claim in the source of a file, by the name of its function.

    A rule is the text under "Decision", which pytest compares with the rule that decides, and the
    digests of the docstring and of the statistic: the function with everything in its file that it
    names, directly or through others, but without docstrings and figures. Numbers of draws and
    other sizes of samples are among what it names. Controls and scenarios are no rules.
    """
    tree = ast.parse(text)
    defined = definitions(tree)
    return {
        name: {
            "id": identifier(node),
            "decision": words(sections(ast.get_docstring(node) or "").get("Decision", "")),
            "docstring": digest(words(ast.get_docstring(node) or "")),
            "statistic": digest("\n".join(reached(name, defined))),
            "amended": amended(node),
        }
        for name, node in defined.items()
        if name.startswith("test_") and not name.startswith("test_control_") and identifier(node)
    }


def definitions(tree):
    """Return the functions, classes and constants of a module, by name."""
    found = {}
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            found[node.name] = node
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for name in (n.id for t in targets for n in ast.walk(t) if isinstance(n, ast.Name)):
                found[name] = node
    return found


def marker(node):
    """Return the mark `claim` of a function; None for any other definition."""
    for decorator in getattr(node, "decorator_list", []):
        called = isinstance(decorator, ast.Call) and ast.unparse(decorator.func)
        if called == "pytest.mark.claim":
            return decorator
    return None


def identifier(node):
    """Return the identifier of a claim's function; None for any other definition."""
    found = marker(node)
    return None if found is None else ast.literal_eval(found.args[0])


def amended(node):
    """Return the date on which a claim's rule was written again; empty where it was not."""
    dates = [ast.literal_eval(k.value) for k in marker(node).keywords if k.arg == "amended"]
    return dates[0] if dates else ""


def reached(name, defined):
    """Return the code of a definition and of all that it names, sorted by name."""
    found, waiting = {}, [name]
    while waiting:
        current = waiting.pop()
        if current in found or current not in defined:
            continue
        node = stripped(defined[current])
        found[current] = normal_form(node)
        waiting += [n.id for n in ast.walk(node) if isinstance(n, ast.Name)]
    return [f"{key} {found[key]}" for key in sorted(found)]


def stripped(node):
    """Return a definition without its docstring, marks, and calls of `add_figure`."""
    bare = _WithoutFigures().visit(copy.deepcopy(node))
    if isinstance(bare, ast.FunctionDef):
        bare.decorator_list = [d for d in bare.decorator_list if "parametrize" in ast.unparse(d)]
        if ast.get_docstring(bare) is not None:
            bare.body = bare.body[1:] or [ast.Pass()]
    return bare


class _WithoutFigures(ast.NodeTransformer):
    """Put `pass` in the place of statements that only call `add_figure`."""

    def visit_Expr(self, node):
        called = node.value.func if isinstance(node.value, ast.Call) else None
        drawn = isinstance(called, ast.Name) and called.id == DRAWN
        return ast.Pass() if drawn else node


def words(text):
    """Return a text with single spaces, so that only its words count."""
    return " ".join(text.split())


def digest(text):
    """Return twelve hexadecimal digits of the SHA-256 of a text."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]
