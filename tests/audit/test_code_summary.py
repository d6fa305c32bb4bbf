"""Codes are summed up against N(0, I)."""

import numpy as np
import pytest

from aelatent.audit.code_summary import code_summary


@pytest.fixture
def codes():
    return np.random.default_rng(0).normal(size=(4000, 6))


def test_draws_of_the_standard_normal_have_its_scale(codes):
    found = code_summary(codes)
    assert found.scale == pytest.approx(1, abs=0.02)
    assert found.offset < 0.05
    assert found.effective_dimensions == pytest.approx(6, abs=0.1)


def test_scale_offset_and_dimensions_are_those_of_the_codes(codes):
    codes = codes * [3, 3, 0.01, 0.01, 0.01, 0.01] + [4, 0, 0, 0, 0, 0]
    found = code_summary(codes)
    assert found.scale == pytest.approx(np.sqrt((9 + 9 + 16) / 6), rel=0.03)
    assert found.offset == pytest.approx(4 / np.sqrt(18), rel=0.03)
    assert found.effective_dimensions == pytest.approx(2, abs=0.1)


def test_correlation_is_that_of_the_units(codes):
    assert code_summary(codes).correlation < 0.02
    codes[:, 1:] = codes[:, :1] + codes[:, 1:]
    table = np.corrcoef(codes, rowvar=False)
    expected = np.sqrt(np.square(table[np.triu_indices(6, 1)]).mean())
    assert code_summary(codes).correlation == pytest.approx(expected, abs=0.02)


def test_clusters_are_counted(codes):
    assert code_summary(codes).clusters == 1
    codes[::2, 0] += 12
    found = code_summary(codes)
    assert found.clusters == 2
    assert "they form 2 clusters" in found.sentence
    assert code_summary(codes[:50]).clusters is None


def test_units_that_never_change_are_dead(codes):
    codes[:, [1, 4]] = 2.5
    assert code_summary(codes).dead == (1, 4)


def test_units_whose_posterior_is_the_prior_have_collapsed(codes):
    log_variances = np.full_like(codes, -4.0)
    means = 0.99 * codes
    means[:, 3], log_variances[:, 3] = 0.001 * codes[:, 3], 0.0
    found = code_summary(means, log_variances)
    assert (found.collapsed, found.dead) == ((3,), ())
    assert found.scale == pytest.approx(1, abs=0.02)
    assert "1 of 6 units have collapsed to the prior" in found.sentence
