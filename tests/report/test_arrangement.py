"""Records are put into one order, whatever order they come in."""

import re

from hypothesis import given
from hypothesis import strategies as st

from aelatent.report.arrangement import arrange, ordered
from aelatent.report.topics import topics

from .samples import control, record

ASSORTED = [
    record(),
    record(source="000 part 10, x", file="claims/z/test_z.py"),
    record(source="000 part 9, x", file="claims/y/test_y.py"),
    record(model="other", name="test_radius_peaks[other]"),
    control(),
    control(model="other"),
    control(model="analytic"),
]


@given(st.permutations(ASSORTED))
def test_order_of_arrival_is_without_influence(records):
    assert ordered(records) == ordered(ASSORTED)


def test_chapters_are_documents_with_numbers_read_as_numbers():
    documents = [chapter.document for chapter in arrange(ASSORTED).chapters]
    assert documents == ["000 part 2 (11 Nov 2022)", "000 part 9", "000 part 10"]


def test_control_stands_with_the_claim_of_its_model():
    claim = arrange(ASSORTED).claims[0]
    assert [c.model for c in claim.controls] == ["analytic", "faces_ae"]


def test_control_without_its_claim_is_not_lost():
    arrangement = arrange([control(file="elsewhere.py"), record()])
    assert [c.file for c in arrangement.lone_controls] == ["elsewhere.py"]
    assert arrangement.controls == list(arrangement.lone_controls)


def test_control_of_two_claims_is_counted_once():
    second = record(name="test_other[faces_ae]")
    assert len(arrange([record(), second, control()]).controls) == 1


@given(st.lists(st.builds(record, name=st.text(), model=st.text()), max_size=8))
def test_anchors_are_unique_and_fit_for_an_address(records):
    anchors = [claim.anchor for claim in arrange(records).claims]
    assert len(anchors) == len(set(anchors)) == len(records)
    assert all(re.fullmatch(r"claim[a-z0-9-]*", anchor) for anchor in anchors)


def test_claims_keep_the_order_of_their_file():
    late, early = record(name="test_a", line=90), record(name="test_b", line=10)
    assert [c.record.name for c in arrange([late, early]).claims] == ["test_b", "test_a"]


def test_the_model_that_most_claims_are_about_represents_them():
    """Of those with as many trainings."""
    models = [record(model=m, name=f"test_a[{m}]", models=[m]) for m in ("ae_16d", "ae_256d")]
    other = record(model="ae_256d", id="B-09", file="claims/b.py", name="test_b[ae_256d]")

    topic, _ = topics(arrange([*models, other]))

    assert topic.headline.record.model == "ae_256d"
