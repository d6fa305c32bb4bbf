"""The area under the curve, against scikit-learn."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from aelatent.statistics.discrimination import auc

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
