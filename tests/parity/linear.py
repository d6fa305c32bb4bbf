"""References of axes, spectra, regions and cuts."""

import math

import numpy as np
from scipy import stats
from scipy.spatial.distance import cdist, mahalanobis
from sklearn.covariance import EmpiricalCovariance
from sklearn.decomposition import PCA
from sklearn.neighbors import NearestNeighbors

from aelatent.latent.cloud import LatentCloud
from aelatent.statistics import axes, region, spectrum, truncation

from .register import agrees
from .samples import cloud, skewed, wine


@agrees(axes.participation_ratio, "scikit-dimension 0.5.0, lPCA(ver='participation_ratio')", 1e-12)
def _(rng):
    return axes.participation_ratio(LatentCloud(wine()).principal[0]), 5.103134514213631


@agrees(axes.correlations, "numpy.corrcoef")
def _(rng):
    codes = skewed(rng)
    return axes.correlations(LatentCloud(codes)), np.corrcoef(codes.T)[np.triu_indices(4, 1)]


@agrees(axes.strongest_correlation, "scipy.stats.pearsonr, the largest")
def _(rng):
    x, y, z = skewed(rng, d=3).T
    found = [abs(stats.pearsonr(*pair).statistic) for pair in ((x, y), (x, z), (y, z))]
    return axes.strongest_correlation(LatentCloud(np.column_stack([x, y, z]))), max(found)


@agrees(axes.common_width, "scipy.stats.norm.fit: likelihood ratio of separate and common fits")
def _(rng):
    codes = skewed(rng)
    moments = {"full_mean": codes.mean(axis=0), "full_covariance": np.cov(codes.T, ddof=0)}
    own = [stats.norm.logpdf(column, *stats.norm.fit(column)).mean() for column in codes.T]
    common = stats.norm.logpdf(codes, *stats.norm.fit(codes)).mean()
    return axes.common_width(LatentCloud(codes, **moments)), math.exp(np.mean(own) - common)


@agrees(axes.resultant_length, "scipy.stats.directional_stats")
def _(rng):
    codes = skewed(rng)
    return axes.resultant_length(codes), stats.directional_stats(codes).mean_resultant_length


@agrees(axes.largest_gap, "definition, value by value")
def _(rng):
    ordered = sorted(rng.gamma(1.0, size=21))
    size = math.sqrt(sum(value**2 for value in ordered) / 21)
    gaps = [((ordered[-k] - ordered[-k - 1]) / size, k) for k in range(1, 11)]
    return axes.largest_gap(rng.permutation(ordered)), max(gaps)


@agrees(axes.offset, "sklearn.covariance.EmpiricalCovariance: location and trace")
def _(rng):
    codes = skewed(rng)
    fitted = EmpiricalCovariance().fit(codes)
    spread = np.trace(fitted.covariance_) * 60 / 59
    return axes.offset(LatentCloud(codes)), np.linalg.norm(fitted.location_) / np.sqrt(spread)


@agrees(axes.relative_size, "numpy.linalg.slogdet of the covariance")
def _(rng):
    sample = cloud(rng)
    square = spectrum.second_moments(sample).mean()
    volume = np.linalg.slogdet(np.cov(sample.z_mean.T)).logabsdet / 8
    return axes.relative_size(sample), math.exp(volume) / math.sqrt(square)


@agrees(axes.standing_of_origin, "scipy.spatial.distance.mahalanobis", 1e-9)
def _(rng):
    codes = skewed(rng)
    mean, inverse = codes.mean(axis=0), np.linalg.inv(np.cov(codes.T))
    far = [mahalanobis(code, mean, inverse) for code in codes]
    score = (mahalanobis(np.zeros(4), mean, inverse) - np.mean(far)) / np.std(far, ddof=1)
    found = axes.standing_of_origin(LatentCloud(codes))
    # Errors of a mean and of a standard deviation: 1 / n and score^2 / 2n.
    return (found.value, found.error), (score, math.sqrt(1 / 60 + score**2 / 120))


@agrees(axes.principal_scores, "sklearn.decomposition.PCA(whiten=True), up to signs", 1e-9)
def _(rng):
    codes = skewed(rng)
    return np.abs(axes.principal_scores(LatentCloud(codes))), np.abs(
        PCA(whiten=True).fit_transform(codes)
    )


def directions(codes):
    scores = PCA(whiten=True).fit_transform(codes)
    return (scores / np.linalg.norm(scores, axis=1, keepdims=True))[:, :10]


@agrees(axes.direction_skewness, "PCA of scikit-learn, scipy.stats.skew", 1e-9)
def _(rng):
    codes = skewed(rng, 90, 12)
    expected = np.median(np.abs(stats.skew(directions(codes), bias=False)))
    return axes.direction_skewness(LatentCloud(codes)), expected


@agrees(axes.direction_kurtosis, "PCA of scikit-learn, scipy.stats.kurtosis", 1e-9)
def _(rng):
    codes = skewed(rng, 90, 12)
    expected = np.median(np.abs(stats.kurtosis(directions(codes), bias=False)))
    return axes.direction_kurtosis(LatentCloud(codes)), expected


@agrees(spectrum.scree, "sklearn.decomposition.PCA.explained_variance_")
def _(rng):
    codes = skewed(rng)
    return spectrum.scree(np.cov(codes.T)), PCA().fit(codes).explained_variance_


@agrees(spectrum.crossed_scree, "sklearn.decomposition.PCA.transform of other codes")
def _(rng):
    first, other = skewed(rng), skewed(rng)
    expected = PCA().fit(first).transform(other).var(axis=0, ddof=1)
    return spectrum.crossed_scree(np.cov(first.T), np.cov(other.T)), expected


@agrees(spectrum.dominance, "sklearn.decomposition.PCA.singular_values_")
def _(rng):
    codes = skewed(rng)
    first, second = PCA(n_components=2).fit(codes).singular_values_
    return spectrum.dominance(spectrum.scree(np.cov(codes.T))), (first / second) ** 2


@agrees(spectrum.unevenness, "scipy.stats.gmean")
def _(rng):
    variances = np.sort(rng.gamma(1.0, size=30))[::-1]
    ratios = variances[10:] / stats.gmean(variances[10:])
    return spectrum.unevenness(variances), max(ratios.max(), 1 / ratios.min())


@agrees(spectrum.leading_share, "sklearn.decomposition.PCA.explained_variance_ratio_")
def _(rng):
    codes = skewed(rng)
    expected = PCA().fit(codes).explained_variance_ratio_[:2].sum()
    return spectrum.leading_share(spectrum.scree(np.cov(codes.T)), 2), expected


@agrees(spectrum.second_moments, "numpy: mean square with divisor n - 1 about the mean")
def _(rng):
    codes = skewed(rng)
    mean = codes.mean(axis=0)
    expected = ((codes**2).sum(axis=0) - 60 * mean**2) / 59 + mean**2
    return spectrum.second_moments(LatentCloud(codes)), expected


@agrees(region.distances, "sklearn.covariance.EmpiricalCovariance.mahalanobis", 1e-9)
def _(rng):
    codes, points = skewed(rng), skewed(rng, 20)
    squares = EmpiricalCovariance().fit(codes).mahalanobis(points) * 59 / 60
    return region.distances(points, LatentCloud(codes)), np.sqrt(squares)


@agrees(region.edge, "numpy.quantile at the rank of split conformal prediction", 1e-9)
def _(rng):
    """Lei et al. (2018): the ceil((n + 1) level)-th smallest of n scores."""
    codes, held_out = skewed(rng), skewed(rng, 137)
    far = np.sqrt(EmpiricalCovariance().fit(codes).mahalanobis(held_out) * 59 / 60)
    rank = math.ceil(138 * 0.9)
    expected = np.quantile(far, rank / 137, method="inverted_cdf")
    return region.edge(LatentCloud(codes), held_out, 0.9), expected


def held_within(codes, draws, held_out, level):
    inverse = np.linalg.inv(np.cov(codes.T))
    far, known = (
        cdist(points, codes.mean(axis=0)[None], "mahalanobis", VI=inverse)[:, 0]
        for points in (draws, held_out)
    )
    limit = np.sort(known)[math.ceil((len(known) + 1) * level) - 1]
    return np.mean(far <= limit), np.mean(known <= limit)


@agrees(region.inside_share, "scipy.spatial.distance.cdist, counted")
def _(rng):
    codes, draws, held_out = skewed(rng), 2 * skewed(rng), skewed(rng, 137)
    found = region.inside_share(draws, LatentCloud(codes), held_out, 0.9)
    return found.value, held_within(codes, draws, held_out, 0.9)[0]


@agrees(region.inside_ratio, "scipy.spatial.distance.cdist, counted")
def _(rng):
    codes, draws, held_out = skewed(rng), skewed(rng), skewed(rng, 137)
    inside, reference = held_within(codes, draws, held_out, 0.9)
    return region.inside_ratio(draws, LatentCloud(codes), held_out, 0.9).value, inside / reference


@agrees(region.near_ratio, "sklearn.neighbors.NearestNeighbors, counted")
def _(rng):
    codes, draws, held_out = np.split(skewed(rng, 257), [60, 120])
    draws = 1.5 * draws
    known = NearestNeighbors(n_neighbors=5).fit(codes)
    radii = known.kneighbors()[0][:, -1]

    def near(points):
        distances, places = known.kneighbors(points, n_neighbors=len(codes))
        return np.mean((distances < radii[places]).any(axis=1))

    return region.near_ratio(draws, codes, held_out).value, near(draws) / near(held_out)


@agrees(truncation.within_ellipsoid, "scipy.spatial.distance.cdist", 0.0)
def _(rng):
    codes, points = skewed(rng), skewed(rng)
    inverse = np.linalg.inv(np.cov(codes.T))
    far = cdist(points, codes.mean(axis=0)[None], "mahalanobis", VI=inverse)[:, 0]
    return truncation.within_ellipsoid(points, LatentCloud(codes), 2.0), far <= 2


@agrees(truncation.within_ranges, "scipy.stats.zscore", 0.0)
def _(rng):
    codes = skewed(rng)
    expected = (np.abs(stats.zscore(codes, ddof=1)) <= 1.5).all(axis=1)
    return truncation.within_ranges(codes, LatentCloud(codes), 1.5), expected


@agrees(truncation.radius_of_share, "scipy.stats.chi.ppf")
def _(rng):
    share, d = rng.uniform(0.01, 0.99), int(rng.integers(1, 300))
    return truncation.radius_of_share(share, d), stats.chi(d).ppf(share)


@agrees(truncation.shrinkage, "scipy.stats.chi.expect of the squared radius", 1e-6)
def _(rng):
    d = int(rng.integers(1, 40))
    limit = stats.chi(d).ppf(rng.uniform(0.05, 0.99))
    square = stats.chi(d).expect(lambda r: r**2, lb=0, ub=limit, conditional=True)
    return truncation.shrinkage(limit, d), square / d


@agrees(truncation.uncut_covariance, "scipy.stats.truncnorm.var")
def _(rng):
    core = rng.uniform(-1, 1, (50, 1))
    kept = stats.truncnorm(-1.5, 1.5).var()
    return truncation.uncut_covariance(core, 1.5), [[core.var(ddof=1) / kept]]
