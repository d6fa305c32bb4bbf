"""What a run of many claims ends with."""

from dataclasses import replace
from pathlib import Path

import pytest

from aelatent.catalogue import Catalogue, Entry, checks_of
from aelatent.report.closing import closing_lines, differences

HEADLINES = ["B-08", "A-01"]
ANSWER = "No. They peak at {peak ae:.1f} sqrt(N), wherever mean and covariance put them."


@pytest.fixture
def run(record_of):
    """Return records of two claims and a control, and a catalogue with them."""
    part = record_of().parts[0] | {"outcome": "supported"}
    held = record_of(id="A-01", name="test_a[ae]", outcome="supported", expected="", parts=[part])
    control = record_of(name="test_control_x", control=True)
    records = [record_of(), held, control]
    entries = {
        "B-08": Entry("B-08", "A", answer=ANSWER),
        "A-01": Entry("A-01", "A", answer="Yes. It does, and more than once. " * 12),
    }
    return records, Catalogue(entries).updated(checks_of(records, {}))


@pytest.mark.parametrize("width", [40, 80, 200])
def test_lines_keep_within_the_terminal(run, width):
    lines = closing_lines(*run, HEADLINES, width=width)

    assert max(map(len, lines)) <= width
    assert len(lines) <= 12


def test_totals_and_headlines_are_shown(run):
    lines = closing_lines(*run, HEADLINES, width=80)

    assert lines[0] == "2 checks of 2 claims on 1 models, 1 controls: all as expected"
    assert lines[1] == "◆ 1 did not hold   ● 1 held"
    assert "◆ B-08 No. They peak at 1.6 sqrt(N), wherever mean and covariance put them." in lines
    assert lines[-2].endswith(" ...")


def test_ascii_is_enough(run):
    assert all(line.isascii() for line in closing_lines(*run, HEADLINES, width=80, unicode=False))


def test_what_was_not_expected_is_counted(run):
    records, catalogue = run
    wrong = replace(records[0], expected="supported")

    assert "1 NOT as expected" in closing_lines([wrong, *records[1:]], catalogue, width=80)[0]


def test_answers_that_moved_or_flipped_are_told(run, record_of):
    _, stored = run
    moved = record_of(parts=[record_of().parts[0] | {"effect": 1.7}])
    flipped = record_of(outcome="supported", parts=[record_of().parts[0] | {"effect": 1.0}])

    assert differences(stored, stored, ["B-08"]) == []
    assert differences(stored, stored.updated(checks_of([moved], {})), ["B-08"]) == [
        "numbers moved since they were stored: B-08"
    ]
    (told,) = differences(stored, stored.updated(checks_of([flipped], {})), ["B-08", "Z-9"])
    assert told.startswith("B-08 held, but its plain answer says: No. They peak at 1.6")


def test_a_whole_run_fits_a_small_terminal():
    """With pytest's own closing line and the files that were written."""
    from aelatent.cli.answer_lines import read_catalogue
    from aelatent.inference.record import Record

    root = Path(__file__).parents[2]
    catalogue = read_catalogue(root / "claims")
    records = [
        Record(
            c.id, c.test, "", "", "", c.outcome, c.outcome, models=[*c.models], control=c.control
        )
        for c in catalogue.checks
    ]

    lines = closing_lines(
        records, catalogue, ["B-08", "A-01", "B-02", "D-16", "D-13", "A-13"], width=80
    )

    assert len(lines) <= 24 - 6
