"""Codes of an autoencoder are neither centred nor bounded, and nothing fixes where they lie."""

import numpy as np
import pytest

from aelatent import Above, Below, LatentCloud, estimate
from aelatent.figures import image_grid, scatter_2d
from aelatent.judges.judged_samples import at_each_reading, decode_and_judge
from aelatent.latent.synthetic import standard_normal
from aelatent.simulation import (
    DIGITS_CARD,
    SimulatedJudge,
    SimulatedModel,
    SimulatedReplicate,
    decoder_accepting,
    scenario,
    stored_cloud,
)
from aelatent.statistics.rates import share

OFF_CENTRE = Above(0.1)
UNBOUNDED = Above(1.5)
BY_CHANCE = Below(0.2)
RIGHT = "share of class means that give their digit in another training's decoder"
EXTREME = 3.29  # exceeded by one in a thousand standard normal numbers


@pytest.mark.claim("D-04", needs="trained autoencoder plane")
def test_autoencoder_codes_are_neither_symmetric_nor_bounded(model, decide, add_figure):
    """An autoencoder's codes are not symmetric about the origin and spread without a bound.

    Source
        Yeo (11 Oct 2020), limitation 2, in the sense of the Korean original (the English text drops
        a "not"); its run had more points at y < 0, a sign that no other run shares.
    Statement
        The codes' centre is not the origin, and their range is not that of N(0, 1).
    Statistic
        The larger of the two axes' |mean| over standard deviation; and the largest |component| over
        3.29, which one in a thousand standard normal numbers exceeds, one value a replicate.
    Null
        0 and 1 for N(0, I). The catalogue's margin for the mean is 0.1 standard deviations; half
        as much again is read as "not bounded".
    Decision
        Centre: Supported when the 95 % interval over replicates lies above 0.1; refuted when it
        lies below; inconclusive otherwise. Range: Supported when the 95 % interval over replicates
        lies above 1.5; refuted when it lies below; inconclusive otherwise.
    """
    evidence = [
        estimate(offset, model.clouds, unit="|mean| over standard deviation", bounds=(0, np.inf)),
        estimate(
            lambda c: np.abs(c.z_mean).max() / EXTREME,
            model.clouds,
            unit="range over N(0, 1)'s",
            bounds=(0, np.inf),
        ),
    ]

    for i, cloud in enumerate(model.clouds[:2]):
        add_figure(
            scatter_2d({f"replicate {i}": cloud}), f"Held-out codes of {model.name}, by class."
        )

    decide(evidence, [OFF_CENTRE, UNBOUNDED])


@pytest.mark.claim("D-04")
@pytest.mark.expect("refuted", because="the codes are those of N(0, I)")
def test_control_standard_normal_codes_are_centred_and_bounded(decide, rng):
    """Draws from N(0, I) are centred."""
    clouds = [standard_normal(1000, 2, rng) for _ in range(5)]

    decide(
        [
            estimate(offset, clouds, bounds=(0, np.inf)),
            estimate(lambda c: np.abs(c.z_mean).max() / EXTREME, clouds, bounds=(0, np.inf)),
        ],
        [OFF_CENTRE, UNBOUNDED],
    )


@pytest.mark.claim(
    "D-05", needs="trained trainings autoencoder plane digits decoder", amended="2026-11-28"
)
def test_nothing_decides_where_codes_go(model, image_judge, decide, add_figure):
    """Where codes of a recognisable digit lie must be looked up each time: trainings differ.

    Source
        Yeo (11 Oct 2020), limitation 2: no rule decides where codes go, so that the place of a
        digit must be looked up each time.
    Statement
        Whoever knows where one training puts the digits knows nothing about another training: the
        first one's class means, decoded by the second, give the right digit by chance.
    Statistic
        The share of the ten class means of one training that the decoder of another turns into a
        recognisable image of their digit, as the digit judge reads it: mean over all ordered pairs
        of trainings. Pairs that have a training in common are not independent; the interval is over
        the jackknife's pseudo-values, one a training. Nothing is shifted, turned or scaled, since
        shift, turn and scale are what would have to be looked up. Where a training's own class
        means, through its own decoder, are right no more often than chance either, there are no
        places to be looked up, and the claim does not apply.
    Null
        0.1: by chance one in ten is right. Twice that is the margin of "no more often than chance".
    Decision
        Supported when the 95 % interval over replicates lies below 0.2; refuted when it lies above;
        inconclusive otherwise.
    """
    judge = image_judge(model)
    decoded = decoded_means(model.replicates, judge)
    if np.diag(right(decoded, judge.readings[0])).mean() <= BY_CHANCE.bound:
        pytest.skip("class means give their digit in no decoder, not even in their own")
    evidence = at_each_reading(
        judge,
        lambda reading: estimate(
            float, pseudo_values(right(decoded, reading)), unit=RIGHT, bounds=(0, 1)
        ),
    )

    grid = {
        f"decoder {j}": np.concatenate([b.decode(means(a.held_out)) for a in model.replicates[:2]])
        for j, b in enumerate(model.replicates[:3])
    }
    add_figure(
        image_grid(grid),
        "Class means 0 to 9 of training 0, then those of training 1, through three decoders.",
    )
    add_figure(
        scatter_2d({f"replicate {i}": cloud for i, cloud in enumerate(model.clouds)}),
        "Codes of every training by digit.",
    )

    decide(evidence, BY_CHANCE)


@pytest.mark.claim("D-05", compares="mnist_ae_2d")
@pytest.mark.expect("refuted", because="each decoder gets the class means of its own training")
def test_control_own_class_means_give_the_right_digit(models, image_judge, decide):
    """A training's class means, decoded by itself, give the right digit far more often."""
    judge = image_judge(models("mnist_ae_2d"))
    own = [decoded_means([r], judge) for r in models("mnist_ae_2d").replicates]
    evidence = at_each_reading(
        judge,
        lambda reading: estimate(lambda d: own_right(d, reading), own, unit=RIGHT, bounds=(0, 1)),
    )

    decide(evidence, BY_CHANCE)


@pytest.mark.claim("D-05", compares="mnist_ae_2d")
def test_control_shuffled_digits_are_right_by_chance(models, image_judge, decide, rng):
    """With the names of the digits shuffled, a training's own class means are right by chance."""
    model = models("mnist_ae_2d")
    found = [image_judge(model).classes(r.decode(means(r.held_out))) for r in model.replicates]
    evidence = estimate(
        lambda digits: np.mean([digits == rng.permutation(len(digits)) for _ in range(200)]),
        found,
        unit=RIGHT,
        bounds=(0, 1),
    )

    decide(evidence, BY_CHANCE)


def offset(cloud):
    """Return the larger of the axes' |mean| over standard deviation."""
    return float(cloud.standardised_means.max())


def means(cloud):
    """Return the mean code of each class."""
    codes, labels = cloud.z_mean, cloud.labels
    return np.array([codes[labels == label].mean(axis=0) for label in np.unique(labels)])


def decoded_means(replicates, judge):
    """Decode the class means of each training by each, as judged samples with the digits' names.

    Rows are the trainings that the means come from, columns the decoders.
    """
    return [
        (
            np.unique(a.held_out.labels),
            [decode_and_judge(b, means(a.held_out), judge) for b in replicates],
        )
        for a in replicates
    ]


def right(decoded, reading):
    """Return the share of class means whose image is recognisable and of their digit, (k, k)."""
    return np.array(
        [[np.mean(samples.classes(reading) == names) for samples in row] for names, row in decoded]
    )


def own_right(decoded, reading):
    """Return the share of one training's class means that it decodes to their digit."""
    ((names, (samples,)),) = decoded
    return share(samples.classes(reading) == names)


def pseudo_values(pairs):
    """Return a mean over pairs of trainings as one value a training, whose mean it is.

    Each shows by how much the mean changes without that training (Tukey's jackknife). A training
    is not paired with itself.
    """
    k = len(pairs)
    others = np.where(np.eye(k, dtype=bool), np.nan, pairs)
    without = [np.nanmean(np.delete(np.delete(others, i, 0), i, 1)) for i in range(k)]
    return k * np.nanmean(others) - (k - 1) * np.array(without)


@scenario(test_autoencoder_codes_are_neither_symmetric_nor_bounded, null=0.0)
def codes_off_the_origin(effect, rng):
    """Simulate wide normal codes whose mean lies `effect` standard deviations off, on one axis.

    The mean is that of 10,000 held-out codes, as in stored replicates.
    """
    clouds = [3 * rng.standard_normal((10_000, 2)) for _ in range(5)]
    for codes, place in zip(clouds, effect + 0.03 * rng.standard_normal(5), strict=True):
        codes[:, 0] += 3 * place
    return {"model": SimulatedModel.of([stored_cloud(codes) for codes in clouds])}


@scenario(test_autoencoder_codes_are_neither_symmetric_nor_bounded, null=1.0, part=1)
def codes_within_bounds(effect, rng):
    """Simulate uniform codes, off the origin, that reach `effect` times as far as N(0, 1)."""
    ends = EXTREME * effect * (1 + 0.08 * rng.standard_normal(5))
    return {
        "model": SimulatedModel.of(
            [LatentCloud(end * rng.uniform(-0.4, 1, (1000, 2))) for end in ends]
        )
    }


@scenario(test_nothing_decides_where_codes_go, null=0.3)
def digits_in_part_at_the_same_places(effect, rng):
    """Simulate five trainings that put the digits at the same ten places of a circle.

    A few digits have the same place in all trainings, and the others any; the average share of
    digits at one place in two trainings is `effect`.
    """
    places = 5 * np.column_stack(
        [np.cos(0.2 * np.pi * np.arange(10)), np.sin(0.2 * np.pi * np.arange(10))]
    )
    wanted = 10 * effect - 1  # of the others, one on average keeps its place by chance
    kept = min(max(int(np.floor(wanted + rng.random())), 0), 8)
    labels = np.repeat(np.arange(10), 20)
    replicates = []
    for seed in range(5):
        order = np.r_[np.arange(kept), kept + rng.permutation(10 - kept)]
        codes = places[order][labels] + 0.1 * rng.standard_normal((200, 2))
        cloud = LatentCloud(codes, labels=labels)
        replicates.append(SimulatedReplicate(cloud, cloud, nearest_digit(places[order]), seed=seed))
    return {
        "model": SimulatedModel(replicates),
        "image_judge": lambda _: SimulatedJudge(rng, DIGITS_CARD),
    }


def nearest_digit(places):
    """Return a decoder that shows the digit whose place is nearest."""

    def digits(codes):
        return np.linalg.norm(codes[:, None] - places, axis=2).argmin(axis=1)

    return decoder_accepting(lambda codes: np.ones(len(codes), bool), digits)
