"""Inputs that statistics and references share."""

from sklearn.datasets import load_wine

from aelatent.latent.cloud import LatentCloud


def skewed(rng, n=60, d=4):
    """Codes that are correlated, off the origin, skewed and of different widths."""
    return rng.gamma(2.0, size=(n, d)) @ rng.standard_normal((d, d)) + rng.standard_normal(d)


def cloud(rng, n=60, d=4):
    """Make such codes a cloud."""
    return LatentCloud(skewed(rng, n, d))


def wine():
    """The 178 wines of scikit-learn, 13 measurements of each, with mean 0 and variance 1.

    What a reference that is not installed with this library said about them stands as a number.
    """
    values = load_wine().data
    return (values - values.mean(axis=0)) / values.std(axis=0)
