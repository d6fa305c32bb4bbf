import math

import pytest

from aelatent.figures import Part, evidence_plot
from aelatent.figures.parts import LANES
from aelatent.inference.rules import Above, Below, Near


def region(axes):
    box = axes.patches[0].get_extents().transformed(axes.transData.inverted())
    return box.x0, box.x1


def test_every_replicate_is_a_dot_and_the_interval_a_bar_with_its_mean(line):
    axes = evidence_plot([Part(2.0, (1.5, 2.5), [1.8, 2.0, 2.2])]).axes[0]

    assert line(axes, "replicate").get_xdata().tolist() == [1.8, 2.0, 2.2]
    assert list(line(axes, "mean, 95 % interval").get_xdata()) == [2.0]
    assert [1.5, 2.5] in [list(found.get_xdata()) for found in axes.lines]
    assert axes.get_title(loc="right") == "2  [1.5, 2.5]"


def test_equal_replicates_lie_at_different_heights(line):
    heights = line(evidence_plot([Part(1, (1, 1), [1, 1, 1])]).axes[0], "replicate").get_ydata()

    assert len(set(heights)) == 3


def test_the_value_of_the_source_is_a_diamond(line):
    part = Part(2.0, (1.5, 2.5), [1.8, 2.2], source_value=1.03)
    found = line(evidence_plot([part]).axes[0], "in the source")

    assert (found.get_marker(), found.get_data()) == ("D", ([1.03], [LANES["source"]]))


def test_a_finite_band_is_drawn_as_it_is():
    part = Part(2.0, (1.9, 2.1), [1.9, 2.1], Near(1, 1.25).limits)

    assert region(evidence_plot([part]).axes[0]) == pytest.approx((0.8, 1.25))


@pytest.mark.parametrize(("rule", "side"), [(Above(0.8), 1), (Below(0.8), 0)])
def test_an_infinite_band_runs_to_the_end_of_the_axis(rule, side):
    axes = evidence_plot([Part(0.3, (0.2, 0.4), [0.2, 0.4], rule.limits)]).axes[0]

    assert region(axes)[side] == pytest.approx(axes.get_xlim()[side])
    assert region(axes)[1 - side] == pytest.approx(0.8)


@pytest.mark.parametrize(
    ("effect", "interval"), [(60, (40, 80)), (1, (0.999, 1.001)), (1, (-50, 52)), (-3, (-3, -3))]
)
def test_everything_lies_on_the_axis(effect, interval):
    part = Part(effect, interval, [effect, effect], (0.87, 1.15), 1.03)
    low, high = evidence_plot([part]).axes[0].get_xlim()

    assert low < min(effect, *interval, 0.87)
    assert max(effect, *interval, 1.15) < high


@pytest.mark.parametrize(
    ("low", "scale"), [(40.0, "log"), (-40.0, "linear"), (0.0, "linear"), (1.0, "log")]
)
def test_the_axis_is_logarithmic_where_all_is_positive_and_far_apart(low, scale):
    part = Part(60, (low, 80), [50, 70], (0.87, 1.15))

    assert evidence_plot([part]).axes[0].get_xscale() == scale


def test_each_part_has_a_row_with_its_unit():
    parts = [Part(i, (i - 1, i + 1), [i], unit=f"unit {i}", label=f"part {i}") for i in range(3)]
    figure = evidence_plot(parts)

    assert [axes.get_xlabel() for axes in figure.axes] == ["unit 0", "unit 1", "unit 2"]
    assert [axes.get_title(loc="left") for axes in figure.axes] == ["part 0", "part 1", "part 2"]


def test_no_parts_are_refused():
    with pytest.raises(ValueError, match="expected one part or more"):
        evidence_plot([])


def test_an_effect_that_is_no_number_is_refused():
    with pytest.raises(ValueError, match="finite"):
        evidence_plot([Part(math.nan, (0, 1), [0.5])])
