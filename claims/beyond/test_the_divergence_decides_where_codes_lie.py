"""Without the Kullback-Leibler term a VAE behaves like an autoencoder."""

from dataclasses import replace

import numpy as np
import pytest

from aelatent import Above, Below, Between, LatentCloud, estimate
from aelatent.figures import scatter_2d, trend
from aelatent.figures.estimates import estimate_dots
from aelatent.judges.figures import judged_images
from aelatent.judges.judged_samples import (
    RECOGNISABLE,
    decode_and_judge,
    hit_ratio,
    image_recall,
    reconstructions,
)
from aelatent.judges.stand_ins import decoding_to_noise, decoding_to_one_image
from aelatent.latent.synthetic import standard_normal
from aelatent.simulation import (
    DIGITS_CARD,
    SimulatedModel,
    SimulatedSpecification,
    model_with_hit_rates,
    scenario,
    with_style,
)

UNLIKE_THE_PRIOR = Above(2.0)
LIKE_THE_PRIOR = Between(0.8, 1.2)
MODELS = "mnist_ae_2d mnist_vae_2d_no_kl mnist_vae_2d"
FACES = "faces_vae_tiny_kl faces_ae_256d faces_vae_200d"
OFF_THE_PRIOR = Above(1.2)
WEIGHTS = {
    1e-6: "mnist_vae_32d_dense_kl_1e6",
    1e-3: "mnist_vae_32d_dense_kl_1e3",
    1.0: "mnist_vae_32d_dense",
}
MISSES = Below(0.5)
HITS = Above(0.5)
DRAWS = 200
SEEDS = 5


@pytest.mark.claim("X-13", compares=MODELS)
def test_without_a_divergence_codes_lie_where_they_like(models, decide, add_figure):
    """Without its Kullback-Leibler term a VAE puts its codes as far out as an autoencoder does.

    Source
        anracom's later posts, "VAE with TF 2.8", XI, XIII and XIV: with a tiny Kullback-Leibler
        term a VAE behaves like an autoencoder, with a normal one codes lie about the origin.
    Statement
        Codes of the VAE without the term, as those of the autoencoder, leave the neighbourhood of
        the origin; those of the VAE with it have the spread of N(0, I).
    Statistic
        Root mean square of the components of the held-out codes: of the VAE without the term, of
        the autoencoder, of the VAE, one value a replicate.
    Null
        1 for N(0, I). "Far out" is read as twice that, "about the origin" as within a fifth, as in
        D-13.
    Decision
        Without, and autoencoder: Supported when the 95 % interval over replicates lies above 2;
        refuted when it lies below; inconclusive otherwise. With: Supported when the 95 % interval
        over replicates lies between 0.8 and 1.2; refuted when it lies outside; inconclusive
        otherwise.
    """
    plain, free, held = (models(name) for name in MODELS.split())
    evidence = [
        estimate(
            spread, free.clouds, unit="rms component, VAE without divergence", bounds=(0, np.inf)
        ),
        estimate(spread, plain.clouds, unit="rms component, autoencoder", bounds=(0, np.inf)),
        estimate(spread, held.clouds, unit="rms component, VAE", bounds=(0, np.inf)),
    ]

    for model in (plain, free, held):
        add_figure(
            scatter_2d({model.name: model.clouds[0]}), f"Codes of {model.specification.title}."
        )

    decide(evidence, [UNLIKE_THE_PRIOR, UNLIKE_THE_PRIOR, LIKE_THE_PRIOR])


@pytest.mark.claim("X-13", compares=FACES)
def test_with_a_tiny_divergence_codes_of_faces_lie_off_the_prior(models, decide, add_figure):
    """With a tiny Kullback-Leibler term a VAE of faces lies off N(0, I), as an autoencoder does.

    Source
        anracom's later posts, "VAE with TF 2.8", XI, XIII and XIV.
    Statement
        Codes of a VAE of faces whose divergence has a weight of one millionth, as those of an
        autoencoder, are wider than N(0, I); those of a VAE with the weight of GDL have its width.
    Statistic
        Root mean square of the components of codes, the noise of their posteriors included, over
        all dimensions: of the VAE with a tiny divergence, of the autoencoder, of the VAE, one value
        a replicate.
    Null
        1 for N(0, I); "about the origin" is read as within a fifth, as in D-13, and "off" as more.
    Decision
        Tiny, and autoencoder: Supported when the 95 % interval over replicates lies above 1.2;
        refuted when it lies below; inconclusive otherwise. With: Supported when the 95 % interval
        over replicates lies between 0.8 and 1.2; refuted when it lies outside; inconclusive
        otherwise.
    """
    tiny, plain, held = (models(name).clouds for name in FACES.split())
    evidence = [
        estimate(width, tiny, unit="rms component, tiny divergence", bounds=(0, np.inf)),
        estimate(width, plain, unit="rms component, autoencoder", bounds=(0, np.inf)),
        estimate(width, held, unit="rms component, VAE", bounds=(0, np.inf)),
    ]

    names = ("tiny divergence", "autoencoder", "VAE")
    add_figure(
        estimate_dots(
            {
                name: [{"components": width(cloud)} for cloud in clouds]
                for name, clouds in zip(names, (tiny, plain, held), strict=True)
            },
            "root mean square of all components",
            bound=1,
        ),
        "Width of the codes, a dot a training, and that of N(0, I).",
    )

    decide(evidence, [OFF_THE_PRIOR, OFF_THE_PRIOR, LIKE_THE_PRIOR])


@pytest.mark.claim("X-13", compares=" ".join(WEIGHTS.values()), amended="2026-11-28")
def test_a_tiny_divergence_leaves_the_prior_without_digits(
    models, image_judge, decide, add_figure, rng
):
    """With a tiny divergence draws from N(0, I) are no recognisable digits, with all of it most.

    Source
        anracom's later posts, "VAE with TF 2.8", XI, XIII and XIV, which makes this claim about
        faces: from arbitrary points none with a tiny term, with a normal one from points at a
        reasonable distance.
    Statement
        Of VAEs that differ in nothing but the weight of the divergence, those with a weight of 1e-6
        make no recognisable digits of N(0, I), those with a weight of 1 do, and various ones.
    Statistic
        Rate of recognisable images among 200 draws over that of reconstructions: at 1e-6, and at 1;
        and the recall of the recognisable draws at 1 over that of as many reconstructions, one
        value a replicate. A figure also shows 1e-3.
    Null
        None: the margin of A-01, half of what reconstructions reach, decides all three. A decoder
        that ignores its code has a recall of 0.
    Decision
        Tiny: Supported when the 95 % interval over replicates lies below 0.5; refuted when it lies
        above; inconclusive otherwise. Whole: Supported when the 95 % interval over replicates lies
        above 0.5; refuted when it lies below; inconclusive otherwise. Recall: Supported when the
        95 % interval over replicates lies above 0.5; refuted when it lies below; inconclusive
        otherwise.
    """
    judged = {
        weight: [
            decode_and_judge(
                r, rng.standard_normal((DRAWS, r.held_out.d)), image_judge(models(name))
            )
            for r in models(name).replicates[:SEEDS]
        ]
        for weight, name in WEIGHTS.items()
    }
    evidence = [
        hit_ratio(judged[1e-6], RECOGNISABLE),
        hit_ratio(judged[1.0], RECOGNISABLE),
        recalls(judged[1.0]),
    ]

    add_figure(
        trend(
            {
                "N(0, I)": {
                    w: [samples.accepted(RECOGNISABLE).mean() for samples in row]
                    for w, row in judged.items()
                },
                "reconstructions": {
                    w: [reconstructions(t.replicate, t.judge, RECOGNISABLE).mean() for t in row]
                    for w, row in judged.items()
                },
            },
            "weight of the divergence",
            "share of recognisable digits",
        ),
        "Share of N(0, I) draws that are digits over the weight of the divergence.",
    )
    for weight, row in judged.items():
        add_figure(
            judged_images(row, count=14), f"Decoded N(0, I) draws at a weight of {weight:g}."
        )

    decide(evidence, [MISSES, HITS, HITS])


@pytest.mark.claim("X-13")
@pytest.mark.expect("refuted", because="the codes are those of N(0, I)")
def test_control_standard_normal_codes_stay_about_the_origin(decide, rng):
    """Standard normal codes are not far out."""
    clouds = [standard_normal(1000, 2, rng) for _ in range(5)]

    decide(estimate(spread, clouds, bounds=(0, np.inf)), UNLIKE_THE_PRIOR)


@pytest.mark.claim("X-13", compares="mnist_vae_32d_dense")
@pytest.mark.expect("refuted", because="held-out codes decode to digits")
def test_control_codes_are_no_draws_from_nowhere(models, image_judge, decide):
    """Held-out codes of the VAE hit, which a draw must not where the divergence is tiny."""
    model = models("mnist_vae_32d_dense")
    judged = [
        decode_and_judge(r, r.held_out.z_mean[:DRAWS], image_judge(model)) for r in model.replicates
    ]

    decide(hit_ratio(judged, RECOGNISABLE), MISSES)


@pytest.mark.claim("X-13", compares="mnist_vae_32d_dense")
@pytest.mark.expect("refuted", because="the images hold noise, or always one digit")
@pytest.mark.parametrize("images", ["noise", "one digit"])
def test_control_noise_or_one_digit_is_no_hit(images, models, image_judge, decide, rng):
    """Noise is no digit, and a decoder that ignores its code has no variety."""
    model = models("mnist_vae_32d_dense")
    judge = image_judge(model)
    stand_ins = [
        decoding_to_noise(r, rng) if images == "noise" else decoding_to_one_image(r, judge)
        for r in model.replicates
    ]
    judged = [
        decode_and_judge(r, rng.standard_normal((DRAWS, r.held_out.d)), judge) for r in stand_ins
    ]

    decide([hit_ratio(judged, RECOGNISABLE), recalls(judged)], [HITS, HITS])


def recalls(judged):
    """Estimate the recall of the draws over that of reconstructions."""
    return image_recall(judged, RECOGNISABLE)


def width(cloud):
    """Return the root mean square of all components, the noise of the posteriors included."""
    noise = 0.0 if cloud.z_log_var is None else np.exp(cloud.z_log_var.clip(max=10))
    return float(np.sqrt(np.mean(cloud.z_mean**2 + noise)))


def spread(cloud):
    """Return the root mean square of all components."""
    return float(np.sqrt(np.mean(cloud.z_mean**2)))


@scenario(test_without_a_divergence_codes_lie_where_they_like, null=1.0)
def codes_of_two_numbers_of_some_width(effect, rng):
    """Simulate codes of a VAE without divergence; the width scatters by a tenth.

    Those of the first three trained ones are 3, 1,500 and 2,000 wide, far more apart.
    """
    return {
        "models": widths(
            {"mnist_ae_2d": 2.8, "mnist_vae_2d_no_kl": effect, "mnist_vae_2d": 1}, 2, rng
        )
    }


@scenario(test_with_a_tiny_divergence_codes_of_faces_lie_off_the_prior, null=1.0)
def codes_of_some_width(effect, rng):
    """Simulate codes of a VAE with a tiny divergence; the width scatters by a tenth."""
    return {
        "models": widths(
            {"faces_vae_tiny_kl": effect, "faces_ae_256d": 2, "faces_vae_200d": 1}, 32, rng
        )
    }


@scenario(test_a_tiny_divergence_leaves_the_prior_without_digits, null=0.9)
def decoders_of_a_share_of_digits(effect, rng):
    """Simulate decoders that make digits of `effect` of the draws at weight 1e-6, of 0.9 at 1.

    All other draws show nothing. Shares scatter by 0.03 between trainings, as those of the stored
    models do.
    """
    arguments = {
        name: model_with_hit_rates(
            [standard_normal(1000, 2, rng) for _ in range(SEEDS)],
            share + 0.03 * rng.standard_normal(SEEDS),
            rng,
            DIGITS_CARD,
        )
        for name, share in zip(WEIGHTS.values(), (effect, 0.9, 0.9), strict=True)
    }
    found = {
        name: SimulatedModel(
            [replace(r, decoder=with_style(r.decoder)) for r in given["model"].replicates]
        )
        for name, given in arguments.items()
    }
    return {
        "models": found.__getitem__,
        "image_judge": arguments[WEIGHTS[1.0]]["image_judge"],
    }


def widths(scales, d, rng):
    """Return models of normal codes of given widths; all widths but 1 scatter by a tenth."""
    models = {}
    for name, scale in scales.items():
        trainings = 3 if name == "faces_vae_tiny_kl" else SEEDS
        factors = 1 + (0.01 if scale == 1 else 0.1) * rng.standard_normal(trainings)
        clouds = [standard_normal(1000, d, rng).z_mean * scale * factor for factor in factors]
        models[name] = replace(
            SimulatedModel.of([LatentCloud(codes) for codes in clouds]),
            name=name,
            specification=SimulatedSpecification(title=name),
        )
    return models.__getitem__
