"""References of neighbours, point patterns, maps, classes and draws."""

import math
from dataclasses import asdict

import numpy as np
from matplotlib.path import Path
from prdc import compute_prdc
from scipy import stats
from scipy.spatial import ConvexHull, cKDTree
from scipy.spatial.distance import cdist, pdist, squareform
from sklearn.covariance import EmpiricalCovariance
from sklearn.manifold import TSNE
from sklearn.metrics import r2_score
from sklearn.neighbors import kneighbors_graph

from aelatent.latent.cloud import LatentCloud
from aelatent.statistics import (
    classes,
    diversity,
    embedding,
    intrinsic_dimension,
    nearest,
    point_patterns,
)

from .register import agrees
from .samples import skewed, wine

SKDIM = "scikit-dimension 0.5.0, "


@agrees(intrinsic_dimension.two_nn, f"{SKDIM}TwoNN", 1e-12)
def _(rng):
    return intrinsic_dimension.two_nn(wine()), 7.879104792002378


@agrees(intrinsic_dimension.likelihood_dimension, f"{SKDIM}MLE(comb='mle')", 1e-12)
def _(rng):
    found = [intrinsic_dimension.likelihood_dimension(wine(), k) for k in (10, 20, 50)]
    return found, (6.4880730843347365, 5.868096719140507, 4.103368221491261)


@agrees(intrinsic_dimension.correlation_dimension, f"{SKDIM}CorrInt(k1=10, k2=20)", 1e-12)
def _(rng):
    return intrinsic_dimension.correlation_dimension(wine()), 4.501243208962238


@agrees(intrinsic_dimension.local_pca_dimension, f"{SKDIM}lPCA(ver='participation_ratio')", 1e-12)
def _(rng):
    return intrinsic_dimension.local_pca_dimension(wine()), 5.651765009631041


@agrees(intrinsic_dimension.dimensions, f"{SKDIM}all of these", 1e-12)
def _(rng):
    expected = {
        "TwoNN": 7.879104792002378,
        "likelihood, k = 10": 6.4880730843347365,
        "likelihood, k = 20": 5.868096719140507,
        "correlation": 4.501243208962238,
        "local PCA": 5.651765009631041,
    }
    found = intrinsic_dimension.dimensions(wine(), (10, 20, 200))
    return [found[name] for name in expected], list(expected.values())


@agrees(intrinsic_dimension.least_dimension, f"{SKDIM}the least of them: MLE at k = 100", 1e-12)
def _(rng):
    return intrinsic_dimension.least_dimension(wine()), 3.175967664855594


@agrees(nearest.neighbours, "scipy.spatial.cKDTree.query")
def _(rng):
    codes = skewed(rng)
    distances, near = cKDTree(codes).query(codes, k=6)
    return nearest.neighbours(codes, 5), (distances[:, 1:], near[:, 1:])


@agrees(nearest.nearest_distances, "scipy.spatial.distance.pdist")
def _(rng):
    codes = skewed(rng, d=int(rng.integers(1, 40)))
    between = squareform(pdist(codes)) + np.diag(np.full(60, np.inf))
    return nearest.nearest_distances(codes), between.min(axis=1)


@agrees(nearest.nearest_distance, "sklearn.neighbors.kneighbors_graph")
def _(rng):
    codes = skewed(rng)
    graph = kneighbors_graph(codes, 1, mode="distance")
    return nearest.nearest_distance(LatentCloud(codes)), graph.data.mean()


@agrees(nearest.nearest_variation, "scipy.stats.variation")
def _(rng):
    codes = skewed(rng)
    graph = kneighbors_graph(codes, 1, mode="distance")
    return nearest.nearest_variation(LatentCloud(codes)), stats.variation(graph.data)


def window(rng):
    """200 points of the plane in the unit square, and those of its middle."""
    points = rng.random((200, 2))
    pattern = point_patterns.Pattern(points, np.full(2, 0.2), np.full(2, 0.8))
    inside = points[((points > 0.2) & (points < 0.8)).all(axis=1)]
    return pattern, points, inside, 0.6 / math.sqrt(len(inside))


RADII = np.array([0.3, 0.5, 0.9])


def to_nearest(rng):
    pattern, points, inside, spacing = window(rng)
    return pattern, np.sort(cdist(inside, points), axis=1)[:, 1] / spacing


@agrees(point_patterns.clark_evans, "scipy.spatial.distance.cdist; Clark and Evans (1954)")
def _(rng):
    """The mean distance, over 1 / (2 sqrt(density))."""
    pattern, nearest_others = to_nearest(rng)
    return point_patterns.clark_evans(pattern), nearest_others.mean() / 0.5


@agrees(point_patterns.crowding, "scipy.spatial.distance.cdist; Clark and Evans (1954)")
def _(rng):
    pattern, nearest_others = to_nearest(rng)
    return point_patterns.crowding(pattern), 0.5 / nearest_others.mean()


def to_points(rng):
    pattern, points, _, spacing = window(rng)
    ticks = 0.2 + 0.6 * (np.arange(30) + 0.5) / 30
    lattice = np.array([(x, y) for x in ticks for y in ticks])
    return pattern, cdist(lattice, points).min(axis=1) / spacing


@agrees(point_patterns.void_share, "scipy.stats.ecdf of scipy's distances")
def _(rng):
    pattern, clearances = to_points(rng)
    return point_patterns.void_share(pattern), stats.ecdf(clearances).sf.evaluate(0.75)


@agrees(point_patterns.ripley_l, "scipy.spatial.distance.cdist; Ripley (1977)")
def _(rng):
    """K: other points within r of one, over the density; L: the root of K over pi."""
    pattern, points, inside, spacing = window(rng)
    others = [(cdist(inside, points) <= r * spacing).sum() / len(inside) - 1 for r in RADII]
    k = np.array(others) * spacing**2
    return point_patterns.ripley_l(pattern, RADII) * spacing, np.sqrt(k / np.pi)


@agrees(point_patterns.departures, "definition, curve by curve", 0.0)
def _(rng):
    """Studentised over curve and surrogates; the second largest of 39 is the 95 % point."""
    curves = rng.standard_normal((40, 3, 5))
    curves[0, 1] += 3
    scores = np.abs(stats.zscore(curves, axis=0, ddof=1)).max(axis=2)
    bound = sorted(scores[1:].max(axis=1))[-2]
    return point_patterns.departures(curves[0], curves[1:]), scores[0] > bound


@agrees(embedding.embed, "sklearn.manifold.TSNE", 0.0)
def _(rng):
    codes = rng.standard_normal((40, 5))
    maker = TSNE(perplexity=8, init="pca", max_iter=250, random_state=3)
    return embedding.embed(codes, 8, iterations=250, seed=3), maker.fit_transform(codes)


@agrees(embedding.torn_share, "matplotlib.path.Path.contains_points, scipy's cdist")
def _(rng):
    points = rng.random((60, 2)) * [3.0, 1.0]
    hull = ConvexHull(points)
    ticks = (np.arange(80) + 0.5) / 80
    low, high = points.min(axis=0), points.max(axis=0)
    lattice = np.array([low + (x, y) * (high - low) for x in ticks for y in ticks])
    lattice = lattice[Path(points[hull.vertices]).contains_points(lattice)]
    far = cdist(lattice, points).min(axis=1) > 0.75 * math.sqrt(hull.volume / 60)
    return embedding.torn_share(points), far.mean()


def labelled(rng):
    labels = rng.permutation(np.arange(60) % 3)
    return skewed(rng, d=2) + labels[:, None], labels


@agrees(classes.purity, "sklearn.neighbors.kneighbors_graph")
def _(rng):
    codes, labels = labelled(rng)
    near = kneighbors_graph(codes, 10).toarray()
    shares = (near * (labels[:, None] == labels)).sum(axis=1) / 10
    return classes.purity(codes, labels), [shares[labels == k].mean() for k in range(3)]


@agrees(classes.areas, "sklearn.covariance.EmpiricalCovariance, its determinant")
def _(rng):
    codes, labels = labelled(rng)
    fits = [EmpiricalCovariance().fit(codes[labels == k]).covariance_ * 20 / 19 for k in range(3)]
    return classes.areas(codes, labels), np.sqrt(np.linalg.det(fits))


@agrees(classes.unevenness, "scipy.stats.variation")
def _(rng):
    sizes = rng.gamma(2.0, size=9)
    return classes.unevenness(sizes), stats.variation(sizes)


@agrees(classes.explained, "sklearn.metrics.r2_score of the class means")
def _(rng):
    codes, labels = labelled(rng)
    means = np.array([codes[labels == k].mean(axis=0) for k in range(3)])[labels]
    expected = r2_score(codes, means, multioutput="variance_weighted")
    return classes.explained(codes, labels), expected


@agrees(classes.entropy, "scipy.stats.entropy")
def _(rng):
    labels = rng.integers(-1, 5, 40)
    counts = np.unique(labels[labels >= 0], return_counts=True)[1]
    return classes.entropy(labels, 5), stats.entropy(counts) / math.log(5)


@agrees(diversity.mean_distance, "scipy.spatial.distance.pdist; jackknife of the mean", 0.01)
def _(rng):
    """The value agrees to rounding; the error with the jackknife's to a hundredth."""
    items = skewed(rng, 200)
    found = diversity.mean_distance(items, rng)
    np.testing.assert_allclose(found.value, pdist(items).mean(), rtol=1e-12)
    between = squareform(pdist(items))
    left = [(between.sum() - 2 * row.sum()) / (199 * 198) for row in between]
    jackknife = math.sqrt(199 / 200 * ((left - np.mean(left)) ** 2).sum())
    return found.error / jackknife, 1.0


@agrees(diversity.relative_diversity, "scipy.spatial.distance.pdist")
def _(rng):
    draws, references = skewed(rng), skewed(rng)
    expected = pdist(draws).mean() / pdist(references).mean()
    return diversity.relative_diversity(draws, references, rng).value, expected


def kynkaanniemi_and_naeem(score):
    def compare(rng):
        references, draws = skewed(rng, 70), skewed(rng, 50)
        return score(references, draws), compute_prdc(references, draws, 5)[score.__name__]

    agrees(score, "prdc 0.2, compute_prdc", 1e-12)(compare)


for _score in (diversity.precision, diversity.recall, diversity.density, diversity.coverage):
    kynkaanniemi_and_naeem(_score)


@agrees(diversity.scores, "prdc 0.2, compute_prdc", 1e-12)
def _(rng):
    references, draws = skewed(rng, 70), skewed(rng, 60)
    expected = compute_prdc(references, draws, 5)
    found = asdict(diversity.scores(references, draws))
    return list(found.values()), [expected[name] for name in found]
