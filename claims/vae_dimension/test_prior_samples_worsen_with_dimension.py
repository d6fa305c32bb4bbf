"""The more latent dimensions, the fewer clean images a VAE makes of its prior."""

from functools import cache, partial

import numpy as np
import pytest
from scipy import optimize, stats
from scipy.special import ndtr

from aelatent import Below, Estimate, LatentCloud, estimate
from aelatent.figures import image_grid, trend
from aelatent.inference.rules import THRESHOLD
from aelatent.judges.grade import Grade
from aelatent.judges.judged_samples import at_each_reading, decode_and_judge, reconstructions
from aelatent.samplers.ladder import StandardNormal
from aelatent.simulation import (
    DIGITS_CARD,
    SimulatedJudge,
    SimulatedModel,
    SimulatedReplicate,
    SimulatedSpecification,
    decoder_accepting,
    random_region,
    scenario,
)

DRAWS = 300
FALLING = Below(-0.5)
DENSE = "mnist_vae_2d_dense mnist_vae_8d_dense mnist_vae_32d_dense"
MAPS = "mnist_vae_8x8x1 mnist_vae_8x8x2 mnist_vae_8x8x4 mnist_vae_8x8x16 mnist_vae_8x8x64"
SWEEP = f"{DENSE} {MAPS}"
UNIT = "rank correlation of the rate of clean digits and dimensions"


@pytest.mark.claim("C-01", compares=SWEEP, amended="2026-11-28")
def test_prior_samples_worsen_from_two_to_four_thousand_dimensions(
    models, image_judge, decide, add_figure, rng
):
    """The more latent dimensions a VAE has, the fewer of its samples are clean digits.

    Source
        Cross Validated, the question: the higher the dimension of the latent space, the harder it
        seemed to generate realistic images.
    Statement
        With the same images and objective, draws from N(0, I) decode to fewer clean digits the more
        latent dimensions there are, here from 2 to 4,096.
    Statistic
        Kendall's rank correlation of the number of dimensions with the rate of clean images of 300
        draws, over the models of the sweep, one value a seed.
    Null
        Without a trend it is 0. "The higher, the harder" is read as three pairs of models in four
        in that order, a correlation of -0.5. The heads of the smaller models are dense layers,
        those of the larger ones 8x8 maps: the next claim leaves that difference out.
    Decision
        Supported when the 95 % interval over replicates lies below -0.5; refuted when it lies
        above; inconclusive otherwise.
    """
    sampled = sweep(SWEEP, models, image_judge, rng)
    evidence = trend_over_dimensions(sampled)

    add_figure(
        rates(sampled),
        "Rates of clean digits of N(0, I) draws and of reconstructions over dimensions.",
    )
    add_figure(
        draws_grid(sampled),
        "Decoded N(0, I) draws of the first seed, one row a number of dimensions.",
    )

    decide(evidence, FALLING)


@pytest.mark.claim("C-01", compares=MAPS, amended="2026-11-28")
def test_prior_samples_worsen_from_one_map_to_sixty_four(
    models, image_judge, decide, add_figure, rng
):
    """The more 8x8 maps a VAE's latent space has, the fewer of its samples are clean digits.

    Source
        Cross Validated, the question: its latent space is a stack of 1,024 maps of 8x8.
    Statement
        Nothing but the number of latent maps differs, from 1 to 64, and draws from N(0, I) decode
        to fewer clean digits the more maps there are.
    Statistic
        Kendall's rank correlation of the number of dimensions with the rate of clean images of 300
        draws, over the five models of one architecture, one value a seed.
    Null
        Without a trend it is 0; the margin is that of the whole sweep.
    Decision
        Supported when the 95 % interval over replicates lies below -0.5; refuted when it lies
        above; inconclusive otherwise.
    """
    sampled = sweep(MAPS, models, image_judge, rng)
    evidence = trend_over_dimensions(sampled)

    add_figure(
        rates(sampled),
        "Rates of clean digits of N(0, I) draws and of reconstructions over dimensions.",
    )

    decide(evidence, FALLING)


@pytest.mark.claim("C-01", compares=SWEEP)
@pytest.mark.expect("refuted", because="reconstructions do not worsen with dimensions")
def test_control_reconstructions_do_not_worsen(models, image_judge, decide, add_figure, rng):
    """Reconstructions of held-out images are as good with many dimensions as with few."""
    sampled = sweep(SWEEP, models, image_judge, rng, posterior_means)
    evidence = trend_over_dimensions(sampled)

    add_figure(rates(sampled), "Rates of clean digits of decoded posterior means over dimensions.")

    decide(evidence, FALLING)


def prior(replicate, rng):
    """Draw from N(0, I)."""
    return StandardNormal().draw(DRAWS, replicate.held_out, rng)


def posterior_means(replicate, rng):
    """Return the codes of held-out images."""
    del rng
    return replicate.held_out.z_mean


def sweep(names, models, image_judge, rng, draw=prior):
    """Decode draws of every model of the sweep, as samples by number of dimensions."""
    chosen = {model.specification.latent_dim: model for model in map(models, names.split())}
    return {
        d: [decode_and_judge(r, draw(r, rng), image_judge(model)) for r in model.replicates]
        for d, model in chosen.items()
    }


def trend_over_dimensions(sampled):
    """Estimate the rank correlation at each reading of the judge, one value a seed."""
    seeds = list(zip(*sampled.values(), strict=True))
    return at_each_reading(
        seeds[0][0].judge,
        lambda reading: estimate(
            partial(correlation, reading=reading), seeds, unit=UNIT, bounds=(-1, 1)
        ),
    )


def correlation(judged, reading=THRESHOLD):
    """Return the rank correlation of dimensions and hit rates over the samples of one seed.

    Its error is the spread that it has if the hit rates vary by theirs, and at least that of
    rounding: a correlation of few models takes few values. Equal rates of all models are no trend.
    """
    dimensions = [samples.codes.shape[1] for samples in judged]
    found = [samples.rate(Grade.CLEAN, reading) for samples in judged]
    values, errors = (np.array([getattr(r, field) for r in found]) for field in ("value", "error"))
    scattered = values + errors * np.random.default_rng(0).standard_normal((200, len(judged)))
    spread = np.std([stats.kendalltau(dimensions, row).statistic for row in scattered])
    step = 4 / (len(judged) * (len(judged) - 1))  # one pair in the other order
    rounding = step / np.sqrt(12)
    trend = np.nan_to_num(stats.kendalltau(dimensions, values).statistic)
    return Estimate(trend, max(spread, rounding))


def rates(sampled):
    """Plot hit rates of the draws and acceptance of reconstructions over dimensions."""
    accepted = {
        d: [float(reconstructions(t.replicate, t.judge).mean()) for t in row]
        for d, row in sampled.items()
    }
    drawn = {d: [samples.rate().value for samples in row] for d, row in sampled.items()}
    series = {"draws": drawn, "reconstructions": accepted}
    return trend(series, "latent dimensions", "rate of clean digits")


def draws_grid(sampled, count=14):
    """Show draws of the first seed, a row a model."""
    rows = {f"{d} dimensions": row[0] for d, row in sampled.items()}
    return image_grid(
        {name: samples.pixels[:count] for name, samples in rows.items()},
        marks={name: samples.accepted()[:count] for name, samples in rows.items()},
    )


@scenario(test_prior_samples_worsen_from_two_to_four_thousand_dimensions, null=0.0, count=200)
def models_in_so_good_an_order(effect, rng):
    """Simulate eight models; dimensions and hit rates correlate by `effect` for each seed."""
    return ordered(SWEEP.split(), effect, rng)


@scenario(test_prior_samples_worsen_from_one_map_to_sixty_four, null=0.0, count=200)
def maps_in_so_good_an_order(effect, rng):
    """Simulate five models; dimensions and hit rates correlate by `effect` for each seed."""
    return ordered(MAPS.split(), effect, rng)


def ordered(names, effect, rng, gap=0.08):
    """Simulate models of 1, 2, 3 and more dimensions, each of whose five seeds has one hit rate.

    All other images are damaged. Hit rates of a seed lie `gap` apart; the order is that of the
    dimensions plus normal noise.
    """
    number, judge = len(names), SimulatedJudge(rng, DIGITS_CARD)
    noise = disorder(number, effect) * rng.standard_normal((number, 5))
    place = np.arange(number)[:, None] + noise if effect else noise
    shares = 0.2 + gap * (number - 1 - place.argsort(axis=0).argsort(axis=0))
    models = {}
    for index, name in enumerate(names):
        codes = LatentCloud(np.zeros((2, index + 1)))
        replicates = [
            SimulatedReplicate(
                codes, codes, decoder_accepting(random_region(share, rng), damaged=True)
            )
            for share in shares[index]
        ]
        specification = SimulatedSpecification(latent_dim=index + 1)
        models[name] = SimulatedModel(replicates, name, specification)
    return {"models": models.__getitem__, "image_judge": lambda _: judge}


@cache
def disorder(number, effect):
    """Return the noise on places 0, 1, 2 and so on that gives them a mean rank correlation."""
    if effect == 0:
        return 1.0
    steps = np.subtract.outer(np.arange(number), np.arange(number))
    steps = steps[steps > 0]

    def excess(log_noise):
        return np.mean(2 * ndtr(steps / np.sqrt(2) / np.exp(log_noise)) - 1) + effect

    return float(np.exp(optimize.brentq(excess, -3, 5))) if effect > -1 else 0.0
