"""Each cell shows its own power, and an open one what would decide it."""

import re

import pytest

from aelatent.report.cell_power import claim_need, needed, part_powers, power, power_sentence
from aelatent.report.results import write_results
from aelatent.report.site import write_site
from aelatent.runtime.files import parsed, read

from .samples import dependent, part, record

AT = {"margin": [0.8], "true": [1.0], "false": [0.6]}


def scenario(**effects):
    """Make a record of a scenario whose own trainings hardly scatter: its power is 1."""
    rate = {"rate": 0.01, "interval": [0.0, 0.02]}
    return {
        "name": "test_radius_peaks/peaks",
        "simulations": 1000,
        "false_support": rate,
        "false_refutation": rate,
        "power": {"rate": 1.0, "interval": [0.99, 1.0]},
        "coverage": rate,
        "stale": False,
        "effects": AT | effects,
    }


def errors(own, **fields):
    """Make the stored errors of three trainings."""
    kind = {"error": 0.0, "degrees": 1, "room": 1.0, "slope": 1.0}
    rest = {"shared": 0.0, "kind": kind, "bounds": [None, None], "beyond": 0.0, "of_images": False}
    return {"own": own, "degrees": 2} | rest | fields


def open_claim(effect=0.9, own=0.03, parts=None, **fields):
    """Make an inconclusive claim on three trainings."""
    shared = fields.pop("shared", 0.0)
    one = part(effect=effect, outcome="inconclusive", errors=errors(own, shared=shared))
    values = {"outcome": "inconclusive", "expected": "inconclusive", "parts": parts or [one]}
    return record(**(values | fields))


def test_power_is_that_of_the_cell_and_not_of_the_scenario():
    narrow, wide = (open_claim(own=own, calibration=[scenario()]) for own in (0.005, 0.1))

    assert power(narrow) == pytest.approx(1.0, abs=0.001)
    assert 0.1 < power(wide) < 0.35


def test_a_part_without_a_scenario_has_no_power():
    assert part_powers(open_claim(calibration=[scenario(margin=[0.5])])) == [None]
    assert power(open_claim()) is None


def test_a_scenario_about_the_other_side_of_a_margin_is_not_about_a_part():
    assert power(open_claim(calibration=[scenario(true=[0.6], false=[1.0])])) is None


def test_the_weakest_part_counts():
    parts = [part(errors=errors(own), outcome="inconclusive") for own in (0.01, 0.1)]

    found = open_claim(parts=parts, calibration=[scenario()])

    assert power(found) == min(part_powers(found)) < max(part_powers(found))


def test_an_open_claim_names_the_trainings_that_would_decide():
    text = needed(open_claim())

    assert re.fullmatch(
        r"About \d+ trainings would support it in 80 % of cases; "
        r"3, as now, would decide it in \d+ %\.",
        text,
    )
    assert f"About {claim_need(open_claim()).trainings} " in text


def test_a_claim_that_compares_models_needs_trainings_of_each():
    assert "trainings of each model" in needed(open_claim(models=["a", "b"]))


def test_an_error_that_trainings_share_asks_for_images():
    text = needed(open_claim(own=0.001, shared=0.06))

    assert text.startswith("No number of trainings alone decides it: the error from the images, ")
    assert "Twice as many images would support it in 80 % of cases." in text


def test_at_the_margin_neither_trainings_nor_images_help():
    assert "lies too close to the margin" in needed(open_claim(effect=0.8))


def test_readings_on_both_sides_of_the_margin_are_named():
    text = needed(dependent())

    assert "depends on the judge" in text
    assert "within at threshold, lenient; outside at strict" in text


def test_decided_claims_need_nothing():
    assert needed(record()) == ""


def test_results_hold_the_numbers(tmp_path):
    write_results([open_claim(calibration=[scenario()]), record()], {}, tmp_path / "results.json")

    claims = parsed(read(tmp_path / "results.json"), "results")["claims"]
    found = {claim["outcome"]: claim for claim in claims}
    assert found["supported"]["needed"] is None
    assert found["inconclusive"]["needed"]["trainings"] > 3
    assert found["inconclusive"]["needed"]["power"] == 0.8
    assert 0 < found["inconclusive"]["power"] < 1


def test_the_pages_show_power_and_what_would_decide(folder):
    write_site([open_claim(own=0.1, calibration=[scenario()])], {}, folder)

    page = " ".join((folder / "claims" / "B-08.html").read_text("utf-8").split())
    errors_page = " ".join((folder / "errors.html").read_text("utf-8").split())
    for text in (page, errors_page):
        assert "trainings would support it in 80 % of cases; 3, as now," in text
    assert re.search(r"power [123]\d&nbsp;%", page)
    assert (
        "power below 50 % on 1 of 1 models, from the spread of their own trainings" in errors_page
    )


def test_of_several_models_the_weakest_and_the_strongest_are_told():
    records = [
        open_claim(own=own, model=model, calibration=[scenario()])
        for own, model in ((0.1, "a"), (0.001, "b"))
    ]

    text = power_sentence(records)

    assert "(a) to 100 % (b) of cases, and in fewer than 50 % on 1 of 2." in text
    assert power_sentence([open_claim()]) == ""
