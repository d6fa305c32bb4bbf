"""Machines with something missing: a clock, a home, a live owner of a lock, a wide terminal."""

import itertools
import os
import subprocess
import sys
import time

import numpy as np
import pytest

from aelatent.cli import main, process
from aelatent.cli.answer_lines import claims_folder, read_catalogue
from aelatent.plugin import early_end
from aelatent.report import closing
from aelatent.runtime import cache, locks

from .test_processes import HOME, POSIX

pytest_plugins = ["pytester"]


def test_a_clock_that_goes_backwards_changes_no_result(project, run_here, monkeypatch):
    """An hour at each look: no result and no duration depends on it."""
    assert run_here().ret == 0
    expected = project.records["Z-01"]
    hours = itertools.count(1)
    monkeypatch.setattr(time, "time", lambda: 1e9 - 3600 * next(hours))

    for fresh in (["--aelatent-fresh"], []):
        assert run_here(*fresh).ret == 0
        found = project.records["Z-01"]
        assert all(found[name] == expected[name] for name in ("outcome", "effect", "interval"))
        assert found.get("seconds", 0) >= 0


def test_a_clock_that_went_backwards_removes_no_entry(tmp_path, monkeypatch):
    entries = cache.Cache(tmp_path)
    entries.put("a1b2", b"costly")
    monkeypatch.setattr(time, "time", lambda: 0.0)

    entries.remove_unused()

    assert entries.get("a1b2") == b"costly"


@POSIX
def test_claims_need_no_home_that_can_be_written_to(project):
    """Where HOME is a file, nobody can write there, not even root."""
    (project.folder / "home").write_text("")
    kept = {"HOME": str(project.folder / "home"), "XDG_CACHE_HOME": "", "AELATENT_CACHE": ""}

    status, printed = project.run(**kept)

    assert status == 0, printed
    assert project.records["Z-01"]["outcome"] == "supported"


@POSIX
@pytest.mark.slow
def test_an_audit_needs_no_home_that_can_be_written_to(tmp_path):
    np.save(tmp_path / "codes.npy", np.random.default_rng(0).normal(size=(600, 4)))
    (tmp_path / "mine.yaml").write_text("name: m\ncodes: codes.npy\n")
    (tmp_path / "home").write_text("")
    kept = {"HOME": str(tmp_path / "home"), "PYTHONPATH": HOME}
    left_out = {"XDG_CACHE_HOME", "AELATENT_CACHE", "MPLCONFIGDIR"}

    ran = subprocess.run(
        [sys.executable, "-m", "aelatent", "audit", "mine.yaml", "--no-claims"],
        cwd=tmp_path,
        env={**{k: v for k, v in os.environ.items() if k not in left_out}, **kept},
        capture_output=True,
        text=True,
        check=False,
    )

    assert ran.returncode == 0, ran.stderr
    assert (tmp_path / "audit" / "index.html").exists()


@POSIX
def test_the_lock_of_a_killed_process_is_free(tmp_path):
    code = (
        "import os, pathlib, signal\n"
        "from aelatent.runtime.locks import locked\n"
        f"with locked(pathlib.Path({str(tmp_path / 'lock')!r})):\n"
        "    os.kill(os.getpid(), signal.SIGKILL)"
    )
    environment = {**os.environ, "PYTHONPATH": HOME}
    ran = subprocess.run([sys.executable, "-c", code], env=environment, check=False)
    assert (ran.returncode, (tmp_path / "lock").exists()) == (-9, True)

    with locks.locked(tmp_path / "lock", wait=False):
        pass


@pytest.mark.parametrize("columns", ["1", "-7", "abc", "0"])
def test_a_terminal_of_no_width_is_written_to(monkeypatch, capsys, columns):
    monkeypatch.setenv("COLUMNS", columns)

    assert main(["claims", "radius"]) == main(["show", "B-08"]) == 0
    assert "B-08" in capsys.readouterr().out
    assert closing.closing_lines([], read_catalogue(claims_folder()))


@pytest.mark.parametrize(("value", "kept"), [("abc", None), ("-1", None), ("1700000000", True)])
def test_a_date_of_builds_that_is_none_is_left_out(monkeypatch, value, kept):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", value)
    monkeypatch.setattr(process.signal, "signal", lambda *_: None)
    monkeypatch.setattr(process.parents, "end_with_parent", lambda: None)

    process.prepare()

    assert os.environ.get("SOURCE_DATE_EPOCH") == (value if kept else None)


@POSIX
@pytest.mark.parametrize("early", ["__import__('os')._exit(0)", "pytest.exit('done', 0)"])
def test_a_claim_that_ends_the_run_is_no_success(project, early):
    project.write(early)

    assert project.run()[0] == pytest.ExitCode.INTERRUPTED


@POSIX
def test_a_process_that_a_claim_forks_may_end_with_any_status():
    with early_end.no_success():
        child = os.fork() or os._exit(0)
        assert os.waitpid(child, 0)[1] == 0
