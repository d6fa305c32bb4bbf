"""Whose images may be shown, and which models can be explored."""

from pathlib import Path

import numpy as np
import pytest

from aelatent import data
from aelatent.explorer.model import ExploredModel, explorable
from aelatent.zoo import Collection, FixtureError

from .samples import painted, painted_model

STORED = Collection(Path(__file__).parents[2] / "fixtures")


@pytest.mark.parametrize("images", ["lfw", "celeba", "folder:mine", "array:mine.npy"])
def test_what_may_show_people_is_shown_on_demand_only(images):
    assert not painted_model(images=images).shown
    assert painted_model(images=images, originals=True).shown


@pytest.mark.parametrize("images", ["mnist", "fashion_mnist", "digits", "drawn_faces"])
def test_digits_clothes_and_drawings_are_shown(images):
    assert painted_model(images=images).shown


def test_labels_have_names_where_they_are_kinds():
    assert painted_model(images="mnist").class_names == tuple("0123456789")
    assert painted_model(images="fashion_mnist").class_names[8] == "bag"
    assert painted_model(images="lfw").class_names is None


def test_random_numbers_depend_on_the_name_of_the_model_alone():
    one, same, other = (painted_model(name=name).rng().random(4) for name in ("a", "a", "b"))

    np.testing.assert_array_equal(one, same)
    assert (one != other).any()


def test_trained_models_with_a_stored_decoder_can_be_explored():
    names = explorable(STORED)

    assert {"faces_ae_256d", "faces_vae_200d", "mnist_ae_2d", "mnist_vae_8x8x16"} <= set(names)
    assert not {"digit_judge", "faces_ae_256d_untrained", "mnist_vae_8x8x1024"} & set(names)


def test_a_model_without_a_decoder_is_refused_by_name():
    with pytest.raises(FixtureError, match="digit_judge: expected a model with a decoder"):
        ExploredModel.of(STORED, "digit_judge")


def test_pairs_are_held_out_images_and_their_reconstructions(monkeypatch, blobs):
    """The codes that are kept are those of a known sample of the held-out images."""
    model = painted_model()
    whole = data.Images("mnist", np.repeat(blobs.pixels, 10, axis=0), np.repeat(blobs.train, 10))
    monkeypatch.setattr(data, "load", lambda _: whole)

    originals, reconstructions = model.pairs()

    np.testing.assert_array_equal(originals, whole.held_out().pixels[: len(originals)])
    np.testing.assert_array_equal(reconstructions, painted(model.replicate.held_out.z_mean[:12]))
