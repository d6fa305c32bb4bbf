"""For any image the posterior is nearly N(0, I)."""

import numpy as np
import pytest

from aelatent import Above, Below, LatentCloud, estimate
from aelatent.figures import overlaid_histograms
from aelatent.simulation import SimulatedModel, SimulatedReplicate, scenario

WIDE_AS_THE_PRIOR = Above(0.5)
STILL = Below(0.5)


@pytest.mark.claim("C-03", needs="trained vae wide")
def test_every_posterior_equals_the_prior(model, decide, add_figure):
    """For any image the encoder's mean is near 0 and its standard deviation near 1.

    Source
        Cross Validated, first bullet: for any x, mu(x) is about 0 and sigma(x) about 1.
    Statement
        In every dimension the posterior of every image is close to N(0, 1).
    Statistic
        In the dimension where it is least so: the smallest mean posterior variance, and the largest
        standard deviation of the means over images, one value a replicate.
    Null
        None: the claim is about all dimensions, so one that differs decides. "About 1" and "about
        0" are read as within one half.
    Decision
        Variance: Supported when the 95 % interval over replicates lies above 0.5; refuted when it
        lies below; inconclusive otherwise. Means: Supported when the 95 % interval over replicates
        lies below 0.5; refuted when it lies above; inconclusive otherwise.
    """
    evidence = extremes([r.posteriors("train") for r in model.replicates])

    for field, words, prior in (
        ("posterior_variance", "mean posterior variance of a dimension", 1.0),
        ("variance_of_means", "variance of a dimension's means over images", 0.0),
    ):
        values = {r.name: r.posteriors("train")[field] for r in model.replicates}
        add_figure(
            overlaid_histograms(values, words, bound=prior, log=True),
            f"The {words}, all dimensions: many collapsed to the prior's (dashed), some that carry "
            "the image.",
        )

    decide(evidence, [WIDE_AS_THE_PRIOR, STILL])


@pytest.mark.claim("C-03")
def test_control_collapsed_posteriors_equal_the_prior(decide, rng):
    """Posteriors whose every dimension collapsed are the prior, up to a little noise."""
    collapsed = [
        {
            "posterior_variance": 1 + 0.02 * rng.standard_normal(1024),
            "variance_of_means": (0.05 * rng.standard_normal(1024)) ** 2,
        }
        for _ in range(5)
    ]

    decide(extremes(collapsed), [WIDE_AS_THE_PRIOR, STILL])


def extremes(posteriors):
    """Estimate the dimensions that are least like the prior."""
    return [
        estimate(
            lambda p: p["posterior_variance"].min(),
            posteriors,
            unit="smallest posterior variance",
            bounds=(0, np.inf),
        ),
        estimate(
            lambda p: np.sqrt(p["variance_of_means"].max()),
            posteriors,
            unit="largest sd of the means over images",
            bounds=(0, np.inf),
        ),
    ]


@scenario(test_every_posterior_equals_the_prior, null=0.1)
def one_narrow_dimension(effect, rng):
    """Simulate posteriors as wide as the prior but in one dimension, of variance `effect`."""
    return {"model": nearly_collapsed(scattered(effect, rng), scattered(0.2, rng), rng)}


@scenario(test_every_posterior_equals_the_prior, null=0.9, part=1)
def one_restless_dimension(effect, rng):
    """Simulate means that lie still but in one dimension, where they scatter by `effect`."""
    return {"model": nearly_collapsed(scattered(0.9, rng), scattered(effect, rng), rng)}


def scattered(value, rng):
    """Draw a value for each training, which scatters by 4 %."""
    return value * (1 + 0.04 * rng.standard_normal(5))


def nearly_collapsed(variances, scatters, rng):
    """Return a model whose first dimension has posteriors of given variances and means."""
    codes = LatentCloud(np.zeros((2, 1)))
    replicates = []
    for variance, scatter in zip(variances, scatters, strict=True):
        widths = 1 + 0.02 * rng.standard_normal(1024)
        still = (0.01 * rng.standard_normal(1024)) ** 2
        widths[0], still[0] = variance, scatter**2
        posterior = {"posterior_variance": widths, "variance_of_means": still}
        replicates.append(SimulatedReplicate(codes, codes, measured={"train": posterior}))
    return SimulatedModel(replicates)
