"""References of two-sample statistics and their tests."""

from itertools import combinations

import numpy as np
from scipy import stats
from scipy.spatial.distance import cdist
from sklearn.metrics import pairwise_distances
from sklearn.metrics.pairwise import rbf_kernel

from aelatent.statistics import two_samples

from .register import agrees
from .samples import skewed, wine

# What hyppo 0.5.2 says about the first 59 wines and the next 71: Energy(bias=True).statistic.
HYPPO = 4.99603494586821


@agrees(two_samples.energy_distance, "hyppo 0.5.2, Energy(bias=True); scipy's cdist", 1e-10)
def _(rng):
    """hyppo's biased statistic is a root that is scaled as if it were none."""
    first, second = skewed(rng, 60), skewed(rng, 45)
    within = cdist(first, first).mean() + cdist(second, second).mean()
    cultivars = two_samples.energy_distance(wine()[:59], wine()[59:130])
    found = cultivars, two_samples.energy_distance(first, second)
    hyppo = HYPPO**2 * 2 * (59 * 71) ** 2 / 130**4
    return found, (hyppo, 2 * cdist(first, second).mean() - within)


@agrees(
    two_samples.kernel_discrepancy, "sklearn.metrics.pairwise.rbf_kernel; Gretton et al. (2012)"
)
def _(rng):
    first, second = skewed(rng, 60), skewed(rng, 45)
    within = rbf_kernel(first, gamma=0.02).mean() + rbf_kernel(second, gamma=0.02).mean()
    expected = within - 2 * rbf_kernel(first, second, gamma=0.02).mean()
    return two_samples.kernel_discrepancy(first, second, width=5.0), expected


@agrees(two_samples.median_distance, "sklearn.metrics.pairwise_distances, off the diagonal")
def _(rng):
    points = skewed(rng)
    between = pairwise_distances(points)[~np.eye(len(points), dtype=bool)]
    return two_samples.median_distance(points, rng), np.median(between)


class EverySplit:
    """A generator whose permutations are all other splits into two halves."""

    def permuted(self, weights, axis):  # noqa: ARG002
        n = len(weights)
        splits = list(combinations(range(n), n // 2))[1:]
        signs = np.array([[1.0 if i in split else -1.0 for i in range(n)] for split in splits])
        return signs.T * weights[0, 0]


def exact(rng, test, statistic):
    """Our test with every split for a permutation, and scipy's exact one."""
    first, second = skewed(rng, 4), skewed(rng, 4)
    found = test(first, second, EverySplit(), permutations=69)
    points = np.concatenate([first, second])
    expected = stats.permutation_test(
        (np.arange(4), np.arange(4, 8)),
        lambda x, y: statistic(points[x], points[y]),
        vectorized=False,
        alternative="greater",
    )
    order = np.sort(expected.null_distribution)
    nulls = np.sort([found.statistic, *found.null])
    return (found.statistic, found.pvalue, *nulls), (expected.statistic, expected.pvalue, *order)


@agrees(two_samples.energy_test, "scipy.stats.permutation_test, every split", 1e-10)
def _(rng):
    return exact(rng, two_samples.energy_test, two_samples.energy_distance)


@agrees(two_samples.discrepancy_test, "scipy.stats.permutation_test, every split", 1e-10)
def _(rng):
    def test(first, second, rng, permutations):
        return two_samples.discrepancy_test(first, second, rng, permutations, width=4.0)

    return exact(rng, test, lambda x, y: two_samples.kernel_discrepancy(x, y, 4.0))
