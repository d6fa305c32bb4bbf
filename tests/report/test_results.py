"""results.json gives back what was written, and nothing else passes for it."""

import json
import math

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aelatent.inference.record import Record
from aelatent.inference.rules import Outcome
from aelatent.report import read_results, write_results
from aelatent.report.arrangement import ordered
from aelatent.runtime.files import StorageError

from .samples import part, record

FINITE = st.floats(allow_nan=False, allow_infinity=False)
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | FINITE | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
OUTCOMES = st.sampled_from([outcome.value for outcome in Outcome])
PAIRS = st.lists(FINITE, min_size=2, max_size=2)
PARTS = st.fixed_dictionaries(
    {"effect": FINITE, "interval": PAIRS, "outcome": OUTCOMES},
    optional={"null": st.none() | PAIRS, "pvalue": st.none() | FINITE, "later": PLAIN},
)
RECORDS = st.lists(
    st.builds(
        Record,
        outcome=OUTCOMES,
        effect=st.none() | FINITE,
        interval=st.none() | st.tuples(FINITE, FINITE),
        source_value=st.none() | FINITE,
        pvalue=st.none() | st.floats(0, 1),
        per_replicate=st.lists(FINITE, max_size=4),
        seconds=FINITE,
        parts=st.lists(PARTS, max_size=2),
        sections=st.dictionaries(st.text(), st.text(), max_size=3),
    ),
    max_size=4,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(records=RECORDS, environment=st.dictionaries(st.text(), PLAIN, max_size=3))
def test_records_come_back_as_they_were(tmp_path, records, environment):
    """Every example overwrites the same file, which is what a second run does."""
    path = tmp_path / "results.json"
    write_results(records, environment, path)
    assert read_results(path) == (ordered(records), environment)


def test_equal_results_give_equal_bytes(tmp_path, records, environment):
    write_results(records, environment, tmp_path / "a.json")
    write_results(reversed(records), environment, tmp_path / "b.json")
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()


def test_file_has_the_promised_keys(tmp_path, records, environment):
    write_results(records, environment, tmp_path / "results.json")
    content = json.loads((tmp_path / "results.json").read_text())
    assert content["schema"] == 3
    promised = (
        "id name title source model outcome expected effect interval unit source_value "
        "pvalue per_replicate rule control figures seconds"
    )
    assert set(promised.split()) <= content["claims"][0].keys()


def test_pvalues_of_older_files_are_not_taken_over(tmp_path):
    """They were those of surrogates, or of support where the claim was refuted."""
    path = tmp_path / "results.json"
    write_results([record(pvalue=1.0, parts=[part(pvalue=1.0)])], {}, path)
    path.write_text(path.read_text().replace('"schema":3', '"schema":2'))

    (found,) = read_results(path).records
    assert (found.pvalue, found.parts[0]["pvalue"]) == (None, None)
    assert found.parts[0]["effect"] == 0.931


def test_file_counts_the_verdicts_that_stand_together(tmp_path):
    records = [record(pvalue=1e-9), record(name="test_b", model="b", pvalue=0.02)]
    write_results(records, {}, tmp_path / "results.json")

    content = json.loads((tmp_path / "results.json").read_text())
    assert content["multiplicity"] == {
        "tested": 2,
        "decided": 2,
        "standing": 1,
        "fallen": ["test_b"],
    }


def test_numbers_of_numpy_floats_are_written_as_numbers(tmp_path):
    write_results([record(effect=np.float64(0.1))], {}, tmp_path / "results.json")
    assert read_results(tmp_path / "results.json").records[0].effect == 0.1


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_what_is_no_number_is_refused_with_its_place(tmp_path, bad):
    path = tmp_path / "results.json"
    with pytest.raises(ValueError, match=r"claim B-08\.per_replicate\[1\]: expected a finite"):
        write_results([record(per_replicate=[1.0, bad])], {}, path)
    assert not path.exists()


def test_type_without_a_word_in_json_is_refused(tmp_path):
    with pytest.raises(ValueError, match=r"environment\.made: expected .* received set"):
        write_results([], {"made": {1}}, tmp_path / "results.json")


def test_text_that_is_no_unicode_is_written_all_the_same(tmp_path):
    """A traceback may quote a file name whose bytes are no text."""
    write_results([record(message="caf\udce9")], {}, tmp_path / "results.json")
    assert read_results(tmp_path / "results.json").records[0].message == r"caf\udce9"


def test_cut_file_is_refused_with_what_to_do(tmp_path, records, environment):
    path = tmp_path / "results.json"
    write_results(records, environment, path)
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(StorageError, match=r"results\.json: expected a whole JSON .* run the"):
        read_results(path)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ('{"schema": 4, "environment": {}, "claims": []}', "a newer aelatent wrote"),
        ('{"environment": {}, "claims": []}', "with a schema, received None"),
        ('{"schema": 1, "environment": {}}', "missing .'claims'"),
        ('{"schema": 1, "environment": [], "claims": []}', "environment to map"),
        ('{"schema": 1, "environment": {}, "claims": [{"id": "x"}]}', r"claims\.0\.name"),
        ('{"schema": 1, "environment": {"x": NaN}, "claims": []}', "NaN, which is no number"),
        ("[]", "with a schema"),
    ],
)
def test_other_content_is_refused(tmp_path, content, complaint):
    path = tmp_path / "results.json"
    path.write_text(content)
    with pytest.raises(StorageError, match=complaint):
        read_results(path)


def test_missing_file_says_to_run_the_claims(tmp_path):
    with pytest.raises(StorageError, match="run the claims first"):
        read_results(tmp_path / "results.json")


def test_calibrations_by_their_old_name_are_read(tmp_path):
    old = {"name": "test_radius_peaks", "worlds": 7}
    write_results([record(calibration=[old])], {}, tmp_path / "results.json")

    (read,) = read_results(tmp_path / "results.json").records
    assert read.calibration == [{"name": "test_radius_peaks", "simulations": 7}]
