import numpy as np
import pytest

from aelatent.figures import null_histogram


def test_the_null_is_counted_whole_and_observed_values_are_marks(rng, line):
    axes = null_histogram([2.0, 3.0], rng.standard_normal(99), unit="offset").axes[0]

    assert axes.patches[0].get_data().values.sum() == 99
    assert line(axes, "observed, one dot a training").get_xdata().tolist() == [2.0, 3.0]
    assert axes.get_xlabel() == "offset"


def test_a_null_without_spread_is_shown():
    assert null_histogram([1.0], np.zeros(9)).axes[0].patches[0].get_data().values.sum() == 9


@pytest.mark.parametrize(("values", "null"), [([], [1.0]), ([1.0], []), ([np.nan], [1.0])])
def test_missing_values_are_refused(values, null):
    with pytest.raises(ValueError, match="to hold finite numbers"):
        null_histogram(values, null)
