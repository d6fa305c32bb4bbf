"""Random positions in the latent space almost never give a face."""

import pytest

from aelatent import Below, estimate
from aelatent.judges.figures import code_distances, judged_images
from aelatent.judges.judged_samples import JudgedSamples, hit_ratio, judge_draws
from aelatent.samplers.ladder import Gaussian, RadiusMatched, StandardNormal, Uniform
from aelatent.simulation import model_with_hit_rates, normal_clouds, scenario

DRAWS = 500
FACES = Below(0.5)
INSIDE = Below(0.5)
SAMPLERS = {
    "normal": StandardNormal(),
    "normal on the codes' radii": RadiusMatched(StandardNormal()),
    "uniform b=1.786": Uniform(1.786),
}


@pytest.mark.claim("B-02", needs="trained autoencoder wide faces decoder", source_value=0.0)
@pytest.mark.parametrize("law", SAMPLERS)
def test_random_positions_miss_the_region(model, law, image_judge, decide, add_figure, rng):
    """Random positions in the latent space lie outside the codes' region and give no faces.

    Source
        000 part 2 (11 Nov 2022), introduction.
    Statement
        A position drawn at random almost never gives a face: drawn from N(0, I), drawn from N(0, I)
        and moved to the radius of a code, or drawn uniformly from the cube whose radius is 16.5.
    Statistic
        Two ratios, one value a replicate: the judged hit rate of decoded draws over that of
        reconstructions of held-out images; and the share of draws inside the ellipsoid that holds
        99 % of the held-out codes, over 99 %.
    Null
        None: margins decide. "Almost never" is read as less than half.
    Decision
        Both ratios. Supported when the 95 % interval over replicates lies below 0.5; refuted when
        it lies above; inconclusive otherwise.
    """
    judged = judge_draws(model, SAMPLERS[law], DRAWS, image_judge(model), rng)
    evidence = [
        hit_ratio(judged),
        estimate(JudgedSamples.inside, judged, unit="share inside the 99 % ellipsoid over 0.99"),
    ]

    add_figure(judged_images(judged), f"Decoded draws, sampler: {law}; one row a replicate.")
    add_figure(
        code_distances(judged, law), f"Mahalanobis distances of codes and of draws, sampler: {law}."
    )

    decide(evidence, [FACES, INSIDE])


@pytest.mark.claim("B-02", needs="trained autoencoder wide faces decoder")
@pytest.mark.expect(
    "refuted", because="draws with the codes' own mean and covariance fill the region"
)
def test_control_gaussian_draws_hit_the_region(model, image_judge, decide, add_figure, rng):
    """Draws from the Gaussian with the codes' mean and covariance lie in the region."""
    judged = judge_draws(model, Gaussian(), DRAWS, image_judge(model), rng)
    evidence = [
        hit_ratio(judged),
        estimate(JudgedSamples.inside, judged, unit="share inside the 99 % ellipsoid over 0.99"),
    ]

    add_figure(judged_images(judged), "Decoded Gaussian draws; one row a replicate.")
    add_figure(
        code_distances(judged, "Gaussian"), "Mahalanobis distances of codes and of Gaussian draws."
    )

    decide(evidence, [FACES, INSIDE])


@scenario(test_random_positions_miss_the_region, null=0.9)
def decoders_of_a_share_of_faces(effect, rng):
    """Simulate decoders that make faces of a share of the draws, which lie far from all codes."""
    clouds = normal_clouds(rng, centre=5.0)
    shares = effect + 0.03 * rng.standard_normal(5)
    return {"law": "normal", **model_with_hit_rates(clouds, shares, rng)}
