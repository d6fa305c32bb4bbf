"""The table of how often checks err."""

import pytest

from aelatent.report.arrangement import arrange
from aelatent.report.reliability import CHANGED, NOT_SIMULATED, powers, reliability, worst_first
from aelatent.report.site import write_site
from aelatent.report.topics import topics

from .samples import record


def known(**fields):
    """Make a record of a calibration that met every aim, with some fields replaced."""
    right, wrong = ({"rate": r, "interval": [r - 0.01, r + 0.01]} for r in (0.95, 0.02))
    return {
        "name": "test_radius_peaks/shells_about_a_peak",
        "simulations": 1000,
        "stale": False,
        "false_support": wrong,
        "false_refutation": wrong,
        "power": right,
        "coverage": right,
    } | fields


def rows(*records):
    """Return the table of some records."""
    return reliability(topics(arrange(records)))


def test_a_check_that_meets_its_aims_has_no_remark():
    (row,) = rows(record(calibration=[known()]))

    assert row.scenario == "shells about a peak"
    assert [rate["rate"] for rate in row.rates] == [0.02, 0.02, 0.95, 0.95]
    assert row.remarks == []


@pytest.mark.parametrize(
    ("field", "rate", "interval", "remark"),
    [
        ("false_support", 0.05, [0.04, 0.06], "supports too often at the margin"),
        (
            "false_refutation",
            0.03,
            [0.01, 0.08],
            "too few simulations to tell how often it refutes at the margin",
        ),
        ("power", 0.5, [0.4, 0.6], "often leaves open what is true"),
    ],
)
def test_a_missed_aim_is_named(field, rate, interval, remark):
    (row,) = rows(record(calibration=[known(**{field: {"rate": rate, "interval": interval}})]))

    assert row.remarks == [remark]


def test_what_was_not_simulated_says_why():
    exemption = {
        "name": "test_radius_peaks",
        "simulations": 0,
        "because": "it counts",
        "stale": False,
    }
    rest = {"id": "B-09", "name": "test_rest[faces_ae]"}

    rows_ = rows(record(calibration=[exemption]), record(**rest))

    assert [row.remarks for row in rows_] == [["it counts"], [NOT_SIMULATED]]
    assert [row.rates for row in rows_] == [[], []]


def test_a_check_whose_code_has_changed_says_so():
    (row,) = rows(record(calibration=[known(stale=True)]))

    assert row.remarks == [CHANGED]


def test_runs_of_one_check_share_a_row():
    runs = [record(name=f"test_radius_peaks[{model}]", calibration=[known()]) for model in "ab"]

    assert len(rows(*runs)) == 1


def test_the_page_shows_the_rates(environment, tmp_path):
    write_site([record(calibration=[known()])], environment, tmp_path)

    text = (tmp_path / "errors.html").read_text("utf-8")
    assert "Of 1 check 1 has such simulations; 0 estimate nothing and need none." in " ".join(
        text.split()
    )
    assert "shells about a peak" in text


def with_power(low, high, **fields):
    """Make a claim whose check has so much power."""
    rates = known(power={"rate": (low + high) / 2, "interval": [low, high]})
    return record(calibration=[rates], **fields)


def test_surely_weak_checks_come_first_and_unsimulated_ones_last():
    ordered = worst_first(
        [
            *rows(record(id="A-1", file="claims/a.py")),
            *rows(with_power(0.9, 1.0, id="A-2", file="claims/b.py")),
            *rows(with_power(0.0, 0.97, id="A-3", file="claims/c.py")),
            *rows(with_power(0.1, 0.2, id="A-4", file="claims/d.py")),
        ]
    )

    assert [row.topic.id for row in ordered] == ["A-4", "A-3", "A-2", "A-1"]


def test_checks_that_always_decide_are_no_dots():
    both = [*rows(with_power(0.4, 0.5)), *rows(with_power(1.0, 1.0))]

    assert [(across, up) for across, up, _ in powers(both)] == [(45.0, 7.0)]
