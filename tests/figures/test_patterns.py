import numpy as np
import pytest

from aelatent.figures.patterns import pattern_panels
from aelatent.statistics.point_patterns import central_window


def test_a_window_shows_its_points_and_its_voids_in_spacings(rng):
    pattern = central_window(rng.standard_normal((400, 2)), 60)
    (axes,) = pattern_panels({"codes": pattern}).axes
    voids, points = (np.asarray(each.get_offsets()) for each in axes.collections)

    assert len(points) == 60
    assert len(voids) == np.sum(pattern.clearances > 0.75)
    assert np.diff(axes.get_xlim())[0] == pytest.approx(60**0.5)
    assert np.abs(points).max() <= axes.get_xlim()[1]


def test_twins_and_maps_have_panels_of_their_own(rng):
    points = rng.standard_normal((50, 2))
    figure = pattern_panels({"codes": points, "a twin": points, "chance": points, "other": points})
    colours = [tuple(axes.collections[0].get_facecolors()[0]) for axes in figure.axes[:4]]

    assert [axes.get_title(loc="left") for axes in figure.axes[:4]] == [
        "codes",
        "a twin",
        "chance",
        "other",
    ]
    assert colours[0] == colours[3] != colours[1] == colours[2]
    assert np.asarray(figure.axes[0].collections[0].get_offsets()).tolist() == points.tolist()


@pytest.mark.parametrize("panels", [{}, {"codes": np.ones((3, 3))}, {"codes": [[np.nan, 0.0]]}])
def test_what_cannot_be_plotted_is_refused(panels):
    with pytest.raises(ValueError, match="expected"):
        pattern_panels(panels)
