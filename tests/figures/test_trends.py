import numpy as np
import pytest

from aelatent.figures.trends import trend


def test_every_replicate_is_a_mark_and_a_line_joins_their_means(line):
    axes = trend({"control": {2: [1.0, 3.0], 8: [5.0]}}, "dimensions", "effect", bound=4.0).axes[0]

    marks = line(axes, "control")
    assert marks.get_xdata().tolist() == [2, 2, 8]
    assert marks.get_ydata().tolist() == [1.0, 3.0, 5.0]
    joined = [entry for entry in axes.get_lines() if entry.get_label().startswith("_")]
    assert joined[0].get_ydata() == pytest.approx([2.0, 5.0])
    assert axes.get_xscale() == "log"


def test_logarithmic_heights_are_plain_numbers():
    figure = trend({"codes": {1: [3.0], 2: [40.0]}}, "rate", "radius", log="y")
    figure.draw_without_rendering()

    (axes,) = figure.axes
    labels = [label.get_text() for label in axes.get_yticklabels()]
    assert axes.get_xscale() == "linear"
    assert {"5", "10", "20"} <= set(labels)


@pytest.mark.parametrize("series", [{}, {str(i): {1: [1.0]} for i in range(6)}])
def test_none_or_too_many_series_are_refused(series):
    with pytest.raises(ValueError, match="expected 1 to 5 series"):
        trend(series, "x", "y")


def test_values_that_are_not_finite_are_refused():
    with pytest.raises(ValueError, match="finite"):
        trend({"a": {1: [np.nan]}}, "x", "y")
