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
