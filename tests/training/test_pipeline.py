"""Production: replicates are stored whole, once, and survive being killed."""

import runpy
import signal
import subprocess
import sys
import textwrap
import time
from functools import partial

import pytest

from aelatent.training import Checkpoint
from aelatent.training.jobs import prepare_job
from aelatent.training.pipeline import prepare, produce
from aelatent.zoo import Collection, FixtureError, lock
from aelatent.zoo.store import is_whole, procedures

CHILD = """
import sys
from pathlib import Path
import numpy as np
from aelatent.data import Images
from aelatent.zoo import Collection
from aelatent.training.pipeline import produce

rng = np.random.default_rng(0)
pixels = rng.integers(0, 256, (45, 8, 8, 1), dtype=np.uint8)
images = Images("blobs", pixels, np.arange(45) < 30)
print(produce(Collection(Path(sys.argv[1])), "tiny", 0, lambda name: images).state, flush=True)
"""


@pytest.fixture
def script(tmp_path):
    """A script that produces seed 0 of the tiny model."""
    path = tmp_path / "child.py"
    path.write_text(textwrap.dedent(CHILD))
    return path


@pytest.fixture
def child(script):
    """A function that starts a process which runs the script."""

    def start(folder):
        return subprocess.Popen(
            [sys.executable, script, folder], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )

    return start


def test_what_is_whole_is_not_made_again(folder, blobs):
    collection = Collection(folder)
    produce(collection, "tiny", 0, lambda _: blobs)

    again = produce(collection, "tiny", 0, lambda _: pytest.fail("images were asked for"))

    assert again.state == "whole"


def test_a_replicate_beside_those_of_another_procedure_is_refused(folder, blobs):
    """Their spread would be taken for that of trainings."""
    collection = Collection(folder)
    produce(collection, "tiny", 0, lambda _: blobs)
    entry = collection.entries("tiny")[0].model_copy(update={"procedure": 1})
    lock.add(collection.home("tiny"), entry, collection.workshop("tiny") / "lock.lock")

    for train in (
        partial(produce, collection, "tiny", 1),
        partial(prepare, collection, "tiny", [1]),
    ):
        with pytest.raises(FixtureError, match="received seed 0 of procedure 1: a spread"):
            train(lambda _: pytest.fail("images were asked for"))
    with pytest.raises(FixtureError, match="Move the folder away"):
        prepare_job(collection, "tiny", 1)
    assert procedures(collection, "tiny") == [1]


@pytest.mark.slow
def test_a_damaged_replicate_is_made_again_with_the_same_bytes(folder, blobs):
    """The checkpoint of the finished training is still there, so nothing is trained twice."""
    collection = Collection(folder)
    produce(collection, "tiny", 0, lambda _: blobs)
    path = collection.home("tiny") / "seed-0.npz"
    before = path.read_bytes()
    path.write_bytes(before[:100])
    assert not is_whole(collection, "tiny", 0)

    produce(collection, "tiny", 0, lambda _: blobs)

    assert path.read_bytes() == before


@pytest.mark.slow
def test_a_killed_training_continues_from_its_last_epoch(
    folder, child, script, monkeypatch, capsys
):
    """After SIGKILL nothing half-written is loaded, and the next run completes.

    That is in this process: another would load Keras again, and all that is left is on disk.
    """
    path = folder / "tiny.yaml"
    path.write_text(path.read_text().replace("epochs: 2", "epochs: 60"))
    collection = Collection(folder)
    checkpoint = collection.workshop("tiny") / "seed-0.npz"
    process = child(folder)
    while not checkpoint.exists():
        assert process.poll() is None, "the child ended before its first checkpoint"
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    done = Checkpoint.read(checkpoint).epoch
    assert 0 < done < 60
    assert not is_whole(collection, "tiny", 0)

    monkeypatch.setattr(sys, "argv", [str(script), str(folder)])
    runpy.run_path(str(script))

    assert capsys.readouterr().out == "stored\n"
    assert is_whole(collection, "tiny", 0)
    assert len(collection.entries("tiny")[0].history) == 60


@pytest.mark.slow
def test_two_processes_making_one_replicate_do_not_corrupt_it(folder, child):
    with child(folder) as one, child(folder) as other:
        states = {one.stdout.read(), other.stdout.read()}

    assert states == {b"stored\n", b"whole\n"}
    assert is_whole(Collection(folder), "tiny", 0)
