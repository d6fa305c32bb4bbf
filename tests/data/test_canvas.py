import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aelatent.data.canvas import Canvas

WHITE = np.ones((3, 1), dtype=np.float32)


def canvas(side=48, shift=(0, 0), scale=1, tilt=0):
    values = (np.array(value, dtype=np.float32) for value in (scale, tilt))
    scale, tilt = (value[None] for value in values)
    return Canvas(side, np.array(shift, dtype=np.float32)[:, None], scale, tilt)


def vector(*values):
    return [np.array([value], dtype=np.float32) for value in values]


@given(st.floats(-3, 3), st.floats(-3, 3), st.floats(4, 12), st.floats(4, 12), st.floats(-0.5, 0.5))
def test_an_ellipse_covers_its_area_wherever_it_lies(x, y, width, height, tilt):
    """Anti-aliasing shares the pixels of the edge out so that the area comes out right."""
    picture = canvas(shift=(x, y), tilt=tilt)
    picture.ellipse(*vector(0, 0, width, height)).paint(WHITE)
    assert picture.planes[0].sum() == pytest.approx(np.pi * width * height, rel=0.02)


def test_a_straight_stroke_covers_its_area():
    picture = canvas()
    thick = np.array([[2], [2]], dtype=np.float32)
    picture.stroke(*vector(0, 0, 10, 0), thick).paint(WHITE)
    assert picture.planes[0].sum() == pytest.approx(20 * 4 + np.pi * 2**2, rel=0.02)


def test_the_ends_of_a_bent_stroke_rise():
    picture = canvas()
    thick = np.array([[1], [1]], dtype=np.float32)
    picture.stroke(*vector(0, 0, 10, 6), thick).paint(WHITE)
    rows = np.arange(48) - 23.5
    heights = rows @ picture.planes[0, 0] / np.maximum(picture.planes[0, 0].sum(0), 1e-6)
    assert heights[24] == pytest.approx(0, abs=0.3)
    assert heights[15] < -3


def test_scale_enlarges():
    picture = canvas(scale=2)
    picture.ellipse(*vector(0, 0, 6, 6)).paint(WHITE)
    assert picture.planes[0].sum() == pytest.approx(np.pi * 12**2, rel=0.02)


def test_tilt_turns_clockwise():
    """What lay to the right comes to lie below after a quarter turn."""
    picture = canvas(tilt=1)
    picture.ellipse(*vector(12, 0, 3, 3)).paint(WHITE)
    row, column = np.unravel_index(picture.planes[0, 0].argmax(), (48, 48))
    assert (row, column) == pytest.approx((35, 23), abs=3)


def test_a_hole_stays_unpainted():
    picture = canvas()
    ring = picture.ellipse(*vector(0, 0, 12, 12)).without_ellipse(*vector(0, 0, 6, 6))
    ring.paint(WHITE)
    assert picture.planes[0, 0, 24, 24] == 0
    assert picture.planes[0].sum() == pytest.approx(np.pi * (12**2 - 6**2), rel=0.02)


def test_a_shape_outside_of_the_picture_paints_nothing():
    picture = canvas()
    picture.ellipse(*vector(200, 0, 5, 5)).paint(WHITE)
    assert not picture.planes.any()
