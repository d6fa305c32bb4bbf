"""docs/calibration.md counts the checks that miss their aims in claims/calibration.json."""

import pytest

from aelatent.inference.record import Record
from aelatent.report.results import Results
from tests.simulation import table


def scenario(identifier, support, refutation, power):
    """Make a record of rates, each with its interval of one point in a hundred on either side."""
    names = "false_support", "false_refutation", "power"
    rates = {
        name: {"rate": rate, "interval": [rate - 0.01, rate + 0.01]}
        for name, rate in zip(names, (support, refutation, power), strict=True)
    }
    return {"id": identifier, "simulations": 100, **rates}


def test_what_misses_an_aim_is_counted():
    rows = table.table(
        [
            scenario("A-1", 0.01, 0.02, 0.95),
            scenario("A-1", 0.03, 0.02, 0.895),
            scenario("B-2", 0.05, 0.02, 0.4),
            {"id": "C-3", "simulations": 0, "because": "it counts"},
        ]
    ).splitlines()

    assert rows[0] == "Of 3 scenarios of 2 claims:"
    assert rows[4:] == [
        "| false support | at most 2.5 % | 2 | 1 | B-2 |",
        "| false refutation | at most 2.5 % | 0 | 0 | none |",
        "| power | 90 % or more | 2 | 1 | B-2 |",
    ]


def test_verdicts_read_together_are_counted():
    counts = {"tested": 9, "decided": 7, "standing": 5, "fallen": ["a", "b"]}
    results = {"multiplicity": counts, "environment": {"date": "2026-11-28", "commit": "abc"}}

    text = table.together(results)

    assert "9 claims on a model were tested with an interval, and 7 were supported" in text
    assert text.endswith("5 of these would stand, and 2 would become inconclusive.")


def inconclusive(effect, **given):
    """Make a record of one part about the margin 0.8, of three trainings that scatter by 0.05."""
    part = {
        "effect": effect,
        "interval": [effect - 0.124, effect + 0.124],
        "limits": [0.8, None],
        "per_replicate": [effect - 0.05, effect, effect + 0.05],
        "outcome": "inconclusive",
        "unit": "",
    }
    return Record("B-08", "", "", "", "faces", "inconclusive", "", parts=[part], **given)


def test_open_claims_are_sorted_by_what_decides_them():
    records = [
        inconclusive(0.9),
        inconclusive(0.86),
        inconclusive(0.8),
        inconclusive(0.9, depends_on="judge"),
        inconclusive(0.9, control=True),
    ]
    results = Results(records, {"date": "2026-11-28", "commit": "abc"})

    first, *rows = table.open_claims(results).splitlines()

    assert first.endswith("(commit abc) 4 claims on a model are inconclusive.")
    assert [row.split(" | ")[1] for row in rows[3:]] == ["1", "1", "1", "0", "0", "0", "1"]


def test_only_the_marked_part_of_a_text_is_written():
    text = f"a\n{table.TABLE}\nold\n{table.END}\nb {table.END}"

    assert table.written(text, table.TABLE, "new") == (
        f"a\n{table.TABLE}\n\nnew\n\n{table.END}\nb {table.END}"
    )
    with pytest.raises(ValueError, match="expected <!--"):
        table.written("a", table.TABLE, "new")


def test_the_document_has_the_stored_rates():
    """After a calibration: python -m tests.simulation.table."""
    text = table.DOCUMENT.read_text(encoding="utf-8")

    assert table.written(text, table.TABLE, table.table(table.stored())) == text
