"""Verdicts of models that are not stored come from where they were recorded, and say so."""

import pytest

from aelatent.inference.record import Record
from aelatent.plugin import recorded_results
from aelatent.zoo import Collection

ENVIRONMENT = {"hardware": {"processor": "A CPU"}, "date": "2026-01-02", "commit": "abc"}


@pytest.fixture
def collection(folder):
    text = (folder / "tiny.yaml").read_text()
    (folder / "huge.yaml").write_text(text.replace("store: {", "store: {replicates: false, "))
    return Collection(folder)


def record(model, **fields):
    fields = {"parts": [{"effect": 1.0, "interval": [0.5, 1.5]}], **fields}
    return Record(
        id="Z-01",
        name=f"test_z[{model}]",
        title="Z.",
        source="none",
        model=model,
        models=[model],
        outcome="supported",
        expected="supported",
        figures=["figures/z.svg"],
        alternatives=["Z"],
        **fields,
    )


def test_a_recorded_result_has_a_label_and_no_figures(collection):
    recorded_results.keep(collection, [record("huge")], ENVIRONMENT)

    found = recorded_results.read(collection, "huge", "test_z[huge]")

    assert found.outcome == "supported"
    assert found.figures == []
    assert found.recorded == "on A CPU, 2026-01-02, commit abc"


def test_nothing_is_found_where_nothing_was_recorded(collection):
    assert recorded_results.read(collection, "huge", "test_z[huge]") is None


def test_models_that_are_stored_are_not_recorded(collection):
    assert recorded_results.keep(collection, [record("tiny")], ENVIRONMENT) == []


def test_skips_and_what_was_itself_repeated_are_not_recorded(collection):
    records = [record("huge", parts=[]), record("huge", recorded="on a GPU")]

    assert recorded_results.keep(collection, records, ENVIRONMENT) == []
