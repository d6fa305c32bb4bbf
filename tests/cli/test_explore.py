"""The command `explore` outside a checkout."""

import pytest

from aelatent.cli import main


@pytest.mark.parametrize("names", [[], ["mnist_vae_2d"]])
def test_a_folder_without_models_is_told_what_to_do(tmp_path, monkeypatch, capsys, names):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("aelatent.runtime.quiet_keras.load_keras", pytest.fail)
    assert main(["explore", *names]) == 2
    said = capsys.readouterr().err
    assert "found no such folder" in said
    assert "aelatent explore mine.yaml" in said


def test_a_missing_description_is_named(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["explore", "mine.yaml"]) == 2
    assert "`aelatent init` writes one" in capsys.readouterr().err
