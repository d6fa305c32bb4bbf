"""What a posterior says, against closed forms and scipy's densities."""

import numpy as np
import pytest
from scipy import stats
from scipy.special import logsumexp

from aelatent.statistics.posterior import divergences, log_ratio


@pytest.fixture
def posteriors(rng):
    return rng.standard_normal((7, 3)), 0.5 * rng.standard_normal((7, 3))


def test_the_divergence_agrees_with_monte_carlo(posteriors, rng):
    mean, log_var = (values[:1] for values in posteriors)
    sd = np.exp(0.5 * log_var)
    draws = mean + sd * rng.standard_normal((200_000, 3))
    estimate = stats.norm.logpdf(draws, mean, sd) - stats.norm.logpdf(draws)

    assert divergences(mean, log_var)[0] == pytest.approx(estimate.mean(axis=0), abs=0.02)


def test_the_log_ratio_is_that_of_scipys_densities(posteriors, rng):
    mean, log_var = posteriors
    codes = 2 * rng.standard_normal((5, 3))
    mixture = logsumexp(
        [
            stats.norm.logpdf(codes, m, np.exp(0.5 * s)).sum(axis=1)
            for m, s in zip(mean, log_var, strict=True)
        ],
        axis=0,
    ) - np.log(7)
    prior = stats.norm.logpdf(codes).sum(axis=1)

    assert log_ratio(codes, mean, log_var) == pytest.approx(mixture - prior)


def test_the_log_ratio_does_not_depend_on_the_size_of_blocks(posteriors, rng, monkeypatch):
    codes = rng.standard_normal((5, 3))
    whole = log_ratio(codes, *posteriors)
    monkeypatch.setattr("aelatent.statistics.posterior.BLOCK", 12)

    assert log_ratio(codes, *posteriors) == pytest.approx(whole)


@pytest.mark.parametrize("bad", [np.zeros(3), np.zeros((3, 2))])
def test_shapes_that_do_not_fit_are_refused(bad):
    with pytest.raises(ValueError, match="of one shape"):
        divergences(bad, np.zeros((2, 2)))


def test_codes_of_another_dimension_are_refused(posteriors):
    with pytest.raises(ValueError, match=r"shape \(m, 3\)"):
        log_ratio(np.zeros((2, 4)), *posteriors)
