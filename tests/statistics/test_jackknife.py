"""What the images add to the error of a statistic of their codes."""

import math

import numpy as np
import pytest
from scipy import stats

from aelatent.inference.estimates import estimate
from aelatent.latent.cloud import LatentCloud
from aelatent.statistics.jackknife import contributions, contributions_of_codes, with_images


def error(statistic, values, *arguments):
    return math.hypot(*contributions(statistic, values, *arguments))


def test_of_a_mean_they_give_the_textbook_error():
    values = np.random.default_rng(0).standard_normal(40)
    added = contributions(np.mean, values, parts=40)

    assert math.hypot(*added) == pytest.approx(stats.sem(values))
    assert np.corrcoef(added, values)[0, 1] == pytest.approx(1)


@pytest.mark.parametrize(
    "statistic", [np.mean, np.std, stats.skew, lambda v: v.std() / v.mean()], ids=range(4)
)
def test_the_error_is_the_spread_over_samples(statistic):
    rng = np.random.default_rng(1)
    samples = rng.gamma(4.0, size=(400, 1000))
    spread = np.std([statistic(sample) for sample in samples])

    told = np.mean([error(statistic, sample) for sample in samples[:50]])

    assert told == pytest.approx(spread, rel=0.2)


def test_rows_are_units():
    pairs = np.random.default_rng(2).standard_normal((1000, 2)) @ [[1, 0.9], [0, 0.3]]

    told = error(lambda rows: stats.pearsonr(*rows.T)[0], pairs)

    expected = (1 - stats.pearsonr(*pairs.T)[0] ** 2) / 1000**0.5
    assert told == pytest.approx(expected, rel=0.25)


def test_rows_of_one_group_stay_together():
    """Four copies of each number say as much as one."""
    values = np.random.default_rng(3).standard_normal(200)
    copies, groups = np.repeat(values, 4), np.repeat(np.arange(200), 4)

    assert error(np.mean, copies, 200, groups) == pytest.approx(error(np.mean, values, 200))


def test_codes_of_one_group_stay_together():
    codes = np.random.default_rng(4).standard_normal((60, 3))
    groups = np.arange(60) // 6
    added = contributions_of_codes(
        lambda c: float(c.z_mean.mean()), LatentCloud(codes, groups=groups)
    )

    means = codes.mean(axis=1).reshape(10, 6).mean(axis=1)
    assert math.hypot(*added) == pytest.approx(stats.sem(means))


def test_trainings_that_move_alike_share_the_error():
    """Codes of the same images are off together; codes of fresh ones are not."""
    rng = np.random.default_rng(5)
    same, mean = rng.standard_normal((400, 1)), with_images(lambda c: float(c.z_mean.mean()))
    alike = [LatentCloud(same + 0.05 * rng.standard_normal((400, 1))) for _ in range(5)]
    fresh = [LatentCloud(rng.standard_normal((400, 1))) for _ in range(5)]

    assert estimate(mean, alike).errors.shared == pytest.approx(0.05, rel=0.4)
    assert estimate(mean, fresh).errors.shared < 0.02


@pytest.mark.parametrize(
    ("values", "groups", "message"),
    [
        ([], None, "expected two rows or more"),
        ([1.0], None, "expected two rows or more"),
        ([1.0, 2.0], np.array([7, 7]), "expected two groups or more"),
    ],
)
def test_a_single_unit_has_no_error_to_be_known(values, groups, message):
    with pytest.raises(ValueError, match=message):
        contributions(np.mean, values, groups=groups)
