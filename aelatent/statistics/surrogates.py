"""Nulls: clouds that share some properties of the codes and have no others."""

from __future__ import annotations

import numpy as np
from scipy import stats

from aelatent.latent.cloud import LatentCloud
from aelatent.samplers.ladder import ColumnShuffles, Gaussian


def column_shuffles(cloud: LatentCloud, rng: np.random.Generator) -> LatentCloud:
    """Shuffle each component over the codes: the marginals stay exactly, all dependence goes.

    Labels, groups and the moments of the full set are dropped, since they no longer apply.

    Parameters
    ----------
    cloud : LatentCloud
    rng : numpy.random.Generator

    Returns
    -------
    LatentCloud
    """
    return LatentCloud(ColumnShuffles().draw(cloud.n, cloud, rng))


def gaussian_twins(cloud: LatentCloud, rng: np.random.Generator) -> LatentCloud:
    """Draw as many normal codes with the mean and the covariance of the cloud, no more of it.

    Parameters
    ----------
    cloud : LatentCloud
    rng : numpy.random.Generator

    Returns
    -------
    LatentCloud
    """
    return LatentCloud(Gaussian().draw(cloud.n, cloud, rng))


def haar_rotations(cloud: LatentCloud, rng: np.random.Generator) -> LatentCloud:
    """Rotate or reflect all codes about the origin, with the same matrix, drawn by Haar's measure.

    Radii, distances, angles and the eigenvalues of the covariance stay; the axes lose their
    meaning. Labels and groups are kept, the moments of the full set are rotated along.

    Parameters
    ----------
    cloud : LatentCloud
    rng : numpy.random.Generator

    Returns
    -------
    LatentCloud
    """
    q = np.eye(1) * rng.choice([-1.0, 1.0])
    if cloud.d > 1:
        q = np.asarray(stats.ortho_group.rvs(cloud.d, random_state=rng))
    mean, covariance = cloud.full_mean, cloud.full_covariance
    return LatentCloud(
        cloud.z_mean @ q,
        labels=cloud.labels,
        groups=cloud.groups,
        full_mean=None if mean is None else mean @ q,
        full_covariance=None if covariance is None else q.T @ covariance @ q,
    )


def sign_flips(cloud: LatentCloud, rng: np.random.Generator) -> LatentCloud:
    """Send a random half of the codes through the origin, z to -z.

    Radii and second moments about the origin stay; the mean goes to 0 in expectation. Labels and
    groups are kept, the moments of the full set are dropped.

    Parameters
    ----------
    cloud : LatentCloud
    rng : numpy.random.Generator

    Returns
    -------
    LatentCloud
    """
    signs = rng.choice([-1.0, 1.0], size=(cloud.n, 1))
    return LatentCloud(signs * cloud.z_mean, labels=cloud.labels, groups=cloud.groups)
