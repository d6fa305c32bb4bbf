"""Hair and background depend on many correlations, and fail before the face does."""

import numpy as np
import pytest

from aelatent import Above, Estimate, LatentCloud, estimate
from aelatent.figures import image_grid
from aelatent.samplers.ladder import ColumnShuffles, Gaussian
from aelatent.simulation import (
    SimulatedModel,
    SimulatedReplicate,
    correlated_codes,
    have_independent_halves,
    scenario,
)
from aelatent.statistics.jackknife import contributions

DRAWS = 100
# LFW is aligned: eyes, nose and mouth of all 96x96 images lie within these rows and columns.
FACE = (slice(32, 80), slice(26, 70))
FIRST = Above(1.0)


@pytest.mark.claim("A-16", needs="trained autoencoder wide faces aligned decoder")
def test_hair_and_background_fail_first(model, decide, add_figure, rng):
    """Without the components' correlations hair and background fail before the face does.

    Source
        000 part 1 (30 Apr 2023), planes section and conclusion.
    Statement
        Hair and background depend on correlations of many components: they suffer first.
    Statistic
        Distance of a decoded draw to the nearest reconstruction of a held-out image, outside and
        inside the box of the face; column-shuffled draws over Gaussian draws; the ratio outside
        over that inside, one value a replicate. The box was fixed from the alignment beforehand.
    Null
        1 where both parts suffer alike, the catalogue's margin.
    Decision
        Supported when the 95 % interval over replicates lies above 1; refuted when it lies below;
        inconclusive otherwise.
    """
    pictures = [decoded(r, rng) for r in model.replicates]
    evidence = estimate(excess, pictures, unit="excess error outside over inside the face")

    add_figure(
        image_grid({"shuffled": pictures[0][0][:10], "Gaussian": pictures[0][1][:10]}),
        "Decoded draws whose columns were shuffled, and Gaussian draws.",
    )

    decide(evidence, FIRST)


@pytest.mark.claim("A-16", needs="trained autoencoder wide faces aligned decoder")
def test_control_spoilt_backgrounds_fail_outside(model, decide, add_figure, rng):
    """Gaussian draws with everything but the face upside down fail outside the box."""
    pictures = [spoilt(r, rng, face=False) for r in model.replicates]

    add_figure(
        image_grid({"spoilt": pictures[0][0][:10]}), "Draws with the background upside down."
    )

    decide(estimate(excess, pictures), FIRST)


@pytest.mark.claim("A-16", needs="trained autoencoder wide faces aligned decoder")
@pytest.mark.expect("refuted", because="only the face was spoilt")
def test_control_spoilt_faces_fail_inside(model, decide, add_figure, rng):
    """Gaussian draws whose face box is upside down fail inside the box."""
    pictures = [spoilt(r, rng, face=True) for r in model.replicates]

    add_figure(image_grid({"spoilt": pictures[0][0][:10]}), "Draws with the face box upside down.")

    decide(estimate(excess, pictures), FIRST)


def spoilt(replicate, rng, *, face):
    """Turn the face box of Gaussian draws upside down, or everything else."""
    _, whole, references = decoded(replicate, rng)
    images = whole.copy() if face else whole[:, ::-1].copy()
    images[:, *FACE] = whole[:, *FACE][:, ::-1] if face else whole[:, *FACE]
    return images, whole, references


def decoded(replicate, rng):
    """Decode shuffled draws, Gaussian draws and held-out codes."""
    samplers = (ColumnShuffles(), Gaussian())
    draws = [replicate.decode(sampler.draw(DRAWS, replicate.train, rng)) for sampler in samplers]
    return (*draws, replicate.decode(replicate.held_out.z_mean[:250]))


def excess(pictures):
    """Return the excess error of the first pictures over the second, outside over inside the face.

    The references are of the same images in all replicates.
    """
    apart = []
    for inside in (False, True):
        first, second, references = (part(p, inside=inside) for p in pictures)
        apart.append([squares(first, references), squares(second, references)])

    def ratio(chosen):
        outside, within = (
            np.divide(*(np.sqrt(s[:, chosen.astype(int)].min(axis=1)).mean() for s in pair))
            for pair in apart
        )
        return outside / within

    places = np.arange(len(pictures[2]))
    return Estimate(ratio(places), images=contributions(ratio, places))


def part(pixels, *, inside):
    """Return the pixels within the face box, or those outside it, as rows in [0, 1]."""
    mask = np.zeros(pixels.shape[1:3], dtype=bool)
    mask[FACE] = True
    return pixels[:, mask if inside else ~mask].reshape(len(pixels), -1) / 255


def squares(images, references):
    """Return the squared distances of images to references, (images, references)."""
    lengths = (images**2).sum(axis=1)[:, None] + (references**2).sum(axis=1)
    return (lengths - 2 * images @ references.T).clip(0)


@scenario(test_hair_and_background_fail_first, null=0.8)
def decoders_that_spoil_the_background(effect, rng):
    """Simulate decoders that add noise to a picture, more to codes with independent halves.

    Of these the background gets most. Held-out codes lie so near the centre that their
    reconstructions have no noise.
    """
    replicates = []
    for outside in effect + 0.02 * rng.standard_normal(5):
        codes = correlated_codes(1000, 32, rng)
        decode = noise(1.3, 1.3 * outside, rng)
        replicates.append(SimulatedReplicate(LatentCloud(codes / 1e4), LatentCloud(codes), decode))
    return {"model": SimulatedModel(replicates)}


def noise(inside, outside, rng):
    """Return a decoder to 36x30 pixels; a corner of 4x4 of them lies within the box of the face."""

    def decode(codes):
        levels = np.full((len(codes), 36, 30), 20.0)
        independent = have_independent_halves(codes)
        levels[independent] *= outside
        levels[independent, *FACE] *= inside / outside
        levels[np.abs(codes).max(axis=1) < 0.01] = 0
        pixels = 128 + levels * rng.standard_normal(levels.shape)
        return np.rint(pixels.clip(0, 255)).astype(np.uint8)[..., None]

    return decode
