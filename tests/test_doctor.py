"""`aelatent doctor` names what is installed, what is missing and the remedy."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from aelatent import data
from aelatent.doctor import State, examine, healthy
from aelatent.runtime import quiet_keras
from aelatent.zoo import Collection

REPOSITORY = Path(__file__).parent.parent


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    monkeypatch.setattr(quiet_keras, "load_keras", lambda: None)


def states(folder):
    return {finding.subject: finding for finding in examine(Collection(folder))}


def test_a_checkout_is_healthy_and_says_where_images_are(monkeypatch, tmp_path):
    monkeypatch.setattr(data, "whereabouts", lambda: [("lfw", tmp_path), ("mnist", None)])

    found = states(REPOSITORY / "fixtures")

    assert healthy(list(found.values()))
    assert str(tmp_path) in found["lfw"].message
    assert found["mnist"].state is State.MISSING
    assert "aelatent data mnist" in str(found["mnist"])
    assert "whole" in found["fixtures"].message
    assert "faces" in found["judges"].message


def test_a_damaged_replicate_is_named_with_its_remedy(folder):
    found = states(folder)

    assert not healthy(list(found.values()))
    assert "aelatent train tiny" in found["tiny"].remedy


def test_no_fixture_models_are_no_fault(tmp_path):
    found = states(tmp_path)

    assert healthy(list(found.values()))
    assert found["fixtures"].state is State.MISSING


def test_a_backend_that_fails_is_named_with_one_that_works(monkeypatch):
    def fail():
        raise ModuleNotFoundError("No module named 'torch'")

    monkeypatch.setattr(quiet_keras, "load_keras", fail)
    monkeypatch.setenv("KERAS_BACKEND", "torch")

    found = states(REPOSITORY / "fixtures")["backend"]

    assert found.state is State.BROKEN
    assert found.message.startswith("torch: ModuleNotFoundError")
    assert "KERAS_BACKEND=" in found.remedy


def test_a_reader_that_stops_early_sees_no_traceback():
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, "-m", "aelatent", "data"]

    done = subprocess.run(command, stdout=write, stderr=subprocess.PIPE, text=True, check=False)

    os.close(write)
    assert "Traceback" not in done.stderr
