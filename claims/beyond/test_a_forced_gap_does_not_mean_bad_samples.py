"""A gap between prior and codes is forced by the rate, and does not by itself make samples bad."""

from dataclasses import replace

import numpy as np
import pytest

from aelatent import Above, estimate
from aelatent.figures import overlaid_histograms
from aelatent.inference.estimates import InsufficientEvidence
from aelatent.judges.figures import judged_images
from aelatent.judges.judged_samples import hit_ratio, judge_draws
from aelatent.samplers.ladder import StandardNormal
from aelatent.simulation import SimulatedModel, model_with_hit_rates, normal_clouds, scenario

DRAWS = 200
FORCED = Above(0.0)
GOOD = Above(0.8)


@pytest.mark.claim("X-16", needs="trained vae decoder wide faces", source_value=46.8)
def test_a_forced_gap_does_not_mean_bad_samples(model, image_judge, decide, add_figure, rng):
    """A VAE whose codes cannot match the prior may still make good images of the prior's draws.

    Source
        aelatent, from the catalogue: the divergence of the aggregate posterior from the prior is at
        least the mean divergence of an image minus ln n. For GDL's VAE of CelebA that is 46.8 nats.
    Statement
        The rate exceeds ln n, so that the n training images cannot fill the prior, and yet draws
        from the prior decode to faces.
    Statistic
        The mean divergence of an image minus ln n, in nats; and the hit rate of 200 draws from
        N(0, I) over that of reconstructions, one value a replicate.
    Null
        None: a gap above 0 is forced by arithmetic; good samples are read as in C-12.
    Decision
        Gap: Supported when the 95 % interval over replicates lies above 0; refuted when it lies
        below; inconclusive otherwise. Samples: Supported when the 95 % interval over replicates
        lies above 0.8; refuted when it lies below; inconclusive otherwise.
    """
    evidence, judged = gap_and_hits(model, image_judge(model), rng)

    add_figure(judged_images(judged, count=8), f"Draws from N(0, I) through {model.name}.")
    posterior = model.replicates[0].posteriors("train")
    add_figure(
        overlaid_histograms(
            {
                "draws from N(0, I)": posterior["log_ratio_prior"],
                "codes": posterior["log_ratio_posterior"],
            },
            "log density of the codes over that of the prior, nats",
        ),
        "The exact discriminator tells the prior's draws from codes without an error.",
    )

    decide(evidence, [FORCED, GOOD])


@pytest.mark.claim("X-16", needs="trained vae decoder wide mnist")
@pytest.mark.expect("refuted", because="these decoders make strokes of the prior's draws")
def test_control_digit_models_of_8x8_maps_have_the_gap_and_bad_samples(
    model, image_judge, decide, add_figure, rng
):
    """VAEs of digits with wide latent spaces have the gap too, and their samples are no digits."""
    evidence, judged = gap_and_hits(model, image_judge(model), rng)

    add_figure(judged_images(judged, count=8), f"Draws from N(0, I) through {model.name}.")

    decide(evidence, [FORCED, GOOD])


def gap_and_hits(model, judge, rng):
    """Return the forced gap and the hits of prior draws, and the samples."""
    judged = judge_draws(model, StandardNormal(), DRAWS, judge, rng, split="held_out")
    evidence = [
        estimate(forced, model.replicates, unit="mean divergence minus ln n, nats"),
        hit_ratio(judged),
    ]
    return evidence, judged


def forced(replicate):
    """Return the mean divergence of an image minus ln n over the training images."""
    if (images := replicate.arrays.get("train/images")) is None:
        raise InsufficientEvidence(f"{replicate.name}: expected a recorded number of images")
    return float(replicate.posteriors("train")["kl_per_dimension"].sum() - np.log(images))


@scenario(test_a_forced_gap_does_not_mean_bad_samples, null=0.65, part=1)
def decoders_of_a_share_of_faces(effect, rng):
    """Simulate VAEs of a gap of 41 nats that make faces of a share of the prior's draws."""
    shares_and_judge = model_with_hit_rates(
        normal_clouds(rng), effect + 0.02 * rng.standard_normal(5), rng
    )
    return shares_and_judge | {
        "model": SimulatedModel(
            [
                replace(
                    replicate,
                    arrays={"train/images": np.array(9_525)},
                    measured={"train": {"kl_per_dimension": rng.normal(6.25, 0.06, 8)}},
                )
                for replicate in shares_and_judge["model"].replicates
            ]
        )
    }
