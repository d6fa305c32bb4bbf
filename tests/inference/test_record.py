"""A record carries a verdict away in plain types."""

import dataclasses
import json
import math

import numpy as np
import pytest
from scipy import stats

from aelatent.inference.estimates import Evidence, estimate, fact
from aelatent.inference.record import Record, limits_of
from aelatent.inference.rules import Above, Below, Between, Equals, Near, verdict


def between(low, high):
    return Evidence((low + high) / 2, (low, high), (low, high))


def recorded(evidence, rule):
    """Return the record of a verdict."""
    record = Record("Z", "z", "Z.", "", "m", "error", "supported")
    record.include(verdict(evidence, rule))
    return record


def test_a_record_takes_over_all_parts_and_leads_with_the_first():
    record = Record("c::t", "t", "Title", "source", "model", outcome="", expected="supported")
    record.include(verdict([between(1, 3), between(-3, -1)], [Above(0.0), Below(0.0)]))

    assert (record.outcome, record.effect, record.interval) == ("supported", 2.0, (1, 3))
    assert [part["effect"] for part in record.parts] == [2.0, -2.0]
    assert record.rule == f"{Above(0.0)} {Below(0.0)}"
    assert record.per_replicate == [1, 3]


@pytest.mark.parametrize(("source_value", "effect"), [(None, -2.0), (2.5, 2.0)])
def test_a_record_leads_with_the_part_that_decided(source_value, effect):
    record = Record("Z", "z", "Z.", "", "m", "error", "supported", source_value=source_value)

    record.include(verdict([between(1, 3), between(-3, -1)], [Above(0.0), Above(0.0)]))

    assert (record.outcome, record.effect) == ("refuted", effect)


def test_a_record_keeps_the_verdict_of_each_reading():
    record = Record("Z", "z", "Z.", "", "m", "error", "supported")
    sure, judged = between(3, 5), between(1, 3).with_readings({"strict": between(-3, -1)})

    record.include(verdict([sure, judged], [Above(0.0)] * 2))

    assert (record.outcome, record.depends_on, record.effect) == ("inconclusive", "judge", 2.0)
    assert [(at["name"], at["outcome"]) for at in record.readings] == [
        ("threshold", "supported"),
        ("strict", "refuted"),
    ]
    assert [part["effect"] for part in record.readings[1]["parts"]] == [4.0, -2.0]
    assert record.finding() == (
        "inconclusive, depends on the judge: threshold: supported, 4 [3, 5] and 2 [1, 3]; "
        "strict: refuted, 4 [3, 5] and -2 [-3, -1]"
    )
    json.dumps(record.readings, allow_nan=False)


def test_a_record_without_a_judge_has_no_readings():
    record = Record("Z", "z", "Z.", "", "m", "error", "supported")
    record.include(verdict(between(1, 3), Above(0.0)))

    assert (record.readings, record.depends_on) == ([], "")


@pytest.mark.parametrize("rule", [Above(0.8), Below(-0.5), Between(-1, 2), Equals(3)])
def test_a_record_gives_back_the_limits_of_its_rules(rule):
    record = Record("Z", "z", "Z.", "", "m", "error", "supported")
    record.include(verdict(between(1, 3), rule))
    (part,) = json.loads(json.dumps(record.parts, allow_nan=False))

    assert limits_of(part) == rule.limits


def test_a_part_without_limits_has_none():
    assert limits_of({"limits": None}) is None
    assert limits_of({}) is None  # as in the records of older versions


def test_surrogates_that_are_no_numbers_have_no_limits():
    evidence = dataclasses.replace(between(1, 2), null=np.array([0.0, math.inf]))

    assert recorded(evidence, Above(0.0)).parts[0]["null"] is None


STRONG, WEAK = estimate(float, [5.0, 5.1, 5.2]), estimate(float, [1.0, 2.0, 3.0])


class TestPvalues:
    """Those of a record are against the margin, in the direction of the verdict."""

    def test_support_is_as_sure_as_its_weakest_part(self):
        assert recorded([STRONG, WEAK], [Above(0.0)] * 2).pvalue == Above(0.0).pvalue(WEAK)

    def test_refutation_pays_for_the_number_of_parts(self):
        record = recorded([STRONG, WEAK], [Below(0.0)] * 2)

        assert record.outcome == "refuted"
        assert record.pvalue == 2 * STRONG.exceedance(0.0)
        assert [part["pvalue"] for part in record.parts] == [
            STRONG.exceedance(0.0),
            WEAK.exceedance(0.0),
        ]

    def test_an_open_claim_has_the_smaller_of_both(self):
        record = recorded(WEAK, Above(0.5))

        assert record.outcome == "inconclusive"
        assert record.pvalue == WEAK.exceedance(0.5) > 0.025

    def test_a_fact_that_refutes_has_none(self):
        record = recorded([fact(3.0), STRONG], [Equals(2.0), Above(0.0)])

        assert (record.outcome, record.pvalue) == ("refuted", None)

    def test_the_least_sure_reading_of_a_judge_counts(self):
        evidence = STRONG.with_readings({"strict": estimate(float, [4.0, 5.0, 5.3])})

        assert recorded(evidence, Above(1.0)).pvalue == Above(1.0).pvalue(evidence.at("strict"))

    @pytest.mark.parametrize("strict", [[-5.0, -5.1, -5.2], [1.0, 2.0, 3.0]])
    def test_what_depends_on_the_judge_has_no_small_one(self, strict):
        evidence = STRONG.with_readings({"strict": estimate(float, strict)})

        assert recorded(evidence, Above(1.0)).pvalue > 0.025

    @pytest.mark.parametrize(
        ("rule", "expected"),
        [(Above(0.0), 0.04), (Below(0.0), 0.98), (Between(0, 9), 0.08), (Near(1.0, 2.0), 0.08)],
    )
    def test_surrogates_are_compared_on_the_side_of_the_rule(self, rule, expected):
        evidence = dataclasses.replace(STRONG, surrogate_pvalues=(0.04, 0.98))
        (part,) = recorded(evidence, rule).parts

        assert part["surrogate_pvalue"] == expected
        assert part["pvalue"] in (rule.pvalue(evidence), rule.refutation_pvalue(evidence))

    def test_support_never_has_a_large_one(self):
        """It had, where surrogates of another tail took the place of the margin."""
        evidence = dataclasses.replace(STRONG, surrogate_pvalues=(1.0, 0.02))
        record = recorded(evidence, Below(9.0))

        assert record.outcome == "supported"
        assert record.pvalue < 0.025


class TestParts:
    """With k parts there are k ways to be refuted by chance."""

    @pytest.mark.parametrize("k", [1, 2, 3, 4])
    @pytest.mark.parametrize("trainings", [3, 5])
    def test_parts_at_their_margins_are_rarely_refuted(self, k, trainings):
        """Aim: 2.5 %; each part at its own 95 % would be refuted in k times as many."""
        rng = np.random.default_rng([k, trainings])
        drawn = rng.standard_normal((800, k, trainings))
        outcomes = [
            verdict([estimate(float, part) for part in parts], [Above(0.0)] * k).outcome
            for parts in drawn
        ]

        assert stats.binomtest(outcomes.count("refuted"), 800, 0.025).pvalue > 0.01
        assert stats.binomtest(outcomes.count("supported"), 800, 0.025**k).pvalue > 0.01

    def test_a_part_that_refutes_alone_may_not_beside_another(self):
        close = estimate(float, [0.7, 0.8, 0.9])
        alone, beside = recorded(close, Below(0.5)), recorded([close, WEAK], [Below(0.5)] * 2)

        assert (alone.outcome, beside.outcome) == ("refuted", "inconclusive")
        low, high = beside.parts[0]["wide_interval"]
        assert low < 0.5 < beside.parts[0]["interval"][0]
        assert high - 0.8 == pytest.approx(0.8 - low)
        assert alone.parts[0]["wide_interval"] is None

    def test_facts_are_no_parts_that_chance_can_refute(self):
        record = recorded([WEAK, fact(1.0)], [Above(0.0), Equals(1.0)])

        assert [part["wide_interval"] for part in record.parts] == [None, None]

    def test_a_wider_interval_keeps_its_bounds(self):
        evidence = estimate(float, [0.01, 0.0, 0.05], bounds=(0, 1))
        low, high = evidence.widened(2).interval

        assert 0 < low < evidence.interval[0] < evidence.interval[1] < high < 1
