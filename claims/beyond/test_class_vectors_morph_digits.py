"""Vectors between the means of two attributes turn images of one into recognisable others."""

from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from aelatent import Above, LatentCloud, estimate
from aelatent.figures import image_grid
from aelatent.judges.judged_samples import (
    RECOGNISABLE,
    at_each_reading,
    decode_and_judge,
    image_recall,
)
from aelatent.judges.stand_ins import decoding_to_noise, decoding_to_one_image
from aelatent.simulation import (
    DIGITS_CARD,
    SimulatedJudge,
    SimulatedModel,
    SimulatedReplicate,
    decoder_accepting,
    scenario,
    with_style,
)
from aelatent.statistics.rates import hit_ratio as hit_ratio_of
from aelatent.statistics.rates import share

MOST = Above(0.5)
CHANCE = 0.1
TARGETS = 3  # other digits that each code is moved to


@pytest.mark.claim(
    "X-15", needs="trained vae digits decoder", source_value=1.0, amended="2026-11-28"
)
def test_class_vectors_morph_digits(model, image_judge, decide, add_figure, rng):
    """Adding the vector between the means of two digits gives a recognisable image of the other.

    Source
        Foster, notebook 03_06: attribute vectors and morphs of a VAE of faces. Photographs here
        have no attributes, so digits stand for them, the digit being the attribute.
    Statement
        A code plus the difference of two attributes' mean codes decodes to a recognisable image of
        the other attribute, and different codes to different ones.
    Statistic
        Share of moved codes that decode to a recognisable image of the digit aimed at, over the
        share of recognisable reconstructions: each held-out code is moved by the vectors from its
        digit's mean to those of three other digits. And the recall of the moved codes' recognisable
        images over that of as many reconstructions. One value a replicate each.
    Null
        Chance is one in ten; "works" is read as half, of the recall too. A decoder that ignores its
        code has a recall of 0.
    Decision
        Digit: Supported when the 95 % interval over replicates lies above 0.5; refuted when it lies
        below; inconclusive otherwise. Recall: Supported when the 95 % interval over replicates lies
        above 0.5; refuted when it lies below; inconclusive otherwise.
    """
    if model.clouds[0].labels is None:
        pytest.skip("needs to know the digit of each held-out image")
    judge = image_judge(model)
    moved = [morph(r, rng) for r in model.replicates]
    judged = [
        decode_and_judge(r, m[0], judge) for r, m in zip(model.replicates, moved, strict=True)
    ]
    evidence = morphed(judged, [targets for _, targets in moved])

    first = model.replicates[0]
    rows = {
        "before": first.decode(first.held_out.z_mean[:14]),
        f"towards {' '.join(map(str, moved[0][1][:14]))}": judged[0].pixels[:14],
    }
    add_figure(image_grid(rows), "Decoded codes before and after the vector between two digits.")

    decide(evidence, [MOST, MOST])


@pytest.mark.claim("X-15", compares="mnist_vae_2d")
@pytest.mark.expect("refuted", because="the vectors have random directions")
def test_control_random_vectors_do_not_morph(models, image_judge, decide, rng):
    """Vectors of the same lengths in random directions hit the digit by chance."""
    model = models("mnist_vae_2d")
    judge = image_judge(model)
    judged, aims = [], []
    for r in model.replicates:
        codes, targets = morph(r, rng)
        starts = np.tile(r.held_out.z_mean, (len(codes) // r.held_out.n, 1))
        turned = rng.standard_normal(starts.shape)
        turned *= lengths(codes - starts) / lengths(turned)
        judged.append(decode_and_judge(r, starts + turned, judge))
        aims.append(targets)

    decide(morphed(judged, aims), [MOST, MOST])


@pytest.mark.claim("X-15", compares="mnist_vae_2d")
@pytest.mark.expect("refuted", because="the images hold noise, or always one digit")
@pytest.mark.parametrize("images", ["noise", "one digit"])
def test_control_noise_or_one_digit_is_no_morph(images, models, image_judge, decide, rng):
    """Noise is no digit, and a decoder that ignores its code shows the right one by chance."""
    model = models("mnist_vae_2d")
    judge = image_judge(model)
    judged, aims = [], []
    for r in model.replicates:
        codes, targets = morph(r, rng)
        blind = decoding_to_noise(r, rng) if images == "noise" else decoding_to_one_image(r, judge)
        judged.append(decode_and_judge(blind, codes, judge))
        aims.append(targets)

    decide(morphed(judged, aims), [MOST, MOST])


def morphed(judged, targets):
    """Estimate how often the images are recognisable and show the digits aimed at, and vary."""
    aimed = list(zip(judged, targets, strict=True))
    return [
        at_each_reading(
            judged[0].judge,
            lambda reading: estimate(
                partial(other_digit, reading=reading),
                aimed,
                unit="rate of the other digit over that of recognisable reconstructions",
                bounds=(0, np.inf),
            ),
        ),
        image_recall(judged, RECOGNISABLE),
    ]


def other_digit(pair, reading):
    """Return the rate of the digits aimed at over that of recognisable reconstructions.

    An image that shows nothing, and is taken for recognisable, shows the right digit by chance.
    """
    samples, targets = pair
    false = samples.judge.card.false_acceptance(RECOGNISABLE, reading)
    error, room = CHANCE * false.kind.error, CHANCE * false.kind.room
    by_chance = replace(
        false, value=CHANCE * false.value, kind=replace(false.kind, error=error, room=room)
    )
    right = samples.classes(reading) == targets
    codes = np.arange(len(right)) % samples.replicate.held_out.n  # those moved from one place
    return hit_ratio_of(share(right, codes), samples.references(RECOGNISABLE, reading), by_chance)


def lengths(vectors):
    """Return the lengths of vectors as a column."""
    return np.linalg.norm(vectors, axis=1, keepdims=True)


def morph(replicate, rng):
    """Move each held-out code by the vectors from its digit's mean to those of other digits.

    All codes are moved once, then all of them again to other digits.
    """
    cloud = replicate.held_out
    digits, own = np.unique(cloud.labels, return_inverse=True)
    means = np.array([cloud.z_mean[own == digit].mean(axis=0) for digit in range(len(digits))])
    count = min(TARGETS, len(digits) - 1)
    steps = rng.permuted(np.tile(np.arange(1, len(digits)), (cloud.n, 1)), axis=1)
    start = np.tile(own, count)
    aims = (start + steps[:, :count].T.ravel()) % len(digits)
    return np.tile(cloud.z_mean, (count, 1)) + means[aims] - means[start], digits[aims]


@scenario(test_class_vectors_morph_digits, null=0.1)
def decoders_that_follow_a_share_of_vectors(effect, rng):
    """Simulate ten digits far apart, and decoders that show a share of codes as the nearest digit.

    All other codes show the digit after it. The share scatters by 0.03 between trainings.
    """
    judge = SimulatedJudge(rng, DIGITS_CARD)
    labels = np.arange(1000) % 10
    replicates = []
    for shown in np.clip(effect + 0.03 * rng.standard_normal(5), 0, 1):
        codes = 10 * np.eye(10)[labels] + rng.standard_normal((1000, 10))
        cloud = LatentCloud(codes, labels=labels)
        replicates.append(SimulatedReplicate(cloud, cloud, with_style(following(shown, rng), 10)))
    return {"model": SimulatedModel(replicates), "image_judge": lambda _: judge}


def following(shown, rng):
    """Return a decoder that shows a given share of codes as the digit whose codes lie there."""
    return decoder_accepting(
        lambda codes: np.ones(len(codes), bool),
        lambda codes: (codes.argmax(axis=1) + (rng.uniform(size=len(codes)) > shown)) % 10,
    )
