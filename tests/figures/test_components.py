"""One point a component."""

import numpy as np
import pytest
from matplotlib.patches import Rectangle
from scipy import stats

from aelatent.figures.components import component_scatter, moment_scatter


def test_every_component_is_a_point_of_its_group():
    groups = {"codes": ([1.0, 2.0], [3.0, 4.0]), "null": ([5.0], [6.0])}
    (axes,) = component_scatter(groups, "skewness", "kurtosis").axes
    drawn = {line.get_label(): line.get_xydata().tolist() for line in axes.lines}

    assert drawn["codes"] == [[1.0, 3.0], [2.0, 4.0]]
    assert drawn["if nothing were there"] == [[5.0, 6.0]]
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("skewness", "kurtosis")


def test_the_box_is_centred_on_the_origin():
    (axes,) = component_scatter({"codes": ([1.0], [1.0])}, "x", "y", box=(0.3, 0.5)).axes
    (box,) = [patch for patch in axes.patches if isinstance(patch, Rectangle)]

    np.testing.assert_allclose(box.get_bbox().extents, [-0.3, -0.5, 0.3, 0.5])


@pytest.mark.parametrize(
    "groups",
    [
        {},
        {"codes": ([1.0], [1.0, 2.0])},
        {"codes": ([np.nan], [1.0])},
        {str(i): ([1.0], [1.0]) for i in range(6)},
    ],
)
def test_what_cannot_be_plotted_is_refused(groups):
    with pytest.raises(ValueError, match="expected"):
        component_scatter(groups, "x", "y")


def test_moments_of_each_component_are_plotted(clouds):
    codes = clouds[0].z_mean
    (axes,) = moment_scatter({"codes": clouds[0], "null": clouds[1]}).axes
    drawn = {line.get_label(): line.get_xydata() for line in axes.lines}

    np.testing.assert_allclose(drawn["codes"][:, 0], stats.skew(codes, bias=False), atol=0.02)
    np.testing.assert_allclose(drawn["codes"][:, 1], stats.kurtosis(codes, bias=False), atol=0.1)
