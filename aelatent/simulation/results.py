"""Calibrations on disk: one JSON file beside the claims, each record with the code it holds for."""

from __future__ import annotations

import ast
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aelatent.runtime import files
from aelatent.simulation.error_rates import Calibration, interval

FILE = "calibration.json"
SCHEMA = 1


@dataclass(frozen=True)
class Calibrations:
    """What is stored: a record for each world, by its name.

    A record has `id`, `name`, `worlds`, `code`, the rates `false_support`, `false_refutation` and
    `power`, each with its exact 95 % interval, and the `coverage` of the intervals; or no worlds,
    and `because`.
    """

    records: Mapping[str, Mapping[str, Any]]

    @classmethod
    def read(cls, path: Path) -> Calibrations:
        """Read what `write` wrote; nothing if there is no such file.

        Raises
        ------
        StorageError
            If the file is there but no calibration.
        """
        if not path.exists():
            return cls({})
        text = files.read(path)
        try:
            content = json.loads(text)
            schema = content["schema"]
            found = {record["name"]: record for record in content["claims"]}
        except (ValueError, KeyError, TypeError) as error:
            raise files.StorageError(
                f"{path}: expected calibrations, received {error!r}. Restore it from version "
                "control, or remove it and run: aelatent calibrate"
            ) from error
        if schema != SCHEMA:
            raise files.StorageError(f"{path}: expected schema {SCHEMA}, received {schema}")
        return cls(found)

    def including(self, calibration: Calibration, code: str) -> Calibrations:
        """Return these calibrations with one more, or one renewed."""
        return Calibrations({**self.records, calibration.name: record(calibration, code)})

    def excusing(self, identity: str, claim: str, because: str, code: str) -> Calibrations:
        """Return these calibrations with the reason why a claim has no worlds."""
        excuse = {"id": identity, "name": claim, "worlds": 0, "because": because, "code": code}
        return Calibrations({**self.records, claim: excuse})

    def write(self, path: Path) -> None:
        """Write all records, sorted by identifier and name."""
        claims = sorted(self.records.values(), key=lambda r: (r["id"], r["name"]))
        text = json.dumps({"schema": SCHEMA, "claims": claims}, indent=1) + "\n"
        files.write(path, text.encode())

    def current(self, name: str, code: str, worlds: int) -> bool:
        """Tell whether a world was played as often since its claim's code changed."""
        known = self.records.get(name, {"code": None})
        return bool(known["code"] == code and known["worlds"] >= worlds)

    def of(self, claim: str, code: str) -> list[dict[str, Any]]:
        """Return the records of a claim's function; "stale" where its code has changed since."""
        return [
            {**found, "stale": found["code"] != code}
            for name, found in self.records.items()
            if name.partition("/")[0] == claim
        ]


def record(calibration: Calibration, code: str) -> dict[str, Any]:
    """Return a calibration in plain types."""
    rates = {
        kind: _rate(getattr(calibration, kind))
        for kind in ("false_support", "false_refutation", "power", "coverage")
    }
    return {
        "id": calibration.id,
        "name": calibration.name,
        "worlds": calibration.worlds,
        **rates,
        "effects": dict(calibration.effects),
        "counts": {at: dict(found) for at, found in calibration.counts.items()},
        "bias": {at: round(bias, 6) for at, bias in calibration.bias.items()},
        "seconds": round(calibration.seconds, 4),
        "code": code,
    }


def code_digest(path: Path) -> str:
    """Return a digest of what a file of claims does: its syntax tree without docstrings and marks.

    Prose, expectations and how many worlds are played may change without a new calibration.
    """
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.Module)):
            if ast.get_docstring(node) is not None:
                node.body = node.body[1:] or [ast.Pass()]
            if isinstance(node, ast.FunctionDef):
                node.decorator_list = [
                    _Unexpected().visit(d) for d in node.decorator_list if "expect" not in _name(d)
                ]
    return files.digest(ast.dump(tree).encode())


class _Unexpected(ast.NodeTransformer):
    """Leaves out of a decorator what it expects of a parameter, and how many worlds are played."""

    def visit_Call(self, node: ast.Call) -> ast.expr:
        """Drop these keywords, and `pytest.param` where nothing but its value is left."""
        self.generic_visit(node)
        node.keywords = [
            k
            for k in node.keywords
            if k.arg != "count" and not (k.arg == "marks" and "expect" in ast.unparse(k.value))
        ]
        bare = _name(node) == "pytest.param" and len(node.args) == 1 and not node.keywords
        return node.args[0] if bare else node


def _name(decorator: ast.expr) -> str:
    return ast.unparse(decorator.func if isinstance(decorator, ast.Call) else decorator)


def _rate(share: tuple[int, int]) -> dict[str, Any]:
    found, of = share
    return {"rate": round(found / of, 5), "interval": [round(end, 5) for end in interval(share)]}
