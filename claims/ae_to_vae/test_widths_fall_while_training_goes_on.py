"""The VAE's widths fall for all images while training goes on."""

import itertools

import numpy as np
import pytest

from aelatent import Below, LatentCloud, estimate
from aelatent.figures import trend
from aelatent.simulation import SimulatedModel, scenario
from aelatent.statistics.rates import share

EPOCHS = {
    1: "mnist_vae_2d_epoch_1",
    2: "mnist_vae_2d_epoch_2",
    4: "mnist_vae_2d_epoch_4",
    10: "mnist_vae_2d",
}
SEEDS = 5
SHARE = (0, 1)
FEW = Below(0.1)


@pytest.mark.claim("D-11", compares=" ".join(EPOCHS.values()))
def test_widths_fall_for_all_images(models, decide, add_figure):
    """The width of an image's code falls while training goes on, for all images.

    Source
        Yeo (11 Oct 2020), remedy 1: sigma falls for "all" data.
    Statement
        From the first epoch on the posterior of a given image becomes narrower.
    Statistic
        Share of 1,000 held-out images whose mean log-variance rises with the epoch (Kendall's
        correlation above 0 over epochs 1, 2, 4 and 10), one value a seed.
    Null
        One half if widths wander. The catalogue allows a tenth of the images to rise.
    Decision
        Supported when the 95 % interval over replicates lies below 0.1; refuted when it lies above;
        inconclusive otherwise.
    """
    paths = [path(models, seed) for seed in range(SEEDS)]
    evidence = rising_share(paths)

    series = {"codes": {e: [float(p[i].mean()) for p in paths] for i, e in enumerate(EPOCHS)}}
    add_figure(
        trend(series, "epoch", "mean log-variance of the posterior"),
        "Mean log-variance over the epochs, a dot a training.",
    )

    decide(evidence, FEW)


@pytest.mark.claim("D-11", compares=" ".join(EPOCHS.values()))
@pytest.mark.expect("refuted", because="the epochs run backwards")
def test_control_backwards_widths_rise(models, decide):
    """Read from the last epoch to the first, widths rise."""
    paths = [path(models, seed)[::-1] for seed in range(SEEDS)]

    decide(rising_share(paths), FEW)


def path(models, seed):
    """Return the mean log-variance of each held-out image after each epoch, (epochs, n)."""
    return np.stack([models(name).clouds[seed].z_log_var.mean(axis=1) for name in EPOCHS.values()])


def rising_share(paths):
    """Estimate the share of images whose log-variance rises."""
    return estimate(
        lambda p: share(rising(p)), paths, unit="share of images whose width rises", bounds=SHARE
    )


def rising(path):
    """Tell for each image whether its log-variance rises with the epoch, (n,).

    Kendall's correlation has the sign of this sum over all pairs of epochs.
    """
    pairs = itertools.combinations(path, 2)
    return sum(np.sign(later - earlier) for earlier, later in pairs) > 0


@scenario(test_widths_fall_for_all_images, null=0.19)
def a_share_of_rising_widths(effect, rng):
    """Simulate log-variances that wander, and rise on the whole for a share of the images."""
    rises = [
        rng.random((1000, 1)) < share for share in rng.beta(200 * effect, 200 * (1 - effect), SEEDS)
    ]
    models = {}
    for time, name in enumerate(EPOCHS.values()):
        models[name] = SimulatedModel.of(
            [widths(time * np.where(rise, 1, -1), rng) for rise in rises]
        )
    return {"models": models.__getitem__}


def widths(level, rng):
    """Draw codes of a VAE whose log-variances lie about a level, (1000, 1)."""
    log_var = level - 4 + rng.uniform(-0.4, 0.4, (1000, 2))
    return LatentCloud(rng.standard_normal((1000, 2)), z_log_var=log_var)
