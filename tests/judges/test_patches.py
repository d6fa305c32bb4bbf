"""Patches of images, compared with those of photographs."""

import numpy as np
import pytest
from skimage.data import astronaut

from aelatent.judges import faces, nonimages, patches


@pytest.fixture(scope="module")
def photographs():
    """Ninety crops of a photograph."""
    picture = astronaut()
    places = [(down, across) for down in range(0, 400, 40) for across in range(0, 360, 40)]
    return np.stack([picture[d : d + 96, a : a + 96] for d, a in places])


@pytest.fixture(scope="module")
def model(photographs):
    return patches.fit(photographs, np.random.default_rng(0))


def test_a_blotch_is_seen_wherever_it_lies(model, photographs):
    quiet = np.full((1, 96, 96, 3), photographs.mean(axis=(0, 1, 2)), np.uint8)
    blotched = np.repeat(quiet, 3, axis=0)
    for image, (down, across) in zip(blotched, [(20, 20), (50, 30), (44, 62)], strict=True):
        image[down : down + 14, across : across + 14] = 0, 255, 0
    largest = patches.SUMMARIES.index("largest")
    found = model.look(np.concatenate([quiet, blotched]))[:, largest]
    assert (found[1:] > found[0] + 2).all()
    np.testing.assert_allclose(found[1:], found[1:].mean(), atol=0.7)


def test_noise_is_far_from_patches_of_photographs(model, photographs, rng):
    rest = len(patches.SUMMARIES)
    noise = nonimages.pixel_noise(5, faces.SHAPE, rng)
    usual = np.quantile(model.look(photographs)[:, rest], 0.9)
    assert model.look(noise)[:, rest].min() > usual


def test_batches_do_not_change_what_is_measured(model, photographs, monkeypatch):
    whole = model.look(photographs)
    monkeypatch.setattr(patches, "BATCH", 7)
    np.testing.assert_allclose(model.look(photographs), whole, rtol=1e-5)


def test_a_patch_model_survives_plain_numbers(model, photographs):
    stored = patches.PatchModel.from_plain(model.to_plain())
    np.testing.assert_allclose(stored.look(photographs), model.look(photographs), atol=0.01)


def test_no_images_have_no_patches(model):
    assert model.look(np.zeros((0, 96, 96, 3), np.uint8)).shape == (0, patches.MEASURES)
