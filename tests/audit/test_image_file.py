"""Grades of anybody's images in a file."""

import json
import subprocess
import sys

import numpy as np
import pytest

from aelatent.audit import image_file
from aelatent.cli import main


@pytest.fixture
def noise(tmp_path, rng):
    np.save(tmp_path / "noise.npy", rng.integers(0, 256, (4, 96, 96, 3), dtype=np.uint8))
    return tmp_path / "noise.npy"


def test_each_image_has_a_grade_and_a_score(noise, capsys):
    assert main(["judge", "faces", str(noise), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [image["grade"] for image in found] == ["none"] * 4
    assert all(0 <= image["score"] < 0.5 for image in found)


def test_a_table_shows_the_share_of_each_grade(noise, capsys):
    assert main(["judge", "faces", str(noise)]) == 0
    assert capsys.readouterr().out.splitlines()[-1].split() == ["none", "4", "100.0", "%"]


def test_likeness_needs_references(noise, tmp_path, rng, capsys):
    grey = rng.normal(120, 3, (160, 16, 16, 1)).round().astype(np.uint8)
    np.save(tmp_path / "grey.npy", grey[:130])
    np.save(tmp_path / "new.npy", np.concatenate([grey[130:], 255 - 2 * grey[130:]]))
    files = str(tmp_path / "grey.npy"), str(tmp_path / "new.npy")
    assert main(["judge", "likeness", *files, "--json"]) == 0
    grades = [image["grade"] for image in json.loads(capsys.readouterr().out)]
    assert set(grades[30:]) == {"none"}
    assert grades[:30].count("none") < 5
    assert main(["judge", "likeness", str(noise), str(noise)]) == 2
    assert "expected 120 reference images or more, received 4" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("array", "said"),
    [
        (np.zeros((2, 8, 8, 3)), "received float64 of shape|uint8 pixels"),
        (np.zeros((8, 8), np.uint8), "shape"),
        (None, "no such file"),
    ],
)
def test_what_are_no_images_is_refused(tmp_path, array, said, capsys):
    if array is not None:
        np.save(tmp_path / "images.npy", array)
    assert main(["judge", "faces", str(tmp_path / "images.npy")]) == 2
    error = capsys.readouterr().err
    assert "images.npy: expected an .npy file" in error
    assert any(each in error for each in said.split("|"))


def test_two_files_are_for_likeness_alone(noise, capsys):
    assert main(["judge", "faces", str(noise), str(noise)]) == 2
    assert "expected IMAGES.npy, received 2 files" in capsys.readouterr().err


def test_the_command_offers_every_judge(capsys):
    with pytest.raises(SystemExit):
        main(["judge", "cats", "images.npy"])
    said = capsys.readouterr().err
    assert all(name in said for name in image_file.NAMES)


@pytest.mark.slow
def test_faces_are_judged_without_keras(noise):
    code = (
        "import sys; from aelatent.cli import main; "
        f"main(['judge', 'faces', {str(noise)!r}]); "
        "assert not {'keras', 'tensorflow', 'torch'} & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
