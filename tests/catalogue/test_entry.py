"""The catalogue: entries, sources, and the answers that results give."""

from dataclasses import replace

import pytest

from aelatent.catalogue import (
    Answer,
    Catalogue,
    CatalogueError,
    SentenceError,
    checks_of,
    write_checks,
)
from aelatent.catalogue.entry import faults

TEXT = """
B-08:
  status: A
  says: Radii peak near sqrt(N)
  answer: "No. They peak at {peak ae:.1f} sqrt(N)."
  beside: [test_predicted]
Z-01: {status: Q, says: A question}
"""
SOURCES = """
anracom II: {title: A post, author: anracom, url: "https://example.org"}
anracom: A blog
"""


@pytest.fixture
def catalogue(tmp_path, record_of):
    """A catalogue with stored results of two checks."""
    (tmp_path / "catalogue.yaml").write_text(TEXT)
    (tmp_path / "sources.yaml").write_text(SOURCES)
    beside = record_of(name="test_predicted[ae]", outcome="supported")
    write_checks(checks_of([record_of(), beside], {}), {"commit": "abc"}, tmp_path / "results.json")
    return Catalogue.read(tmp_path / "catalogue.yaml", tmp_path / "sources.yaml")


def test_an_answer_leaves_out_what_stands_beside(catalogue):
    assert catalogue.answer("B-08") is Answer.FELL
    assert catalogue.answer("Z-01") is Answer.UNTESTED


def test_a_sentence_has_the_stored_numbers(catalogue):
    assert catalogue.sentence("B-08") == "No. They peak at 1.6 sqrt(N)."
    assert catalogue.sentence("Z-01") == ""
    assert catalogue.sentence("unknown") == ""


def test_an_answer_whose_numbers_are_missing_is_not_told(catalogue):
    bare = replace(catalogue, checks=())

    assert catalogue.told("B-08") == catalogue.sentence("B-08")
    assert bare.told("B-08") == ""
    with pytest.raises(SentenceError):
        bare.sentence("B-08")


def test_models_without_a_verdict_do_not_count(catalogue, record_of):
    more = [
        record_of(name=f"test_peak[{name}]", model=name, models=[name], outcome=outcome, **parts)
        for name, outcome, parts in (
            ("wide", "refuted", {}),
            ("flat", "not applicable", {"parts": []}),
        )
    ]

    found = catalogue.updated(checks_of(more, {})).models("B-08")

    assert "wide" in found
    assert "flat" not in found
    assert len(found) == len(catalogue.models("B-08")) + 1


def test_a_title_is_that_of_the_claim_itself(catalogue):
    assert catalogue.title("B-08") == "Radii peak near sqrt(N)."
    assert catalogue.title("Z-01") == "A question"


def test_fresh_results_replace_stored_ones(catalogue, record_of):
    part = record_of().parts[0] | {"effect": 1.0, "outcome": "supported"}
    fresh = catalogue.updated(checks_of([record_of(parts=[part], outcome="supported")], {}))

    assert fresh.sentence("B-08") == "No. They peak at 1.0 sqrt(N)."
    assert fresh.answer("B-08") is Answer.HELD
    assert len(fresh.checks) == len(catalogue.checks)


def test_the_longest_name_of_a_source_counts(catalogue):
    assert catalogue.source("anracom II (2022), a section").title == "A post"
    assert catalogue.source("anracom III").citation == "A blog"
    assert catalogue.source("elsewhere") is None


def test_claims_are_known_by_their_source(catalogue):
    assert catalogue.of_source("anracom II") == ["B-08"]


def test_an_unknown_key_is_refused(tmp_path):
    (tmp_path / "catalogue.yaml").write_text("B-08: {sttus: A}")

    with pytest.raises(CatalogueError, match=r"B-08: expected keys of .*status.*received .*sttus"):
        Catalogue.read(tmp_path / "catalogue.yaml")


def test_an_answer_that_no_longer_agrees_is_a_fault(catalogue, record_of):
    assert faults(catalogue) == []

    part = record_of().parts[0] | {"effect": 1.0, "outcome": "supported"}
    fresh = catalogue.updated(checks_of([record_of(parts=[part], outcome="supported")], {}))

    assert faults(fresh) == [
        'B-08: expected "Yes.", as it held, received: No. They peak at 1.0 sqrt(N).'
    ]


def test_a_tested_claim_without_an_answer_is_a_fault(catalogue, record_of):
    fresh = catalogue.updated(checks_of([record_of(id="Z-01", name="test_z[ae]")], {}))

    assert faults(fresh) == ["Z-01: expected a plain answer, as it did not hold"]
