"""Reconstructions resemble the originals, also those of images that were held out."""

import numpy as np
import pytest
from skimage.feature import hog

from aelatent import Above, Below, Estimate, LatentCloud, estimate, shared_error
from aelatent.figures import overlaid_histograms, trend
from aelatent.simulation import SimulatedModel, SimulatedReplicate, scenario
from aelatent.statistics.rates import share

FOUND = Above(0.9)
AS_WELL = Below(1.25)
GAP = "mean squared error of held-out images over that of training images"


@pytest.mark.claim("B-22", needs="trained autoencoder decoder", amended="2026-11-28")
def test_reconstructions_resemble_the_originals(model, originals, decide, add_figure):
    """The reconstruction of a held-out image is nearest to its original, among a thousand others.

    Source
        anracom II (11 Nov 2022), introduction: reconstructions resemble the originals closely.
    Statement
        Whoever looks for the original of a reconstruction finds it.
    Statistic
        The share of reconstructions whose nearest image among the originals of all held-out codes
        (a thousand) is their own original, one value a replicate: by squared difference of pixels,
        and by that of histograms of oriented gradients, which see outlines and no brightness. No
        judge is asked.
    Null
        A thousandth, by chance. "Closely" has no number in the source and is read as nine tenths,
        by either measure.
    Decision
        Pixels: Supported when the 95 % interval over replicates lies above 0.9; refuted when it
        lies below; inconclusive otherwise. Outlines: Supported when the 95 % interval over
        replicates lies above 0.9; refuted when it lies below; inconclusive otherwise.
    """
    pixels = originals(model)
    decoded = [r.decode(r.held_out.z_mean) for r in model.replicates]
    evidence = found_shares(pixels, decoded, model.clouds[0].groups)

    add_figure(
        trend(
            {"reconstructions": ranks(pixels, decoded)},
            "rank of the original among the images nearest to a reconstruction, by pixels",
            "share of reconstructions whose original has this rank or a better one",
            log="x",
        ),
        f"How near the originals of {model.name} are to their reconstructions.",
    )

    decide(evidence, [FOUND, FOUND])


@pytest.mark.claim("B-22")
def test_control_originals_with_some_noise_are_found(decide, rng):
    """Images with a little noise are nearest to themselves."""
    pixels = rng.integers(0, 200, (200, 16, 16, 1), dtype=np.uint8)
    noisy = [pixels + rng.integers(0, 40, pixels.shape, dtype=np.uint8) for _ in range(5)]

    decide(found_shares(pixels, noisy), [FOUND, FOUND])


@pytest.mark.claim("B-22")
@pytest.mark.expect("refuted", because="all codes decode to one image")
def test_control_one_image_for_all_is_found_by_chance(decide, rng):
    """Where all codes decode to nearly the mean image, originals are found by chance."""
    pixels = rng.integers(0, 256, (200, 16, 16, 1), dtype=np.uint8)
    mean = np.broadcast_to(np.rint(pixels.mean(axis=0)), pixels.shape)
    blind = [(mean + rng.integers(0, 3, pixels.shape)).astype(np.uint8) for _ in range(5)]

    decide(found_shares(pixels, blind), [FOUND, FOUND])


@pytest.mark.claim("B-22", needs="trained autoencoder encoder")
def test_held_out_images_are_reconstructed_as_well(model, decide, add_figure):
    """Images that the autoencoder was not trained on are reconstructed nearly as well as others.

    Source
        anracom II (11 Nov 2022), introduction, which does not specify the images.
    Statement
        That reconstructions resemble their originals holds for images that were held out.
    Statistic
        The mean squared error per pixel of the held-out sample over that of the training sample,
        one value a replicate.
    Null
        None: the margin decides. "Nearly as well" is read as an error larger by less than a
        quarter.
    Decision
        Supported when the 95 % interval over replicates lies below 1.25; refuted when it lies
        above; inconclusive otherwise.
    """
    evidence = estimate(held_out_ratio, model.replicates, unit=GAP, bounds=(0, np.inf))

    add_figure(splits(model.replicates), "Errors of held-out and of training images.")

    decide(evidence, AS_WELL)


def found_shares(originals, decoded, groups=None):
    """Estimate how often the original is nearest, by pixels and by outlines.

    All replicates reconstruct the same images.
    """

    def found(view, words):
        references = view(originals)
        return estimate(
            lambda images: shared_error(share(nearest(references, view(images)) == 0, groups)),
            decoded,
            unit=f"share whose original is nearest, by {words}",
            bounds=(0, 1),
        )

    return [found(flat, "pixels"), found(outlines, "outlines")]


def nearest(references, features):
    """Return how many originals are nearer to each image than its own, (n,)."""
    squares = (references**2).sum(axis=1) - 2 * features @ references.T
    return (squares < np.diagonal(squares)[:, None]).sum(axis=1)


def flat(images):
    """Return the pixels of images, (n, h * w * c), from 0 to 1."""
    return images.reshape(len(images), -1).astype(np.float32) / 255


def outlines(images):
    """Return histograms of oriented gradients of images, in eight cells a side, (n, m)."""
    grey = images.mean(axis=3) / 255
    side = max(images.shape[1] // 8, 2)
    return np.array(
        [hog(one, pixels_per_cell=(side, side), cells_per_block=(2, 2)) for one in grey],
        dtype=np.float32,
    )


def ranks(originals, decoded):
    """Return the share of images whose original has a rank or a better one, by rank."""
    found = [nearest(flat(originals), flat(images)) for images in decoded]
    return {rank: [np.mean(own < rank) for own in found] for rank in (1, 2, 5, 10, 100)}


def held_out_ratio(replicate):
    """Return the mean error of held-out images over that of training images, over all of them."""
    held_out, train = replicate.mean_error("held_out"), replicate.mean_error("train")
    ratio = held_out.value / train.value
    relative = np.hypot(held_out.shared / held_out.value, train.shared / train.value)
    return Estimate(ratio, shared=ratio * float(relative))


def splits(replicates):
    """Show the errors of held-out and of training images."""
    return overlaid_histograms(
        {
            "held-out images": np.concatenate([r.errors("held_out") for r in replicates]),
            "training images": np.concatenate([r.errors("train") for r in replicates]),
        },
        "mean squared error per pixel of an image",
    )


CODES = LatentCloud(np.eye(1000, 2))  # any codes: only the errors of their images matter


@scenario(test_reconstructions_resemble_the_originals, null=0.8, count=200)
def reconstructions_of_which_a_share_is_found(effect, rng):
    """Simulate decoders that give a share of 120 images back, and other images for the rest.

    The images are of noise, and the codes are their numbers.
    """
    pixels = rng.integers(0, 256, (120, 8, 8, 1), dtype=np.uint8)
    codes = LatentCloud(np.arange(120.0)[:, None])
    replicates = []
    for chance in effect + 0.02 * rng.standard_normal(5):
        lost = rng.random(120) > chance
        shown = np.where(lost, np.roll(np.arange(120), 1), np.arange(120))
        replicates.append(
            SimulatedReplicate(
                codes, codes, lambda z, shown=shown: pixels[shown[z[:, 0].astype(int)]]
            )
        )
    return {"model": SimulatedModel(replicates), "originals": lambda _: pixels}


@scenario(test_held_out_images_are_reconstructed_as_well, null=1.5)
def errors_over_those_of_training_images(effect, rng):
    """Simulate errors on 3,700 held-out images that are `effect` times those on 9,500 others."""
    harder = {"train": rng.gamma(4, 0.001, 9500), "held_out": rng.gamma(4, 0.001, 3700)}
    replicates = []
    for ratio in effect * (1 + 0.01 * rng.standard_normal(5)):
        losses = {"train": harder["train"], "held_out": ratio * harder["held_out"]}
        replicates.append(SimulatedReplicate(CODES, CODES, losses=losses))
    return {"model": SimulatedModel(replicates)}
