"""Two recipes: components within their own ranges; and limits along the principal axes."""

import pytest

from aelatent import Above, LatentCloud, estimate
from aelatent.figures import trend
from aelatent.judges.figures import judged_images
from aelatent.judges.judged_samples import (
    decode_and_judge,
    hit_rate,
    judge_draws,
    ratio_difference,
)
from aelatent.samplers.ladder import Ellipse, OwnRanges, RadiusMatched, Uniform
from aelatent.simulation import (
    SimulatedJudge,
    SimulatedModel,
    SimulatedReplicate,
    decoder_accepting,
    model_with_hit_rates,
    normal_clouds,
    reconstruction_scores,
    scenario,
)
from aelatent.statistics.diversity import relative_diversity

DRAWS = 150
DOSES = (0.5, 1.0, 2.0, 3.0)
HALF = Above(0.5)
BETTER = Above(0.0)


@pytest.mark.claim("X-05", needs="trained autoencoder wide faces decoder")
def test_components_within_their_own_ranges_give_faces(model, image_judge, decide, add_figure, rng):
    """Components drawn within their own ranges give faces, more than common ranges do.

    Source
        000 later posts, "Autoencoders and latent space fragmentation", VII (2023).
    Statement
        To draw each component, independently, with its own mean and width comes close enough to the
        region for faces.
    Statistic
        Corrected hit rate of such draws (rung S3); and its difference, in shares of
        reconstructions, from that of uniform draws on the codes' radii (rung S2), one value a
        replicate.
    Null
        None: half for "gives faces", as in A-18, and any difference above 0 for the contrast.
    Decision
        Faces: Supported when the 95 % interval over replicates lies above 0.5; refuted when it lies
        below; inconclusive otherwise. Lead: Supported when the 95 % interval over replicates lies
        above 0; refuted when it lies below; inconclusive otherwise.
    """
    judge = image_judge(model)
    own, common = (
        judge_draws(model, sampler, DRAWS, judge, rng)
        for sampler in (OwnRanges(), RadiusMatched(Uniform(1.0)))
    )
    evidence = [
        hit_rate(own),
        estimate(
            ratio_difference, zip(own, common, strict=True), unit="difference from common ranges"
        ),
    ]

    add_figure(judged_images(own), "Independent components within their own ranges, decoded.")
    add_figure(judged_images(common), "Uniform draws on the radii of the codes, decoded.")

    decide(evidence, [HALF, BETTER])


@pytest.mark.claim("X-05", needs="trained autoencoder wide faces decoder")
@pytest.mark.expect("refuted", because="the decoder was never trained")
def test_control_untrained_decoders_make_nothing_of_own_ranges(model, image_judge, decide, rng):
    """The same draws through the networks before training give no faces."""
    judge = image_judge(model)
    judged = [
        decode_and_judge(r.untrained(), OwnRanges().draw(DRAWS, r.train, rng), judge)
        for r in model.replicates
    ]

    decide(hit_rate(judged), HALF)


@pytest.mark.claim("X-08", needs="trained autoencoder wide faces decoder")
def test_limits_along_principal_axes_give_faces(model, image_judge, decide, add_figure, rng):
    """Draws limited along the principal axes, mapped back to the latent space, give faces.

    Source
        000 later posts, "Autoencoders and latent space fragmentation", X (3 Jun 2023); it names no
        factor for the limits: two standard deviations here, the others in the figure.
    Statement
        The recipe (centre and turn the codes to their principal axes, draw within ellipses there,
        map back) yields faces.
    Statistic
        Corrected hit rate of draws cut at two standard deviations along principal axes (rung S5),
        one value a replicate.
    Null
        None: half, as in A-18. Narrow limits buy quality by shrinking towards the mean: the
        figure shows diversity beside the hits.
    Decision
        Supported when the 95 % interval over replicates lies above 0.5; refuted when it lies below;
        inconclusive otherwise.
    """
    judge = image_judge(model)
    doses = {k: judge_draws(model, Ellipse(k), DRAWS, judge, rng) for k in DOSES}
    evidence = hit_rate(doses[2.0])

    series = {
        "hit rate": {k: [t.rate().value for t in row] for k, row in doses.items()},
        "diversity": {k: [diversity(t, rng) for t in row] for k, row in doses.items()},
    }
    add_figure(
        trend(series, "limit in standard deviations", "share", log=""),
        "Hit rate, and diversity over that of decoded codes, by the width of the limits.",
    )
    add_figure(
        judged_images(doses[2.0]),
        "Draws within two standard deviations along principal axes, decoded.",
    )

    decide(evidence, HALF)


@pytest.mark.claim("X-08", needs="trained autoencoder wide faces decoder")
@pytest.mark.expect("refuted", because="the way back to the latent space was left out")
def test_control_without_the_way_back_there_are_no_faces(
    model, image_judge, decide, add_figure, rng
):
    """Scores along the principal axes, taken for codes, decode to no faces."""
    judge = image_judge(model)
    judged = [
        decode_and_judge(
            r, (Ellipse(2.0).draw(DRAWS, r.train, rng) - r.train.mean) @ r.train.principal[1], judge
        )
        for r in model.replicates
    ]

    add_figure(judged_images(judged), "Principal scores taken for codes, decoded.")

    decide(hit_rate(judged), HALF)


def diversity(samples, rng):
    """Return the diversity of decoded draws over that of decoded codes."""
    references = samples.replicate.decode(samples.replicate.held_out.z_mean[:DRAWS])
    return relative_diversity(samples.pixels, references, rng).value


@scenario(test_components_within_their_own_ranges_give_faces, null=0.2)
def faces_of_a_share_about_the_mean(effect, rng):
    """Simulate decoders that make faces of a share of the codes near the mean, and of no others.

    The mean lies so far out that draws on the codes' radii hardly ever come near it.
    """
    judge = SimulatedJudge(rng)
    replicates = []
    for share in effect + 0.05 * rng.standard_normal(5):
        cloud = LatentCloud(5 + rng.standard_normal((1000, 8)))
        decoder = decoder_accepting(near_the_mean(share, rng))
        scores = reconstruction_scores(judge, 1000)
        replicates.append(SimulatedReplicate(cloud, cloud, decoder, scores))
    return {"model": SimulatedModel(replicates), "image_judge": lambda _: judge}


def near_the_mean(share, rng):
    """Return a region of a share of the codes near the mean."""

    def region(codes):
        near = ((codes - 5) ** 2).sum(axis=1) < 50
        return near & (rng.uniform(size=len(codes)) < share)

    return region


@scenario(test_limits_along_principal_axes_give_faces, null=0.2)
def decoders_of_a_share_of_faces(effect, rng):
    """Simulate decoders that make faces of a share of all codes, which scatters by 0.03."""
    clouds = normal_clouds(rng)
    return model_with_hit_rates(clouds, effect + 0.03 * rng.standard_normal(5), rng)
