"""Uniform draws match the codes' radii for 1 < b < 2 only, and still miss the region."""

import numpy as np
import pytest
from scipy import special

from aelatent import Below, Between, LatentCloud, estimate
from aelatent.judges.figures import code_distances, judged_images
from aelatent.judges.judged_samples import (
    RECOGNISABLE,
    decode_and_judge,
    hit_ratio,
    judge_draws,
)
from aelatent.samplers.ladder import RadiusMatched, Uniform
from aelatent.simulation import SimulatedModel, model_with_hit_rates, normal_clouds, scenario

DRAWS = 150
NARROW = Between(1.0, 2.0)
MISSES = Below(0.5)


@pytest.mark.claim("X-02", needs="trained autoencoder wide covariance", source_value=1.5)
def test_uniform_draws_match_the_radii_for_b_near_one_and_a_half(model, decide):
    """Uniform draws from [-b, b] have the radii of the codes for some b between 1 and 2.

    Source
        anracom's later posts, "Autoencoders and latent space fragmentation", II and IV (18 and 24
        Apr 2023): b = 1.5 fits best.
    Statement
        The interval whose uniform draws are as far from the origin as the codes ends between 1 and
        2.
    Statistic
        The median radius of the held-out codes over sqrt(N / 3), one value a replicate: the radius
        of uniform draws is b sqrt(N / 3), with a deviation of 0.26 b.
    Null
        None: the source's own bounds.
    Decision
        Supported when the 95 % interval over replicates lies between 1 and 2; refuted when it lies
        outside; inconclusive otherwise.
    """
    decide(estimate(half_width, model.clouds, unit="half-width b that matches the radii"), NARROW)


@pytest.mark.claim("X-02", needs="trained autoencoder wide faces decoder", amended="2026-11-28")
def test_draws_of_the_right_radius_still_miss(model, image_judge, decide, add_figure, rng):
    """Uniform draws that have exactly the radii of the codes show no recognisable faces.

    Source
        anracom's later posts, "Autoencoders and latent space fragmentation", IV (24 Apr 2023).
    Statement
        What the uniform draws lack is not the right distance from the origin but the direction.
    Statistic
        Rate of recognisable images (damaged or clean) of uniform draws rescaled to the radii of
        training codes, over that of reconstructions, one value a replicate: a decoder that makes no
        faces of any code says nothing of its draws. Until 28 Nov 2026 it was the rate alone.
    Null
        None: the margin of A-01, one half.
    Decision
        Supported when the 95 % interval over replicates lies below 0.5; refuted when it lies above;
        inconclusive otherwise.
    """
    judge = image_judge(model)
    sampler = RadiusMatched(Uniform(1.0))
    judged = judge_draws(model, sampler, DRAWS, judge, rng)

    add_figure(
        judged_images(judged, grade=RECOGNISABLE),
        "Uniform draws on the radii of the codes, decoded.",
    )
    add_figure(
        code_distances(judged, "uniform, radii of codes"),
        "Mahalanobis distance of draws and codes.",
    )

    decide(hit_ratio(judged, RECOGNISABLE), MISSES)


@pytest.mark.claim("X-02", needs="trained autoencoder wide faces decoder")
@pytest.mark.expect("refuted", because="the draws are codes")
def test_control_codes_of_the_right_radius_hit(model, image_judge, decide):
    """Held-out codes have the radii and the directions."""
    judge = image_judge(model)
    judged = [decode_and_judge(r, r.held_out.z_mean[:DRAWS], judge) for r in model.replicates]

    decide(hit_ratio(judged, RECOGNISABLE), MISSES)


def half_width(cloud):
    """Return the b whose uniform draws have the median radius of the codes."""
    return float(np.median(cloud.radii) / np.sqrt(cloud.d / 3))


@scenario(test_uniform_draws_match_the_radii_for_b_near_one_and_a_half, null=1.5)
def normal_codes_of_some_radius(effect, rng):
    """Simulate the same normal codes in all trainings, of widths that scatter by 8 %."""
    codes = rng.standard_normal((1000, 64)) / np.sqrt(special.chdtri(64, 0.5) / (64 / 3))
    widths = effect * (1 + 0.08 * rng.standard_normal(5))
    return {"model": SimulatedModel.of([LatentCloud(width * codes) for width in widths])}


@scenario(test_draws_of_the_right_radius_still_miss, null=0.9)
def decoders_of_a_share_of_faces(effect, rng):
    """Simulate decoders that make faces of a share of the draws, which scatters by 0.03."""
    clouds = normal_clouds(rng, centre=5.0)
    return model_with_hit_rates(clouds, effect + 0.03 * rng.standard_normal(5), rng)
