"""The images behind the stored codes are loaded again, in the order of the codes."""

from pathlib import Path

import numpy as np
import pytest

from aelatent.data import registry
from aelatent.data.images import MissingData
from aelatent.zoo import Collection
from aelatent.zoo.originals import held_out_originals

SHIPPED = Collection(Path(__file__).parents[2] / "fixtures")


def of(images, count):
    """Return a specification that keeps `count` held-out codes of an image set."""
    specification = SHIPPED.specification("mnist_ae_2d")
    store = specification.store.model_copy(update={"held_out_codes": count})
    return specification.model_copy(update={"images": images, "store": store})


def test_the_originals_are_a_sample_in_the_order_of_the_set():
    held_out = registry.load("digits").held_out().pixels.reshape(-1, 64)

    found = held_out_originals(of("digits", 5)).reshape(-1, 64)

    places = [int(np.flatnonzero((held_out == image).all(axis=1))[0]) for image in found]
    assert len(places) == 5
    assert places == sorted(places)


def test_images_that_are_nowhere_are_missed(monkeypatch, tmp_path):
    monkeypatch.setenv("AELATENT_DATA", str(tmp_path))
    monkeypatch.setenv("AELATENT_CACHE", str(tmp_path / "cache"))

    with pytest.raises(MissingData, match="mnist"):
        held_out_originals(of("mnist", 5))
