"""Random positions in the latent space almost never give a face, and miss the region of codes."""

import math

import pytest

from aelatent import Below, LatentCloud, estimate
from aelatent.judges.figures import code_distances, judged_images
from aelatent.judges.judged_samples import RECOGNISABLE, hit_ratio, judge_draws
from aelatent.samplers.ladder import Gaussian, RadiusMatched, StandardNormal, Uniform
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
SAMPLERS = {
    "normal": StandardNormal(),
    "normal on the codes' radii": RadiusMatched(StandardNormal()),
    "uniform b=1.786": Uniform(1.786),
}
LAWS = pytest.mark.parametrize("law", SAMPLERS)


@pytest.mark.claim(
    "B-02", needs="trained autoencoder wide faces decoder", source_value=0.0, amended="2026-11-28"
)
@LAWS
def test_random_positions_miss_the_region(model, law, image_judge, decide, add_figure, rng):
    """Random positions in the latent space give no recognisable faces.

    Source
        anracom II (11 Nov 2022), introduction.
    Statement
        A position drawn at random almost never gives a recognisable face: drawn from N(0, I), drawn
        from N(0, I) and moved to the radius of a code, or drawn uniformly from the cube whose
        radius is 16.5.
    Statistic
        The rate of recognisable images (damaged or clean) of decoded draws over that of
        reconstructions of held-out images, one value a replicate. This reading dates from
        28 Nov 2026, when models and verdicts under an earlier one existed, which also asked whether
        draws lie in the region; that is two claims of its own now.
    Null
        None: the margin decides. "Almost never" is read as less than half.
    Decision
        Supported when the 95 % interval over replicates lies below 0.5; refuted when it lies above;
        inconclusive otherwise.
    """
    judged = judge_draws(model, SAMPLERS[law], DRAWS, image_judge(model), rng)

    add_figure(
        judged_images(judged, grade=RECOGNISABLE),
        f"Decoded draws, sampler: {law}; one row a replicate.",
    )
    add_figure(
        code_distances(judged, law), f"Mahalanobis distances of codes and of draws, sampler: {law}."
    )

    decide(hit_ratio(judged, RECOGNISABLE), FACES)


@pytest.mark.claim(
    "B-02",
    needs="trained autoencoder wide covariance train_codes",
    source_value=0.0,
    amended="2026-11-28",
)
@LAWS
def test_random_positions_lie_outside_the_ellipsoid(model, law, decide, rng):
    """Random positions lie outside the ellipsoid of the codes' mean and covariance.

    Source
        anracom II (11 Nov 2022), introduction.
    Statement
        Random positions miss the region of the codes, taken for an ellipsoid.
    Statistic
        The share of draws inside the ellipsoid that holds 99 % of the held-out codes, over the
        share of these, one value a replicate.
    Null
        None: the margin decides. "Almost never" is read as less than half.
    Decision
        Supported when the 95 % interval over replicates lies below 0.5; refuted when it lies above;
        inconclusive otherwise.
    """
    found = estimate(
        lambda r: inside(r, SAMPLERS[law], rng),
        model.replicates,
        unit="share inside the 99 % ellipsoid over that of held-out codes",
        bounds=(0, math.inf),
    )

    decide(found, INSIDE)


@pytest.mark.claim(
    "B-02", needs="trained autoencoder wide train_codes", source_value=0.0, amended="2026-11-28"
)
@LAWS
def test_random_positions_lie_far_from_all_codes(model, law, decide, rng):
    """Random positions lie outside the support of the codes.

    Source
        anracom II (11 Nov 2022), introduction.
    Statement
        Random positions miss the region of the codes, taken for the surroundings of the codes
        themselves: a cloud of filaments is missed by draws that lie in its ellipsoid.
    Statistic
        The share of draws that lie nearer to some stored training code than its fifth nearest
        fellow does, over the share of held-out codes that do, one value a replicate.
    Null
        None: the margin decides. "Almost never" is read as less than half.
    Decision
        Supported when the 95 % interval over replicates lies below 0.5; refuted when it lies above;
        inconclusive otherwise.
    """
    found = estimate(
        lambda r: near(r, SAMPLERS[law], rng),
        model.replicates,
        unit="share near a code over that of held-out codes",
        bounds=(0, math.inf),
    )

    decide(found, NEAR)


@pytest.mark.claim("B-02", needs="trained autoencoder wide faces decoder")
@pytest.mark.expect(
    "refuted", because="draws with the codes' own mean and covariance fill the region"
)
def test_control_gaussian_draws_hit_the_region(model, image_judge, decide, add_figure, rng):
    """Draws from the Gaussian with the codes' mean and covariance give recognisable faces."""
    judged = judge_draws(model, Gaussian(), DRAWS, image_judge(model), rng)

    add_figure(
        judged_images(judged, grade=RECOGNISABLE), "Decoded Gaussian draws; one row a replicate."
    )

    decide(hit_ratio(judged, RECOGNISABLE), FACES)


@pytest.mark.claim("B-02", needs="trained autoencoder wide covariance train_codes")
@pytest.mark.expect(
    "refuted", because="draws with the codes' own mean and covariance fill the ellipsoid"
)
def test_control_gaussian_draws_fill_the_ellipsoid(model, decide, rng):
    """Draws from the Gaussian with the codes' mean and covariance lie inside the ellipsoid."""
    decide(
        estimate(lambda r: inside(r, Gaussian(), rng), model.replicates, bounds=(0, math.inf)),
        INSIDE,
    )


@pytest.mark.claim("B-02", needs="trained autoencoder wide train_codes")
@pytest.mark.expect("refuted", because="the positions are those of held-out codes")
def test_control_positions_of_held_out_codes_lie_near_codes(model, decide):
    """One half of the held-out codes lies as near to training codes as the other half."""

    def halves(replicate):
        codes = replicate.held_out.z_mean
        return near_ratio(codes[::2], replicate.train.z_mean, codes[1::2])

    decide(estimate(halves, model.replicates, bounds=(0, math.inf)), NEAR)


def inside(replicate, sampler, rng):
    """Return the share of draws inside the ellipsoid, over that of held-out codes."""
    draws = sampler.draw(DRAWS, replicate.train, rng)
    return inside_ratio(draws, replicate.train, replicate.held_out.z_mean)


def near(replicate, sampler, rng):
    """Return the share of draws near a training code, over that of held-out codes."""
    draws = sampler.draw(DRAWS, replicate.train, rng)
    return near_ratio(draws, replicate.train.z_mean, replicate.held_out.z_mean)


@scenario(test_random_positions_miss_the_region, null=0.9)
def decoders_of_a_share_of_faces(effect, rng):
    """Simulate decoders that make faces of a share of the draws, which lie far from all codes."""
    clouds = normal_clouds(rng, centre=5.0)
    shares = effect + 0.03 * rng.standard_normal(5)
    return {"law": "normal", **model_with_hit_rates(clouds, shares, rng)}


@scenario(test_random_positions_lie_outside_the_ellipsoid, null=0.9, count=200)
@scenario(test_random_positions_lie_far_from_all_codes, null=0.9, count=200)
def codes_in_a_share_of_the_interval(effect, rng):
    """Simulate codes of one component that fill a share of the interval of the draws evenly.

    The share scatters by 0.03 between trainings.
    """
    shares = 1.786 * (effect + 0.03 * rng.standard_normal(5))
    clouds = [LatentCloud(share * rng.uniform(-1, 1, (1000, 1))) for share in shares]
    return {"law": "uniform b=1.786", "model": SimulatedModel.of(clouds)}
