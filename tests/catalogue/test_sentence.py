"""Sentences with fields for the numbers of checks."""

import pytest

from aelatent.catalogue import Check, Part, SentenceError, fill

PEAK = Part("refuted", 1.62, 1.46, 1.79)


def check(case, estimate=1.62, outcome="refuted", test="test_near_root", **more):
    models = more.pop("models", (case.partition("-")[0],))
    parts = more.pop("parts", (Part(outcome, estimate, estimate - 0.1, estimate + 0.1),))
    return Check("B-08", "f", test, case, models, outcome, trainings=5, parts=parts, **more)


CHECKS = [
    check("ae", 1.62),
    check("ae_bn", 2.27),
    check("ae_wide", 0.76, "inconclusive"),
    check("ae", 1.02, "supported", test="test_predicted"),
    check("", 9.0, test="test_control_x", control=True),
]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{near_root ae:.2f}", "1.62"),
        ("{near_root least:.1f} to {near_root most:.1f}", "0.8 to 2.3"),
        ("{near_root ae interval:.2f}", "1.62 [1.52, 1.72]"),
        ("{near_root ae low:.2f} and {near_root ae high:.2f}", "1.52 and 1.72"),
        ("{near_root refuted} of {near_root checks}", "2 of 3"),
        ("{models} models, {near_root ae n} trainings", "3 models, 5 trainings"),
        ("{predicted:.0%}", "102 %"),
        ("no field", "no field"),
    ],
)
def test_fields_are_filled(text, expected):
    assert fill(text, "B-08", CHECKS) == expected


def test_a_field_may_be_about_another_claim():
    assert fill("{B-08 predicted:.1f}", "A-01", CHECKS) == "1.0"


def test_a_model_is_not_mistaken_for_a_longer_name():
    assert fill("{near_root ae_bn:.2f}", "B-08", CHECKS) == "2.27"


def test_parts_are_counted_from_one():
    several = [check("ae", parts=(PEAK, Part("supported", -0.5, -0.6, -0.4)))]

    assert fill("{#2:.1f}, {#all least:.1f} to {#all most:.1f}", "B-08", several) == (
        "\N{MINUS SIGN}0.5, \N{MINUS SIGN}0.5 to 1.6"
    )


def test_an_exact_parameter_precedes_one_that_contains_it():
    several = [check("ae-normal", 1.0), check("ae-normal on the radii", 2.0)]

    assert fill("{normal:.0f} {radii:.0f}", "B-08", several) == "1 2"


@pytest.mark.parametrize("text", ["{near_root:.1f}", "{nowhere:.1f}", "{near_root ae #7:.1f}"])
def test_a_field_that_is_not_one_number_is_an_error(text):
    with pytest.raises(SentenceError, match=r"B-08: .*expected one number"):
        fill(text, "B-08", CHECKS)


def test_a_verdict_in_words_is_held_to_the_results():
    told = "No for ae{!near_root ae refuted}, open for wide ones{!ae_wide inconclusive}."

    assert fill(told, "B-08", CHECKS) == "No for ae, open for wide ones."


@pytest.mark.parametrize("text", ["{!near_root ae supported}", "{!nowhere refuted}"])
def test_a_verdict_that_changed_is_an_error(text):
    with pytest.raises(SentenceError, match=r"B-08: .*received"):
        fill(f"Yes{text}.", "B-08", CHECKS)
