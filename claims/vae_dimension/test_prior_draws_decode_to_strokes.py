"""N(0, I) decodes to strokes that are no recognisable digits."""

import numpy as np
import pytest

from aelatent import Above, Below, LatentCloud, estimate
from aelatent.figures import image_grid
from aelatent.judges.figures import judged_images
from aelatent.judges.judged_samples import RECOGNISABLE, decode_and_judge, hit_rate, judge_draws
from aelatent.samplers.ladder import StandardNormal
from aelatent.simulation import (
    DIGITS_CARD,
    SimulatedJudge,
    SimulatedModel,
    SimulatedReplicate,
    scenario,
)
from aelatent.statistics.rates import share

DRAWS = 200
NO_DIGITS = Below(0.5)
STROKES = Above(0.9)
BLACK, WHITE = 64, 191  # a quarter and three quarters of full brightness
WHITE_ON_BLACK = "share of white on black"


@pytest.mark.claim("C-04", needs="trained vae mnist decoder wide", amended="2026-11-28")
def test_prior_draws_decode_to_strokes(model, decide, add_figure, rng):
    """Draws from N(0, I) decode to white strokes on black.

    Source
        Cross Validated, second bullet: N(0, I) gives strokes, none of which is a digit.
    Statement
        Decoded draws from the prior look like handwriting: white strokes on a black ground.
    Statistic
        The share of 200 decoded draws that are white on black: more than half of the pixels are
        black (below a quarter of full brightness), and the brightest is white (above three
        quarters), one value a replicate. How much ink there is does not count; the source says
        nothing about it.
    Null
        None: the margin decides. "Gives strokes" is read as nine tenths of the draws.
    Decision
        Supported when the 95 % interval over replicates lies above 0.9; refuted when it lies below;
        inconclusive otherwise.
    """
    drawn = [r.decode(StandardNormal().draw(DRAWS, r.held_out, rng)) for r in model.replicates]
    evidence = estimate(strokes_share, drawn, unit=WHITE_ON_BLACK, bounds=(0, 1))

    add_figure(
        image_grid({model.replicates[0].name: drawn[0][:14]}),
        f"N(0, I) draws through the decoder of {model.name}.",
    )

    decide(evidence, STROKES)


@pytest.mark.claim("C-04", needs="trained vae decoder wide", amended="2026-11-28")
def test_prior_draws_decode_to_no_digits(model, image_judge, decide, add_figure, rng):
    """Draws from N(0, I) decode to images that are no recognisable digits.

    Source
        Cross Validated, second bullet: N(0, I) gives strokes, none of which is a digit.
    Statement
        Decoded draws from the prior are no digits, not even damaged ones.
    Statistic
        The rate of recognisable images among 200 draws, corrected for the judge's errors, one value
        a replicate.
    Null
        None: the margin decides. The catalogue's margin is one half.
    Decision
        Supported when the 95 % interval over replicates lies below 0.5; refuted when it lies above;
        inconclusive otherwise.
    """
    judge = image_judge(model)
    judged = judge_draws(model, StandardNormal(), DRAWS, judge, rng, split="held_out")
    evidence = hit_rate(judged, RECOGNISABLE)

    add_figure(
        judged_images(judged, count=14, grade=RECOGNISABLE),
        f"N(0, I) draws through the decoders of {model.name}.",
    )

    decide(evidence, NO_DIGITS)


@pytest.mark.claim("C-04")
@pytest.mark.expect("refuted", because="the images hold noise, or nothing but grey")
@pytest.mark.parametrize("kind", ["noise", "grey"])
def test_control_noise_and_grey_are_no_strokes(kind, decide, rng):
    """Images of noise, and even grey sheets, are not white strokes on black."""
    low, high = (0, 256) if kind == "noise" else (100, 110)
    images = [rng.integers(low, high, (DRAWS, 28, 28, 1), dtype=np.uint8) for _ in range(5)]

    decide(estimate(strokes_share, images, unit=WHITE_ON_BLACK, bounds=(0, 1)), STROKES)


@pytest.mark.claim("C-04", needs="trained vae decoder wide")
@pytest.mark.expect("refuted", because="the codes are those of held-out digits")
def test_control_codes_of_digits_decode_to_digits(model, image_judge, decide, add_figure):
    """The posterior means of held-out digits decode to digits."""
    judge = image_judge(model)
    judged = [decode_and_judge(r, r.held_out.z_mean, judge) for r in model.replicates]
    evidence = hit_rate(judged, RECOGNISABLE)

    add_figure(
        image_grid({judged[0].replicate.name: judged[0].pixels[:14]}),
        "Decoded posterior means of held-out digits.",
    )

    decide(evidence, NO_DIGITS)


def strokes_share(images):
    """Return the share of images that are white on black, (n, h, w, c) in bytes."""
    flat = images.reshape(len(images), -1)
    return share(((flat < BLACK).mean(axis=1) > 0.5) & (flat.max(axis=1) > WHITE))


@scenario(test_prior_draws_decode_to_strokes, null=0.8)
def strokes_of_a_share_of_the_draws(effect, rng):
    """Simulate decoders that make a share of the draws white on black, and the others black."""
    return decoders(effect + 0.02 * rng.standard_normal(5), rng)


@scenario(test_prior_draws_decode_to_no_digits, null=0.9)
def digits_of_a_share_of_the_draws(effect, rng):
    """Simulate decoders that make digits of a share of the draws."""
    return decoders(effect + 0.03 * rng.standard_normal(5), rng)


def decoders(shares, rng):
    """Simulate decoders to 100 pixels: a good image has a white first pixel, the others are black.

    The codes of images lie nine units off the origin in all trainings.
    """
    codes = LatentCloud(rng.standard_normal((200, 2)) + np.array([0, 9]))

    def decoder(share):
        def decode(codes):
            good = (codes[:, 1] >= 5) | (rng.random(len(codes)) < share)
            pixels = np.zeros((len(codes), 100), np.uint8)
            pixels[:, 0] = np.where(good, 255, 0)
            return pixels.reshape(-1, 10, 10, 1)

        return decode

    judge = SimulatedJudge(rng, DIGITS_CARD)
    replicates = [SimulatedReplicate(codes, codes, decoder(share)) for share in shares]
    return {"model": SimulatedModel(replicates), "image_judge": lambda _: judge}
