import numpy as np
import pytest

from aelatent.figures import radius_density
from aelatent.latent.cloud import LatentCloud
from aelatent.statistics.radius import peak_radius


def peaks(figure):
    return [line.get_xdata()[0] for line in figure.axes[0].lines if line.get_marker() == "v"]


def test_each_replicate_has_a_line_and_a_mark_at_its_peak(clouds):
    figure = radius_density(clouds)

    assert peaks(figure) == [peak_radius(cloud.radii) for cloud in clouds]


def test_lines_are_densities(clouds, line):
    x, y = line(radius_density(clouds).axes[0], "codes, one line a replicate").get_data()

    assert np.trapezoid(y, x) == pytest.approx(1, abs=0.01)


def test_root_n_and_the_value_of_the_source_are_marked(clouds, labels, line):
    figure = radius_density(clouds, source_value=16.5)

    assert {"√N = 4", "in the source: 16.5"} <= set(labels(figure))
    assert list(line(figure.axes[0], "√N = 4").get_xdata()) == [4, 4]
    assert list(line(figure.axes[0], "in the source: 16.5").get_xdata()) == [16.5]


def test_root_n_can_be_left_out(clouds, labels):
    assert not [label for label in labels(radius_density(clouds, root_n=False)) if "√" in label]


def test_predicted_laws_are_dashed(clouds):
    law = np.array([3.0, 4.0, 5.0]), np.array([0.0, 1.0, 0.0])
    dashed = [
        line
        for line in radius_density(clouds, predicted=[law, law]).axes[0].lines
        if line.get_linestyle() == "--"
    ]

    assert [line.get_ydata().tolist() for line in dashed] == [[0, 1, 0], [0, 1, 0]]


def test_axes_name_their_units(clouds):
    axes = radius_density(clouds).axes[0]

    assert axes.get_xlabel() == "radius of the code (latent units)"
    assert axes.get_ylabel() == "density (per latent unit)"


def test_clouds_of_different_dimension_are_refused(clouds):
    with pytest.raises(ValueError, match=r"expected clouds of one dimension, received \[2, 16\]"):
        radius_density([*clouds, LatentCloud(np.eye(2))])


def test_no_clouds_are_refused():
    with pytest.raises(ValueError, match="expected clouds of one dimension"):
        radius_density([])
