"""A file of codes is described in a few lines."""

import json

import numpy as np
import pytest

from aelatent.cli import main
from aelatent.latent.out_of_core import open_cloud
from aelatent.statistics.description import describe


@pytest.fixture
def path(tmp_path):
    """Normal codes that lie four root mean square distances off the origin."""
    codes = np.random.default_rng(0).normal(4, 1, (4000, 16))
    np.save(tmp_path / "codes.npy", codes.astype(np.float16))
    return tmp_path / "codes.npy"


def test_lines_say_what_was_planted(path):
    lines = "\n".join(describe(open_cloud(path)))

    assert "4,000 codes of 16 dimensions, float16, 0.1 MB" in lines
    assert "radii peak at 16.49: 4.123 of the root" in lines
    assert "centre: 4.0" in lines
    assert "as spread out as 15.9 equal ones" in lines
    assert "pass 2" in lines


def test_the_command_prints_them(path, capsys):
    assert main(["describe", str(path)]) == 0
    assert capsys.readouterr().out.count("\n") == 8


def test_the_command_prints_json(path, capsys):
    assert main(["describe", str(path), "--json"]) == 0

    found = json.loads(capsys.readouterr().out)
    assert (found["codes"], found["dimensions"], found["dtype"]) == (4000, 16, "float16")
    assert found["peak_over_root_n"] == pytest.approx(4.123, abs=1e-3)
    assert found["constant_components"] == []
    assert found["kurtosis_ratio"] == pytest.approx(1, abs=0.1)


@pytest.mark.parametrize(
    ("codes", "told"),
    [
        (None, "expected a .npy file, found none"),
        (np.zeros((4, 2), int), "expected float16, float32 or float64"),
        (np.full((40, 2), np.nan), "NaN or infinity in row 0 "),
        (np.ones((40, 2)), "expected radii that differ"),
    ],
)
def test_what_cannot_be_described_is_told_in_one_line(tmp_path, codes, told, capsys):
    if codes is not None:
        np.save(tmp_path / "codes.npy", codes)

    assert main(["describe", str(tmp_path / "codes.npy")]) == 2
    error = capsys.readouterr().err
    assert told in error
    assert error.count("\n") == 1
