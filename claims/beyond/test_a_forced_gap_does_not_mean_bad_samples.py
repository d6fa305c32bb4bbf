"""A gap between prior and codes is forced by the rate; samples can be clean in spite of it."""

from dataclasses import replace

import numpy as np
import pytest

from aelatent import Above, estimate
from aelatent.figures import overlaid_histograms
from aelatent.inference.estimates import InsufficientEvidence
from aelatent.judges.figures import judged_images
from aelatent.judges.judged_samples import decode_and_judge, hit_ratio, image_recall
from aelatent.judges.stand_ins import decoding_to_noise, decoding_to_one_image
from aelatent.samplers.ladder import StandardNormal
from aelatent.simulation import (
    SimulatedModel,
    model_with_hit_rates,
    normal_clouds,
    scenario,
    with_style,
)

DRAWS = 200
FORCED = Above(0.0)
GOOD = Above(0.8)
VARIED = Above(0.5)


@pytest.mark.claim(
    "X-16", needs="trained vae decoder wide faces", source_value=46.8, amended="2026-11-28"
)
def test_a_forced_gap_does_not_mean_bad_samples(model, image_judge, decide, add_figure, rng):
    """A VAE whose codes cannot match the prior may still make clean images of the prior's draws.

    Source
        aelatent, from the catalogue: the divergence of the aggregate posterior from the prior is at
        least the mean divergence of an image minus ln n. For GDL's VAE of CelebA that is 46.8 nats.
    Statement
        The rate exceeds ln n, so that the n training images cannot fill the prior, and yet draws
        from the prior decode to clean faces, and to as many different ones as codes do.
    Statistic
        The mean divergence of an image minus ln n, in nats; the rate of clean images among 200
        draws from N(0, I) over that of reconstructions; and the recall of the clean draws over that
        of as many reconstructions, one value a replicate.
    Null
        None: a gap above 0 is forced by arithmetic; good samples are read as in C-12, and variety
        as half of that of codes. A decoder that ignores its code has a recall of 0.
    Decision
        Gap: Supported when the 95 % interval over replicates lies above 0; refuted when it lies
        below; inconclusive otherwise. Samples: Supported when the 95 % interval over replicates
        lies above 0.8; refuted when it lies below; inconclusive otherwise. Recall: Supported when
        the 95 % interval over replicates lies above 0.5; refuted when it lies below; inconclusive
        otherwise.
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

    decide(evidence, [FORCED, GOOD, VARIED])


@pytest.mark.claim("X-16", needs="trained vae decoder wide mnist")
@pytest.mark.expect("refuted", because="these decoders make strokes of the prior's draws")
def test_control_digit_models_of_8x8_maps_have_the_gap_and_bad_samples(
    model, image_judge, decide, add_figure, rng
):
    """VAEs of digits with wide latent spaces have the gap too, and their samples are no digits."""
    evidence, judged = gap_and_hits(model, image_judge(model), rng)

    add_figure(judged_images(judged, count=8), f"Draws from N(0, I) through {model.name}.")

    decide(evidence, [FORCED, GOOD, VARIED])


@pytest.mark.claim("X-16", needs="trained vae decoder wide faces")
@pytest.mark.expect("refuted", because="the images hold noise, or always one face")
@pytest.mark.parametrize("images", ["noise", "one face"])
def test_control_noise_or_one_face_are_bad_samples(images, model, image_judge, decide, rng):
    """Noise is no clean face, and a decoder that ignores its code has no variety."""
    judge = image_judge(model)
    stand_ins = [
        decoding_to_noise(r, rng) if images == "noise" else decoding_to_one_image(r, judge)
        for r in model.replicates
    ]
    evidence, _ = gap_and_hits(model, judge, rng, stand_ins)

    decide(evidence, [FORCED, GOOD, VARIED])


def gap_and_hits(model, judge, rng, replicates=None):
    """Return the forced gap, hits and recall of prior draws, and the samples."""
    judged = [
        decode_and_judge(r, StandardNormal().draw(DRAWS, r.held_out, rng), judge)
        for r in replicates or model.replicates
    ]
    evidence = [
        estimate(forced, model.replicates, unit="mean divergence minus ln n, nats"),
        hit_ratio(judged),
        image_recall(judged),
    ]
    return evidence, judged


def forced(replicate):
    """Return the mean divergence of an image minus ln n over the training images."""
    if (images := replicate.arrays.get("train/images")) is None:
        raise InsufficientEvidence(f"{replicate.name}: expected a recorded number of images")
    return float(replicate.posteriors("train")["kl_per_dimension"].sum() - np.log(images))


@scenario(test_a_forced_gap_does_not_mean_bad_samples, null=0.65, part=1)
def decoders_of_a_share_of_faces(effect, rng):
    """Simulate VAEs of a gap of 41 nats that make clean faces of a share of the prior's draws."""
    shares_and_judge = model_with_hit_rates(
        normal_clouds(rng), effect + 0.02 * rng.standard_normal(5), rng, damaged=True
    )
    return shares_and_judge | {
        "model": SimulatedModel(
            [
                replace(
                    replicate,
                    decoder=with_style(replicate.decoder),
                    arrays={"train/images": np.array(9_525)},
                    measured={"train": {"kl_per_dimension": rng.normal(6.25, 0.06, 8)}},
                )
                for replicate in shares_and_judge["model"].replicates
            ]
        )
    }
