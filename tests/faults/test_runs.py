"""Faults of a claim run: what hangs, breaks, is killed or interrupted costs itself and no other."""

import os
import random
import shutil
import signal
import socket
import sys
import time

import pytest

from aelatent.report import read_results

pytest_plugins = ["pytester"]

ROUNDS = int(os.environ.get("AELATENT_KILLS", "4"))
POSIX = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="needs the signals of POSIX")


@pytest.mark.slow
@POSIX
def test_a_hanging_claim_ends_with_an_error_and_others_go_on(project):
    project.write("import time; time.sleep(60)", ini="aelatent_timeout = 5")

    _, printed = project.run()

    assert project.records["Z-01"]["outcome"] == "supported"
    assert project.records["Z-02"]["outcome"] == "error"
    assert project.records["Z-02"]["message"].startswith("timeout after 5 s")
    assert "1 failed, 1 passed" in printed


@pytest.mark.slow
@POSIX
def test_a_budget_of_zero_limits_nothing(project, run_here):
    project.write(
        "import time; time.sleep(0.3); raise KeyError('late')", ini="aelatent_timeout = 0"
    )

    run_here()

    assert "KeyError" in project.records["Z-02"]["message"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("import numpy; numpy.ones((10**9, 10**9))", "Unable to allocate"),
        ("raise MemoryError('no room')", "no room"),
        ("raise RecursionError", "RecursionError"),
        ("import sys; sys.exit(3)", "SystemExit"),
    ],
)
def test_a_claim_that_breaks_is_an_error_and_the_others_go_on(project, run_here, body, said):
    project.write(body)

    run_here()

    assert project.records["Z-01"]["outcome"] == "supported"
    assert project.records["Z-02"]["outcome"] == "error"
    assert said in project.records["Z-02"]["message"]


@pytest.mark.slow
def test_a_killed_run_leaves_whole_results_or_none(project):
    """SIGKILL at random moments: the results are those of some whole run, or not there yet."""
    project.run()
    whole, spent = project.results, -time.perf_counter()
    project.run()
    spent += time.perf_counter()
    moments = random.Random(0)  # noqa: S311 -- moments, no secrets
    for _ in range(ROUNDS):
        with project.start("--aelatent-fresh") as process:
            time.sleep(moments.uniform(0.3, 1.1) * spent)
            process.kill()
        assert len(read_results(project.folder / "reports" / "results.json").records) == 1
    project.run()
    assert without_seconds(project.results) == without_seconds(whole)


@pytest.mark.slow
def test_two_runs_at_once_on_one_cache_agree(project):
    with project.start() as one, project.start() as other:
        one.communicate()
        other.communicate()

    assert (one.returncode, other.returncode) == (0, 0)
    assert len(project.records) == 1
    code, printed = project.run("-n", "2")
    assert code == 0, printed
    assert "1 of 1 unchanged since an earlier run" in printed


@pytest.mark.slow
def test_a_run_with_a_cut_results_file_names_it_and_leaves_it(project, run_here):
    run_here()
    path = project.folder / "reports" / "results.json"
    path.write_bytes(path.read_bytes()[:100])

    again = run_here()

    again.stderr.fnmatch_lines(["*results.json: expected a file that aelatent wrote*"])
    assert len(path.read_bytes()) == 100
    path.unlink()
    run_here()
    assert len(project.records) == 1


@pytest.mark.slow
def test_the_same_claims_give_the_same_results_bit_by_bit(project):
    project.run("--aelatent-fresh")
    first = project.results
    project.run("--aelatent-fresh", "-n", "2")

    assert without_seconds(project.results) == without_seconds(first)


@pytest.mark.slow
def test_a_claim_run_opens_no_socket(project):
    """Sockets raise in the whole process, from the first import on."""
    (project.folder / "sitecustomize.py").write_text(
        "import socket\n"
        "def forbidden(*_, **__):\n"
        "    raise RuntimeError('a socket was opened')\n"
        "socket.socket.connect = forbidden\n"
        "socket.create_connection = socket.getaddrinfo = forbidden\n"
    )
    project.write("import socket; socket.create_connection(('127.0.0.1', 1))")

    project.run(PYTHONPATH=str(project.folder))

    assert project.records["Z-01"]["outcome"] == "supported"
    assert "a socket was opened" in project.records["Z-02"]["message"], "the ban did not work"
    assert socket.create_connection is not None


@pytest.mark.slow
def test_a_run_writes_to_its_own_folders_only(project, tmp_path):
    home = tmp_path / "home"
    home.mkdir()

    project.run(HOME=str(home), XDG_CACHE_HOME=str(home), PYTHONDONTWRITEBYTECODE="1")

    assert sorted(path.name for path in project.folder.iterdir()) == [
        ".aelatent",
        "pytest.ini",
        "reports",
        "test_z.py",
    ]
    written = {path.relative_to(home).parts[0] for path in home.rglob("*") if path.is_file()}
    assert written <= {"matplotlib", ".matplotlib"}, "the font cache of matplotlib is its own"


def test_a_checkout_that_cannot_be_written_to_says_so(project):
    """A file where the folder of the report should be: root may write to read-only folders."""
    (project.folder / "reports").write_text("in the way")

    code, printed = project.run()

    assert code != 0
    assert "reports" in printed
    assert (project.folder / "reports").read_text() == "in the way"


@pytest.mark.parametrize("workers", [[], ["-n", "1"]])
def test_a_folder_of_somebody_else_gets_no_report(project, workers):
    """It is refused before a claim runs, also by a worker."""
    (project.folder / "reports").mkdir()
    (project.folder / "reports" / "index.html").write_text("mine")
    project.write("open('ran', 'w')")

    code, printed = project.run(*workers)

    assert code != 0
    assert "expected an empty folder or one that aelatent made" in printed
    assert not (project.folder / "ran").exists()
    assert (project.folder / "reports" / "index.html").read_text() == "mine"


def test_a_file_that_somebody_changed_is_not_replaced(project, run_here):
    run_here()
    page = project.folder / "reports" / "index.html"
    page.write_text("mine")

    result = run_here("--aelatent-fresh")

    assert result.ret == 3
    assert page.read_text() == "mine"


def test_files_beside_the_report_stay(project, run_here):
    run_here()
    (project.folder / "reports" / "junit.xml").write_text("mine")

    assert run_here("--aelatent-fresh").ret == 0

    assert (project.folder / "reports" / "junit.xml").read_text() == "mine"
    assert not [*(project.folder / "reports").glob(".aelatent-partial*")]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="needs the limits of POSIX")
def test_a_full_disk_leaves_what_was_there(project):
    """A limit on the size of files stands for the disk: the report is larger than that."""
    project.run()
    before = project.results
    shutil.copytree(project.folder / "reports", project.folder / "kept")
    (project.folder / "conftest.py").write_text(
        "import resource, signal\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "def pytest_collection_finish():\n"
        "    resource.setrlimit(resource.RLIMIT_FSIZE, (200, 200))\n"
    )

    code, printed = project.run("--aelatent-fresh")

    assert code != 0
    assert "File too large" in printed
    assert project.results == before


def without_seconds(results):
    """Return the lines of a results file but those that hold durations and times."""
    kept = ("seconds", "date", "commit")
    return [
        line for line in results.decode().splitlines() if not any(f'"{k}"' in line for k in kept)
    ]
