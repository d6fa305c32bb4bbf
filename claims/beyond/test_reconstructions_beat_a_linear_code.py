"""Reconstructions resemble the originals more than those of a linear code of the same size."""

import numpy as np
import pytest

from aelatent import Below, Estimate, LatentCloud, estimate
from aelatent.figures import overlaid_histograms
from aelatent.simulation import SimulatedModel, SimulatedReplicate, scenario

BETTER = Below(1.0)
RATIO = "mean squared error over that of a linear code"


@pytest.mark.claim("X-26", needs="trained autoencoder", amended="2026-11-28")
def test_reconstructions_beat_a_linear_code(model, decide, add_figure):
    """Reconstructions of held-out images resemble them more than those of PCA do.

    Source
        aelatent: the sequel of B-22. It was the reading of B-22 until 2026-11-28, and its verdicts
        were known by then; the rule is unchanged.
    Statement
        A network without any nonlinearity gives images back less faithfully than an autoencoder of
        as many latent dimensions.
    Statistic
        The mean squared error per pixel of held-out images over that under a principal component
        analysis of the training images, with as many components as there are latent dimensions,
        one value a replicate.
    Null
        That linear code: what a network without any nonlinearity can reach.
    Decision
        Supported when the 95 % interval over replicates lies below 1; refuted when it lies above;
        inconclusive otherwise.
    """
    evidence = estimate(error_ratio, model.replicates, unit=RATIO, bounds=(0, np.inf))

    add_figure(errors(model.replicates), "Errors of held-out images: autoencoder and linear code.")

    decide(evidence, BETTER)


@pytest.mark.claim("X-26", needs="untrained autoencoder")
@pytest.mark.expect("refuted", because="the networks were never trained")
def test_control_untrained_networks_give_nothing_back(model, decide, add_figure):
    """Networks before training reconstruct nothing: PCA is far better."""
    evidence = estimate(error_ratio, model.replicates, unit=RATIO, bounds=(0, np.inf))

    add_figure(
        errors(model.replicates), "Errors of held-out images: untrained networks, linear code."
    )

    decide(evidence, BETTER)


def error_ratio(replicate):
    """Return the ratio of mean errors, with what the images of each person add to its error."""
    own, linear = replicate.errors("held_out"), linear_errors(replicate)
    ratio = float(own.mean() / linear.mean())
    groups = replicate.held_out.groups
    members = np.arange(len(own)) if groups is None else np.unique(groups, return_inverse=True)[1]
    deviations = np.bincount(members, weights=own - ratio * linear)
    return Estimate(ratio, images=tuple(deviations / linear.sum()))


def linear_errors(replicate):
    """Return the errors of the linear code on the same images."""
    return replicate.arrays["held_out/pca_error"].astype(np.float64)


def errors(replicates):
    """Show the errors of the held-out images under both codes."""
    return overlaid_histograms(
        {
            "autoencoder": np.concatenate([r.errors("held_out") for r in replicates]),
            "linear code": np.concatenate([linear_errors(r) for r in replicates]),
        },
        "mean squared error per pixel of an image",
    )


CODES = LatentCloud(np.eye(1000, 2))  # any codes: only the errors of their images matter


@scenario(test_reconstructions_beat_a_linear_code, null=1.2)
def errors_over_those_of_a_linear_code(effect, rng):
    """Simulate errors that are `effect` times those of a linear code of the same 1,000 images."""
    linear = rng.gamma(4, 0.001, 1000)
    # Images that are hard for one network are hard for all.
    common = rng.gamma(16, 1 / 16, 1000)
    common *= linear.sum() / (common @ linear) * rng.normal(1, linear_scatter(linear, common))
    replicates = []
    for ratio in effect * (1 + 0.01 * rng.standard_normal(5)):
        losses = {"held_out": ratio * common * linear}
        replicates.append(
            SimulatedReplicate(CODES, CODES, losses=losses, arrays={"held_out/pca_error": linear})
        )
    return {"model": SimulatedModel(replicates)}


def linear_scatter(linear, common):
    """Return by how much the ratio of mean errors scatters between samples of images."""
    deviations = (common - 1) * linear
    return deviations.std() / linear.mean() / len(linear) ** 0.5
