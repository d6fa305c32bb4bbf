"""What each statistic promises: invariances, bounds, and how it follows a scale."""

import tempfile
from dataclasses import astuple
from functools import partial
from pathlib import Path

import numpy as np

from aelatent.inference.estimates import Estimate
from aelatent.latent.cloud import LatentCloud
from aelatent.latent.npy_chunks import ROWS
from aelatent.latent.out_of_core import open_cloud
from aelatent.statistics import (
    axes,
    classes,
    dependence,
    discrimination,
    diversity,
    embedding,
    generalised_chi,
    intrinsic_dimension,
    jackknife,
    modes,
    nearest,
    normality,
    point_patterns,
    posterior,
    radius,
    rates,
    region,
    spectrum,
    stored,
    stored_neighbours,
    truncation,
    two_samples,
)

from .register import promise

RIGID = "order place turn mirror"
ABOUT_ORIGIN = "order scale turn mirror"
SHAPE = f"{RIGID} scale"
COMPONENTS = "order place widths mirror"
AFFINE = "order place linear"
SHARE = {"low": 0.0, "high": 1.0}


def rng():
    """Return the same generator to every call, so that nothing but the codes differs."""
    return np.random.default_rng(0)


def on_cloud(f, s):
    """Measure the cloud of all codes."""
    return f(s.cloud)


def on_codes(f, s):
    """Measure all codes."""
    return f(s.codes)


def on_column(f, s):
    """Measure one component."""
    return f(s.column)


def on_radii(f, s):
    """Measure the distances from the origin."""
    return f(s.cloud.radii)


def on_both(f, s):
    """Measure the first codes against the cloud of the others."""
    return f(s.first, others(s))


def on_classes(f, s):
    """Measure codes with their labels."""
    return f(s.codes, s.labels)


def on_scree(f, s):
    """Measure the principal variances."""
    return f(spectrum.scree(covariance(s.codes)))


def covariance(codes):
    """Return the covariance of codes."""
    return np.cov(codes.T)


def gram(vectors):
    """Return all inner products, which no rotation changes."""
    return vectors @ vectors.T


def others(sample):
    """Return the cloud that the first codes are held against."""
    return LatentCloud(sample.rest)


# Axes
promise(axes.participation_ratio, lambda f, s: f(s.column**2), "order scale mirror", low=1.0)
promise(axes.strongest_correlation, on_cloud, f"{COMPONENTS} axes", **SHARE)
promise(axes.correlations, on_cloud, COMPONENTS, low=-1.0, high=1.0)
promise(axes.common_width, on_cloud, "order scale axes mirror", low=1.0)
promise(axes.resultant_length, on_codes, ABOUT_ORIGIN, **SHARE)
promise(axes.largest_gap, on_column, "order scale", low=0.0)
promise(axes.offset, on_cloud, ABOUT_ORIGIN, low=0.0)
promise(axes.relative_size, on_cloud, ABOUT_ORIGIN, **SHARE)
promise(axes.standing_of_origin, on_cloud, "order scale turn linear")
promise(
    axes.diagonal_law, lambda f, s: f(s.cloud).covariance, "order place mirror", low=0.0, degree=2
)
promise(axes.principal_scores, lambda f, s: np.sort(np.abs(f(s.cloud)), axis=0), SHAPE, low=0.0)
promise(axes.direction_skewness, on_cloud, SHAPE, low=0.0, d=(3, 12))
promise(axes.direction_kurtosis, on_cloud, SHAPE, low=0.0, d=(3, 12))

# Spectra
promise(spectrum.scree, lambda f, s: f(covariance(s.codes)), f"{RIGID} axes", low=0.0, degree=2)
promise(
    spectrum.crossed_scree,
    lambda f, s: f(covariance(s.first), covariance(s.rest)),
    f"{RIGID} axes",
    low=0.0,
    degree=2,
)
promise(spectrum.dominance, on_scree, SHAPE, low=1.0)
promise(spectrum.unevenness, lambda f, s: on_scree(partial(f, skipped=0), s), SHAPE, low=1.0)
promise(spectrum.leading_share, lambda f, s: on_scree(partial(f, count=1), s), SHAPE, **SHARE)
promise(spectrum.second_moments, on_cloud, "order mirror", low=0.0, degree=2)

# Regions and cuts
promise(region.distances, lambda f, s: np.sort(f(s.first, others(s))), AFFINE, low=0.0)
promise(region.edge, lambda f, s: f(others(s), s.first, 0.8), AFFINE, low=0.0)
promise(region.inside_share, lambda f, s: f(s.first, others(s), s.rest, 0.8), AFFINE, **SHARE)
promise(
    region.inside_ratio, lambda f, s: f(s.first, others(s), s.rest, 0.8), AFFINE, low=0.0, high=1.25
)
promise(region.near_ratio, lambda f, s: f(s.first, s.rest, s.rest, 3), SHAPE, **SHARE)
promise(truncation.within_ellipsoid, lambda f, s: np.sort(f(s.first, others(s), 1.5)), AFFINE)
promise(truncation.within_ranges, lambda f, s: np.sort(f(s.first, others(s), 1.5)), COMPONENTS)
promise(truncation.uncut_covariance, lambda f, s: f(s.codes, 2.0), "order place mirror", degree=2)
promise(truncation.core_moments, lambda f, s: settled(f, s.codes), "order place widths mirror")


def settled(f, codes):
    """Return how far codes are from their core's centre, or nothing where none is found."""
    try:
        mean, spread = f(codes, 3.0)
    except ValueError:
        return []
    law = LatentCloud(codes, full_mean=mean, full_covariance=spread)
    return np.sort(region.distances(codes, law))


# Normality
promise(normality.skewness, on_codes, "order place widths")
promise(normality.excess_kurtosis, on_codes, COMPONENTS)
promise(normality.irregular_components, on_codes, COMPONENTS)
promise(normality.normal_pvalues, on_codes, COMPONENTS, **SHARE)
promise(
    normality.mardia,
    lambda f, s: [
        (m := f(s.codes)).skewness,
        m.kurtosis,
        m.relative_kurtosis,
        m.skewness_pvalue,
        m.kurtosis_pvalue,
    ],
    AFFINE,
    low=0.0,
)
promise(
    normality.henze_zirkler,
    lambda f, s: [(test := f(s.codes)).statistic, test.pvalue],
    AFFINE,
    low=0.0,
)
promise(normality.kurtosis_ratio, on_both, AFFINE, low=0.0)
promise(normality.quantiles, on_both, AFFINE, low=0.0)
promise(normality.quantile_discrepancy, on_both, AFFINE, low=0.0)
promise(normality.whitened, lambda f, s: np.sort(gram(f(s.codes))), "place linear")

# Radii
promise(
    generalised_chi.GeneralisedChi,
    lambda f, s: [(law := f.of(s.cloud)).mean, law.sd, law.peak],
    "order turn mirror",
    low=0.0,
    degree=1,
    off=1e-4,
)
promise(radius.bandwidth, on_radii, "order turn mirror", low=0.0, degree=1)
promise(radius.peak_radius, on_radii, "order turn mirror", low=0.0, degree=1, off=1e-4)
promise(
    radius.peak_contributions,
    lambda f, s: np.sort(f(s.cloud.radii)),
    "order turn mirror",
    degree=1,
    off=1e-2,
)
promise(radius.peak_over_root_n, on_cloud, "order turn mirror", low=0.0, degree=1, off=1e-4)
promise(radius.peak_over_predicted, on_cloud, ABOUT_ORIGIN, low=0.0, off=1e-2)


def on_files(f, *codes):
    """Measure clouds over files of the codes, of five blocks or more."""
    with tempfile.TemporaryDirectory() as folder:
        clouds = []
        for place, values in enumerate(codes):
            np.save(Path(folder) / f"{place}.npy", values)
            rows = min(max(20, len(values) // 5), ROWS)
            clouds.append(open_cloud(Path(folder) / f"{place}.npy", rows=rows, workers=1))
        return f(*clouds)


# Files
promise(
    stored.peak_radius,
    lambda f, s: on_files(f, s.codes),
    "order turn mirror",
    low=0.0,
    degree=1,
    off=1e-2,
)
promise(stored.distances, lambda f, s: np.sort(on_files(f, s.codes)), AFFINE, low=0.0)
promise(
    stored.normality,
    lambda f, s: [(n := on_files(f, s.codes)).kurtosis_ratio, n.quantile_discrepancy],
    AFFINE,
    low=0.0,
)
promise(
    stored.embedding_test,
    lambda f, s: on_files(lambda *c: f(*c, rng(), frequencies=1).discrepancy, s.rest, s.codes),
    "place scale",
    low=-1.0,
    high=2.0,
)
promise(
    stored_neighbours.neighbours,
    lambda f, s: np.sort(on_files(lambda c: f(c, s.first, 3)[0], s.rest), axis=0),
    RIGID,
    low=0.0,
    degree=1,
)

# Modes
promise(modes.dip, on_column, "order place scale mirror", low=0.0, high=0.25)
promise(modes.largest_dip, lambda f, s: f(s.codes, rng()), "place scale", low=0.0, high=0.25)
promise(
    modes.mixture_gain,
    lambda f, s: f(s.codes, rng(), most=2),
    "place scale mirror",
    off=1e-3,
    d=(2, 3),
)
promise(
    modes.mode_count,
    lambda f, s: f(s.codes, rng(), (1, 2, 3)),
    "place scale",
    low=1,
    high=3,
    d=(2, 3),
)

# Neighbours
for _estimator in (
    intrinsic_dimension.two_nn,
    intrinsic_dimension.likelihood_dimension,
    intrinsic_dimension.correlation_dimension,
    intrinsic_dimension.local_pca_dimension,
    intrinsic_dimension.least_dimension,
):
    promise(_estimator, on_codes, SHAPE, low=0.0, d=(2, 20))
promise(intrinsic_dimension.dimensions, lambda f, s: list(f(s.codes).values()), SHAPE, low=0.0)
promise(
    nearest.neighbours, lambda f, s: np.sort(f(s.codes, 5)[0], axis=0), RIGID, low=0.0, degree=1
)
promise(
    nearest.nearest_distances,
    lambda f, s: np.sort(f(s.codes)),
    f"{RIGID} axes",
    low=0.0,
    degree=1,
    d=(2, 20),
)
promise(
    jackknife.contributions,
    lambda f, s: np.sort(f(np.mean, s.column, 1000)),
    "order place",
    degree=1,
)
promise(
    jackknife.contributions_of_codes,
    lambda f, s: np.array(f(lambda cloud: cloud.radii.mean(), s.cloud)),
    "turn mirror",
    degree=1,
)
promise(
    jackknife.with_images,
    lambda f, s: f(lambda cloud: cloud.radii.mean())(s.cloud),
    "turn mirror",
    degree=1,
)
promise(nearest.nearest_distance, on_cloud, RIGID, low=0.0, degree=1)
promise(nearest.nearest_variation, on_cloud, SHAPE, low=0.0)

# Point patterns, through a window that holds half of the points
for _summary in (point_patterns.clark_evans, point_patterns.crowding):
    promise(_summary, lambda f, s: f(view(s)), "order place scale mirror axes", low=0.0, d=(2, 2))
promise(
    point_patterns.ripley_l,
    lambda f, s: f(view(s), [0.31, 0.63]),
    "order place scale mirror axes",
    low=0.0,
    off=3e-3,
    d=(2, 2),
)
promise(
    point_patterns.void_share,
    lambda f, s: f(view(s)),
    "order place scale mirror axes",
    **SHARE,
    off=3e-3,
    d=(2, 2),
)
promise(
    point_patterns.central_window,
    lambda f, s: (seen := f(s.codes, len(s.codes) // 2)).high - seen.low,
    "order place mirror",
    low=0.0,
    degree=1,
    d=(2, 2),
)
promise(
    point_patterns.departures,
    lambda f, s: f(s.first[:3], [s.rest[i : i + 3] for i in range(len(s.rest) - 3)]),
    "place scale mirror widths axes",
)


def view(sample):
    """Look at the middle of the codes."""
    return point_patterns.central_window(sample.codes, len(sample.codes) // 2)


# Maps
promise(
    embedding.torn_share, on_codes, "order place scale mirror axes", **SHARE, off=3e-3, d=(2, 2)
)
promise(embedding.zoomed_void_share, on_codes, "order place scale", **SHARE, off=3e-3, d=(2, 2))

# Classes
promise(classes.purity, lambda f, s: f(s.codes, s.labels, 5), SHAPE, **SHARE)
promise(
    classes.areas, lambda f, s: f(s.codes, s.labels) ** (1 / s.cloud.d), RIGID, low=0.0, degree=1
)
promise(classes.unevenness, lambda f, s: f(s.column**2), "order scale", low=0.0)
promise(classes.explained, on_classes, SHAPE, **SHARE)
promise(classes.entropy, lambda f, s: f(s.labels, 5), "order", **SHARE)

# Dependence and discrimination
promise(dependence.distance_correlations, on_codes, COMPONENTS, **SHARE)
promise(
    discrimination.auc, lambda f, s: f(s.first[:, 0], s.rest[:, 0]), "order place scale", **SHARE
)
promise(
    discrimination.auc_estimate,
    lambda f, s: f(s.first[:, 0], s.rest[:, 0]),
    "order place scale",
    **SHARE,
)

# Diversity
promise(diversity.mean_distance, lambda f, s: f(s.codes, rng()), RIGID, low=0.0, degree=1)
promise(diversity.relative_diversity, lambda f, s: f(s.first, s.rest, rng()), SHAPE, low=0.0)
for _score in (diversity.precision, diversity.recall, diversity.coverage):
    promise(_score, lambda f, s: f(s.rest, s.first), SHAPE, **SHARE, d=(2, 20))
promise(diversity.scores, lambda f, s: astuple(f(s.rest, s.first)), SHAPE, low=0.0, d=(2, 20))
promise(diversity.density, lambda f, s: f(s.rest, s.first), SHAPE, low=0.0)

# Two samples
promise(two_samples.energy_distance, lambda f, s: f(s.first, s.rest), RIGID, low=0.0, degree=1)
promise(
    two_samples.kernel_discrepancy, lambda f, s: f(s.first, s.rest, 2.0), RIGID, low=0.0, high=2.0
)
promise(two_samples.median_distance, lambda f, s: f(s.codes, rng()), RIGID, low=0.0, degree=1)
promise(
    two_samples.energy_test,
    lambda f, s: [(test := f(s.first, s.rest, rng())).pvalue, *test.null / test.statistic],
    "place scale turn mirror",
    low=0.0,
)
promise(
    two_samples.discrepancy_test,
    lambda f, s: [(test := f(s.first, s.rest, rng())).statistic, test.pvalue, *test.null],
    "place scale turn mirror",
    low=0.0,
    high=2.0,
)

# Posteriors and rates
promise(
    posterior.divergences,
    lambda f, s: np.sort(f(s.codes, -np.abs(s.codes) / 10).sum(axis=1)),
    "order mirror axes",
    low=0.0,
)
promise(
    posterior.log_ratio,
    lambda f, s: np.sort(f(s.first, s.rest, np.full(s.rest.shape, -1.0))),
    "order turn mirror axes",
)
promise(rates.share, lambda f, s: f(s.column > 0), "order scale", **SHARE)
promise(
    rates.rate_of_new_kind,
    lambda f, s: [(rate := f((s.column > 0).astype(float))).value, rate.kind.error],
    "order scale",
    low=0.0,
)
promise(
    rates.corrected_rate,
    lambda f, s: f(s.column > 0, Estimate(0.9, 0.02), Estimate(0.1, 0.01)),
    "order scale",
)
promise(
    rates.hit_ratio,
    lambda f, s: f(s.column > 0, np.full(9, True), Estimate(0.1, 0.01)),
    "order scale",
)
promise(
    rates.rate_difference,
    lambda f, s: f(
        s.column > 0, np.full(9, True), s.codes[:, 1] > 0, np.full(7, True), Estimate(0.1, 0.01)
    ),
    "order scale",
)
