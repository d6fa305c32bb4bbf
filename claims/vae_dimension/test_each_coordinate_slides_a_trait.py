"""Each latent coordinate is a sliding scale between two versions of a trait."""

import numpy as np
import pytest

from aelatent import Above, LatentCloud, estimate
from aelatent.figures import image_grid, overlaid_histograms
from aelatent.judges.controls import judge_noise
from aelatent.judges.judged_samples import RECOGNISABLE, decode_and_judge, hit_ratio
from aelatent.simulation import (
    DIGITS_CARD,
    SimulatedJudge,
    SimulatedModel,
    SimulatedReplicate,
    scenario,
)
from aelatent.statistics.rates import share

COORDINATES = 100
REACH = 3.0
VISIBLE = 0.05
MOST = Above(0.5)


@pytest.mark.claim("C-13", needs="trained vae decoder wide", amended="2026-11-28")
def test_each_coordinate_slides_a_trait(model, image_judge, decide, add_figure, rng):
    """Most latent coordinates slide the image between two versions of something.

    Source
        Cross Validated, the answer: each of more than 65,000 features is a sliding scale between
        two versions of a trait.
    Statement
        Moving one coordinate of an image's code from -3 to 3 visibly changes what it decodes to,
        whichever coordinate it is, and both ends show something.
    Statistic
        For 100 random coordinates, each moved in the code of another held-out image, one value a
        replicate each: the share along which the decoded image at -3 and at 3 differs by more than
        a twentieth of the distance between decoded codes of different images; and the rate of
        recognisable images (damaged or clean) at the ends over that of reconstructions. A
        coordinate that changes nothing is no scale, and noise is no version of a trait. The second
        number dates from 28 Nov 2026, as does the choice of several images; models and verdicts
        existed, under a rule that a decoder of noise met.
    Null
        None: the catalogue asks for "most" coordinates, read as half; so is the share of ends that
        show something. A twentieth was chosen because less cannot be seen.
    Decision
        Change: Supported when the 95 % interval over replicates lies above 0.5; refuted when it
        lies below; inconclusive otherwise. Ends: Supported when the 95 % interval over replicates
        lies above 0.5; refuted when it lies below; inconclusive otherwise.
    """
    judge = image_judge(model)
    judged = [
        decode_and_judge(r, np.concatenate(along(r, coordinates(r, rng))), judge)
        for r in model.replicates
    ]
    evidence = change_and_ends(judged)

    add_figure(
        overlaid_histograms(
            {samples.replicate.name: changes(samples) for samples in judged},
            "change along a coordinate over the distance between images",
            bound=VISIBLE,
        ),
        "How much the decoded image changes along single coordinates.",
    )
    add_figure(strips(model.replicates[0]), "Along the most and the least active coordinates.")

    decide(evidence, [MOST, MOST])


@pytest.mark.claim("C-13", needs="trained vae decoder wide")
@pytest.mark.expect("refuted", because="noise changes along every coordinate, and shows nothing")
def test_control_noise_at_both_ends_is_no_trait(model, image_judge, decide, rng):
    """Where both ends decode to noise, they differ, but are no versions of a trait."""
    ends = 2 * min(COORDINATES, model.clouds[0].d)
    judged = judge_noise(model, ends, image_judge(model), rng)

    decide(change_and_ends(judged), [MOST, MOST])


@pytest.mark.claim("C-13", needs="trained vae decoder wide")
def test_control_the_leading_axes_of_the_codes_are_such_scales(model, decide, add_figure):
    """Along the ten widest principal axes of the codes, the image does change.

    Three deviations either way. Before a model of 65,536 dimensions was examined, this control took
    the ten most active coordinates, which show nothing there.
    """
    moved = [traverse(r, *map(r.decode, widest(r))) for r in model.replicates]

    low, high = widest(model.replicates[0], count=3)
    steps = np.linspace(low, high, 11)
    walks = {f"axis {i + 1}": model.replicates[0].decode(steps[:, i]) for i in range(3)}
    add_figure(image_grid(walks), "Along the three widest principal axes of the codes.")

    decide(estimate(lambda c: share(c > VISIBLE), moved, bounds=(0, 1)), MOST)


def coordinates(replicate, rng):
    """Choose coordinates at random."""
    d = replicate.held_out.d
    return rng.choice(d, size=min(COORDINATES, d), replace=False)


def ranked(replicate):
    """Return the coordinates by the variance of their means, the most active first."""
    return np.argsort(replicate.posteriors("train")["variance_of_means"])[::-1]


def along(replicate, chosen):
    """Return the ends of walks along single coordinates, each from another image's code."""
    codes = replicate.held_out.z_mean
    low, high = (codes[np.arange(len(chosen)) % len(codes)] for _ in range(2))
    low[np.arange(len(chosen)), chosen] = -REACH
    high[np.arange(len(chosen)), chosen] = REACH
    return low, high


def change_and_ends(judged):
    """Estimate the share of walks that change the image, and the rate of good ends.

    Of the images of each replicate the first half are the first ends, the others the second.
    """
    pairs = np.tile(np.arange(len(judged[0].pixels) // 2), 2)
    change = estimate(
        lambda samples: share(changes(samples) > VISIBLE),
        judged,
        unit="share that change the image",
        bounds=(0, 1),
    )
    return [change, hit_ratio(judged, RECOGNISABLE, groups=pairs)]


def changes(samples):
    """Return how far the image moves between the two ends of each walk."""
    return traverse(samples.replicate, *np.split(samples.pixels, 2))


def widest(replicate, count=10):
    """Return the ends of walks through the codes' mean along their leading principal axes."""
    means = replicate.held_out.z_mean
    centre = means.mean(axis=0)
    _, widths, axes = np.linalg.svd(means - centre, full_matrices=False)
    walks = REACH * (widths[:count, None] / np.sqrt(len(means) - 1)) * axes[:count]
    return centre - walks, centre + walks


def traverse(replicate, low, high):
    """Return how far images move from end to end, in distances of decoded codes."""
    steps = np.linalg.norm(flat(high) - flat(low), axis=1)
    copies = flat(replicate.decode(replicate.held_out.z_mean))
    half = len(copies) // 2
    return steps / np.linalg.norm(copies[:half] - copies[half : 2 * half], axis=1).mean()


def strips(replicate, steps=11):
    """Show walks along the two most and the two least active coordinates."""
    order = ranked(replicate)
    rows = {}
    for name, axis in (
        ("most active", order[0]),
        ("second", order[1]),
        ("least active", order[-1]),
    ):
        codes = np.repeat(replicate.held_out.z_mean[:1], steps, axis=0)
        codes[:, axis] = np.linspace(-REACH, REACH, steps)
        rows[f"{name}: from -3 to 3"] = replicate.decode(codes)
    return image_grid(rows)


def flat(pixels):
    """Return images as rows on the scale [0, 1]."""
    return pixels.reshape(len(pixels), -1) / 255


@scenario(test_each_coordinate_slides_a_trait, null=0.1)
def decoders_of_a_share_of_the_coordinates(effect, rng):
    """Simulate decoders that show a share of the coordinates, each as a pixel."""
    codes = LatentCloud(rng.standard_normal((200, 1024)))
    replicates = []
    for share_shown in effect + 0.025 * rng.standard_normal(5):
        decode = showing_only(rng.random(1024) < share_shown)
        replicates.append(SimulatedReplicate(codes, codes, decode))
    judge = SimulatedJudge(rng, DIGITS_CARD)
    return {"model": SimulatedModel(replicates), "image_judge": lambda _: judge}


@scenario(test_each_coordinate_slides_a_trait, null=0.1, part=1)
def decoders_of_a_share_of_good_ends(effect, rng):
    """Simulate decoders that show all coordinates, and something at a share of the ends."""
    codes = LatentCloud(rng.standard_normal((200, 256)))
    replicates = [
        SimulatedReplicate(codes, codes, showing_only(np.ones(256, dtype=bool), by, rng))
        for by in effect + 0.025 * rng.standard_normal(5)
    ]
    judge = SimulatedJudge(rng, DIGITS_CARD)
    return {"model": SimulatedModel(replicates), "image_judge": lambda _: judge}


def showing_only(active, good=1.0, rng=None):
    """Return a decoder that shows each coordinate as a pixel, grey where it is not active, (d,).

    A first pixel tells the judge which images show something: a share of them, all by default.
    """

    def decode(codes):
        shades = np.full(len(codes), 255)
        if rng is not None:
            shades[rng.uniform(size=len(codes)) >= good] = 0
        pixels = np.column_stack([shades, np.rint(128 + 20 * codes * active).clip(0, 255)])
        return pixels.astype(np.uint8)[:, :, None, None]

    return decode
