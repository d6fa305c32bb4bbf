"""Draws from N(0, I) decode to digits with a VAE, and more often than with an autoencoder."""

import numpy as np
import pytest
from scipy import stats

from aelatent import Above, Below, LatentCloud, estimate
from aelatent.figures import class_shares, scatter_2d
from aelatent.judges.figures import judged_images
from aelatent.judges.judged_samples import (
    decode_and_judge,
    hit_ratio,
    ratio_difference,
)
from aelatent.samplers.ladder import StandardNormal
from aelatent.simulation import (
    DIGITS_CARD,
    SimulatedJudge,
    SimulatedModel,
    SimulatedReplicate,
    SimulatedSpecification,
    decoder_accepting,
    normal_clouds,
    replicate_with_hit_rate,
    scenario,
)
from aelatent.statistics.classes import entropy

DRAWS = 1000
DIGITS = Above(0.8)
BETTER = Above(0.0)
SMOOTHER = Below(1.0)


@pytest.mark.claim("D-16", needs="trained vae digits decoder counterpart")
def test_vae_samples_decode_to_digits(model, models, image_judge, decide, add_figure, rng):
    """Samples of a VAE decode to digits, more of them than the same draws through an autoencoder.

    Source
        002 (11 Oct 2020), Fig. 8 and remedy 2 (D-13); its figures called "random sampling" are
        grids, so N(0, I) is drawn here.
    Statement
        Codes drawn from N(0, I) decode to digits if the model is a VAE, and its samples are better
        than those of an autoencoder.
    Statistic
        The judged hit rate of 1,000 decoded draws over that of reconstructions of held-out images,
        one value a replicate; and that ratio minus the same ratio of the autoencoder of the same
        seed, trained on the same number of images with the same number of updates, under the same
        draws.
    Null
        None: margins decide. "Decode to digits" is read as at least four fifths as often as the
        model's own reconstructions.
    Decision
        The ratio: Supported when the 95 % interval over replicates lies above 0.8; refuted when it
        lies below; inconclusive otherwise. The difference: Supported when the 95 % interval over
        replicates lies above 0; refuted when it lies below; inconclusive otherwise.
    """
    judge, rival = image_judge(model), models(model.specification.counterpart)
    draws = [StandardNormal().draw(DRAWS, r.train, rng) for r in model.replicates]
    judged = [decode_and_judge(r, z, judge) for r, z in zip(model.replicates, draws, strict=True)]
    rivals = [decode_and_judge(r, z, judge) for r, z in zip(rival.replicates, draws, strict=True)]
    evidence = [
        hit_ratio(judged),
        estimate(
            ratio_difference,
            zip(judged, rivals, strict=True),
            unit="VAE's ratio minus autoencoder's",
        ),
    ]

    add_figure(
        judged_images(judged + rivals, count=20),
        "Decoded N(0, I) draws: VAE above, autoencoder below.",
    )
    for kind, samples in (("VAE", judged[0]), ("autoencoder", rivals[0])):
        cloud = {f"{kind}, held-out codes by digit": samples.replicate.held_out}
        add_figure(
            scatter_2d(cloud, {"draws from N(0, I)": samples.codes}), f"Codes and draws: {kind}."
        )
    add_figure(
        class_shares(
            {"VAE": shares(judged, judge), "autoencoder": shares(rivals, judge)}, range(10), "digit"
        ),
        "Share of each digit among the accepted samples of VAE and autoencoder.",
    )

    decide(evidence, [DIGITS, BETTER])


@pytest.mark.claim("D-16", needs="trained vae digits decoder counterpart")
@pytest.mark.expect("refuted", because="an untrained decoder makes no digits of any draw")
def test_control_untrained_decoders_make_no_digits(
    model, models, image_judge, decide, add_figure, rng
):
    """The same draws through the same networks before training decode to no digits."""
    judge, rival = image_judge(model), models(model.specification.counterpart)
    draws = [StandardNormal().draw(DRAWS, r.train, rng) for r in model.replicates]
    judged = [
        decode_and_judge(r.untrained(), z, judge)
        for r, z in zip(model.replicates, draws, strict=True)
    ]
    rivals = [decode_and_judge(r, z, judge) for r, z in zip(rival.replicates, draws, strict=True)]
    evidence = [
        hit_ratio(judged),
        estimate(
            ratio_difference,
            zip(judged, rivals, strict=True),
            unit="untrained ratio minus autoencoder's",
        ),
    ]

    add_figure(judged_images(judged, count=20), "N(0, I) draws through untrained decoders.")

    decide(evidence, [DIGITS, BETTER])


@pytest.mark.claim("D-16", compares="mnist_ae_2d mnist_vae_2d")
@pytest.mark.parametrize("rule", ["bounding box", "own quantiles", "own density"])
def test_the_vae_covers_more_digits_more_smoothly(
    rule, models, image_judge, decide, add_figure, rng
):
    """Under one rule of sampling for both, the VAE covers more digits and varies more smoothly.

    Source
        002 (11 Oct 2020), Fig. 8 against Fig. 3: the source samples the two by different rules, a
        bounding box with its empty corners and the quantiles of N(0, I).
    Statement
        Drawn by the same rule, the VAE's decoded points cover the digits more evenly and change
        more slowly with the point than the autoencoder's.
    Statistic
        Entropy of the digits among accepted images over that of ten equally frequent ones, the
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
        estimate(
            lambda p: evenness(p[1], judge) - evenness(p[0], judge),
            pairs,
            unit="entropy of digits minus the autoencoder's",
        ),
        estimate(
            lambda p: roughness(p[1], rng) / roughness(p[0], rng),
            pairs,
            unit="change along small steps over the autoencoder's",
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
    kept = [pair for pair in pairs if pair[1].accepted.any()]

    decide(estimate(lambda p: evenness(p[1], judge) - evenness(p[0], judge), kept), BETTER)


def points(codes, rule, rng, n=300):
    """Draw points of the plane by one of three rules that suit both models."""
    if rule == "bounding box":
        return rng.uniform(codes.min(axis=0), codes.max(axis=0), (n, 2))
    if rule == "own quantiles":
        return np.column_stack([np.quantile(c, rng.uniform(0.01, 0.99, n)) for c in codes.T])
    return stats.gaussian_kde(codes.T).resample(n, seed=rng).T


def evenness(samples, judge):
    """Return the entropy of the digits among the accepted images."""
    return entropy(judge.classes(samples.pixels), 10)


def roughness(samples, rng, step=0.02):
    """Return the mean change of the image over a step of `step` widths of the cloud."""
    width = np.sqrt(samples.replicate.held_out.z_mean.var(axis=0).mean())
    turns = rng.standard_normal(samples.codes.shape)
    turns *= step * width / np.linalg.norm(turns, axis=1, keepdims=True)
    moved = samples.replicate.decode(samples.codes + turns).astype(float) - samples.pixels
    return float(np.linalg.norm(moved.reshape(len(moved), -1), axis=1).mean())


def shares(judged, judge):
    """Return the share of each digit among the accepted samples, one row a replicate."""
    found = [judge.classes(samples.pixels[samples.accepted]) for samples in judged]
    return np.array([np.bincount(f, minlength=10) / max(len(f), 1) for f in found])


@scenario(test_vae_samples_decode_to_digits, null=-0.05, part=1)
def decoders_of_a_share_of_digits(effect, rng):
    """Simulate autoencoders that make digits of 0.9 of the draws, and VAEs of `effect` more.

    Both shares scatter by 0.025 between trainings. A twentieth is the smallest gain that counts in
    D-07.
    """
    judge = SimulatedJudge(rng, DIGITS_CARD)
    means = {"vae": 0.9 + effect, "rival": 0.9}
    found = {
        name: SimulatedModel(
            [drawn(share, judge, rng) for share in mean + 0.025 * rng.standard_normal(5)],
            specification=SimulatedSpecification(counterpart="rival"),
        )
        for name, mean in means.items()
    }
    return {"model": found["vae"], "models": found.__getitem__, "image_judge": lambda _: judge}


def drawn(share, judge, rng):
    """Simulate a replicate that decodes a share of all codes to digits."""
    (cloud,) = normal_clouds(rng, d=2, trainings=1)
    return replicate_with_hit_rate(cloud, share, judge, rng)


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
