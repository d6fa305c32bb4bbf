"""Random vectors decode to no recognisable faces, and miss the region of the codes."""

import math

import pytest

from aelatent import Below, LatentCloud, estimate
from aelatent.judges.figures import judged_images
from aelatent.judges.judged_samples import RECOGNISABLE, hit_ratio, judge_draws
from aelatent.samplers.ladder import Codes, Uniform
from aelatent.simulation import (
    SimulatedModel,
    model_with_hit_rates,
    normal_clouds,
    scenario,
)
from aelatent.statistics.region import inside_ratio, near_ratio

DRAWS = 500
FACES = Below(0.5)
INSIDE = Below(0.5)
NEAR = Below(0.5)
WIDTHS = pytest.mark.parametrize("b", [1.0, 1.5, 2.0], ids="b={:g}".format)


@pytest.mark.claim(
    "A-01", needs="trained autoencoder wide faces decoder", source_value=0.0, amended="2026-11-28"
)
@WIDTHS
def test_uniform_draws_decode_to_no_faces(model, b, image_judge, decide, add_figure, rng):
    """Vectors with components drawn uniformly from [-b, b] decode to no recognisable faces.

    Source
        anracom VI (30 Apr 2023), introduction; the post before it (fragmentation IV) gives the
        range 1 < b < 2 in which the radii match those of the codes, 1.5 as the best.
    Statement
        The decoder of a plain convolutional autoencoder, fed with random vectors, gives no
        recognisable faces.
    Statistic
        The rate of recognisable images (damaged or clean) of decoded draws over that of
        reconstructions of held-out images, one value a replicate. This reading dates from
        28 Nov 2026, when models and verdicts under an earlier one existed, which also asked whether
        draws lie in the region; that is two claims of its own now.
    Null
        None: the margin decides. "Almost certainly none" is read as less than half.
    Decision
        Supported when the 95 % interval over replicates lies below 0.5; refuted when it lies above;
        inconclusive otherwise.
    """
    judged = judge_draws(model, Uniform(b), DRAWS, image_judge(model), rng)

    add_figure(
        judged_images(judged, grade=RECOGNISABLE),
        f"Decoded uniform draws with b = {b:g}; one row a replicate.",
    )

    decide(hit_ratio(judged, RECOGNISABLE), FACES)


@pytest.mark.claim(
    "A-01",
    needs="trained autoencoder wide covariance train_codes",
    source_value=0.0,
    amended="2026-11-28",
)
@WIDTHS
def test_uniform_draws_lie_outside_the_ellipsoid_of_codes(model, b, decide, rng):
    """Vectors drawn uniformly from [-b, b] lie outside the ellipsoid of mean and covariance.

    Source
        anracom VI (30 Apr 2023), introduction.
    Statement
        Random vectors miss the region of the codes, taken for an ellipsoid.
    Statistic
        The share of draws inside the ellipsoid that holds 99 % of the held-out codes, over the
        share of these, one value a replicate.
    Null
        None: the margin decides. "Almost certainly" is read as more than half.
    Decision
        Supported when the 95 % interval over replicates lies below 0.5; refuted when it lies above;
        inconclusive otherwise.
    """
    found = estimate(
        lambda r: inside(r, Uniform(b), rng),
        model.replicates,
        unit="share inside the 99 % ellipsoid over that of held-out codes",
        bounds=(0, math.inf),
    )

    decide(found, INSIDE)


@pytest.mark.claim(
    "A-01", needs="trained autoencoder wide train_codes", source_value=0.0, amended="2026-11-28"
)
@WIDTHS
def test_uniform_draws_lie_far_from_all_codes(model, b, decide, rng):
    """Vectors drawn uniformly from [-b, b] lie outside the support of the codes.

    Source
        anracom VI (30 Apr 2023), introduction.
    Statement
        Random vectors miss the region of the codes, taken for the surroundings of the codes
        themselves: a cloud of filaments is missed by draws that lie in its ellipsoid.
    Statistic
        The share of draws that lie nearer to some stored training code than its fifth nearest
        fellow does, over the share of held-out codes that do, one value a replicate.
    Null
        None: the margin decides. "Almost certainly" is read as more than half.
    Decision
        Supported when the 95 % interval over replicates lies below 0.5; refuted when it lies above;
        inconclusive otherwise.
    """
    found = estimate(
        lambda r: near(r, Uniform(b), rng),
        model.replicates,
        unit="share near a code over that of held-out codes",
        bounds=(0, math.inf),
    )

    decide(found, NEAR)


@pytest.mark.claim("A-01", needs="trained autoencoder wide faces decoder")
@pytest.mark.expect("refuted", because="the draws are codes of held-out faces themselves")
def test_control_codes_of_held_out_faces_decode_to_faces(model, image_judge, decide, rng):
    """Codes of held-out faces decode to recognisable faces."""
    judged = judge_draws(model, Codes(), DRAWS, image_judge(model), rng, split="held_out")

    decide(hit_ratio(judged, RECOGNISABLE), FACES)


@pytest.mark.claim("A-01", needs="trained autoencoder wide covariance train_codes")
@pytest.mark.expect("refuted", because="the draws are codes of held-out faces themselves")
def test_control_codes_of_held_out_faces_lie_in_the_ellipsoid(model, decide, rng):
    """Codes of held-out faces lie inside the ellipsoid."""
    found = estimate(
        lambda r: inside_ratio(held_out(r, rng), r.train, r.held_out.z_mean),
        model.replicates,
        bounds=(0, math.inf),
    )

    decide(found, INSIDE)


@pytest.mark.claim("A-01", needs="trained autoencoder wide train_codes")
@pytest.mark.expect("refuted", because="the draws are codes of held-out faces themselves")
def test_control_codes_of_held_out_faces_lie_near_others(model, decide, rng):
    """Codes of held-out faces lie as near to training codes as other held-out codes."""
    found = estimate(
        lambda r: near_ratio(held_out(r, rng), r.train.z_mean, r.held_out.z_mean),
        model.replicates,
        bounds=(0, math.inf),
    )

    decide(found, NEAR)


def inside(replicate, sampler, rng):
    """Return the share of draws inside the ellipsoid, over that of held-out codes."""
    draws = sampler.draw(DRAWS, replicate.train, rng)
    return inside_ratio(draws, replicate.train, replicate.held_out.z_mean)


def near(replicate, sampler, rng):
    """Return the share of draws near a training code, over that of held-out codes."""
    draws = sampler.draw(DRAWS, replicate.train, rng)
    return near_ratio(draws, replicate.train.z_mean, replicate.held_out.z_mean)


def held_out(replicate, rng):
    """Choose some of the held-out codes."""
    return Codes().draw(DRAWS, replicate.held_out, rng)


@scenario(test_uniform_draws_decode_to_no_faces, null=0.9)
def decoders_of_a_share_of_faces(effect, rng):
    """Simulate decoders that make faces of a share of the draws, which lie far from all codes."""
    clouds = normal_clouds(rng, centre=5.0)
    shares = effect + 0.03 * rng.standard_normal(5)
    return {"b": 1.5, **model_with_hit_rates(clouds, shares, rng)}


@scenario(test_uniform_draws_lie_outside_the_ellipsoid_of_codes, null=0.9, count=200)
@scenario(test_uniform_draws_lie_far_from_all_codes, null=0.9, count=200)
def codes_in_a_share_of_the_interval(effect, rng):
    """Simulate codes of one component that fill a share of the interval of the draws evenly.

    The share scatters by 0.03 between trainings.
    """
    shares = effect + 0.03 * rng.standard_normal(5)
    clouds = [LatentCloud(share * rng.uniform(-1, 1, (1000, 1))) for share in shares]
    return {"b": 1.0, "model": SimulatedModel.of(clouds)}
