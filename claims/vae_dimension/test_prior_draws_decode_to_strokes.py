"""N(0, I) decodes to strokes that are no digits."""

import numpy as np
import pytest

from aelatent import Below, Estimate, LatentCloud, Near, estimate
from aelatent.figures import image_grid
from aelatent.judges.figures import judged_images
from aelatent.judges.judged_samples import decode_and_judge, hit_rate, judge_draws
from aelatent.samplers.ladder import StandardNormal
from aelatent.simulation import (
    DIGITS_CARD,
    SimulatedJudge,
    SimulatedModel,
    SimulatedReplicate,
    scenario,
)

DRAWS = 200
NO_DIGITS = Below(0.5)
AS_MUCH_INK = Near(1.0, factor=2.0)


@pytest.mark.claim("C-04", needs="trained vae mnist decoder wide")
def test_prior_draws_decode_to_strokes(model, image_judge, decide, add_figure, rng):
    """Draws from N(0, I) decode to strokes like those of digits that do not form a digit.

    Source
        001, second bullet: N(0, I) gives strokes, none of which is a digit.
    Statement
        Decoded draws from the prior are no digits, though they consist of strokes.
    Statistic
        The corrected hit rate of 200 draws; and the mean brightness of the decoded draws over that
        of decoded codes of images ("strokes" of equal ink), one value a replicate.
    Null
        None: margins decide. The catalogue's margin for the hits is one half; equal ink is read as
        within a factor of 2.
    Decision
        Hits: Supported when the 95 % interval over replicates lies below 0.5; refuted when it lies
        above; inconclusive otherwise. Ink: Supported when the 95 % interval over replicates lies
        within a factor of 2 of 1; refuted when it lies outside; inconclusive otherwise.
    """
    judge = image_judge(model)
    judged = judge_draws(model, StandardNormal(), DRAWS, judge, rng, split="held_out")
    evidence = [
        hit_rate(judged),
        estimate(ink, judged, unit="brightness over that of decoded codes"),
    ]

    add_figure(
        judged_images(judged, count=14), f"N(0, I) draws through the decoders of {model.name}."
    )

    decide(evidence, [NO_DIGITS, AS_MUCH_INK])


@pytest.mark.claim("C-04", needs="trained vae mnist decoder wide")
@pytest.mark.expect("refuted", because="the codes are those of held-out digits")
def test_control_codes_of_digits_decode_to_digits(model, image_judge, decide, add_figure):
    """The posterior means of held-out digits decode to digits."""
    judge = image_judge(model)
    judged = [decode_and_judge(r, r.held_out.z_mean, judge) for r in model.replicates]
    evidence = hit_rate(judged)

    add_figure(
        image_grid({judged[0].replicate.name: judged[0].pixels[:14]}),
        "Decoded posterior means of held-out digits.",
    )

    decide(evidence, NO_DIGITS)


def ink(samples):
    """Return the mean brightness of the decoded draws over that of decoded codes of images.

    Replicates share the error from having these images and no others.
    """
    reference = samples.replicate.decode(samples.replicate.held_out.z_mean)
    brightness = reference.reshape(len(reference), -1).mean(axis=1)
    value = float(np.mean(samples.pixels) / brightness.mean())
    relative = brightness.std(ddof=1) / brightness.mean() / len(brightness) ** 0.5
    return Estimate(value, shared=value * float(relative))


@scenario(test_prior_draws_decode_to_strokes, null=1.0, part=1)
def strokes_of_so_much_ink(effect, rng):
    """Simulate decoders that make no digits of draws, but strokes with `effect` times the ink."""
    return strokes(np.full(5, 0.02), effect * (1 + 0.08 * rng.standard_normal(5)), rng)


@scenario(test_prior_draws_decode_to_strokes, null=0.9)
def digits_of_a_share_of_the_draws(effect, rng):
    """Simulate decoders that make digits of a share of the draws, inked like reconstructions."""
    return strokes(effect + 0.03 * rng.standard_normal(5), np.ones(5), rng)


def strokes(shares, inks, rng):
    """Simulate decoders to 100 pixels: the first marks a digit, the others are all as bright.

    The same 200 images, of unequal brightness, lie nine units off the origin in all trainings.
    """
    codes = LatentCloud(rng.standard_normal((200, 2)) + np.array([0, 9]))

    def decoder(share, ink):
        def decode(codes):
            drawn = codes[:, 1] < 5
            level = 30 * (1 + 0.35 * codes[:, 0].clip(-2.5, 2.5)) * np.where(drawn, ink, 1.0)
            pixels = np.repeat(level[:, None], 100, axis=1)
            pixels[:, 0] = ~drawn | (rng.random(len(codes)) < share)
            return np.rint(pixels).clip(0, 255).astype(np.uint8).reshape(-1, 10, 10, 1)

        return decode

    judge = SimulatedJudge(rng, DIGITS_CARD)
    replicates = [
        SimulatedReplicate(codes, codes, decoder(share, ink))
        for share, ink in zip(shares, inks, strict=True)
    ]
    return {"model": SimulatedModel(replicates), "image_judge": lambda _: judge}
