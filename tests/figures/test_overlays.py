import numpy as np
import pytest

from aelatent.figures.overlays import overlaid_histograms


def test_groups_share_their_bins_and_each_sums_to_one(rng):
    groups = {"codes": rng.standard_normal(50), "null": 5 + rng.standard_normal((10, 20))}

    axes = overlaid_histograms(groups, "length").axes[0]

    first, second = (patch.get_data() for patch in axes.patches)
    assert first.edges.tolist() == second.edges.tolist()
    assert first.values.sum() == pytest.approx(1.0)
    assert second.values.sum() == pytest.approx(1.0)


def test_rare_values_show_on_logarithmic_heights():
    axes = overlaid_histograms({"codes": [0.0] * 999 + [1.0]}, "variance", log=True).axes[0]

    assert axes.get_yscale() == "log"
    assert axes.get_ylim()[0] < 0.001


@pytest.mark.parametrize("groups", [{}, {"a": []}, {"a": [np.inf]}])
def test_nothing_to_count_is_refused(groups):
    with pytest.raises(ValueError, match=r"one group|finite"):
        overlaid_histograms(groups, "length")


def test_trainings_of_one_thing_share_a_colour_and_an_entry(rng):
    groups = {f"vae seed {seed}": rng.standard_normal(99) for seed in range(3)}
    figure = overlaid_histograms(groups | {"control": rng.standard_normal(99)}, "x")

    colours = [patch.get_edgecolor() for patch in figure.axes[0].patches]
    assert len(set(colours[:3])) == 1
    assert colours[3] != colours[0]
    entries = [text.get_text() for text in figure.legends[0].get_texts()]
    assert entries == ["vae, one line a training", "control"]


def test_a_handful_of_values_are_ticks_and_no_bars(rng):
    figure = overlaid_histograms({"codes": rng.standard_normal(99), "origin": np.arange(5.0)}, "x")

    assert len(figure.axes[0].patches) == 1
    assert len(figure.axes[0].collections[0].get_segments()) == 5
