"""How many independent traits of a digit a code carries."""

import numpy as np
import pytest

from aelatent import Below, Estimate, LatentCloud, estimate
from aelatent.figures import overlaid_histograms
from aelatent.simulation import SimulatedModel, SimulatedReplicate, scenario

A_HUNDRED = Below(100.0)
TRAITS = "independent traits of two values"


@pytest.mark.claim("C-19", needs="trained vae", source_value=100, amended="2026-11-28")
def test_a_code_carries_fewer_than_a_hundred_traits(model, decide, add_figure):
    """A code tells fewer than a hundred independent traits of its image.

    Source
        Cross Validated, the answer: nobody could name a hundred meaningful traits of a digit, and
        yet the model has more than 65,000 features.
    Statement
        However many latent dimensions there are, a code says no more than a hundred independent
        traits would.
    Statistic
        The mean divergence of the posteriors from the normal distribution of the mean and the
        covariance of all sampled codes, over ln 2, one value a replicate: an upper bound on the
        information that a sampled code carries about its image, in bits, and so on the number of
        independent traits of two values that it tells. The bound is met where sampled codes are
        normal; where they are not a code tells less, so that a refutation holds for normal codes.
        Where fewer codes than ten a dimension are stored, components count as uncorrelated. Until
        28 Nov 2026, when verdicts existed, it was the divergence from N(0, I), by which codes that
        are the same for all images, and lie off the origin, tell hundreds of bits.
    Null
        None: the margin is the source's number.
    Decision
        Supported when the 95 % interval over replicates lies below 100; refuted when it lies above;
        inconclusive otherwise.
    """
    if not model.replicates[0].posteriors("train"):
        pytest.skip("the divergence of its posteriors was not stored")
    evidence = estimate(traits, model.replicates, unit=TRAITS)

    add_figure(
        overlaid_histograms(
            {r.name: r.posteriors("train")["kl_per_image"] / np.log(2) for r in model.replicates},
            "divergence of the posterior of an image, bits",
            bound=A_HUNDRED.bound,
        ),
        "What the code of each image tells at most, in bits, and the source's hundred traits.",
    )

    decide(evidence, A_HUNDRED)


@pytest.mark.claim("C-19")
@pytest.mark.expect("refuted", because="each of 300 dimensions tells one bit")
def test_control_many_telling_dimensions_are_many_traits(decide, rng):
    """Where each of 300 dimensions tells one bit, a code carries 300 traits."""
    decide(estimate(traits, telling(300.0, rng), unit=TRAITS), A_HUNDRED)


@pytest.mark.claim("C-19")
def test_control_codes_off_the_origin_tell_no_more(decide, rng):
    """Where codes lie far from the origin and tell one bit of their image, they tell one."""
    decide(estimate(traits, telling(1.0, rng, offset=10.0), unit=TRAITS), A_HUNDRED)


def traits(replicate):
    """Return what a sampled code tells at most of its image, in bits, with its error."""
    nats = replicate.posteriors("train")
    bits = (nats["kl_per_dimension"].sum() - common(nats, replicate.held_out)) / np.log(2)
    if "kl_per_image" not in nats:
        return Estimate(bits)
    error = nats["kl_per_image"].std(ddof=1) / np.log(2)
    return Estimate(bits, error / np.sqrt(len(nats["kl_per_image"])))


def common(nats, cloud):
    """Return the divergence of the normal distribution of all sampled codes from N(0, I).

    Mean and correlations are those of held-out codes: those of training are not always stored.
    """
    noise = nats["posterior_variance"]
    widths = nats["variance_of_means"] + noise
    apart = ((widths + cloud.mean**2 - 1 - np.log(widths)) / 2).sum()
    if cloud.full_covariance is None and cloud.n < 10 * cloud.d:
        return apart
    covariance = cloud.covariance + np.diag(noise)
    return apart + (np.log(np.diag(covariance)).sum() - np.linalg.slogdet(covariance)[1]) / 2


@scenario(test_a_code_carries_fewer_than_a_hundred_traits, null=150.0)
def posteriors_that_tell_so_many_bits(effect, rng):
    """Simulate posteriors that tell so many bits, which scatter by 2 % between trainings."""
    return {"model": SimulatedModel(telling(effect, rng))}


def telling(bits, rng, d=64, offset=0.0):
    """Simulate five trainings by the bits that their codes tell, evenly over d dimensions."""
    replicates = []
    for nats in bits * np.log(2) * (1 + 0.02 * rng.standard_normal(5)):
        spread = np.abs(1 + 0.18 * rng.standard_normal(500))
        noise = np.full(d, np.exp(-2 * nats / d))
        away = d * offset**2 / 2
        posterior = {
            "kl_per_dimension": np.full(d, (nats + away) / d),
            "kl_per_image": nats * spread + away,
            "variance_of_means": 1 - noise,
            "posterior_variance": noise,
        }
        codes = LatentCloud(
            np.zeros((2, d)), full_mean=np.full(d, offset), full_covariance=np.diag(1 - noise)
        )
        replicates.append(SimulatedReplicate(codes, codes, measured={"train": posterior}))
    return replicates
