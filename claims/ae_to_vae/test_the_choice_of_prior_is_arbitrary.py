"""The choice of N(0, 1) is arbitrary: a VAE with another normal prior does as well."""

import numpy as np
import pytest

from aelatent import Equals, LatentCloud, fact
from aelatent.latent.synthetic import standard_normal
from aelatent.simulation import not_simulated
from aelatent.statistics.posterior import divergences

MEAN, WIDTH = 3.0, 2.0
AS_WELL = Equals(0, within=1e-9)
CHANGE = "largest change of an image's divergence, relative to it or to one nat"


@pytest.mark.claim("D-18", needs="trained vae", amended="2026-11-28")
def test_another_normal_prior_does_as_well(model, decide):
    """A VAE whose prior is N(3, 2) instead of N(0, 1) has the same losses and the same draws.

    Source
        Yeo (11 Oct 2020), remedy 2: N(0, 1) was chosen only because it is easy to sample from.
    Statement
        For every VAE with the prior N(0, 1) there is one of the same architecture with the prior
        N(3, 2), a mean of 3 and a standard deviation of 2, that gives every image the same
        posterior divergence and the same reconstruction, and whose prior draws decode to the same
        images. True by construction, where the networks end and begin with a dense layer.
    Statistic
        Every code z of the model becomes 3 + 2 z: its posteriors' means and widths are transformed
        so, and the first layer of the decoder takes it back, which changes no image. How much that
        changes the divergence of a held-out image, now from N(3, 2), relative to its divergence
        from N(0, 1), or to one nat where that is more: posteriors that equal the prior have a
        divergence of 0. The largest change over images and replicates. Whether a training from
        scratch finds that model as easily is another question, and is not tested.
    Null
        None: arithmetic on the posteriors of trained models.
    Decision
        Supported when the number is 0, give or take 1e-09; refuted otherwise.
    """
    decide(fact(max(change(cloud, WIDTH) for cloud in model.clouds), unit=CHANGE), AS_WELL)


@pytest.mark.claim("D-18")
@pytest.mark.expect("refuted", because="the widths of the posteriors stay what they were")
def test_control_moving_the_means_alone_is_not_enough(decide, rng):
    """Where only the means are moved to the other prior, the divergence changes."""
    means = standard_normal(100, 2, rng).z_mean
    cloud = LatentCloud(means, z_log_var=rng.normal(-2, 0.5, means.shape))

    decide(fact(change(cloud, 1.0), unit=CHANGE), AS_WELL)


def change(cloud, stretch):
    """Return the largest relative change of a divergence under another prior.

    The posteriors' means go to 3 + 2 z, their standard deviations are multiplied by `stretch`.
    """
    before = divergences(cloud.z_mean, cloud.z_log_var).sum(axis=1)
    means, widths = MEAN + WIDTH * cloud.z_mean, stretch * np.exp(0.5 * cloud.z_log_var)
    after = divergences_from(means, widths, MEAN, WIDTH).sum(axis=1)
    return float(np.max(np.abs(after - before) / np.maximum(before, 1)))


def divergences_from(means, widths, centre, spread):
    """Return the divergence of N(means, widths^2) from N(centre, spread^2), number by number."""
    squares = (widths**2 + (means - centre) ** 2) / (2 * spread**2)
    return np.log(spread / widths) + squares - 0.5


not_simulated(
    test_another_normal_prior_does_as_well,
    because="It is arithmetic, nothing is estimated.",
)
