"""Scenarios of many claims are listed, and simulated by one process or by several."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from aelatent.cli import main
from aelatent.runtime.executors import open_executor, run_tasks
from aelatent.simulation import FILE, Calibrations, code_digest, run_task, tasks, tasks_of
from aelatent.simulation.error_rates import simulations_off_margin
from aelatent.simulation.tasks import claim_ids

FILE_OF_CLAIMS = Path(__file__).with_name("simulated_claims.py")


@pytest.fixture
def folder(tmp_path):
    shutil.copy(FILE_OF_CLAIMS, tmp_path / "test_simulated.py")
    return tmp_path


def test_scenarios_are_listed_with_their_own_counts(folder):
    assert [(t.name.partition("/")[0], t.count) for t in tasks_of(folder)] == [
        ("test_codes_lie_beyond_one", 400),
        ("test_one_code_is_taken_for_many", 400),
    ]
    assert [t.count for t in tasks_of(folder, ["Z-01"], 7)] == [7]
    assert claim_ids(folder) == {"Z-01", "Z-02"}


def test_two_processes_count_what_one_counts(folder):
    wanted = tasks_of(folder, simulations=20)

    def counts(workers):
        with open_executor(workers) as executor:
            results = [
                done.result() for _, done in run_tasks(executor, run_task, wanted, "scenario")
            ]
        return {calibration.name: (calibration.counts, code) for calibration, code in results}

    assert counts(2) == counts(1)


def test_a_task_carries_the_file_of_its_claim(folder):
    """Workers of a cluster need not have the claims."""
    here, *_ = tasks_of(folder, simulations=3)
    elsewhere = replace(here, file=folder / "nowhere" / "test_simulated.py")

    (found, code), (same, same_code) = run_task(here), run_task(elsewhere)

    assert (found.counts, code) == (same.counts, same_code)


def test_a_scenario_that_fails_leaves_the_others_alone(folder, capsys):
    path = folder / "test_simulated.py"
    path.write_text(path.read_text().replace("np.linspace(", "oops("))

    assert main(["calibrate", "--folder", str(folder), "--simulations", "3"]) == 1

    printed = capsys.readouterr()
    assert "Z-01" in printed.out
    assert "oops" in printed.err
    assert set(Calibrations.read(folder / FILE).records) == {
        "test_codes_lie_beyond_one/normal_codes"
    }


def test_a_scenario_simulated_as_often_is_not_stale(folder):
    assert main(["calibrate", "--folder", str(folder), "--simulations", "3"]) == 0

    assert tasks_of(folder, simulations=3, stale=True) == []
    assert [t.count for t in tasks_of(folder, simulations=4, stale=True)] == [4, 4]


def test_counts_hold_for_the_code_that_was_simulated(folder, monkeypatch):
    """Editing a claim during its simulations makes their counts stale."""
    path, simulated = folder / "test_simulated.py", code_digest(folder / "test_simulated.py")
    real = tasks.calibrate

    def edit_meanwhile(scenario, count):
        path.write_text(path.read_text().replace("Above(1", "Above(2"))
        return real(scenario, count)

    monkeypatch.setattr(tasks, "calibrate", edit_meanwhile)
    assert main(["calibrate", "Z-01", "--folder", str(folder), "--simulations", "3"]) == 0

    (stored,) = Calibrations.read(folder / FILE).records.values()
    assert stored["code"] == simulated != code_digest(path)


@pytest.mark.parametrize(("margin", "off"), [(1000, 200), (200, 40), (60, 40), (20, 20), (1, 1)])
def test_fewer_simulations_run_off_the_margin(margin, off):
    assert simulations_off_margin(margin) == off
