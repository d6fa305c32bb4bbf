"""Holm's adjustment, against an example worked by hand."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aelatent.report.multiplicity import adjusted, holm

from .samples import control, record

probabilities = st.lists(st.floats(0, 1), max_size=12)


def test_the_example_by_hand():
    """Sorted: 0.005 x 4, 0.01 x 3, 0.03 x 2, 0.04 x 1; the last two are pulled up to 0.06."""
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])


@given(probabilities)
def test_adjusting_only_raises_and_keeps_the_order(values):
    found = holm(values)

    assert all(value <= after <= 1 for value, after in zip(values, found, strict=True))
    pairs = sorted(zip(values, found, strict=True))
    assert [after for _, after in pairs] == sorted(after for _, after in pairs)


def test_controls_and_facts_stay_out_of_the_family():
    one = dataclasses.replace(record(), name="test_a", pvalue=0.02)
    two = dataclasses.replace(record(), name="test_b", pvalue=0.5)
    fact = dataclasses.replace(record(), name="test_c", pvalue=None)
    beside = dataclasses.replace(control(), pvalue=0.001)

    assert adjusted([one, two, fact, beside]) == pytest.approx({"test_a": 0.04, "test_b": 0.5})
