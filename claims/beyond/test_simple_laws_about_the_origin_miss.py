"""Simple statistical distributions about the origin give no faces."""

import pytest

from aelatent import Below
from aelatent.judges.figures import judged_images
from aelatent.judges.judged_samples import (
    RECOGNISABLE,
    decode_and_judge,
    hit_ratio,
    judge_draws,
)
from aelatent.samplers.ladder import Gaussian
from aelatent.simulation import model_with_hit_rates, normal_clouds, scenario

DRAWS = 150
MISSES = Below(0.5)


@pytest.mark.claim("X-04", needs="trained autoencoder wide faces decoder", amended="2026-11-28")
@pytest.mark.parametrize("sd", [0.25, 0.5, 2.0], ids="sd={:g}".format)
def test_simple_laws_about_the_origin_miss(sd, model, image_judge, decide, add_figure, rng):
    """Draws from N(0, sd² I) about the origin decode to no recognisable faces.

    Source
        anracom's later posts, "Autoencoders and latent space fragmentation", V (2023): simple
        distributions near the origin, N = 256. N(0, I) itself is B-02.
    Statement
        A normal distribution about the origin with one width for all components gives no
        recognisable faces, whatever the width.
    Statistic
        Rate of recognisable images (damaged or clean) among the decoded draws over that of
        reconstructions, one value a replicate: a decoder that makes no faces of any code says
        nothing of its draws. Until 28 Nov 2026 it was the rate alone.
    Null
        None: the margin of A-01, one half.
    Decision
        Supported when the 95 % interval over replicates lies below 0.5; refuted when it lies above;
        inconclusive otherwise.
    """
    judge = image_judge(model)
    judged = [
        decode_and_judge(r, sd * rng.standard_normal((DRAWS, r.train.d)), judge)
        for r in model.replicates
    ]

    add_figure(
        judged_images(judged, grade=RECOGNISABLE), f"Draws from N(0, I) times {sd}, decoded."
    )

    decide(hit_ratio(judged, RECOGNISABLE), MISSES)


@pytest.mark.claim("X-04", needs="trained autoencoder wide faces decoder")
@pytest.mark.expect("refuted", because="the distribution has the codes' own mean and covariance")
def test_control_the_codes_own_gaussian_hits(model, image_judge, decide, add_figure, rng):
    """A normal distribution about the codes' mean with their covariance gives faces."""
    judge = image_judge(model)
    judged = judge_draws(model, Gaussian(), DRAWS, judge, rng)

    add_figure(
        judged_images(judged, grade=RECOGNISABLE),
        "Draws with the codes' mean and covariance, decoded.",
    )

    decide(hit_ratio(judged, RECOGNISABLE), MISSES)


@scenario(test_simple_laws_about_the_origin_miss, null=0.9)
def decoders_of_a_share_of_faces(effect, rng):
    """Simulate decoders that make faces of a share of the draws, which scatters by 0.03."""
    clouds = normal_clouds(rng, centre=5.0)
    return {"sd": 0.5, **model_with_hit_rates(clouds, effect + 0.03 * rng.standard_normal(5), rng)}
