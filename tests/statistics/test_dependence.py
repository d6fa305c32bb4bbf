"""Dependence that no correlation shows."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aelatent.statistics.dependence import distance_correlations


def normal(n, d, seed):
    return np.random.default_rng(seed).standard_normal((n, d))


def test_distance_correlation_matches_its_closed_form():
    """Székely et al. (2007), theorem 7: for correlation 0.5 of two normal components."""
    r = 0.5
    part = r * np.arcsin(r) + np.sqrt(1 - r**2) - r * np.arcsin(r / 2) - np.sqrt(4 - r**2) + 1
    expected = np.sqrt(part / (1 + np.pi / 3 - np.sqrt(3)))
    x, y = normal(2000, 2, 0).T
    codes = np.column_stack([x, r * x + np.sqrt(1 - r**2) * y])

    assert distance_correlations(codes, most=2000)[0] == pytest.approx(expected, abs=0.03)


def test_it_follows_its_definition():
    codes = normal(20, 2, 0) ** 2

    def centred(column):
        a = np.abs(column[:, None] - column)
        return a - a.mean(axis=0) - a.mean(axis=1)[:, None] + a.mean()

    a, b = centred(codes[:, 0]), centred(codes[:, 1])
    square = (a * b).sum() / np.sqrt((a * a).sum() * (b * b).sum())

    assert distance_correlations(codes)[0] == pytest.approx(np.sqrt(square))


def test_it_sees_what_correlation_does_not():
    x = normal(300, 1, 0)[:, 0]
    codes = np.column_stack([x, x**2, normal(300, 1, 1)[:, 0]])
    bent, apart, _ = distance_correlations(codes)

    assert abs(np.corrcoef(codes[:, 0], codes[:, 1])[0, 1]) < 0.3
    assert bent > 0.4
    assert apart < 0.2


@settings(deadline=None, max_examples=settings.default.max_examples // 2)
@given(st.integers(0, 99), st.sampled_from([-100.0, 0.01, 3.0]), st.floats(-10, 10))
def test_shifting_scaling_and_mirroring_change_nothing(seed, scale, shift):
    codes = normal(30, 3, seed)

    np.testing.assert_allclose(
        distance_correlations(scale * codes + shift), distance_correlations(codes), atol=1e-7
    )


def test_only_the_first_codes_are_used():
    codes = normal(50, 3, 0)

    np.testing.assert_array_equal(
        distance_correlations(codes, most=20), distance_correlations(codes[:20])
    )


@pytest.mark.parametrize(
    "codes", [normal(3, 2, 0), normal(9, 1, 0), np.full((9, 2), np.nan), np.ones((9, 2))]
)
def test_codes_that_say_nothing_are_refused(codes):
    with pytest.raises(ValueError, match="expected"):
        distance_correlations(codes)
