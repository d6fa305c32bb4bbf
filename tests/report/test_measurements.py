"""The numbers behind a claim's plots can be taken along."""

import csv
import io

from aelatent.report import write_site

from .samples import control, part, record


def test_a_claim_has_a_line_for_each_value_of_each_part_and_control(folder):
    claim = record(parts=[part(), part(unit="share", per_replicate=[0.1])])
    write_site([claim, control()], {}, folder)

    lines = list(csv.DictReader(io.StringIO((folder / "claims" / "B-08.csv").read_text("utf-8"))))
    assert [(r["control"], r["part"], r["training"], r["value"]) for r in lines] == [
        ("no", "1", "1", "0.92"),
        ("no", "1", "2", "0.94"),
        ("no", "2", "1", "0.1"),
        ("yes", "1", "1", "0.92"),
        ("yes", "1", "2", "0.94"),
    ]
    assert 'href="../claims/B-08.csv" download' in (folder / "claims" / "B-08.html").read_text()
