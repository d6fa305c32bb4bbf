"""Draws from N(0, I) decode to recognisable digits with a VAE, and to all of them."""

import numpy as np
import pytest
from scipy import stats

from aelatent import Above, Below, LatentCloud, estimate
from aelatent.figures import scatter_2d
from aelatent.judges.figures import judged_images
from aelatent.judges.judged_samples import (
    RECOGNISABLE,
    at_each_reading,
    decode_and_judge,
    hit_ratio,
    image_recall,
    judge_draws,
)
from aelatent.judges.stand_ins import decoding_to_noise, decoding_to_one_image
from aelatent.samplers.ladder import StandardNormal
from aelatent.simulation import (
    DIGITS_CARD,
    SimulatedJudge,
    SimulatedModel,
    SimulatedReplicate,
    decoder_accepting,
    random_region,
    scenario,
    with_style,
)
from aelatent.statistics.classes import entropy

DRAWS = 1000
DIGITS = Above(0.8)
VARIED = Above(0.5)
BETTER = Above(0.0)
SMOOTHER = Below(1.0)


@pytest.mark.claim("D-16", needs="trained vae decoder", amended="2026-11-28")
def test_vae_samples_decode_to_digits(model, image_judge, decide, add_figure, rng):
    """Samples of a VAE decode to recognisable digits, or whatever its images show, and vary.

    Source
        Yeo (11 Oct 2020), Fig. 8 and remedy 2 (D-13); its figures called "random sampling" are
        grids, so N(0, I) is drawn here.
    Statement
        Codes drawn from N(0, I) decode to recognisable images if the model is a VAE, and to as many
        different ones as its codes do.
    Statistic
        The rate of recognisable images among 1,000 decoded draws over that of reconstructions of
        held-out images; and the recall of the recognisable draws (Kynkaanniemi and others, 2019:
        the share of reconstructions no farther from a draw than its fifth neighbour among the
        draws, in pixels) over that of as many other reconstructions, one value a replicate.
    Null
        None: margins decide. "Decode to digits" is read as at least four fifths as often as the
        model's own reconstructions, and variety as half of theirs. A decoder that makes one digit
        of all codes has a recall of 0.
    Decision
        The ratio: Supported when the 95 % interval over replicates lies above 0.8; refuted when it
        lies below; inconclusive otherwise. The recall: Supported when the 95 % interval over
        replicates lies above 0.5; refuted when it lies below; inconclusive otherwise.
    """
    judge = image_judge(model)
    judged = judge_draws(model, StandardNormal(), DRAWS, judge, rng, split="held_out")
    evidence = digits_and_variety(judged)

    add_figure(judged_images(judged, count=20, grade=RECOGNISABLE), "Decoded N(0, I) draws.")
    if model.clouds[0].d == 2:
        add_figure(
            scatter_2d({"held-out codes": model.clouds[0]}, {"N(0, I)": judged[0].codes}),
            "Codes of held-out images, and draws from N(0, I).",
        )

    decide(evidence, [DIGITS, VARIED])


@pytest.mark.claim("D-16", needs="trained vae decoder")
@pytest.mark.expect("refuted", because="an untrained decoder makes no digits of any draw")
def test_control_untrained_decoders_make_no_digits(model, image_judge, decide, add_figure, rng):
    """The same draws through the same networks before training decode to no digits."""
    judge = image_judge(model)
    draws = [StandardNormal().draw(DRAWS, r.held_out, rng) for r in model.replicates]
    judged = [
        decode_and_judge(r.untrained(), z, judge)
        for r, z in zip(model.replicates, draws, strict=True)
    ]

    add_figure(judged_images(judged, count=20), "N(0, I) draws through untrained decoders.")

    decide(digits_and_variety(judged), [DIGITS, VARIED])


@pytest.mark.claim("D-16", needs="trained vae decoder")
@pytest.mark.expect("refuted", because="the images hold noise")
def test_control_noise_shows_no_digits(model, image_judge, decide, rng):
    """Images of noise in place of decoded draws are not recognisable."""
    judge = image_judge(model)
    judged = drawn_through([decoding_to_noise(r, rng) for r in model.replicates], judge, rng)

    decide(digits_and_variety(judged), [DIGITS, VARIED])


@pytest.mark.claim("D-16", needs="trained vae decoder")
@pytest.mark.expect("refuted", because="the decoder gives one good image for every code")
def test_control_one_digit_for_every_code_does_not_vary(model, image_judge, decide, rng):
    """A decoder that ignores its code makes good images, and always the same."""
    judge = image_judge(model)
    judged = drawn_through([decoding_to_one_image(r, judge) for r in model.replicates], judge, rng)

    decide(digits_and_variety(judged), [DIGITS, VARIED])


@pytest.mark.claim("D-16", compares="mnist_ae_2d mnist_vae_2d", amended="2026-11-28")
@pytest.mark.parametrize("rule", ["bounding box", "own quantiles", "own density"])
def test_the_vae_covers_more_digits_more_smoothly(
    rule, models, image_judge, decide, add_figure, rng
):
    """Sampled by one rule, the VAE covers recognisable digits more evenly and varies smoothly.

    Source
        Yeo (11 Oct 2020), Fig. 8 against Fig. 3: the source samples the two by different rules, a
        bounding box with its empty corners and the quantiles of N(0, I).
    Statement
        Drawn by the same rule, the VAE's decoded points cover the digits more evenly and change
        more slowly with the point than the autoencoder's.
    Statistic
        Entropy of the digits among recognisable images over that of ten equally frequent ones, the
        VAE's minus the autoencoder's; and the mean change of the image over a small step, in widths
        of the own cloud, the VAE's over the autoencoder's, one value a seed.
    Null
        0 and 1 if nothing differs: the catalogue's margins.
    Decision
        Digits: Supported when the 95 % interval over replicates lies above 0; refuted when it lies
        below; inconclusive otherwise. Smoothness: Supported when the 95 % interval over replicates
        lies below 1; refuted when it lies above; inconclusive otherwise.
    """
    plain, variational = models("mnist_ae_2d"), models("mnist_vae_2d")
    judge = image_judge(plain)
    pairs = [
        [decode_and_judge(r, points(r.held_out.z_mean, rule, rng), judge) for r in pair]
        for pair in zip(plain.replicates, variational.replicates, strict=True)
    ]
    evidence = [
        evener(pairs),
        estimate(
            lambda p: roughness(p[1], rng) / roughness(p[0], rng),
            pairs,
            unit="change along small steps over the autoencoder's",
            bounds=(0, np.inf),
        ),
    ]

    add_figure(
        judged_images([p[0] for p in pairs], count=20), f"Autoencoder, points by {rule}, decoded."
    )
    add_figure(judged_images([p[1] for p in pairs], count=20), f"VAE, points by {rule}, decoded.")

    decide(evidence, [BETTER, SMOOTHER])


@pytest.mark.claim("D-16", compares="mnist_ae_2d")
@pytest.mark.expect("refuted", because="all points of the second set are one code")
def test_control_one_code_covers_one_digit(models, image_judge, decide, rng):
    """Points about one code cover fewer digits than points of the whole cloud."""
    model = models("mnist_ae_2d")
    judge = image_judge(model)
    pairs = [
        [
            decode_and_judge(r, points(r.held_out.z_mean, "own density", rng), judge),
            decode_and_judge(r, np.repeat(r.held_out.z_mean[:1], 50, axis=0), judge),
        ]
        for r in model.replicates
    ]

    decide(evener(pairs), BETTER)


def points(codes, rule, rng, n=300):
    """Draw points of the plane by one of three rules that suit both models."""
    if rule == "bounding box":
        return rng.uniform(codes.min(axis=0), codes.max(axis=0), (n, 2))
    if rule == "own quantiles":
        return np.column_stack([np.quantile(c, rng.uniform(0.01, 0.99, n)) for c in codes.T])
    return stats.gaussian_kde(codes.T).resample(n, seed=rng).T


def digits_and_variety(judged):
    """Estimate how often the draws are recognisable, and how much of the variety they reach."""
    return [hit_ratio(judged, RECOGNISABLE), image_recall(judged, RECOGNISABLE)]


def drawn_through(replicates, judge, rng):
    """Decode and judge draws from N(0, I)."""
    return [
        decode_and_judge(r, StandardNormal().draw(DRAWS, r.held_out, rng), judge)
        for r in replicates
    ]


def evener(pairs):
    """Estimate by how much the entropy of the second samples' digits exceeds the first ones'."""
    return at_each_reading(
        pairs[0][0].judge,
        lambda reading: estimate(
            lambda pair: evenness(pair[1], reading) - evenness(pair[0], reading),
            pairs,
            unit="entropy of digits minus the autoencoder's",
        ),
    )


def evenness(samples, reading):
    """Return the entropy of the digits among the recognisable images; 0 where there are none."""
    digits = samples.classes(reading)
    return entropy(digits, 10) if (digits >= 0).any() else 0.0


def roughness(samples, rng, step=0.02):
    """Return the mean change of the image over a step of `step` widths of the cloud."""
    width = np.sqrt(samples.replicate.held_out.z_mean.var(axis=0).mean())
    turns = rng.standard_normal(samples.codes.shape)
    turns *= step * width / np.linalg.norm(turns, axis=1, keepdims=True)
    moved = samples.replicate.decode(samples.codes + turns).astype(float) - samples.pixels
    return float(np.linalg.norm(moved.reshape(len(moved), -1), axis=1).mean())


@scenario(test_vae_samples_decode_to_digits, null=0.65)
def decoders_of_a_share_of_digits(effect, rng):
    """Simulate VAEs that make recognisable digits of `effect` of the draws, as varied as codes."""
    return varied(effect + 0.025 * rng.standard_normal(5), np.ones(5), rng)


@scenario(test_vae_samples_decode_to_digits, null=0.2, part=1, count=200)
def draws_of_some_variety(effect, rng):
    """Simulate VAEs whose draws are digits, and reach `effect` of the variety of codes.

    Held-out codes show two kinds of images far apart, the draws only the first: its share is that
    of the variety that can be reached, and scatters by 0.02 between trainings.
    """
    return varied(np.full(5, 0.98), effect + 0.02 * rng.standard_normal(5), rng)


def varied(digits, variety, rng):
    """Simulate decoders by the share of draws that are digits, and by the variety they reach."""
    judge = SimulatedJudge(rng, DIGITS_CARD)
    replicates = []
    for share, reached in zip(digits, variety, strict=True):
        codes = rng.standard_normal((1000, 3))
        codes[:, 2] = np.where(rng.random(1000) < reached, 0, 50)
        cloud = LatentCloud(codes)
        decoder = with_style(decoder_accepting(random_region(share, rng)))
        replicates.append(SimulatedReplicate(cloud, cloud, two_places(decoder)))
    return {"model": SimulatedModel(replicates), "image_judge": lambda _: judge}


def two_places(decoder):
    """Return a decoder that makes all else of codes whose last component is large."""

    def decode(codes):
        pixels = decoder(codes[:, :2])
        away = np.where(codes[:, 2] > 25, 255, 0).astype(np.uint8)
        return np.concatenate([pixels, np.repeat(away[:, None, None, None], 9, axis=1)], axis=1)

    return decode


@scenario(test_the_vae_covers_more_digits_more_smoothly, null=-0.05)
def digits_of_some_evenness(effect, rng):
    """Simulate smooth VAEs, whose digits have an entropy larger by `effect` than an autoencoder's.

    The autoencoder's is 0.9 of the largest, and either scatters by 0.01 from one training to the
    next.
    """
    judge = SimulatedJudge(rng, DIGITS_CARD)
    cells = {"mnist_ae_2d": (0.9, 200), "mnist_vae_2d": (0.9 + effect, 100)}
    found = {}
    for name, (mean, grain) in cells.items():
        replicates = []
        for evenness in mean + 0.01 * rng.standard_normal(5):
            cloud = LatentCloud(rng.standard_normal((1000, 2)))
            replicates.append(SimulatedReplicate(cloud, cloud, grained(evenness, grain, rng)))
        found[name] = SimulatedModel(replicates)
    return {"rule": "own density", "models": found.__getitem__, "image_judge": lambda _: judge}


def grained(evenness, grain, rng):
    """Return a decoder that shows digits of a given entropy, and a pixel of a number of shades."""
    shares = np.linspace(0.1, 0.19, 200)
    entropies = stats.entropy(two_kinds(shares), axis=0) / np.log(10)
    chances = two_kinds(np.interp(-evenness, -entropies, shares))
    digits = decoder_accepting(
        lambda codes: np.ones(len(codes), bool), lambda codes: rng.choice(10, len(codes), p=chances)
    )

    def decode(codes):
        noise = rng.integers(0, grain, (len(codes), 1, 1, 1), dtype=np.uint8)
        return np.concatenate([digits(codes), noise], axis=1)

    return decode


def two_kinds(share):
    """Return the shares of ten digits, five of which have a given share, (10, ...)."""
    return np.stack([share] * 5 + [0.2 - share] * 5)
