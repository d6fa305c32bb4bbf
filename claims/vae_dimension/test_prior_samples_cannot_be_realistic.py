"""A VAE's latent space cannot be a manifold of realistic, that is clean, images."""

import pytest

from aelatent import Below
from aelatent.judges.figures import judged_images
from aelatent.judges.judged_samples import decode_and_judge, hit_ratio, judge_draws
from aelatent.samplers.ladder import StandardNormal
from aelatent.simulation import DIGITS_CARD, model_with_hit_rates, normal_clouds, scenario

DRAWS = 200
IMPOSSIBLE = Below(0.8)
SOURCES_OWN = "mnist_vae_8x8x1024"
VAES = (
    "mnist_vae_8x8x64 mnist_vae_8x8x16 mnist_vae_8x8x4 mnist_vae_8x8x2 mnist_vae_8x8x1 "
    "mnist_vae_32d_dense mnist_vae_8d_dense mnist_vae_2d_dense mnist_vae_2d mnist_vae_2d_1k "
    "faces_vae_200d"
)


@pytest.mark.claim("C-12", compares=VAES, amended="2026-11-28")
def test_no_vae_has_realistic_prior_samples(models, image_judge, decide, add_figure, rng):
    """Of no VAE do draws from N(0, I) decode to clean images as codes of images do.

    Source
        Cross Validated, the answer: it is unlikely, and with a decoder that is not affine
        impossible, that the latent space is a manifold of realistic images.
    Statement
        Draws from the prior never decode to clean images as often as codes of images do, whatever
        the VAE. One VAE in which they do refutes it.
    Statistic
        The rate of clean images among 200 draws from N(0, I) over that of reconstructions, one
        value a replicate: a part for each VAE whose divergence has its whole weight. The source's
        own, of 65,536 dimensions, comes first where its replicates are on the machine, since they
        are too large to be stored; then the others from wide to narrow.
    Null
        None: the catalogue's margin is four fifths. The parts are corrected for their number.
    Decision
        For each VAE: Supported when the 95 % interval over replicates lies below 0.8; refuted when
        it lies above; inconclusive otherwise.
    """
    found = [model for model in map(models, [SOURCES_OWN, *VAES.split()]) if model.replicates]
    judged = [draws(model, image_judge(model), rng) for model in found]
    evidence = [hit_ratio(samples) for samples in judged]

    for model, samples in zip(found, judged, strict=True):
        add_figure(
            judged_images(samples, count=14), f"Draws from N(0, I) through {model.name}, decoded."
        )

    decide(evidence, [IMPOSSIBLE] * len(evidence))


@pytest.mark.claim("C-12", needs="trained vae decoder", amended="2026-11-28")
def test_prior_samples_cannot_be_realistic(model, image_judge, decide, add_figure, rng):
    """Draws from N(0, I) through this VAE's decoder are less often clean images than codes are.

    Source
        Cross Validated, the answer: it is unlikely, and with a decoder that is not affine
        impossible, that the latent space is a manifold of realistic images.
    Statement
        Draws from the prior of this VAE do not decode to clean images as often as codes of images
        do: the same question, asked of one model.
    Statistic
        The rate of clean images among 200 draws from N(0, I) over that of reconstructions, one
        value a replicate.
    Null
        None: the catalogue's margin is four fifths.
    Decision
        Supported when the 95 % interval over replicates lies below 0.8; refuted when it lies above;
        inconclusive otherwise.
    """
    judged = draws(model, image_judge(model), rng)
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


def draws(model, judge, rng):
    """Decode and judge draws from the prior of a VAE."""
    return judge_draws(model, StandardNormal(), DRAWS, judge, rng, split="held_out")


@scenario(test_prior_samples_cannot_be_realistic, null=0.95)
def decoders_of_a_share_of_digits(effect, rng):
    """Simulate decoders that make clean digits of a share of the draws, damaged ones of others.

    The share scatters by 0.03 between trainings.
    """
    clouds = normal_clouds(rng, n=200, d=2)
    shares = effect + 0.03 * rng.standard_normal(5)
    return model_with_hit_rates(clouds, shares, rng, DIGITS_CARD, damaged=True)


@scenario(test_no_vae_has_realistic_prior_samples, null=0.95, count=200)
def one_vae_of_a_share_of_digits(effect, rng):
    """Simulate VAEs of which the first makes clean digits of a share of the draws, others of few.

    All other images are damaged. The share scatters by 0.03 between five trainings of the first
    and three of the others.
    """
    judge, found = None, {}
    for name in [SOURCES_OWN, *VAES.split()]:
        mean, k = (effect, 5) if judge is None else (0.1, 3)
        clouds = normal_clouds(rng, n=200, d=2, trainings=k)
        shares = mean + 0.03 * rng.standard_normal(k)
        made = model_with_hit_rates(clouds, shares, rng, DIGITS_CARD, damaged=True)
        judge = judge or made["image_judge"]
        found[name] = made["model"]
    return {"models": found.__getitem__, "image_judge": judge}
