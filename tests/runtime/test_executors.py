"""Executors: processes beside this one, and a cluster of real ones of which one is killed."""

import contextlib
import importlib.util
import io
import os
import shutil
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections import Counter
from pathlib import Path

import pytest

from aelatent.cli import main
from aelatent.runtime import executors
from aelatent.runtime.executors import (
    ClusterError,
    call_in_turn,
    library_digest,
    open_executor,
    run_tasks,
)
from aelatent.simulation import FILE, Calibrations
from aelatent.zoo import Collection

ROOT = Path(__file__).parents[2]
CLAIMS = ROOT / "tests" / "simulation" / "simulated_claims.py"

needs_dask = pytest.mark.skipif(
    importlib.util.find_spec("distributed") is None,
    reason="needs dask.distributed: pip install 'aelatent[cluster]'",
)

BEATS = """
import sys, time
from pathlib import Path
from aelatent.runtime.executors import run_tasks, open_executor

def beat(path):
    for _ in range(1200):
        with open(path, "a") as file:
            file.write(".")
        time.sleep(0.05)

if __name__ == "__main__":
    with open_executor(2) as executor:
        list(run_tasks(executor, beat, sys.argv[1:], "heart"))
"""

# Workers load this first: it marks when trainings begin and end, in which process, and lets one
# process wait for its end at its second training.
MARKS = """
import os, time
from pathlib import Path

MARKS = Path(os.environ["MARKS"])

def mark(*words):
    with (MARKS / "marks.txt").open("a") as file:
        print(*words, file=file)

def chosen(words):
    try:
        with (MARKS / "victim").open("x") as file:
            file.write(words)
    except FileExistsError:
        return False
    return True

def failing(_):
    mark("tried")
    raise FloatingPointError("an error of its own")

def process(_):
    return os.getpid()

def mark_trainings():
    from aelatent.training import pipeline
    real, ended = pipeline.train, []

    def train(specification, images, seed, path):
        mark("begin", seed, os.getpid())
        if ended and chosen(f"{os.getpid()} {ended[0]} {seed}"):
            time.sleep(300)
        made = real(specification, images, seed, path)
        mark("end", seed)
        ended.append(seed)
        return made

    pipeline.train = train

if "TRAINS" in os.environ:
    mark_trainings()
"""

SPECIFICATION = """
title: A tiny autoencoder
catalogue: none
departures: None.
images: digits
architecture:
  name: strided_conv
  parameters: {latent_dim: 3, filters: [4, 4], leaky_slope: 0.3}
objective: {name: autoencoder}
training: {epochs: 1, batch_size: 64, learning_rate: 1.0e-2, first: 128}
seeds: [0, 1, 2, 3, 4, 5]
store: {train_codes: 20, held_out_codes: 10}
"""


class Terminal(io.StringIO):
    """A standard error that somebody watches."""

    def isatty(self):
        return True


def test_progress_is_shown_task_by_task_where_somebody_watches(monkeypatch):
    monkeypatch.setattr(sys, "stderr", Terminal())

    list(run_tasks(None, abs, [-1, -2], "replicate"))

    assert "1/2" in sys.stderr.getvalue()
    assert "replicate" in sys.stderr.getvalue()


def test_without_an_executor_tasks_run_in_order():
    with open_executor() as executor:
        ended = list(run_tasks(executor, int, ["1", "a", "2"], "number"))

    assert [task for task, _ in ended] == ["1", "a", "2"]
    assert isinstance(ended[1][1].exception(), ValueError)
    assert ended[2][1].result() == 2


@pytest.mark.parametrize("threads", ["3", None])
def test_an_executor_leaves_the_environment_as_it_was(monkeypatch, threads):
    monkeypatch.delenv("PYTHONSAFEPATH", raising=False)
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    if threads:
        monkeypatch.setenv("OMP_NUM_THREADS", threads)
    before = dict(os.environ)

    with open_executor(2):
        inherited = os.environ["OMP_NUM_THREADS"], os.environ["PYTHONSAFEPATH"]
    with pytest.raises(ZeroDivisionError), open_executor(2):
        1 / 0  # noqa: B018 -- any error

    assert inherited == ("1", "1")
    assert dict(os.environ) == before


def until(condition, seconds=180):
    """Wait until something is the case."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.02)


@pytest.mark.slow
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL], ids=["SIGTERM", "SIGKILL"])
def test_processes_end_with_the_one_that_started_them(how, tmp_path):
    """Nothing goes on as an orphan, whatever ended its parent."""
    script = tmp_path / "beats.py"
    script.write_text(BEATS)
    files = [tmp_path / "one", tmp_path / "other"]
    parent = subprocess.Popen([sys.executable, script, *files])
    until(lambda: all(file.exists() for file in files))
    parent.send_signal(how)
    parent.wait()

    def beats():
        return [file.stat().st_size for file in files]

    time.sleep(0.5)
    before = beats()
    time.sleep(0.5)
    assert beats() == before


def test_a_worker_with_other_code_refuses():
    with pytest.raises(ClusterError, match="Install the same on all machines"):
        call_in_turn("0" * 64, abs, (-1,), {})
    assert call_in_turn(library_digest(), abs, (-1,), {}) == 1


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A copy of the library, which stands in the place of ours."""
    copy = tmp_path / "aelatent"
    shutil.copytree(ROOT / "aelatent", copy, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(executors.resources, "PACKAGE", copy)
    return copy


@pytest.fixture
def digest(package):
    """A function that returns the digest of the copy, worked out anew."""
    return library_digest.__wrapped__


@pytest.mark.parametrize("file", ["paths.py", "judges/weights/faces.json", "judges/eyes.onnx"])
def test_what_decides_results_changes_the_digest_of_the_library(package, digest, file):
    before = digest()

    with (package / file).open("a") as changed:
        changed.write("\n")

    assert digest() != before


def test_a_judge_is_no_part_of_the_digest_of_code(package, digest):
    before = digest(executors.CODE)

    (package / "judges/weights/faces.json").write_text("{}")
    assert digest(executors.CODE) == before

    (package / "paths.py").write_text("")
    assert digest(executors.CODE) != before


@pytest.mark.parametrize(
    "file", ["_claims/test_new.py", "_fixtures/judges/faces.json", "report/templates/style.css"]
)
def test_claims_of_a_wheel_and_pages_are_no_part_of_the_digest(package, digest, file):
    before = digest()

    (package / file).parent.mkdir(parents=True, exist_ok=True)
    (package / file).write_text("")

    assert digest() == before


def test_other_files_of_the_library_cannot_change_a_result(package):
    files = [path.relative_to(package) for path in package.rglob("*") if path.is_file()]
    others = {
        path.name
        for path in files
        if path.suffix not in executors.DECIDING and "templates" not in path.parts
    }

    assert others <= {"py.typed", "pytest.ini", "LICENSE.centerface"}


def test_a_cluster_without_dask_says_what_to_install(monkeypatch, capsys, folder):
    monkeypatch.setitem(sys.modules, "distributed", None)

    assert main(["--fixtures", str(folder), "train", "--all", "--cluster", "tcp://x:1"]) == 2
    assert "pip install 'aelatent[cluster]'" in capsys.readouterr().err


def test_a_gpu_of_a_cluster_needs_a_cluster(capsys, folder):
    assert main(["--fixtures", str(folder), "train", "--all", "--gpu"]) == 2
    assert "expected --cluster" in capsys.readouterr().err


@needs_dask
def test_a_silent_cluster_is_an_error_in_one_line(capsys, folder):
    import dask
    import distributed  # noqa: F401 -- brings the defaults of what is set here

    with dask.config.set({"distributed.comm.timeouts.connect": "300ms"}):
        arguments = ["train", "--all", "--cluster", "tcp://127.0.0.1:9"]
        assert main(["--fixtures", str(folder), *arguments]) == 2

    printed = capsys.readouterr().err
    assert printed.startswith("aelatent: tcp://127.0.0.1:9: expected a dask scheduler")
    assert printed.count("\n") == 1


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """Where the scheduler file and the marks of the cluster's workers lie."""
    home = tmp_path_factory.mktemp("cluster")
    (home / "marks.py").write_text(textwrap.dedent(MARKS))
    return home


@pytest.fixture(scope="module")
def cluster(home):
    """A scheduler, two workers with a GPU each and one without, as on machines of their own."""
    from distributed import Client

    common = ["--host", "127.0.0.1", "--no-dashboard", "--scheduler-file", "scheduler.json"]
    worker = ["worker", "--no-nanny", "--nthreads", "1", "--memory-limit", "0", "--preload"]
    worker += ["marks", "--local-directory", "scratch", *common]
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(home)]),
        "MARKS": str(home),
        "TF_CPP_MIN_LOG_LEVEL": "3",
    }
    commands = [["scheduler", "--port", "0", *common]]
    commands += [[*worker, "--resources", "GPU=1"]] * 2 + [worker]
    with contextlib.ExitStack() as ended:
        for number, command in enumerate(commands):
            own = {"AELATENT_CACHE": str(home / f"cache-{number}")}
            own |= {"TRAINS": "yes"} if "--resources" in command else {}
            log = ended.enter_context((home / f"log-{number}.txt").open("w"))
            process = subprocess.Popen(
                [sys.executable, "-m", "dask", *command],
                cwd=home,
                env=environment | own,
                stdout=log,
                stderr=log,
            )
            ended.callback(process.wait)
            ended.callback(process.kill)
        until((home / "scheduler.json").exists)
        with Client(scheduler_file=str(home / "scheduler.json"), set_as_default=False) as client:
            client.wait_for_workers(3, timeout=180)
        yield str(home / "scheduler.json")


@pytest.fixture
def marks(home, monkeypatch):
    """A function that returns what the workers have marked, in their order."""
    monkeypatch.syspath_prepend(home)
    monkeypatch.setenv("MARKS", str(home))
    file = home / "marks.txt"
    file.write_text("")
    return lambda: [tuple(line.split()) for line in file.read_text().splitlines()]


@pytest.mark.slow
@pytest.mark.xdist_group("cluster")
@needs_dask
def test_a_failing_task_is_tried_three_times_and_stops_no_other(cluster, marks):
    import marks as tasks

    with open_executor(cluster=cluster) as executor:
        good, bad = executor.submit(abs, -1), executor.submit(tasks.failing, 0)

        assert good.result(180) == 1
        with pytest.raises(FloatingPointError, match="an error of its own"):
            bad.result(180)
    assert marks() == [("tried",)] * 3


@pytest.mark.slow
@pytest.mark.xdist_group("cluster")
@needs_dask
def test_tasks_go_where_a_gpu_is_if_they_want_one(cluster, marks):
    """By themselves where a worker declares one; the others take any worker."""
    import marks as tasks

    def processes(gpu):
        with open_executor(cluster=cluster, gpu=gpu) as executor:
            ended = run_tasks(executor, tasks.process, range(30), "task")
            return {future.result() for _, future in ended}

    assert len(processes(None)) <= 2
    assert len(processes(True)) <= 2
    assert len(processes(False)) <= 3


@pytest.mark.slow
@pytest.mark.xdist_group("cluster")
@needs_dask
def test_a_cluster_counts_what_one_process_counts(cluster, tmp_path, capsys):
    def counted(name, *where):
        folder = tmp_path / name
        folder.mkdir()
        shutil.copy(CLAIMS, folder / "test_simulated.py")
        assert main(["calibrate", "--folder", str(folder), "--simulations", "20", *where]) == 0
        records = Calibrations.read(folder / FILE).records
        return {name: (record["counts"], record["code"]) for name, record in records.items()}

    assert counted("there", "--cluster", cluster) == counted("here")
    assert capsys.readouterr().out.count("Z-01") == 2


@pytest.mark.slow
@pytest.mark.xdist_group("cluster")
@needs_dask
def test_a_killed_worker_costs_no_finished_training(cluster, marks, home, folder, capsys):
    """The killed one had delivered a replicate and was training another; the other worker goes on.

    They share no folder, so that what was delivered could only be had again by training it.
    """
    (folder / "tiny.yaml").write_text(SPECIFICATION)
    collection = Collection(folder)
    killer = threading.Thread(target=kill_the_victim, args=(home, collection))
    killer.start()

    assert main(["--fixtures", str(folder), "train", "--all", "--cluster", cluster]) == 0

    killer.join()
    victim, delivered, interrupted = victim_of(home)
    begun = Counter(words[1] for words in marks() if words[0] == "begin")
    assert begun == {seed: 1 + (seed == interrupted) for seed in "012345"}
    assert Counter(words[1] for words in marks() if words[0] == "end") == dict.fromkeys("012345", 1)
    assert ("begin", delivered, victim) in marks()
    printed = capsys.readouterr().out
    assert all(f"tiny seed {seed}: stored (" in printed for seed in range(6))
    assert not list(collection.complaints("tiny"))
    assert "pca_error_3" in collection.pca_baselines("digits")

    assert main(["--fixtures", str(folder), "train", "--all", "--cluster", cluster]) == 0

    assert capsys.readouterr().out.count(": whole (") == 6
    assert sum(words[0] == "begin" for words in marks()) == 7


def kill_the_victim(home, collection):
    """Kill the worker that waits in its second training once its first has arrived here."""
    until(lambda: len(victim_of(home)) == 3)
    victim, delivered, _ = map(int, victim_of(home))
    until(lambda: delivered in collection.entries("tiny"))
    os.kill(victim, signal.SIGKILL)


def victim_of(home):
    """Return the process that is to be killed, the seed that it has trained, the one it trains."""
    file = home / "victim"
    return file.read_text().split() if file.exists() else []
