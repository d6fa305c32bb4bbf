"""The error of a statistic that comes from its sample."""

import numpy as np
import pytest
from scipy import stats

from aelatent.statistics.jackknife import jackknife_error


def test_of_a_mean_it_is_the_textbook_error():
    values = np.random.default_rng(0).standard_normal(40)

    assert jackknife_error(np.mean, values, groups=40) == pytest.approx(stats.sem(values))


@pytest.mark.parametrize(
    "statistic", [np.mean, np.std, stats.skew, lambda v: v.std() / v.mean()], ids=range(4)
)
def test_it_is_the_spread_over_samples(statistic):
    rng = np.random.default_rng(1)
    samples = rng.gamma(4.0, size=(400, 1000))
    spread = np.std([statistic(sample) for sample in samples])

    told = np.mean([jackknife_error(statistic, sample) for sample in samples[:50]])

    assert told == pytest.approx(spread, rel=0.2)


def test_rows_are_units():
    pairs = np.random.default_rng(2).standard_normal((1000, 2)) @ [[1, 0.9], [0, 0.3]]

    told = jackknife_error(lambda rows: stats.pearsonr(*rows.T)[0], pairs)

    expected = (1 - stats.pearsonr(*pairs.T)[0] ** 2) / 1000**0.5
    assert told == pytest.approx(expected, rel=0.25)


@pytest.mark.parametrize("values", [[], [1.0]])
def test_a_single_row_has_no_error_to_be_known(values):
    with pytest.raises(ValueError, match="expected two rows or more"):
        jackknife_error(np.mean, values)
