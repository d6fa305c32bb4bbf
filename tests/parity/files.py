"""References of statistics of codes that lie in a file."""

import tempfile
from pathlib import Path

import numpy as np
from scipy import stats
from scipy.spatial import cKDTree
from sklearn.covariance import EmpiricalCovariance

from aelatent.latent.out_of_core import open_cloud
from aelatent.statistics import radius, stored, stored_neighbours

from .register import agrees
from .samples import skewed


def measured(statistic, *codes):
    """Call a statistic with clouds over files of the codes, in blocks of seven."""
    with tempfile.TemporaryDirectory() as folder:
        clouds = []
        for place, values in enumerate(codes):
            np.save(Path(folder) / f"{place}.npy", values)
            clouds.append(open_cloud(Path(folder) / f"{place}.npy", rows=7))
        return statistic(*clouds)


@agrees(stored.peak_radius, "`radius.peak_radius` in memory", 1e-3)
def _(rng):
    codes = skewed(rng)
    return measured(stored.peak_radius, codes), radius.peak_radius(np.linalg.norm(codes, axis=1))


@agrees(stored.distances, "sklearn.covariance.EmpiricalCovariance.mahalanobis")
def _(rng):
    codes = skewed(rng)
    squares = EmpiricalCovariance().fit(codes).mahalanobis(codes) * 59 / 60
    return measured(stored.distances, codes), np.sqrt(squares)


@agrees(stored.normality, "scipy.stats: skew, kurtosis, chi2.ppf; EmpiricalCovariance", 1e-9)
def _(rng):
    codes = skewed(rng)
    found = measured(stored.normality, codes)
    squares = EmpiricalCovariance().fit(codes).mahalanobis(codes) * 59 / 60
    expected = stats.chi2.ppf((np.arange(60) + 0.5) / 60, 4) ** 0.5
    off = np.sort(squares) ** 0.5 - expected
    return (
        [found.kurtosis_ratio, found.quantile_discrepancy, *found.skewness],
        [
            (squares**2).mean() / 24,
            (off**2).mean() ** 0.5 / stats.chi(4).std(),
            *stats.skew(codes, bias=False),
        ],
    )


@agrees(stored.embedding_test, "definition: Hotelling's T-squared of the features, in memory", 1e-6)
def _(rng):
    codes, others = skewed(rng), skewed(rng) + 1
    seed = int(rng.integers(2**32))
    found = measured(
        lambda *clouds: stored.embedding_test(*clouds, np.random.default_rng(seed), 2),
        codes,
        others,
    )
    again = np.random.default_rng(seed)
    for _ in range(2):
        again.choice(60, 60, replace=False)
    waves = again.standard_normal((4, 2)) / found.width
    x, y = (np.concatenate([np.cos(c @ waves), np.sin(c @ waves)], axis=1) for c in (codes, others))
    apart, error = x.mean(axis=0) - y.mean(axis=0), np.cov(x.T) / 60 + np.cov(y.T) / 60
    statistic = apart @ np.linalg.solve(error, apart)
    expected = [statistic, (apart @ apart - np.trace(error)) / 2, stats.chi2.sf(statistic, 4)]
    return [found.statistic, found.discrepancy, found.pvalue], expected


@agrees(stored_neighbours.neighbours, "scipy.spatial.cKDTree.query")
def _(rng):
    codes, points = skewed(rng), rng.standard_normal((9, 4))
    found = measured(lambda cloud: stored_neighbours.neighbours(cloud, points, 5), codes)
    return found, cKDTree(codes).query(points, k=5)
