"""A VAE's latent space cannot be a manifold of realistic images."""

import pytest

from aelatent import Below
from aelatent.judges.figures import judged_images
from aelatent.judges.judged_samples import decode_and_judge, hit_ratio, judge_draws
from aelatent.samplers.ladder import StandardNormal
from aelatent.simulation import DIGITS_CARD, model_with_hit_rates, normal_clouds, scenario

DRAWS = 200
IMPOSSIBLE = Below(0.8)


@pytest.mark.claim("C-12", needs="trained vae decoder")
def test_prior_samples_cannot_be_realistic(model, image_judge, decide, add_figure, rng):
    """Draws from N(0, I) through a decoder that is not affine cannot be realistic images.

    Source
        001, the answer: it is unlikely, and with a decoder that is not affine impossible, that the
        latent space is a manifold of realistic images.
    Statement
        Draws from the prior never decode as well as codes of images do. One model in which they do
        refutes it.
    Statistic
        The hit rate of 200 draws from N(0, I) over that of reconstructions, one value a replicate.
    Null
        None: the catalogue's margin is four fifths.
    Decision
        Supported when the 95 % interval over replicates lies below 0.8; refuted when it lies above;
        inconclusive otherwise.
    """
    judge = image_judge(model)
    judged = judge_draws(model, StandardNormal(), DRAWS, judge, rng, split="held_out")
    evidence = hit_ratio(judged)

    add_figure(
        judged_images(judged, count=10),
        f"Draws from N(0, I) through {model.name}, a row a replicate.",
    )

    decide(evidence, IMPOSSIBLE)


@pytest.mark.claim("C-12", compares="mnist_vae_2d")
@pytest.mark.expect("refuted", because="the codes are those of held-out images")
def test_control_codes_of_images_decode_to_realistic_images(
    models, image_judge, decide, add_figure
):
    """Posterior means of held-out images decode to realistic images."""
    model = models("mnist_vae_2d")
    judge = image_judge(model)
    judged = [decode_and_judge(r, r.held_out.z_mean[:DRAWS], judge) for r in model.replicates]

    add_figure(judged_images(judged, count=10), "Decoded posterior means of held-out digits.")

    decide(hit_ratio(judged), IMPOSSIBLE)


@scenario(test_prior_samples_cannot_be_realistic, null=0.95)
def decoders_of_a_share_of_digits(effect, rng):
    """Simulate decoders that make digits of a share of the draws, which scatters by 0.03."""
    clouds = normal_clouds(rng, n=200, d=2)
    return model_with_hit_rates(clouds, effect + 0.03 * rng.standard_normal(5), rng, DIGITS_CARD)
