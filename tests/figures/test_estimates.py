import numpy as np
import pytest

from aelatent.figures.estimates import estimate_dots

TABLES = {
    "codes": [{"TwoNN": 20.0, "likelihood": 30.0}, {"TwoNN": 21.0, "likelihood": 31.0}],
    "strings": [{"TwoNN": 1.0, "likelihood": 1.5}],
}


def test_every_estimate_is_a_dot_in_its_row():
    (axes,) = estimate_dots(TABLES, "dimension", bound=3).axes
    codes, strings, bound = axes.lines

    assert sorted(codes.get_xdata()) == [20.0, 21.0, 30.0, 31.0]
    assert strings.get_xdata().tolist() == [1.0, 1.5]
    assert np.rint(codes.get_ydata()).tolist() == [0, 1, 0, 1]
    assert list(bound.get_xdata()) == [3, 3]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["TwoNN", "likelihood"]


@pytest.mark.parametrize(("largest", "scale"), [(9.0, "linear"), (90.0, "log")])
def test_the_scale_is_logarithmic_where_estimates_differ_much(largest, scale):
    (axes,) = estimate_dots({"codes": [{"one": 1.0, "other": largest}]}, "dimension").axes

    assert axes.get_xscale() == scale


@pytest.mark.parametrize("tables", [{}, {"codes": [{"TwoNN": 0.0}]}, {"codes": []}])
def test_what_cannot_be_plotted_is_refused(tables):
    with pytest.raises(ValueError, match="expected"):
        estimate_dots(tables, "dimension")
