"""Processes of an audit: what starts them, what ends them, and what their end is taken for."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from aelatent.audit import claims_subprocess
from aelatent.audit.progress import no_progress
from aelatent.cli import main
from aelatent.runtime import environment, parents

POSIX = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs the signals of POSIX")


HOME = str(Path(claims_subprocess.__file__).parents[2])


def python(code):
    return [sys.executable, "-P", "-c", code]


@pytest.fixture
def spoilt(tmp_path, monkeypatch):
    """A working directory with modules that leave a mark where they run."""
    for name in ("numpy", "pytest", "threading", "aelatent", "conftest"):
        (tmp_path / f"{name}.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "ran"


def test_claims_run_no_module_of_the_working_directory(spoilt):
    command = [sys.executable, "-P", "-m", "pytest", "--version"]

    status, printed = claims_subprocess._run_pytest(command, no_progress)

    assert (status, spoilt.exists()) == (0, False), printed
    children = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {'import numpy'!r}])"
    claims_subprocess._run_pytest(python(children), no_progress)
    assert not spoilt.exists(), "those that pytest-xdist starts"


def test_the_command_runs_no_module_of_the_working_directory(spoilt):
    ran = subprocess.run(
        [sys.executable, "-m", "aelatent", "data"],
        env={**os.environ, "PYTHONPATH": HOME},
        capture_output=True,
        text=True,
        check=False,
    )

    # Python itself looks for `aelatent` in the working directory first: that module runs, alone.
    assert "ran" not in ran.stdout
    (spoilt.parent / "aelatent.py").unlink()
    spoilt.unlink(missing_ok=True)
    ran = subprocess.run(
        [sys.executable, "-m", "aelatent", "data"],
        env={**os.environ, "PYTHONPATH": HOME},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, spoilt.exists()) == (0, False), ran.stderr


def test_claims_get_no_options_and_plugins_of_the_users(monkeypatch):
    monkeypatch.setenv("PYTEST_ADDOPTS", "--collect-only")
    monkeypatch.setenv("PYTEST_PLUGINS", "nosuch")
    monkeypatch.setenv("OMP_NUM_THREADS", "abc")
    wanted = ["PYTEST_ADDOPTS", "PYTEST_PLUGINS", "OMP_NUM_THREADS"]
    code = f"import os; print([os.environ.get(n, '') for n in {wanted}])"

    _, printed = claims_subprocess._run_pytest(python(code), no_progress)

    assert printed == "['', 'aelatent.plugin,xdist.plugin', '1']\n"


@pytest.mark.parametrize(
    ("value", "threads"),
    [("abc", None), ("", None), ("0", None), ("-1", None), ("3", 3), ("2,1", 2), ("9" * 30, None)],
)
def test_a_number_of_threads_that_makes_no_sense_is_none(monkeypatch, value, threads):
    monkeypatch.setenv("OMP_NUM_THREADS", value)

    assert environment.threads_asked() == threads
    assert environment.threads() == (threads or environment.cores())


def test_claims_that_say_nothing_for_long_are_stopped(monkeypatch):
    monkeypatch.setattr(claims_subprocess, "SILENCE", 0.5)

    status, printed = claims_subprocess._run_pytest(
        python("import time; time.sleep(60)"), no_progress
    )

    assert status not in claims_subprocess.COMPLETED
    assert "No claim ended for 0.5 s" in printed


@POSIX
def test_a_process_that_holds_the_output_open_is_not_waited_for(monkeypatch):
    monkeypatch.setattr(claims_subprocess, "AFTER_END", 0.2)
    code = "import os, time; os.fork() or time.sleep(8); print('ended', flush=True)"
    began = time.monotonic()

    status, printed = claims_subprocess._run_pytest(python(code), no_progress)

    assert (status, printed) == (0, "ended\n")
    assert time.monotonic() - began < 6


@POSIX
@pytest.mark.parametrize("signal_number", [signal.SIGTERM, signal.SIGKILL, signal.SIGINT])
def test_claims_end_with_the_audit(signal_number):
    """The claims are a process that asks for it as the plugin does, and prints its number."""
    child = (
        "import os, time; from aelatent.runtime import parents; parents.end_with_parent()\n"
        "print(os.getpid(), flush=True); time.sleep(60)"
    )
    parent = (
        "import signal, subprocess, sys; from aelatent.runtime import parents\n"
        # A run of these tests in the background ignores SIGINT, and its children inherit that.
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        f"subprocess.run([sys.executable, '-c', {child!r}], env=parents.child_environment())"
    )
    with subprocess.Popen(
        python(parent),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": HOME},
    ) as ran:
        started = int(ran.stdout.readline())
        ran.send_signal(signal_number)
        ran.wait()

    until = time.monotonic() + 10
    while parents.is_alive(started) and time.monotonic() < until:
        time.sleep(0.05)
    assert not parents.is_alive(started)


@pytest.fixture
def described(tmp_path):
    """A description of codes, with a decoder that leaves."""

    def write(code):
        np.save(tmp_path / "codes.npy", np.random.default_rng(0).normal(size=(600, 4)))
        (tmp_path / "leaving.py").write_text(code)
        (tmp_path / "mine.yaml").write_text("name: m\ncodes: codes.npy\ndecoder: leaving:decode\n")
        return tmp_path

    return write


@pytest.mark.slow
@POSIX
@pytest.mark.parametrize(
    ("command", "status"), [("audit", 0), ("audit", 1), ("audit", 5), ("explore", 0)]
)
def test_a_command_that_code_ends_early_is_none(described, command, status):
    folder = described(f"import os; os._exit({status})")

    ran = subprocess.run(
        [sys.executable, "-m", "aelatent", command, "mine.yaml"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": HOME},
        capture_output=True,
        text=True,
        check=False,
    )

    assert ran.returncode == 2
    assert f"ended early, with status {status}, before its report was whole" in ran.stderr


def test_an_audit_leaves_the_users_folder_alone(described, monkeypatch, capsys):
    """It is refused before any code of the user's runs."""
    folder = described("raise AssertionError('run')")
    monkeypatch.chdir(folder)
    for name in ("index.html", "audit.json", "measured.npz", "sampler.npz"):
        (folder / name).write_text("mine")
    before = sorted(folder.iterdir())

    assert main(["audit", "mine.yaml", "--report", "."]) == 2

    assert "expected an empty folder or one that aelatent made" in capsys.readouterr().err
    assert sorted(folder.iterdir()) == before
    assert (folder / "sampler.npz").read_text() == "mine"


@pytest.mark.parametrize(
    "command",
    [
        ["diff", "one", "two", "--html", "notes.html"],
        ["history", "one", "--html", "notes.html"],
        ["report", "--single", "B-08", "--output", "notes.html"],
    ],
)
def test_a_page_takes_the_place_of_no_other_file(command, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    Path("notes.html").write_text("mine")

    assert main(command) == 2

    assert "found another file" in capsys.readouterr().err
    assert Path("notes.html").read_text() == "mine"


def test_an_asyncio_plugin_that_warns_breaks_no_run(tmp_path):
    """As pytest-asyncio does where it is installed and nobody has set it up."""
    (tmp_path / "warning.py").write_text(
        "import pytest, warnings\ndef pytest_configure():\n    warnings.warn("
        "pytest.PytestDeprecationWarning('The configuration option "
        '"asyncio_default_fixture_loop_scope" is unset.\\nSet it.\'))\n'
    )
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "warning"]

    ran = subprocess.run(
        [*command, f"{HOME}/tests/faults/test_table.py"],
        cwd=HOME,
        env={**os.environ, "PYTHONPATH": f"{HOME}{os.pathsep}{tmp_path}"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert ran.returncode == 0, ran.stdout[-500:]


@pytest.mark.parametrize("redirected", [">/dev/full", ">&- 2>&-", "<&-"])
@POSIX
def test_an_output_that_takes_nothing_gives_no_traceback(redirected, tmp_path):
    errors = tmp_path / "errors"
    command = f"{sys.executable} -m aelatent data 2>{errors} {redirected}"

    ran = subprocess.run(command, shell=True, check=False, capture_output=True)  # noqa: S602

    assert ran.returncode == (2 if "full" in redirected else 0)
    assert "Traceback" not in errors.read_text()
    assert "Exception ignored" not in errors.read_text()


def test_what_the_terminal_cannot_show_is_escaped(tmp_path):
    code = "from aelatent.cli import process; process.prepare(); print('\\u2713')"

    ran = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=True,
    )

    assert ran.stdout == b"\\u2713\n"


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (PermissionError(13, "Permission denied", "/there"), "/there: expected to read or write"),
        (OSError(28, "No space left on device"), "No space left on device"),
        (MemoryError("no room"), "expected more memory: no room"),
    ],
)
def test_what_the_system_refuses_is_one_line(monkeypatch, capsys, error, said):
    from aelatent.cli import fixtures

    def fail(_):
        raise error

    monkeypatch.setattr(fixtures, "run", fail)

    assert main(["fixtures"]) == 2
    assert said in capsys.readouterr().err


def test_a_backend_that_keras_does_not_know_is_named(tmp_path):
    ran = subprocess.run(
        [sys.executable, "-m", "aelatent", "explore", "tiny"],
        env={**os.environ, "KERAS_BACKEND": "abc", "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert ran.returncode == 2
    assert "aelatent: KERAS_BACKEND: expected tensorflow" in ran.stderr
    assert "Traceback" not in ran.stderr
