"""`r.claims()` runs published claims on the objects of an audit, in the same process."""

import sys

import numpy as np
import pytest

import aelatent
from aelatent.audit import DescriptionError
from aelatent.audit.claim_results import ClaimResults
from aelatent.inference.record import Record
from aelatent.inference.rules import Outcome


def record(identifier, outcome, **changes):
    return Record(
        id=identifier,
        name=f"test_{identifier}",
        title="A sentence that is longer than the line of a terminal would ever hold [b=1]",
        source="",
        file="",
        line=1,
        model="mine",
        models=["mine"],
        outcome=outcome,
        expected="",
        because="",
        **changes,
    )


@pytest.fixture
def results():
    found = record("B-08", Outcome.REFUTED, effect=0.5, interval=(0.4, 0.6))
    return ClaimResults([record("C-07", Outcome.NOT_APPLICABLE), found])


def test_results_print_counts_and_what_was_judged(results):
    assert len(results) == 2
    assert results.tally == {"refuted": 1, "not applicable": 1}
    first, *lines = repr(results).splitlines()
    assert first == "2 checks of published claims: 1 refuted, 1 not applicable"
    assert len(lines) == 1
    assert all(part in lines[0] for part in ("refuted", "B-08", "[b=1]", "0.5"))
    assert "<table>" in results._repr_html_()


def test_results_are_rows_and_found_by_identifier(results):
    assert {row["claim"]: row["verdict"] for row in results.rows()} == {
        "B-08": "refuted",
        "C-07": "not applicable",
    }
    assert results.of("B-08")[0].effect == 0.5
    with pytest.raises(KeyError, match="expected a claim that was run"):
        results.of("A-01")


@pytest.fixture
def cloud():
    codes = np.random.default_rng(0).normal(3, 1, size=(800, 16))
    return aelatent.audit(codes=codes, progress=False)


def test_a_claim_that_nobody_knows_is_named(cloud):
    with pytest.raises(DescriptionError, match="received Q-99"):
        cloud.claims(["Q-99"])


@pytest.mark.slow
def test_claims_run_in_this_process_and_once(cloud, tmp_path, monkeypatch):
    monkeypatch.setenv("PYTEST_ADDOPTS", "--an-option-of-the-project")
    told = []
    found = cloud.claims(["B-08", "C-07"], progress=lambda *said: told.append(said))
    outcomes = {(r.id, r.outcome) for r in found}
    assert ("B-08", "refuted") in outcomes
    assert ("C-07", "not applicable") in outcomes
    assert told[0] == ("collecting claims", 0, 1)
    assert told[-1] == ("claims", len(found), len(found))
    assert cloud.claims(["B-08", "C-07"]) is found
    page = cloud.report(tmp_path / "audit").read_text()
    assert "peaks near" in page
    assert (tmp_path / "audit" / "verdicts" / "claims").is_dir()
    assert 'r.claims(["B-08"])' in found.of("B-08")[0].command
    assert sys.stdout.writable()
