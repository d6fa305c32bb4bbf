"""Worlds of many claims are listed, and played by one process or by several."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from aelatent.cli import main
from aelatent.runtime.executors import open_executor, run_tasks
from aelatent.simulation import FILE, Calibrations, code_digest, run_task, tasks, tasks_of
from aelatent.simulation.error_rates import elsewhere
from aelatent.simulation.tasks import identities

FILE_OF_CLAIMS = Path(__file__).with_name("planted_claims.py")


@pytest.fixture
def folder(tmp_path):
    shutil.copy(FILE_OF_CLAIMS, tmp_path / "test_planted.py")
    return tmp_path


def test_all_worlds_are_listed_with_their_own_counts(folder):
    assert [(t.name.partition("/")[0], t.count) for t in tasks_of(folder)] == [
        ("test_codes_lie_beyond_one", 400),
        ("test_one_code_is_taken_for_many", 400),
    ]
    assert [t.count for t in tasks_of(folder, ["Z-01"], 7)] == [7]
    assert identities(folder) == {"Z-01", "Z-02"}


def test_two_processes_count_what_one_counts(folder):
    wanted = tasks_of(folder, worlds=20)

    def counts(workers):
        with open_executor(workers) as executor:
            played = [done.result() for _, done in run_tasks(executor, run_task, wanted, "family")]
        return {found.name: (found.counts, code) for found, code in played}

    assert counts(2) == counts(1)


def test_worlds_of_a_file_that_is_not_here_are_played_all_the_same(folder):
    """Workers of a cluster need not have the claims: the task carries the file."""
    here, *_ = tasks_of(folder, worlds=3)
    elsewhere = replace(here, file=folder / "nowhere" / "test_planted.py")

    (found, code), (same, same_code) = run_task(here), run_task(elsewhere)

    assert (found.counts, code) == (same.counts, same_code)


def test_a_family_that_fails_leaves_the_others_alone(folder, capsys):
    path = folder / "test_planted.py"
    path.write_text(path.read_text().replace("np.linspace(", "oops("))

    assert main(["calibrate", "--folder", str(folder), "--worlds", "3"]) == 1

    told = capsys.readouterr()
    assert "Z-01" in told.out
    assert "oops" in told.err
    assert set(Calibrations.read(folder / FILE).records) == {
        "test_codes_lie_beyond_one/normal_codes"
    }


def test_what_was_played_as_often_is_not_stale(folder):
    assert main(["calibrate", "--folder", str(folder), "--worlds", "3"]) == 0

    assert tasks_of(folder, worlds=3, stale=True) == []
    assert [t.count for t in tasks_of(folder, worlds=4, stale=True)] == [4, 4]


def test_counts_hold_for_the_code_that_was_played(folder, monkeypatch):
    """Whoever edits a claim while it is played gets counts that are known to be stale."""
    path, played = folder / "test_planted.py", code_digest(folder / "test_planted.py")
    real = tasks.calibrate

    def edit_meanwhile(scenario, count):
        path.write_text(path.read_text().replace("Above(1", "Above(2"))
        return real(scenario, count)

    monkeypatch.setattr(tasks, "calibrate", edit_meanwhile)
    assert main(["calibrate", "Z-01", "--folder", str(folder), "--worlds", "3"]) == 0

    (stored,) = Calibrations.read(folder / FILE).records.values()
    assert stored["code"] == played != code_digest(path)


@pytest.mark.parametrize(("margin", "away"), [(1000, 200), (200, 40), (60, 40), (20, 20), (1, 1)])
def test_fewer_worlds_are_played_away_from_the_margin(margin, away):
    assert elsewhere(margin) == away
