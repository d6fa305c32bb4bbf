"""How many verdicts stand together, against examples worked by hand."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from aelatent.report.multiplicity import benjamini_yekutieli, multiplicity

from .samples import control, dependent, record

probabilities = st.lists(st.floats(0, 1), max_size=12)


def named(name, pvalue, outcome="supported"):
    return dataclasses.replace(record(), name=name, pvalue=pvalue, outcome=outcome)


def test_the_example_by_hand():
    """Times 4 x (1 + 1/2 + 1/3 + 1/4) / rank; 0.04 at rank 3 pulls 0.03 down, not up."""
    factor = 4 * (1 + 1 / 2 + 1 / 3 + 1 / 4)
    expected = [0.01 / 2, 0.04 / 4, 0.03 / 3, 0.001]

    found = benjamini_yekutieli([0.01, 0.04, 0.03, 0.001])

    assert found == pytest.approx([factor * share for share in expected])


def test_tests_that_are_not_given_count_as_well():
    some, all_ = [0.001, 0.02], [0.001, 0.02, 1.0, 1.0]

    assert benjamini_yekutieli(some, 4) == benjamini_yekutieli(all_)[:2]


@given(probabilities)
def test_adjusting_only_raises_and_keeps_the_order(values):
    found = benjamini_yekutieli(values)

    assert all(value <= after <= 1 for value, after in zip(values, found, strict=True))
    pairs = sorted(zip(values, found, strict=True))
    assert [after for _, after in pairs] == sorted(after for _, after in pairs)


def test_supports_and_refutations_count_alike():
    records = [named("a", 1e-6), named("b", 1e-6, "refuted"), named("c", 0.02, "refuted")]
    found = multiplicity([*records, named("d", 0.3, "inconclusive")])

    assert (found.tested, found.decided, found.standing) == (4, 3, 2)
    assert found.fallen == ("c",)


def test_controls_and_facts_stay_out_of_the_family():
    beside = dataclasses.replace(control(), pvalue=0.001)

    found = multiplicity([named("a", 1e-6), named("fact", None), beside])

    assert (found.tested, found.decided, found.standing) == (1, 1, 1)


def test_what_depends_on_the_judge_is_not_decided():
    found = multiplicity([dependent(pvalue=0.4)])

    assert (found.tested, found.decided) == (1, 0)


def test_few_of_those_that_stand_are_false():
    """Of 200 claims the truth of 150 lies at the margin, where a verdict is false."""
    rng, shares = np.random.default_rng(0), []
    for _ in range(40):
        effects = [*[0.0] * 150, *[4.0] * 50]
        records = [_tested(f"{i}", e + rng.standard_normal()) for i, e in enumerate(effects)]
        found = multiplicity(records)
        standing = {r.name for r in records if r.outcome != "inconclusive"} - {*found.fallen}
        shares.append(len([n for n in standing if int(n) < 150]) / max(len(standing), 1))

    assert np.mean(shares) < 0.025


def _tested(name, distance):
    """Make a record of an effect so many standard errors above its margin."""
    tail = float(stats.norm.sf(abs(distance)))
    outcome = "inconclusive" if tail >= 0.025 else "supported" if distance > 0 else "refuted"
    return named(name, tail, outcome)
