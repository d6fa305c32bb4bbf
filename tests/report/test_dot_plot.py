"""The data behind a plot: where each mark of a row lies on the shared axis."""

import re

import pytest

from aelatent.figures import style
from aelatent.report.dot_plot import DotPlot, Scale, scale_of
from aelatent.report.rendering import STYLE

from .samples import part


def test_everything_that_is_shown_lies_within_the_axis():
    dot_plot = DotPlot(1.6, (1.4, 1.8), [1.5, 1.7], margin=(0.9, 1.1), source_value=1.03)
    scale = scale_of([dot_plot])

    assert all(0 < scale.place(value) < 100 for value in dot_plot.numbers)


def test_places_keep_the_order_and_the_ratios_of_numbers():
    scale = Scale(0.0, 10.0)

    assert [scale.place(value) for value in (-1, 0, 2.5, 10, 11)] == [0, 0, 25, 100, 100]


def test_numbers_that_differ_tenfold_have_a_logarithmic_axis():
    scale = Scale.of([0.5, 50.0])

    assert scale.logarithmic
    assert scale.place(5.0) == pytest.approx(50, abs=0.1)
    assert not Scale.of([-0.5, 50.0]).logarithmic


@pytest.mark.parametrize(
    "numbers", [[0.9, 1.1], [-3, 4], [0.001, 1], [2.0], [6274, 6274], [0.2, 90]]
)
def test_ticks_are_a_few_plain_numbers_at_their_places(numbers):
    scale = Scale.of(numbers)

    assert 2 <= len(scale.ticks) <= 8
    for place, text in scale.ticks:
        assert place == scale.place(float(text.replace("\N{MINUS SIGN}", "-")))


def test_a_linear_axis_has_three_ticks_or_more():
    made = [Scale.of([-1402.0, 7.0 * step]) for step in (1, 100, 534, 800)]

    assert min(len(scale.ticks) for scale in made) >= 3


def test_an_open_margin_reaches_to_the_end_of_the_axis():
    scale = Scale(0.0, 1.0)
    dot_plot = DotPlot(0.9, (0.85, 0.95), [0.9], margin=(0.8, float("inf")))

    assert dot_plot.band(scale) == (80.0, 20.0)
    assert dot_plot.edges(scale) == [80.0]


def test_a_strip_takes_its_margin_from_the_rule_of_the_part():
    dot_plot = DotPlot.of(part(), source_value=1.03)

    assert dot_plot.margin == (0.8, float("inf"))
    assert (dot_plot.effect, dot_plot.interval, dot_plot.source_value) == (0.931, (0.9, 0.96), 1.03)
    assert DotPlot.of(part(limits=None)).margin is None


def test_equal_trainings_lie_one_above_another():
    dots = DotPlot(1.0, (1.0, 1.0), [1.0, 1.0, 1.0]).dots(Scale(0.0, 2.0))

    assert len({down for _, down in dots}) == 3
    assert {across for across, _ in dots} == {50.0}


@pytest.mark.parametrize("name", ["codes", "margin", "source", "null"])
def test_a_thing_has_the_same_colour_on_pages_and_in_figures(name):
    light = re.search(rf"--{name}: (#[0-9a-f]{{6}});", STYLE)[1]

    assert light == getattr(style, name.upper()).lower()


def test_the_null_lies_within_the_axis():
    dot_plot = DotPlot.of({**part(), "null": [0.2, 3.0]})

    assert dot_plot.null == [0.2, 3.0]
    assert all(0 < scale_of([dot_plot]).place(end) < 100 for end in dot_plot.null)
    assert DotPlot.of(part()).null is None
