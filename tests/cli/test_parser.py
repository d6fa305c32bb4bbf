"""Help, version, and guesses at what was meant."""

import json
import shutil
import sys

import pytest

import aelatent
from aelatent.cli import VERBS, main
from aelatent.cli.output import coloured
from aelatent.cli.parser import WISHES
from aelatent.report import write_results


def test_no_command_shows_the_help(capsys):
    assert main([]) == 0

    shown = capsys.readouterr().out
    assert all(verb.__name__.rpartition(".")[2] in shown for verb in VERBS)


def test_the_version_is_that_of_the_package(capsys):
    with pytest.raises(SystemExit) as caught:
        main(["--version"])

    assert caught.value.code == 0
    assert capsys.readouterr().out == f"aelatent {aelatent.__version__}\n"


@pytest.mark.parametrize("verb", [verb.__name__.rpartition(".")[2] for verb in VERBS])
def test_the_help_of_each_command_has_examples(verb, capsys):
    with pytest.raises(SystemExit):
        main([verb, "--help"])

    assert f"examples:\n  aelatent {verb}" in capsys.readouterr().out.replace(
        "aelatent --fixtures my_models", "aelatent"
    )


def test_a_mistyped_command_is_guessed(capsys):
    with pytest.raises(SystemExit) as caught:
        main(["audti"])

    assert caught.value.code == 2
    assert "unknown: audti; did you mean audit?" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("wish", "told"),
    [
        ("sample", "did you mean audit?"),
        ("search", "did you mean claims?"),
        ("xyzzy", "there are claims, show, init"),
    ],
)
def test_a_wish_leads_to_the_command_that_grants_it(wish, told, capsys):
    with pytest.raises(SystemExit):
        main([wish])

    assert told in capsys.readouterr().err


def test_a_wish_names_only_commands_that_there_are():
    names = {verb.__name__.rpartition(".")[2] for verb in VERBS}

    assert set(WISHES.values()) <= names
    assert not set(WISHES) & names


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["data", "lwf"], "no image set lwf; did you mean lfw?"),
        (["judges", "facs"], "did you mean faces?"),
    ],
)
def test_a_mistyped_name_is_guessed(arguments, told, capsys):
    assert main(arguments) == 2
    assert told in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ("show XX-99", "unknown claim: XX-99"),
        ("calibrate --workers 0", "expected one simulation and one worker or more"),
        ("calibrate XX-99 --folder NOWHERE", "no scenario exists for XX-99"),
        ("diff a.json a.json --fail-on-regression", "expected two audits with"),
        ("train", "expected model names or --all"),
        ("train tiny --gpu", "expected --cluster with --gpu"),
        ("train tiny --together --cluster x", "expected --together or --cluster, received both"),
        ("init a.json", "a.json is there already"),
        ("explore", "found no such folder"),
        ("data nowhere", "no image set nowhere"),
    ],
)
def test_what_cannot_be_done_is_told_on_standard_error(
    arguments, told, tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    write_results([], {}, tmp_path / "a.json")

    assert main(arguments.split()) == 2

    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith(f"aelatent {arguments.split()[0]}: ")
    assert told in printed.err


def test_a_mistyped_model_is_guessed(folder, capsys):
    assert main(["--fixtures", str(folder), "train", "tinny"]) == 2
    assert "did you mean tiny?" in capsys.readouterr().err


def test_models_that_are_not_stored_by_design_are_no_fault(folder, capsys):
    text = (folder / "tiny.yaml").read_text()
    (folder / "tiny.yaml").write_text(text.replace("store: {", "store: {replicates: false, "))

    assert main(["--fixtures", str(folder), "fixtures"]) == 0
    assert "not stored, by design; aelatent train tiny makes them" in capsys.readouterr().out

    assert main(["--fixtures", str(folder), "fixtures", "--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert (row["model"], row["stored"], row["faults"]) == ("tiny", 0, [])


def test_stored_trainings_that_claims_do_not_read_are_counted_apart(trained, tmp_path, capsys):
    folder = tmp_path / "fixtures"
    shutil.copytree(trained, folder)
    path = folder / "tiny.yaml"
    path.write_text(path.read_text().replace("seeds: [0, 1]", "seeds: [0]"))

    assert main(["--fixtures", str(folder), "fixtures"]) == 0
    printed = capsys.readouterr().out
    assert "1 of 1" in printed
    assert "whole; 1 more stored" in printed


def test_an_empty_folder_is_told(tmp_path, capsys):
    assert main(["--fixtures", str(tmp_path), "fixtures"]) == 0
    assert "no models" in capsys.readouterr().out


def test_colours_are_left_out_where_nobody_sees_them(monkeypatch):
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    assert coloured("x", "bold") == "\033[1mx\033[0m"

    monkeypatch.setenv("NO_COLOR", "1")
    assert coloured("x", "bold") == "x"


@pytest.mark.parametrize("arguments", [["data", "--json"], ["judges", "faces", "--json"]])
def test_data_comes_out_as_json(arguments, capsys):
    assert main(["--fixtures", "fixtures", *arguments]) == 0

    assert json.loads(capsys.readouterr().out)


def test_a_difference_comes_out_as_json(tmp_path, record_of, capsys):
    for name, outcome in (("a", "refuted"), ("b", "supported")):
        write_results([record_of(outcome=outcome)], {}, tmp_path / f"{name}.json")

    assert main(["diff", str(tmp_path / "a.json"), str(tmp_path / "b.json"), "--json"]) == 0

    (change,) = json.loads(capsys.readouterr().out)["claims"]
    assert (change["before"]["outcome"], change["after"]["outcome"]) == ("refuted", "supported")
