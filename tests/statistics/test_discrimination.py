"""The area under the curve, against scikit-learn."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from aelatent.statistics.discrimination import auc, auc_estimate

scores = st.lists(st.integers(-5, 5), min_size=1, max_size=20)


@given(scores, scores)
def test_it_is_scikit_learns(positives, negatives):
    labels = [1] * len(positives) + [0] * len(negatives)

    assert auc(positives, negatives) == pytest.approx(roc_auc_score(labels, positives + negatives))


@given(scores, scores)
def test_increasing_maps_do_not_change_it(positives, negatives):
    assert auc(np.exp(positives), np.exp(negatives)) == auc(positives, negatives)


@pytest.mark.parametrize("bad", [[], [np.nan]])
def test_no_scores_give_no_area(bad):
    with pytest.raises(ValueError, match="expected scores of both kinds"):
        auc(bad, [1.0])


def test_the_error_is_the_spread_over_samples(rng):
    """Two hundred samples of two normal laws scatter as the error says."""
    pairs = [(1 + rng.standard_normal(60), rng.standard_normal(80)) for _ in range(200)]
    estimates = [auc_estimate(*pair) for pair in pairs]

    spread = np.std([estimate.value for estimate in estimates])
    assert np.mean([estimate.error for estimate in estimates]) == pytest.approx(spread, rel=0.15)


def test_perfect_separation_is_not_known_without_error():
    assert 0 < auc_estimate(np.arange(10, 20), np.arange(10)).error < 0.1
