"""Two runs side by side: flipped, moved, noise."""

import numpy as np
import pytest

from aelatent.cli import main
from aelatent.report import write_results
from aelatent.report.comparison import Kind, compare, difference_lines, load
from aelatent.runtime.files import StorageError

from .samples import crashed, part, record


def measured(effect, half=0.1, **fields):
    parts = [part(effect=effect, interval=[effect - half, effect + half])]
    return record(effect=effect, interval=(effect - half, effect + half), parts=parts, **fields)


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        (measured(1.0), measured(1.0), Kind.SAME),
        (measured(1.0), measured(1.14), Kind.NOISE),
        (measured(1.0), measured(1.15), Kind.MOVED),
        (measured(1.0), measured(0.85), Kind.MOVED),
        (measured(1.0), measured(1.0, outcome="refuted"), Kind.FLIPPED),
        (measured(1.0, half=0.0), measured(1.0, half=0.0), Kind.SAME),
        (measured(1.0, half=0.0), measured(1.1, half=0.0), Kind.MOVED),
        (measured(1.0), crashed(name=record().name), Kind.FLIPPED),
        (crashed(), crashed(message="another line"), Kind.SAME),
        (None, measured(1.0), Kind.ADDED),
        (measured(1.0), None, Kind.GONE),
    ],
)
def test_a_change_has_the_kind_of_its_outcomes_and_effects(before, after, kind):
    found = compare([before] if before else [], [after] if after else [])

    assert [change.kind for change in found.changes] == [kind]
    assert found.tally[kind] == 1


def test_the_sides_of_the_intervals_that_face_each_other_decide():
    lopsided = [part(effect=1.0, interval=[0.0, 1.01])]
    above = measured(1.2, half=0.01)

    assert compare([record(parts=lopsided)], [above]).changes[0].kind == Kind.MOVED
    assert compare([record(parts=lopsided)], [measured(0.5)]).changes[0].kind == Kind.NOISE


def test_one_effect_in_twenty_moves_by_chance(rng):
    def run():
        values = rng.standard_normal(4000)
        return [measured(v, half=1.96, name=f"test_{i}") for i, v in enumerate(values)]

    found = compare(run(), run())

    assert 0.04 < found.tally[Kind.MOVED] / 4000 < 0.06
    assert "about 200 of the 4000" in found.caution


def test_two_models_that_were_each_audited_alone_are_compared():
    one, two = (measured(v, name=f"test_radius[{m}-b=1]", model=m) for v, m in ((1, "a"), (2, "b")))

    assert [c.kind for c in compare([one], [two]).changes] == [Kind.MOVED]
    together = compare([one, two], [one])
    assert [c.kind for c in together.changes] == [Kind.SAME, Kind.GONE]


def test_lines_keep_within_the_terminal_and_need_no_unicode():
    found = compare([measured(1.0)], [measured(2.0, outcome="refuted", title="A long one. " * 20)])

    lines = difference_lines(found, 60, unicode=False)

    assert max(map(len, lines)) <= 60
    assert "\n".join(lines).isascii()
    assert any("+ supported -> x refuted" in line for line in lines)


def test_two_reports_from_the_command_line(tmp_path, environment, capsys):
    for name, value in (("first", 1.0), ("second", 2.0)):
        (tmp_path / name).mkdir()
        title = "<script>alert(1)</script>"
        write_results([measured(value, title=title)], environment, tmp_path / name / "results.json")
    runs = [str(tmp_path / name) for name in ("first", "second")]
    page = tmp_path / "page.html"

    assert main(["diff", *runs, "--html", str(page)]) == 0

    assert "1 moved" in capsys.readouterr().out
    assert "moved further than both intervals allow" in page.read_text().replace("\n", " ")
    assert "<script>" not in page.read_text()
    assert main(["diff", runs[0], str(tmp_path)]) == 2
    assert "expected the folder of a report" in capsys.readouterr().err


def test_the_verdicts_of_an_audit_are_found(tmp_path, environment):
    (tmp_path / "verdicts").mkdir()
    write_results([measured(1.0)], environment, tmp_path / "verdicts" / "results.json")

    assert len(load(tmp_path).records) == 1
    with pytest.raises(StorageError, match=r"no results\.json"):
        load(tmp_path / "..")


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def test_what_moved_within_noise_is_listed_as_such_up_to_ten():
    runs = [
        [measured(1.0 + step * i / 1e4, name=f"test_{i}") for i in range(14)] for step in (0, 1)
    ]
    found = compare(*runs)

    lines = difference_lines(found, 120)

    assert found.tally[Kind.NOISE] == 13
    assert sum(line.endswith("within noise") for line in lines) == 10
    assert "  and 3 more that moved less; --html FILE shows all" in lines
    assert "about 1 of the 13 here" in found.caution
