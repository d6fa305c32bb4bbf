"""The posteriors of a VAE: too many to be stored, so they are measured when a model is stored."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from aelatent.latent.cloud import Floats
from aelatent.statistics import posterior

SAMPLE = 500
PROBE_IMAGES = 5000
NAMES = (
    "kl_per_dimension",
    "variance_of_means",
    "posterior_variance",
    "kl_per_image",
    "log_ratio_prior",
    "log_ratio_posterior",
    "probe",
)


def measure(
    z_mean: Floats,
    z_log_var: Floats,
    labels: NDArray[np.int64] | None,
    rng: np.random.Generator,
) -> dict[str, NDArray[Any]]:
    """Measure what claims about a VAE ask of all its posteriors, of which few are stored.

    Parameters
    ----------
    z_mean, z_log_var : ndarray of float64, shape (n, d)
        Means and log-variances of the posteriors of n images.
    labels : ndarray of int64, shape (n,), or None
    rng : numpy.random.Generator

    Returns
    -------
    dict of ndarray of float32
        By dimension, (d,): "kl_per_dimension", the mean divergence in nats; "variance_of_means";
        "posterior_variance", its mean. Of a sample of images, (m,): "kl_per_image", the divergence;
        "log_ratio_prior" and "log_ratio_posterior", the log-densities of the aggregate posterior
        over the prior at draws from either; and with labels "probe", which images of the sample
        were classified correctly by a ridge classifier of the means, fitted to other images.
    """
    every = posterior.divergences(z_mean, z_log_var)
    sample = rng.permutation(len(z_mean))[:SAMPLE]
    prior = rng.standard_normal((len(sample), z_mean.shape[1]))
    noise = rng.standard_normal(prior.shape)
    draws = z_mean[sample] + np.exp(0.5 * z_log_var[sample]) * noise
    measured = {
        "kl_per_dimension": every.mean(axis=0),
        "variance_of_means": z_mean.var(axis=0),
        "posterior_variance": np.exp(z_log_var).mean(axis=0),
        "kl_per_image": every[sample].sum(axis=1),
        "log_ratio_prior": posterior.log_ratio(prior, z_mean, z_log_var),
        "log_ratio_posterior": posterior.log_ratio(draws, z_mean, z_log_var),
    }
    if labels is not None:
        from sklearn.linear_model import RidgeClassifier

        rest = np.setdiff1d(np.arange(len(z_mean)), sample)[:PROBE_IMAGES]
        probe = RidgeClassifier().fit(z_mean[rest], labels[rest])
        measured["probe"] = probe.predict(z_mean[sample]) == labels[sample]
    return {name: values.astype(np.float32) for name, values in measured.items()}
