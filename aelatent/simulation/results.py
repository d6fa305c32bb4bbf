"""Calibrations on disk: one JSON file beside the claims, with the digest of the code it holds for.

Schema 1 said "worlds" for "simulations"; it is read as well.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aelatent.runtime import files
from aelatent.runtime.syntax import normal_form
from aelatent.simulation.error_rates import Calibration, interval

FILE = "calibration.json"
SCHEMA = 2


@dataclass(frozen=True)
class Calibrations:
    """The stored records: one for each scenario, by its name.

    A record has `id`, `name`, `simulations`, `code`, the rates `false_support`, `false_refutation`
    and `power`, each with its exact 95 % interval, and the `coverage` of the intervals; that of an
    exempted claim has 0 simulations, and the reason as `because`.
    """

    records: Mapping[str, Mapping[str, Any]]

    @classmethod
    def read(cls, path: Path) -> Calibrations:
        """Read what `write` wrote; no records if there is no such file.

        Raises
        ------
        StorageError
            If the file holds no calibrations, or those of a newer schema.
        """
        if not path.exists():
            return cls({})
        text = files.read(path)
        try:
            content = json.loads(text)
            schema = content["schema"]
            records = {record["name"]: record for record in content["claims"]}
        except (ValueError, KeyError, TypeError) as error:
            raise files.StorageError(
                f"{path}: expected calibrations, received {error!r}. Restore it from version "
                "control, or remove it and run: aelatent calibrate"
            ) from error
        if schema not in (1, SCHEMA):
            raise files.StorageError(f"{path}: expected schema {SCHEMA} or 1, received {schema}")
        return cls(_of_schema_1(records) if schema == 1 else records)

    def including(self, calibration: Calibration, code: str) -> Calibrations:
        """Return these calibrations with one added or replaced.

        Parameters
        ----------
        calibration : Calibration
        code : str
            Digest of the claim's file, as `code_digest` returns it.

        Returns
        -------
        Calibrations
        """
        return Calibrations({**self.records, calibration.name: record(calibration, code)})

    def exempting(self, identifier: str, claim: str, because: str, code: str) -> Calibrations:
        """Return these calibrations with the exemption of one claim.

        Parameters
        ----------
        identifier : str
            The claim's in the catalogue.
        claim : str
            Name of its function.
        because : str
            The reason.
        code : str
            Digest of its file, as `code_digest` returns it.

        Returns
        -------
        Calibrations
        """
        exemption = {
            "id": identifier,
            "name": claim,
            "simulations": 0,
            "because": because,
            "code": code,
        }
        return Calibrations({**self.records, claim: exemption})

    def keeping(self, names: Collection[str]) -> Calibrations:
        """Return these calibrations without the records of what no longer exists.

        Parameters
        ----------
        names : collection of str
            Of the scenarios, and of the claims that are exempted.

        Returns
        -------
        Calibrations
        """
        return Calibrations({name: r for name, r in self.records.items() if name in names})

    def write(self, path: Path) -> None:
        """Write all records, sorted by identifier and name."""
        claims = sorted(self.records.values(), key=lambda r: (r["id"], r["name"]))
        text = json.dumps({"schema": SCHEMA, "claims": claims}, indent=1) + "\n"
        files.write(path, text.encode())

    def current(self, name: str, code: str, simulations: int) -> bool:
        """Tell whether a scenario needs no new simulations.

        Parameters
        ----------
        name : str
            The scenario's.
        code : str
            Digest of the claim's file as it is now.
        simulations : int
            Number of simulations that are wanted at the margin.

        Returns
        -------
        bool
        """
        known = self.records.get(name, {"code": None})
        return bool(known["code"] == code and known["simulations"] >= simulations)

    def of(self, claim: str, code: str) -> list[dict[str, Any]]:
        """Return the records of a claim's function; "stale" where its code has changed since.

        Parameters
        ----------
        claim : str
            Name of the function.
        code : str
            Digest of its file as it is now.

        Returns
        -------
        list of dict
            One for each scenario of the claim, or its exemption.
        """
        return [
            {**record, "stale": record["code"] != code}
            for name, record in self.records.items()
            if name.partition("/")[0] == claim
        ]


def record(calibration: Calibration, code: str) -> dict[str, Any]:
    """Return a calibration in plain types, as `Calibrations` describes.

    Parameters
    ----------
    calibration : Calibration
    code : str
        Digest of the claim's file.

    Returns
    -------
    dict
    """
    rates = {
        kind: _rate(getattr(calibration, kind))
        for kind in ("false_support", "false_refutation", "power", "coverage")
    }
    return {
        "id": calibration.id,
        "name": calibration.name,
        "simulations": calibration.simulations,
        **rates,
        "effects": dict(calibration.effects),
        "counts": {at: dict(counts) for at, counts in calibration.counts.items()},
        "bias": {at: round(bias, 6) for at, bias in calibration.bias.items()},
        "seconds": round(calibration.seconds, 4),
        "code": code,
    }


def code_digest(path: Path) -> str:
    """Return a digest of a file of claims: of its syntax tree without docstrings and marks.

    Prose, expected verdicts and the number of simulations may change without a new calibration.
    """
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.Module)):
            if ast.get_docstring(node) is not None:
                node.body = node.body[1:] or [ast.Pass()]
            if isinstance(node, ast.FunctionDef):
                node.decorator_list = [
                    _WithoutExpectations().visit(d)
                    for d in node.decorator_list
                    if "expect" not in _name(d)
                ]
    return files.digest(normal_form(tree).encode())


class _WithoutExpectations(ast.NodeTransformer):
    """Drop from a decorator the expected verdicts of parameters, and the number of simulations."""

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


def _of_schema_1(records: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    return {
        name: {"simulations" if key == "worlds" else key: value for key, value in record.items()}
        for name, record in records.items()
    }


def _name(decorator: ast.expr) -> str:
    return ast.unparse(decorator.func if isinstance(decorator, ast.Call) else decorator)


def _rate(share: tuple[int, int]) -> dict[str, Any]:
    number, total = share
    return {
        "rate": round(number / total, 5),
        "interval": [round(end, 5) for end in interval(share)],
    }
