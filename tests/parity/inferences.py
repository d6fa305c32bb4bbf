"""References of intervals, p-values and their adjustment."""

import math

import numpy as np
from scipy import stats

from aelatent.inference import contrasts, estimates, rules
from aelatent.inference.estimates import Estimate
from aelatent.latent.cloud import LatentCloud
from aelatent.report import multiplicity
from aelatent.statistics import jackknife

from .register import agrees


def replicates(rng):
    """Values of a few models, and the evidence they make."""
    values = rng.normal(1.0, 0.3, int(rng.integers(3, 9)))
    return values, estimates.estimate(float, values)


@agrees(estimates.interval_over_replicates, "scipy.stats.ttest_1samp.confidence_interval", 1e-12)
def _(rng):
    values, _ = replicates(rng)
    expected = stats.ttest_1samp(values, 0).confidence_interval(0.9)
    return estimates.interval_over_replicates([Estimate(v) for v in values], 0.9), expected


@agrees(estimates.estimate, "scipy.stats.ttest_1samp.confidence_interval, scipy.stats.sem", 1e-12)
def _(rng):
    values, evidence = replicates(rng)
    low, high = stats.ttest_1samp(values, 0).confidence_interval(0.95)
    expected = values.mean(), low, high, stats.sem(values), len(values) - 1
    return (
        evidence.effect,
        *evidence.interval,
        evidence.errors.own,
        evidence.errors.degrees,
    ), expected


@agrees(estimates.Evidence.exceedance, "scipy.stats.ttest_1samp(alternative='greater')", 1e-12)
def _(rng):
    values, evidence = replicates(rng)
    return evidence.exceedance(0.8), stats.ttest_1samp(values, 0.8, alternative="greater").pvalue


@agrees(estimates.Evidence.shortfall, "scipy.stats.ttest_1samp(alternative='less')", 1e-12)
def _(rng):
    values, evidence = replicates(rng)
    return evidence.shortfall(1.3), stats.ttest_1samp(values, 1.3, alternative="less").pvalue


@agrees(rules.Between.pvalue, "scipy.stats.ttest_1samp, two one-sided tests (Schuirmann)", 1e-12)
def _(rng):
    values, evidence = replicates(rng)
    above = stats.ttest_1samp(values, 0.7, alternative="greater").pvalue
    below = stats.ttest_1samp(values, 1.2, alternative="less").pvalue
    return rules.Between(0.7, 1.2).pvalue(evidence), max(above, below)


@agrees(contrasts.contrast, "scipy.stats.permutation_test, with its surrogates", 1e-12)
def _(rng):
    """Every sign flip of a replicate is a surrogate; both count ties and the observation itself."""
    values = rng.normal(0.3, 1.0, 6)
    flips = np.array([[(-1) ** (k >> i & 1) for i in range(6)] for k in range(64)])
    drawn = iter((flips[1:] * values).T.ravel())
    found = contrasts.contrast(float, values, lambda *_: next(drawn), rng, 63)
    expected = stats.permutation_test(
        (values,), np.mean, permutation_type="samples", alternative="greater"
    )
    return found.surrogate_pvalues[0], expected.pvalue


@agrees(multiplicity.benjamini_yekutieli, "scipy.stats.false_discovery_control, 'by'", 1e-12)
def _(rng):
    pvalues = rng.uniform(size=int(rng.integers(2, 30))) ** 3
    return (
        multiplicity.benjamini_yekutieli(pvalues.tolist()),
        stats.false_discovery_control(pvalues, method="by"),
    )


@agrees(jackknife.contributions, "scipy.stats.sem, of a mean", 1e-12)
def _(rng):
    values = rng.gamma(2.0, size=int(rng.integers(2, 20)))
    return math.hypot(*jackknife.contributions(np.mean, values)), stats.sem(values)


@agrees(jackknife.contributions_of_codes, "scipy.stats.sem, of the mean radius", 1e-12)
def _(rng):
    cloud = LatentCloud(rng.standard_normal((int(rng.integers(2, 20)), 3)))
    added = jackknife.contributions_of_codes(lambda c: c.radii.mean(), cloud)
    return math.hypot(*added), stats.sem(cloud.radii)


@agrees(jackknife.with_images, "scipy.stats.sem, of the mean radius", 1e-12)
def _(rng):
    cloud = LatentCloud(rng.standard_normal((int(rng.integers(2, 20)), 3)))
    found = jackknife.with_images(lambda c: c.radii.mean())(cloud)
    return (found.value, found.standard_error), (cloud.radii.mean(), stats.sem(cloud.radii))
