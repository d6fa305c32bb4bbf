"""Random vectors miss the region of an autoencoder's codes and decode to no faces."""

import pytest

from aelatent import Below, estimate
from aelatent.judges.figures import code_distances, judged_images
from aelatent.judges.judged_samples import JudgedSamples, hit_ratio, judge_draws
from aelatent.samplers.ladder import Codes, Uniform
from aelatent.simulation import model_with_hit_rates, normal_clouds, scenario

DRAWS = 500
FACES = Below(0.5)
INSIDE = Below(0.5)


@pytest.mark.claim("A-01", needs="trained autoencoder wide faces decoder", source_value=0.0)
@pytest.mark.parametrize("b", [1.0, 1.5, 2.0], ids="b={:g}".format)
def test_uniform_draws_decode_to_no_faces(model, b, image_judge, decide, add_figure, rng):
    """Vectors with components drawn uniformly from [-b, b] decode to no faces.

    Source
        000 part 1 (30 Apr 2023), introduction; the post before it (fragmentation IV) gives the
        range 1 < b < 2 in which the radii match those of the codes, 1.5 as the best.
    Statement
        The decoder of a plain convolutional autoencoder, fed with random vectors, gives no faces,
        because such vectors miss the region of its codes.
    Statistic
        Two ratios, one value a replicate: the judged hit rate of decoded draws over that of
        reconstructions of held-out images; and the share of draws inside the ellipsoid that holds
        99 % of the held-out codes, over 99 %.
    Null
        None: margins decide. "Almost certainly none" is read as less than half.
    Decision
        Both ratios. Supported when the 95 % interval over replicates lies below 0.5; refuted when
        it lies above; inconclusive otherwise.
    """
    judged = judge_draws(model, Uniform(b), DRAWS, image_judge(model), rng)
    evidence = [
        hit_ratio(judged),
        estimate(JudgedSamples.inside, judged, unit="share inside the 99 % ellipsoid over 0.99"),
    ]

    add_figure(judged_images(judged), f"Decoded uniform draws with b = {b:g}; one row a replicate.")
    add_figure(
        code_distances(judged, f"uniform, b = {b:g}"),
        "Mahalanobis distances of codes and of draws.",
    )

    decide(evidence, [FACES, INSIDE])


@pytest.mark.claim("A-01", needs="trained autoencoder wide faces decoder")
@pytest.mark.expect("refuted", because="the draws are codes of held-out faces themselves")
def test_control_codes_of_held_out_faces_decode_to_faces(
    model, image_judge, decide, add_figure, rng
):
    """Codes of held-out faces lie inside the region and decode to faces."""
    judged = judge_draws(model, Codes(), DRAWS, image_judge(model), rng, split="held_out")
    evidence = [
        hit_ratio(judged),
        estimate(JudgedSamples.inside, judged, unit="share inside the 99 % ellipsoid over 0.99"),
    ]

    add_figure(
        code_distances(judged, "held-out codes"),
        "Held-out codes lie at the distance of held-out codes.",
    )

    decide(evidence, [FACES, INSIDE])


@scenario(test_uniform_draws_decode_to_no_faces, null=0.9)
def decoders_of_a_share_of_faces(effect, rng):
    """Simulate decoders that make faces of a share of the draws, which lie far from all codes."""
    clouds = normal_clouds(rng, centre=5.0)
    shares = effect + 0.03 * rng.standard_normal(5)
    return {"b": 1.5, **model_with_hit_rates(clouds, shares, rng)}
