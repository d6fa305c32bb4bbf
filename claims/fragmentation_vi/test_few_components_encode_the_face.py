"""A few dominant components encode the basic features of a face."""

import numpy as np
import pytest

from aelatent import Above, LatentCloud, estimate
from aelatent.figures import image_grid, trend
from aelatent.inference.estimates import Estimate
from aelatent.simulation import SimulatedModel, SimulatedReplicate, scenario

KEPT = (8, 16, 32, 64, 128)
QUARTER = 64
CODES = 60
ENOUGH = Above(0.9)


@pytest.mark.claim("A-17", needs="trained autoencoder wide faces decoder")
def test_few_components_encode_the_face(model, decide, add_figure, rng):
    """A quarter of the components, the dominant ones, carries nine tenths of the image.

    Source
        000 part 1 (30 Apr 2023), introduction and objective: a few dominant components encode the
        basic features of the face.
    Statement
        With all but a few dominant components at their mean, a code still decodes to its image.
    Statistic
        Share of the decoded image's variance about the decoded mean that is kept if only the
        components of largest variance, a quarter of all 256, keep their values, one value a
        replicate. The judge cannot decide it: it accepts the mean itself, with nothing kept, as a
        face.
    Null
        A random quarter of the components stands beside it in the figure. The catalogue's margin is
        90 % at a quarter of N.
    Decision
        Supported when the 95 % interval over replicates lies above 0.9; refuted when it lies below;
        inconclusive otherwise.
    """
    evidence = estimate(
        lambda r: variance_kept(r, dominant(r)[:QUARTER]),
        model.replicates,
        unit="share of the image's variance kept",
    )

    shown = model.replicates[:2]
    series = {
        name: {k: [variance_kept(r, order(r)[:k]).value for r in shown] for k in KEPT}
        for name, order in (
            ("dominant components", dominant),
            ("null", lambda r: rng.permutation(r.train.d)),
        )
    }
    add_figure(
        trend(series, "components kept", "share of the image's variance", bound=0.9),
        "Variance of the decoded image kept, by dominant and (null) by random components.",
    )
    first = model.replicates[0]
    codes = draws(first, rng)
    add_figure(
        image_grid(
            {
                f"{k} of 256 components": first.decode(only(first, codes, dominant(first)[:k]))
                for k in (*KEPT, 256)
            }
        ),
        "Gaussian draws of which only the dominant components keep their values.",
    )

    decide(evidence, ENOUGH)


@pytest.mark.claim("A-17", needs="trained autoencoder wide faces decoder")
def test_control_all_components_carry_the_whole_image(model, decide):
    """With all components kept nothing is lost."""
    decide(estimate(lambda r: variance_kept(r, np.arange(r.train.d)), model.replicates), ENOUGH)


def dominant(replicate):
    """Return the components by their variance, the largest first."""
    return np.argsort(replicate.train.deviations)[::-1]


def only(replicate, codes, chosen):
    """Set all components but the chosen ones to their mean."""
    reduced = np.repeat(replicate.train.mean[None], len(codes), axis=0)
    reduced[:, chosen] = codes[:, chosen]
    return reduced


def variance_kept(replicate, chosen):
    """Return the share of the decoded images' variance that the chosen components keep."""
    codes = replicate.held_out.z_mean[:CODES]
    centre = replicate.decode(replicate.train.mean[None]).astype(float)
    whole = replicate.decode(codes)
    lost = np.square(replicate.decode(only(replicate, codes, chosen)) - whole.astype(float))
    total = np.square(whole - centre)
    ratios = lost.reshape(CODES, -1).sum(axis=1) / total.reshape(CODES, -1).sum(axis=1)
    return Estimate(1 - ratios.mean(), max(ratios.std() / CODES**0.5, 1e-3))


def draws(replicate, rng, count=10):
    """Draw a few codes from the Gaussian with the codes' mean and covariance."""
    root = np.linalg.cholesky(replicate.train.covariance)
    return replicate.train.mean + rng.standard_normal((count, replicate.train.d)) @ root.T


@scenario(test_few_components_encode_the_face, null=0.85)
def decoders_of_dominant_components(effect, rng):
    """Simulate linear decoders that give dominant components a share of the image's variance."""
    shares = (effect + 0.013 * rng.standard_normal(5)).clip(0, 1)
    return {"model": SimulatedModel([linear(share, rng) for share in shares])}


def linear(share, rng):
    """Return a replicate of 128 components, 64 of which carry a share of 128 pixels' variance."""
    lost = 1 - share
    lost -= 2 * lost * share * (share - lost) / QUARTER  # the mean of ratios is no ratio of means
    gains = np.sqrt(np.repeat([1 - lost, lost], QUARTER) / QUARTER)
    variances = np.repeat([1.01, 1], QUARTER)  # tells which components dominate
    turn, _ = np.linalg.qr(rng.standard_normal((128, 128)))
    train = LatentCloud(np.eye(128), full_mean=np.zeros(128), full_covariance=np.diag(variances))

    def decode(codes):
        pixels = 128 + 280 * (codes * gains) @ turn
        return np.rint(pixels.clip(0, 255)).astype(np.uint8).reshape(-1, 8, 16, 1)

    return SimulatedReplicate(LatentCloud(rng.standard_normal((CODES, 128))), train, decode)
