"""The command line: what it prints, and the status it ends with."""

import subprocess
import sys

import pytest

from aelatent import cli, data
from aelatent.cli import main
from aelatent.runtime import quiet_keras


@pytest.fixture
def known(monkeypatch, blobs):
    """The image set of the tiny model, as if it were a named one."""
    monkeypatch.setattr(data, "load", lambda *_, **__: blobs)
    monkeypatch.setattr(quiet_keras, "load_keras", lambda: None)


def test_a_command_loads_libraries_only_where_it_needs_them():
    """They take seconds, and every command would wait for them."""
    asked = (
        "import sys, aelatent.cli; print({'keras', 'scipy.stats', 'sklearn'} & set(sys.modules))"
    )

    ran = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)

    assert ran.stdout == "set()\n"


def run(folder, *arguments):
    return main(["--fixtures", str(folder), *arguments])


@pytest.mark.slow
def test_training_makes_replicates_that_the_listing_finds(folder, known, capsys):
    assert run(folder, "fixtures") == 1
    assert "aelatent train tiny --seeds 0" in capsys.readouterr().out

    assert run(folder, "train", "tiny", "--seeds", "0-1") == 0
    assert capsys.readouterr().out.count(": stored (") == 2

    assert run(folder, "fixtures") == 0
    listing = capsys.readouterr().out
    assert "2 of 2" in listing
    assert "whole" in listing


@pytest.mark.slow
def test_training_together_makes_the_same_replicates(folder, known, capsys):
    assert run(folder, "train", "tiny", "--together") == 0
    assert capsys.readouterr().out.count(": stored (") == 2

    assert run(folder, "train", "tiny", "--together", "--cluster", "tcp://127.0.0.1:1") == 2
    assert "expected --together or --cluster, received both" in capsys.readouterr().err


def test_training_needs_names(folder, capsys):
    assert run(folder, "train") == 2
    assert "tiny" in capsys.readouterr().err


def test_an_unknown_model_is_told_in_one_line(folder, known, capsys):
    assert run(folder, "train", "huge") == 2
    told = capsys.readouterr().err
    assert told.startswith("aelatent train: no model huge in")
    assert told.count("\n") == 1


@pytest.mark.parametrize("text", ["a", "1-", "0,,1", ""])
def test_unreadable_seeds_are_a_usage_error(folder, text, capsys):
    with pytest.raises(SystemExit) as caught:
        run(folder, "train", "tiny", "--seeds", text)

    assert caught.value.code == 2
    assert "expected such as 0-4" in capsys.readouterr().err


def test_image_sets_are_listed_and_explained(folder, capsys):
    assert run(folder, "data") == 0
    assert "mnist" in capsys.readouterr().out

    assert run(folder, "data", "digits") == 0
    assert "1797" in capsys.readouterr().out.replace(",", "")


def test_a_missing_image_set_says_what_to_do(folder, capsys, monkeypatch, tmp_path):
    monkeypatch.setenv("AELATENT_DATA", str(tmp_path))
    monkeypatch.setenv("AELATENT_CACHE", str(tmp_path))

    assert run(folder, "data", "lfw") == 2
    assert "AELATENT_DATA" in capsys.readouterr().err


def test_a_missing_card_says_what_to_do(folder, capsys):
    assert run(folder, "judges") == 2
    assert "judge card" in capsys.readouterr().err


def test_an_interruption_is_no_traceback(folder, monkeypatch, capsys):
    monkeypatch.setattr(cli.fixtures, "run", lambda _: (_ for _ in ()).throw(KeyboardInterrupt))

    assert run(folder, "fixtures") == 130
    assert "finished results are kept" in capsys.readouterr().err
