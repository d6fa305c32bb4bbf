"""The numbers of a figure can be taken along."""

import csv
import io

import numpy as np
import pytest

from aelatent.figures import image_grid, null_histogram, overlaid_histograms, trend, write
from aelatent.figures.series import MOST, MOST_OF_ALL, series


def rows(figure):
    """Return the lines of a figure's numbers, without their head."""
    return list(csv.reader(io.StringIO(series(figure))))[1:]


def test_points_and_bins_are_named_by_their_labels(rng):
    found = rows(null_histogram([2.0, 3.0], rng.standard_normal(99)))

    assert [r[2] for r in found if r[1] == "observed, one dot a training"] == ["2", "3"]
    assert sum(float(r[3]) for r in found if r[1].startswith("if nothing")) == 99


def test_a_figure_of_several_kinds_gives_all(rng):
    names = {r[1] for r in rows(trend({"codes": {1: [2.0, 3.0], 2: [4.0]}}, "x", "y", bound=0.5))}

    assert {"codes", "margin 0.5"} <= names
    ticks = rows(overlaid_histograms({"a": rng.standard_normal(99), "b": np.arange(3.0)}, "x"))
    assert [r[2] for r in ticks if r[1] == "b"] == ["0", "1", "2"]


def test_of_many_points_some_are_kept(rng):
    figure = trend({"codes": {i + 1: [1.0] for i in range(5 * MOST)}}, "x", "y")

    assert len([r for r in rows(figure) if r[1] == "codes"]) == MOST
    assert len(rows(figure)) <= MOST_OF_ALL


def test_images_have_no_numbers():
    assert series(image_grid({"a": np.zeros((2, 8, 8, 1), np.uint8)})) == ""


@pytest.mark.parametrize("suffix", [".svg", ".png"])
def test_numbers_lie_beside_an_svg(tmp_path, suffix):
    write(null_histogram([1.0], np.arange(9.0)), tmp_path / f"x{suffix}")

    assert (tmp_path / "x.csv").exists() == (suffix == ".svg")
