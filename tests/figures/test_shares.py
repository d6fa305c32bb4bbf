import numpy as np
import pytest

from aelatent.figures import class_shares
from aelatent.figures.style import ORIGINALS


def test_bars_are_means_over_replicates(labels):
    figure = class_shares(
        {"data": [0.5, 0.5], "VAE": np.array([[0.2, 0.8], [0.4, 0.6]])}, range(2), "digit"
    )
    axes = figure.axes[0]

    heights = [bar.get_height() for bar in axes.patches]
    assert heights == pytest.approx([0.5, 0.5, 0.3, 0.7])
    assert labels(figure) == ["data", "VAE"]
    assert axes.get_xlabel() == "digit"


def test_replicates_are_dots_on_their_bar():
    axes = class_shares({"VAE": np.array([[0.2, 0.8], [0.4, 0.6]])}, ["a", "b"]).axes[0]

    dots = sorted((x, y) for line in axes.lines for x, y in zip(*line.get_data(), strict=True))
    assert dots == [(0, 0.2), (0, 0.4), (1, 0.6), (1, 0.8)]


def test_bars_of_a_class_stand_side_by_side():
    patches = class_shares({"VAE": [0.5, 0.5], "AE": [0.5, 0.5]}, "ab").axes[0].patches

    assert patches[0].get_x() + patches[0].get_width() <= patches[2].get_x()


def test_data_keep_their_colour():
    bar = class_shares({"data": [0.5, 0.5]}, "ab").axes[0].patches[0]

    assert bar.get_facecolor()[:3] == (0, 0, 0)
    assert ORIGINALS == "#000000"


def test_a_class_without_a_label_is_refused():
    with pytest.raises(ValueError, match=r"expected 'VAE' of shape \(replicates, 3\)"):
        class_shares({"VAE": [0.5, 0.5]}, range(3))


def test_no_shares_are_refused():
    with pytest.raises(ValueError, match="expected one kind of images or more"):
        class_shares({}, range(3))
