"""References of normality, modes, radii, and their distributions."""

import math

import numpy as np
from scipy import optimize, stats
from scipy.cluster.vq import kmeans2
from sklearn.covariance import EmpiricalCovariance
from sklearn.datasets import load_iris, load_wine
from sklearn.decomposition import PCA
from sklearn.mixture import GaussianMixture

from aelatent.latent.cloud import LatentCloud
from aelatent.statistics import generalised_chi, modes, normality, radius

from .register import agrees
from .samples import skewed


@agrees(normality.skewness, "scipy.stats.kstat: Fisher's G1", 1e-9)
def _(rng):
    codes = skewed(rng)
    third, second = (stats.kstat(codes, order, axis=0) for order in (3, 2))
    return normality.skewness(codes), third / second**1.5


@agrees(normality.excess_kurtosis, "scipy.stats.kstat: Fisher's G2", 1e-9)
def _(rng):
    codes = skewed(rng)
    fourth, second = (stats.kstat(codes, order, axis=0) for order in (4, 2))
    return normality.excess_kurtosis(codes), fourth / second**2


@agrees(
    normality.irregular_components,
    "scipy.stats.normaltest and genpareto, with the published step-up procedure",
    0.0,
)
def _(rng):
    """Benjamini and Hochberg (1995): all up to the last p(i) <= level i / d are found."""
    codes = np.hstack([rng.standard_normal((200, 6)), rng.gamma(6.0, size=(200, 6))])
    start, shape, scale = normality.TAILS[200]
    beyond = np.array([stats.normaltest(column).statistic for column in codes.T]) - start
    pvalues = np.where(beyond > 0, 0.05 * stats.genpareto(shape, 0, scale).sf(beyond), 1.0)
    below = np.flatnonzero(np.sort(pvalues) < 0.05 * np.arange(1, 13) / 12)
    found = pvalues <= (np.sort(pvalues)[below[-1]] if len(below) else -1)
    skew, kurtosis = (moment(codes, bias=False) for moment in (stats.skew, stats.kurtosis))
    visible = (np.abs(skew) > 0.3) | (np.abs(kurtosis) > 0.5)
    return normality.irregular_components(codes), found & visible


@agrees(normality.normal_pvalues, "scipy.stats.normaltest by scipy.stats.monte_carlo_test", 0.01)
def _(rng):
    """Simulated samples of as many codes; to the precision of 4,000 of them."""
    codes = rng.standard_normal((75, 3)) + 0.9 * rng.exponential(size=(75, 3))
    expected = [
        stats.monte_carlo_test(
            column,
            np.random.default_rng(1).standard_normal,
            lambda x, axis: stats.normaltest(x, axis=axis).statistic,
            n_resamples=4000,
            vectorized=True,
            alternative="greater",
        ).pvalue
        for column in codes.T
    ]
    found = normality.normal_pvalues(codes)
    near = found < 0.05  # what the test decides on; beyond it p-values are stretched
    return found[near], np.array(expected)[near]


@agrees(normality.mardia, "MVN of R, as published for the setosa irises", 2e-7)
def _(rng):
    """Korkmaz, Goksuluk and Zararsiz, "MVN", The R Journal 6 (2014)."""
    found = normality.mardia(load_iris().data[:50])
    values = found.skewness, found.skewness_pvalue, found.kurtosis
    return values, (3.079721, 0.1771859, 26.53766)


@agrees(normality.henze_zirkler, "MVN of R, as published for the setosa irises", 1e-7)
def _(rng):
    found = normality.henze_zirkler(load_iris().data[:50])
    return (found.statistic, found.pvalue), (0.9488453, 0.04995356)


@agrees(normality.kurtosis_ratio, "sklearn.covariance.EmpiricalCovariance.mahalanobis", 1e-9)
def _(rng):
    codes, points = skewed(rng), skewed(rng)
    squares = EmpiricalCovariance().fit(codes).mahalanobis(points) * 59 / 60
    return normality.kurtosis_ratio(points, LatentCloud(codes)), (squares**2).mean() / 24


@agrees(normality.quantiles, "scipy.stats.probplot against the chi distribution")
def _(rng):
    """Hazen's plotting positions, (i - 1/2) / n."""
    codes = skewed(rng)
    far = np.sqrt(EmpiricalCovariance().fit(codes).mahalanobis(codes) * 59 / 60)
    expected = stats.chi(4).ppf((np.arange(60) + 0.5) / 60)
    return normality.quantiles(codes, LatentCloud(codes)), (np.sort(far), expected)


@agrees(normality.quantile_discrepancy, "scipy.stats.chi: quantiles and spread")
def _(rng):
    codes = skewed(rng)
    far = np.sqrt(EmpiricalCovariance().fit(codes).mahalanobis(codes) * 59 / 60)
    gaps = np.sort(far) - stats.chi(4).ppf((np.arange(60) + 0.5) / 60)
    expected = np.sqrt((gaps**2).mean()) / stats.chi(4).std()
    return normality.quantile_discrepancy(codes, LatentCloud(codes)), expected


@agrees(normality.whitened, "sklearn.decomposition.PCA(whiten=True), up to signs", 1e-9)
def _(rng):
    codes = skewed(rng)
    expected = PCA(whiten=True).fit_transform(codes) * math.sqrt(60 / 59)
    return np.abs(normality.whitened(codes)), np.abs(expected)


@agrees(generalised_chi.GeneralisedChi, "scipy.stats.ncx2 and scipy.stats.chi", 1e-6)
def _(rng):
    d, scale = int(rng.integers(1, 60)), rng.uniform(0.1, 10)
    offsets = rng.standard_normal(d)
    square = stats.ncx2(d, (offsets**2).sum())
    radii = np.sqrt(square.ppf([0.001, 0.2, 0.5, 0.8, 0.999]))
    law = generalised_chi.GeneralisedChi(np.full(d, scale**2), scale * offsets)
    centred = generalised_chi.GeneralisedChi(np.full(d, scale**2), np.zeros(d))
    chi = stats.chi(d, scale=scale)
    found = [*law.density(scale * radii) * scale, centred.mean / scale, centred.sd / scale]
    return found, [*2 * radii * square.pdf(radii**2), chi.mean() / scale, chi.std() / scale]


# What diptest 0.12.0 says about the 13 measurements of the wines.
DIPS = [
    0.02549157303370795,
    0.01608784473953013,
    0.0221207865168541,
    0.03230337078651686,
    0.0351123595505618,
    0.03244106631416609,
    0.04465006976573401,
    0.03401997503121099,
    0.02212078651685398,
    0.02342816160650252,
    0.02434456928838952,
    0.03738860906625338,
    0.02501755617977527,
]


@agrees(modes.dip, "diptest 0.12.0", 1e-12)
def _(rng):
    return [modes.dip(column) for column in load_wine().data.T], DIPS


@agrees(modes.largest_dip, "scipy.cluster.vq.kmeans2, projected as described")
def _(rng):
    codes = skewed(rng)
    seed = int(rng.integers(99))
    centres, _ = kmeans2(codes, 8, minit="++", rng=np.random.default_rng(seed))
    lines = [centres[i] - centres[j] for i in range(8) for j in range(i)]
    dips = [modes.dip(codes @ line) for line in [*np.eye(4), *lines]]
    return modes.largest_dip(codes, np.random.default_rng(seed)), max(dips)


@agrees(modes.mixture_gain, "sklearn.mixture.GaussianMixture on two distant clusters", 0.02)
def _(rng):
    """With its own starting points: far blobs leave no other optimum."""
    codes = rng.standard_normal((400, 2)) + 12.0 * np.arange(400)[:, None] % 24
    order = rng.permutation(400)
    gains = []
    for seen, unseen in ((order[:200], order[200:]), (order[200:], order[:200])):
        mixtures = [GaussianMixture(k, random_state=0).fit(codes[seen]) for k in (1, 2)]
        gains.append(mixtures[1].score(codes[unseen]) - mixtures[0].score(codes[unseen]))
    return modes.mixture_gain(codes, rng, most=2).value, np.mean(gains)


@agrees(radius.bandwidth, "scipy.stats: iqr, normal scale; the published rate", 1e-12)
def _(rng):
    """Chacón, Duong and Wand (2011) for the first derivative in one dimension."""
    radii = rng.gamma(9.0, size=80)
    spread = min(radii.std(ddof=1), stats.iqr(radii) / 1.349)
    return radius.bandwidth(radii), spread * (4 / (5 * 80)) ** (1 / 7)


def kernel_density(radii):
    return stats.gaussian_kde(radii, radius.bandwidth(radii) / radii.std(ddof=1))


@agrees(radius.peak_radius, "scipy.stats.gaussian_kde, its highest point", 1e-5)
def _(rng):
    radii = rng.gamma(9.0, size=80)
    density = kernel_density(radii)
    grid = np.linspace(radii.min(), radii.max(), 2000)
    start = grid[density(grid).argmax()]
    step = grid[1] - grid[0]
    summit = optimize.minimize_scalar(
        lambda r: -density(r)[0], bounds=(start - step, start + step), options={"xatol": 1e-9}
    )
    return radius.peak_radius(radii), summit.x


@agrees(radius.peak_contributions, "scipy.stats.gaussian_kde, differentiated numerically", 1e-3)
def _(rng):
    """Each radius' part of the derivative at the mode, over the second derivative there."""
    radii = rng.gamma(9.0, size=80)
    peak, h = radius.peak_radius(radii), 1e-3
    density, width = kernel_density(radii), radius.bandwidth(radii)
    bend = (density(peak + h) - 2 * density(peak) + density(peak - h))[0] / h**2
    slopes = [
        (stats.norm.pdf(peak + h, r, width) - stats.norm.pdf(peak - h, r, width)) / (2 * h)
        for r in radii
    ]
    return radius.peak_contributions(radii), (slopes - np.mean(slopes)) / 80 / abs(bend)


@agrees(radius.peak_over_root_n, "scipy.stats.gaussian_kde on a grid", 1e-3)
def _(rng):
    codes = skewed(rng, 200, 9)
    radii = np.linalg.norm(codes, axis=1)
    grid = np.linspace(radii.min(), radii.max(), 5000)
    expected = grid[kernel_density(radii)(grid).argmax()] / 3
    return radius.peak_over_root_n(LatentCloud(codes)).value, expected


@agrees(radius.peak_over_predicted, "scipy.stats.ncx2, its highest density", 1e-4)
def _(rng):
    codes, mean = rng.standard_normal((200, 9)) + 1, np.ones(9)
    square = stats.ncx2(9, 9.0)
    summit = optimize.minimize_scalar(
        lambda r: -2 * r * square.pdf(r**2), bounds=(2, 7), options={"xatol": 1e-9}
    )
    law = LatentCloud(codes, full_mean=mean, full_covariance=np.eye(9))
    return radius.peak_over_predicted(law).value, radius.peak_radius(law.radii) / summit.x
