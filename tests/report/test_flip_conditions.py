"""What would change a verdict is told from interval and margin, and from nothing else."""

import math

from aelatent.inference.rules import Above, Between
from aelatent.report.flip_conditions import flip_conditions

from .samples import dependent, part, record


def said(effect, interval, outcome, rule):
    """Return the sentence on a claim of one part, whose rule has no limits where it is None."""
    limits = rule and [end if math.isfinite(end) else None for end in rule.limits]
    one = part(effect=effect, interval=list(interval), outcome=outcome, limits=limits)
    return flip_conditions(record(parts=[one], outcome=outcome))


def test_a_refuted_claim_tells_the_way_back_to_the_margin():
    assert said(0.5, (0.4, 0.6), "refuted", Above(0.8)) == [
        "From 0.6 the interval would have to reach up to 0.8: by 2.0 times its half-width."
    ]


def test_of_two_limits_the_nearer_one_counts():
    (text,) = said(0.6, (0.5, 0.7), "supported", Between(0, 1))
    assert "From 0.7" in text
    assert "up to 1" in text


def test_an_open_claim_names_the_width_that_would_decide():
    (text,) = said(0.85, (0.75, 0.95), "inconclusive", Above(0.8))
    assert "less than 0.5 times as wide" in text
    assert text.endswith("then be supported.")

    (text,) = said(0.75, (0.65, 0.85), "inconclusive", Above(0.8))
    assert text.endswith("then be refuted.")


def test_facts_have_no_condition_that_flips_them():
    assert said(1.0, (1.0, 1.0), "supported", Above(0.8)) == []
    assert said(0.9, (0.85, 0.95), "refuted", Above(0.8)) == []
    assert said(0.9, (0.85, 0.95), "refuted", None) == []


def test_of_a_claim_of_several_parts_those_that_decided_are_told():
    refuted = part(effect=0.5, interval=[0.4, 0.6], outcome="refuted", unit="ratio")
    joint = record(parts=[part(), refuted], outcome="refuted")

    (text,) = flip_conditions(joint)

    assert "From 0.6" in text


def test_a_claim_that_depends_on_its_judge_names_the_readings():
    assert flip_conditions(dependent()) == [
        "All readings of the judge would have to agree: "
        "supported at threshold, lenient; refuted at strict."
    ]


def test_a_part_that_is_open_beside_others_is_told_by_its_wide_interval():
    """Alone it would be refuted: its 95 % interval lies below the margin."""
    one = part(
        effect=0.5,
        interval=[0.4, 0.6],
        wide_interval=[0.1, 0.9],
        outcome="inconclusive",
        limits=[0.8, None],
    )
    (text,) = flip_conditions(record(parts=[one], outcome="inconclusive"))

    assert "less than 0.75 times as wide; the verdict would then be refuted" in text
