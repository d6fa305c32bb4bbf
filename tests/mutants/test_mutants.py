"""The table of mutants shows the stored results, and a few defects are caught in this run."""

import ast
from pathlib import Path

import pytest
import yaml

from tests.mutants import catch
from tests.mutants.__main__ import ROOT, run
from tests.mutants.plugin import CONTROL, NONE

CLAIMS = ROOT / "claims"
A_10 = (
    "fragmentation_vi/test_the_centre_is_a_face_and_the_origin_none.py"
    "::test_the_origin_decodes_to_no_face"
)
B_08 = (
    "high_dimensionality_ii/test_radius_density_peaks_near_root_n.py"
    "::test_radius_peak_sits_near_root_n"
)


def test_the_document_shows_the_stored_results():
    assert catch.table(catch.stored()) in catch.DOCUMENT.read_text(encoding="utf-8")


def test_every_claim_ran_with_defects():
    """After a new claim: `python -m tests.mutants`.

    `claims/pending.yaml` lists the claims that wait for it, and no others.
    """
    stored = {name.partition("[")[0] for name in catch.stored()[NONE]}
    written = {
        f"{path.relative_to(ROOT).as_posix()}::{node.name}"
        for path in CLAIMS.rglob("test_*.py")
        for node in ast.parse(Path(path).read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
        if not node.name.startswith(CONTROL)
    }

    pending = yaml.safe_load((CLAIMS / "pending.yaml").read_text(encoding="utf-8"))
    assert sorted(written - stored) == pending["mutants"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("defect", "claim", "outcome"),
    [
        (NONE, B_08, "refuted"),
        ("standard normal codes", B_08, "supported"),
        ("yes to all", A_10, "refuted"),
    ],
)
def test_a_defect_is_caught(defect, claim, outcome):
    """B-08 is refuted by the codes as they are, so N(0, I) in their place must support it.

    `make claims` runs A-10, which loads networks, without a defect: it is supported there.
    """
    results = run(defect, f"claims/{claim}")

    assert [found["outcome"] for found in results.values()] == [outcome]


def test_only_a_changed_outcome_is_a_catch():
    same = {"id": "A-01", "control": False, "outcome": "supported", "effects": [1.0]}
    moved = {**same, "effects": [2.0]}
    broken = {**same, "outcome": "refuted"}
    control = {"id": "A-01", "control": True, "outcome": "refuted", "effects": [0.0]}
    results = {
        NONE: {
            "a::blind": same,
            "b::wide": same,
            "c::sharp": same,
            "d::held": same,
            "d::c": control,
        },
        "yes to all": {
            "a::blind": same,
            "b::wide": moved,
            "c::sharp": broken,
            "d::held": same,
            "d::c": {**control, "outcome": "supported"},
        },
    }

    caught = catch.catches(results)

    assert caught["a::blind"] == ({}, [])
    assert caught["b::wide"] == ({}, ["yes to all"])
    assert caught["c::sharp"] == ({"yes to all": "refuted"}, [])
    assert caught["d::held"] == ({"yes to all": "control"}, [])
