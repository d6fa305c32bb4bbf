"""References of rates, discrimination, posteriors and dependence."""

import math

import numpy as np
from scipy import integrate, optimize, stats
from sklearn.metrics import roc_auc_score

from aelatent.inference.estimates import Estimate
from aelatent.statistics import dependence, discrimination, posterior, rates

from .register import agrees
from .samples import wine

# What dcor 0.7 says about the first of the wines' measurements and each of the others. hyppo 0.5.2
# says the same to 1e-14.
DISTANCE_CORRELATIONS = [
    0.18625984271063667,
    0.29545752862939184,
    0.31436820920737424,
    0.35609402493839987,
    0.36219117114474647,
    0.3713592922255192,
    0.19853857784848147,
    0.25543070478084723,
    0.6056255229491493,
    0.1749235421441127,
    0.2085734247855979,
    0.6325632388469923,
]


@agrees(dependence.distance_correlations, "dcor 0.7 and hyppo 0.5.2, Dcorr(bias=True)", 1e-12)
def _(rng):
    return dependence.distance_correlations(wine())[:12], DISTANCE_CORRELATIONS


@agrees(discrimination.auc, "sklearn.metrics.roc_auc_score", 1e-12)
def _(rng):
    positives, negatives = rng.integers(2, 9, 30), rng.integers(0, 7, 40)
    labels = [1] * 30 + [0] * 40
    expected = roc_auc_score(labels, np.concatenate([positives, negatives]))
    return discrimination.auc(positives, negatives), expected


@agrees(discrimination.auc_estimate, "scipy.integrate: exponential scores, as in Hanley and McNeil")
def _(rng):
    """Hanley and McNeil derive their error from two exponential distributions with that area."""
    positives, negatives = 1 + rng.standard_normal(25), rng.standard_normal(35)
    found = discrimination.auc_estimate(positives, negatives)
    area = stats.mannwhitneyu(positives, negatives).statistic / (25 * 35)
    high, low = stats.expon(scale=area / (1 - area)), stats.expon()

    def over(integrand):
        return integrate.quad(integrand, 0, np.inf, epsabs=1e-13)[0]

    two_above = over(lambda x: low.pdf(x) * high.sf(x) ** 2)
    two_below = over(lambda x: high.pdf(x) * low.cdf(x) ** 2)
    pairs = area * (1 - area) + 24 * (two_above - area**2) + 34 * (two_below - area**2)
    return (found.value, found.error), (area, math.sqrt(pairs / (25 * 35)))


@agrees(posterior.divergences, "scipy.integrate of scipy.stats.norm's densities", 1e-8)
def _(rng):
    means, log_vars = rng.standard_normal((2, 3)), 0.5 * rng.standard_normal((2, 3))

    def divergence(mean, log_var):
        law, prior = stats.norm(mean, math.exp(log_var / 2)), stats.norm()
        ends = law.interval(1 - 1e-14)
        return integrate.quad(
            lambda x: law.pdf(x) * (law.logpdf(x) - prior.logpdf(x)), *ends, epsabs=1e-12
        )[0]

    return posterior.divergences(means, log_vars), np.vectorize(divergence)(means, log_vars)


@agrees(posterior.log_ratio, "scipy.stats.multivariate_normal")
def _(rng):
    codes, means, log_vars = (rng.standard_normal((5, 3)) for _ in range(3))
    densities = [
        stats.multivariate_normal(mean, np.diag(np.exp(log_var)))
        for mean, log_var in zip(means, log_vars, strict=True)
    ]
    mixture = np.mean([density.pdf(codes) for density in densities], axis=0)
    prior = stats.multivariate_normal(np.zeros(3)).logpdf(codes)
    return posterior.log_ratio(codes, means, log_vars), np.log(mixture) - prior


@agrees(rates.share, "scipy.stats.beta: Jeffreys' posterior", 1e-12)
def _(rng):
    hits = rng.random(int(rng.integers(1, 99))) < rng.random()
    found = rates.share(hits)
    law = stats.beta(hits.sum() + 0.5, (~hits).sum() + 0.5)
    return (found.value, found.error), (hits.mean(), law.std())


def delta_method(function, estimates):
    """Value, and the errors of single estimates times the numerical derivatives by them."""
    values = np.array([estimate.value for estimate in estimates])
    slopes = optimize.approx_fprime(values, lambda v: function(*v), 1e-7)
    own = slopes * [estimate.error for estimate in estimates]
    return function(*values), own


def judged(rng):
    """Shares of draws, references, other draws and other references, and of non-images."""
    values = [*rng.uniform(0.2, 0.9, 4), rng.uniform(0.0, 0.1)]
    return [Estimate(value, rng.uniform(0.01, 0.05)) for value in values]


@agrees(
    rates.rate_of_new_kind, "numpy.linalg.lstsq on a constant, error of a new observation", 1e-12
)
def _(rng):
    """A new observation about the mean of k has the standard error ``s sqrt(1 + 1/k)``."""
    measured = rng.uniform(0, 0.3, int(rng.integers(2, 9)))
    found = rates.rate_of_new_kind(measured)
    design = np.ones((len(measured), 1))
    coefficient, residual, *_ = np.linalg.lstsq(design, measured)
    variance = residual[0] / (len(measured) - 1)
    leverage = float((np.linalg.inv(design.T @ design)).item())
    expected = coefficient[0], math.sqrt(variance * (1 + leverage)), len(measured) - 1
    return (found.value, found.kind.error, found.kind.degrees), expected


@agrees(rates.corrected_rate, "delta method by scipy.optimize.approx_fprime", 1e-6)
def _(rng):
    accepted, *_, false = judged(rng)
    sensitivity = Estimate(0.95, 0.02)
    found = rates.corrected_rate(accepted, sensitivity, false)
    value, own = delta_method(lambda a, s, f: (a - f) / (s - f), [accepted, sensitivity, false])
    expected = value, abs(own[0]), math.hypot(*own[1:])
    return (found.value, found.error, found.shared), expected


@agrees(rates.hit_ratio, "delta method by scipy.optimize.approx_fprime", 1e-6)
def _(rng):
    draws, references, *_, false = judged(rng)
    found = rates.hit_ratio(draws, references, false)
    value, own = delta_method(lambda a, b, f: (a - f) / (b - f), [draws, references, false])
    expected = value, math.hypot(*own[:2]), abs(own[2])
    return (found.value, found.error, found.shared), expected


@agrees(rates.rate_difference, "delta method by scipy.optimize.approx_fprime", 1e-6)
def _(rng):
    estimates = judged(rng)
    found = rates.rate_difference(*estimates)
    value, own = delta_method(
        lambda a, b, c, d, f: (a - f) / (b - f) - (c - f) / (d - f), estimates
    )
    expected = value, math.hypot(*own[:4]), abs(own[4])
    return (found.value, found.error, found.shared), expected
