import numpy as np
import pytest

from aelatent.figures import distance_histogram
from aelatent.figures.style import CODES, DRAWS


@pytest.fixture
def codes(rng):
    """Distances of codes of two replicates, all between 1 and 2."""
    return [rng.uniform(1, 2, 200), rng.uniform(1, 2, 100)]


def stairs(figure):
    return {patch.get_label(): patch for patch in figure.axes[0].patches}


def test_heights_are_shares_of_each_group(codes):
    figure = distance_histogram(codes, {"N(0, I)": np.full(50, 3.0)}, 2.0)

    sums = [patch.get_data().values.sum() for patch in figure.axes[0].patches]
    assert sums == pytest.approx([1, 1, 1, 1])


def test_colours_keep_their_meaning(codes):
    patches = stairs(distance_histogram(codes, {"N(0, I)": np.full(50, 3.0)}, 2.0))

    colours = {label: patch.get_edgecolor()[:3] for label, patch in patches.items()}
    assert colours["held-out codes, one line a replicate"] == pytest.approx(hexadecimal(CODES))
    assert colours["N(0, I)"] == pytest.approx(hexadecimal(DRAWS))


def hexadecimal(colour):
    return [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]


@pytest.mark.parametrize(("far", "scale"), [(5.0, "linear"), (500.0, "log")])
def test_the_axis_is_logarithmic_where_distances_differ_widely(codes, far, scale):
    figure = distance_histogram(codes, {"N(0, I)": np.full(50, far)}, 2.0)

    assert figure.axes[0].get_xscale() == scale


def test_the_threshold_is_named(codes, line):
    axes = distance_histogram(codes, {}, 2.5).axes[0]

    found = line(axes, "99 % of held-out codes (within 2.5)")
    assert list(found.get_xdata()) == [2.5, 2.5]


def test_the_default_threshold_is_the_mean_quantile(codes):
    axes = distance_histogram(codes, {}).axes[0]

    expected = np.mean([np.quantile(values, 0.99) for values in codes])
    assert axes.lines[0].get_xdata()[0] == pytest.approx(expected)


def test_draws_of_several_replicates_are_pooled(codes, rng):
    draws = [rng.uniform(2, 3, 10), rng.uniform(2, 3, 20)]

    apart = stairs(distance_histogram(codes, {"uniform": draws}, 2.0))["uniform"]
    pooled = stairs(distance_histogram(codes, {"uniform": np.concatenate(draws)}, 2.0))["uniform"]

    assert apart.get_data().values.tolist() == pooled.get_data().values.tolist()


def test_a_distance_of_zero_is_counted_on_a_logarithmic_axis(codes):
    patches = stairs(distance_histogram(codes, {"N(0, I)": np.repeat([0.0, 100.0], 10)}, 2.0))

    assert patches["N(0, I)"].get_data().values[[0, -1]].tolist() == [0.5, 0.5]


@pytest.mark.parametrize("codes", [[], [np.array([1.0, np.nan])]])
def test_missing_distances_are_refused(codes):
    with pytest.raises(ValueError, match="expected distances of codes to hold finite numbers"):
        distance_histogram(codes, {}, 2.0)


def test_the_origin_of_a_few_trainings_is_a_few_ticks(rng):
    codes = [16 + rng.standard_normal(99) for _ in range(3)]
    axes = distance_histogram(codes, {"the origin": np.array([9.0, 9.5, 10.0])}).axes[0]

    assert [s[0][0] for s in axes.collections[0].get_segments()] == [9.0, 9.5, 10.0]
    assert axes.get_ylim()[1] < 0.5
