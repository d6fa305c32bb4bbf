"""Numbers that follow from numbers of codes and dimensions alone."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aelatent.statistics.generalised_chi import GeneralisedChi
from aelatent.statistics.truncation import radius_of_share, shrinkage

shares = st.floats(0.001, 0.999)
dimensions = st.integers(1, 300)


@given(shares, shares, dimensions)
def test_a_larger_share_of_a_normal_law_lies_farther_out(one, other, d):
    near, far = (radius_of_share(share, d) for share in sorted([one, other]))

    assert 0 < near <= far
    assert radius_of_share(one, d) < radius_of_share(one, d + 1)


@given(shares, dimensions)
def test_a_cut_shrinks_less_the_more_it_keeps(share, d):
    """Half of the share lies nearer, and inside it the variance is that of less."""
    far, near = radius_of_share(share, d), radius_of_share(share / 2, d)

    assert 0 < shrinkage(near, d) < shrinkage(far, d) < 1
    assert shrinkage(far, d) < min(1.0, far**2 / d)


@given(st.lists(st.floats(0.01, 100), min_size=1, max_size=9), st.randoms())
def test_the_law_of_the_radius_knows_no_order_of_the_axes(variances, random):
    law = GeneralisedChi(np.array(variances), np.ones(len(variances)))
    other = GeneralisedChi(
        np.array(random.sample(variances, len(variances))), np.ones(len(variances))
    )

    assert (other.mean, other.sd) == pytest.approx((law.mean, law.sd))
    assert law.mean**2 + law.sd**2 == pytest.approx(sum(variances) + len(variances))
