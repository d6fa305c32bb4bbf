"""What every set of images promises: the embedded ones always, the stored ones where they are."""

import os

import numpy as np
import pytest

from aelatent.data import location, registry
from aelatent.data.registry import StoredSet, UserSet

# One process makes and reads each set once.
pytestmark = pytest.mark.xdist_group("image sets")

DATA = os.environ.get("AELATENT_DATA")
EMBEDDED = [e.name for e in registry.IMAGE_SETS if not isinstance(e, UserSet | StoredSet)]
STORED = [e for e in registry.IMAGE_SETS if isinstance(e, StoredSet) and e.name != "celeba"]
SIZES = {"mnist": 60_000, "fashion_mnist": 60_000, "lfw": 9525}


def marked(entry):
    absent = location.find(entry.name, entry.marks) is None
    return pytest.param(
        entry.name, marks=pytest.mark.skipif(absent, reason=f"{entry.name} is not on this machine")
    )


@pytest.fixture(scope="module", params=[*EMBEDDED, *map(marked, STORED)])
def images(request):
    with pytest.MonkeyPatch.context() as environment:
        if DATA:
            environment.setenv("AELATENT_DATA", DATA)
        return registry.load(request.param)


def test_its_name_loads_it(images, request):
    assert images.name == request.node.callspec.params["images"]


def test_pixels_use_most_of_a_byte(images):
    assert images.pixels.dtype == np.uint8
    assert np.ptp(images.pixels) > 200


def test_either_side_of_the_split_has_a_tenth_or_more(images):
    assert 0.1 < images.train.mean() < 0.9


def test_no_group_lies_on_both_sides(images):
    if images.groups is not None:
        assert not np.intersect1d(images.training().groups, images.held_out().groups).size


def test_labels_are_small_integers_and_occur_on_both_sides(images):
    known = [part.labels[part.labels >= 0] for part in (images.training(), images.held_out())]
    assert all(len(labels) for labels in known)
    assert set(np.unique(known[0])) == set(np.unique(known[1]))
    assert images.labels.dtype == np.int64


@pytest.mark.slow
def test_embedded_sets_are_the_same_every_time(images):
    if images.name in EMBEDDED:
        again = registry.load(images.name)
        assert np.array_equal(again.pixels, images.pixels)
        assert np.array_equal(again.train, images.train)


def test_stored_sets_have_their_official_split(images):
    if images.name in SIZES:
        assert images.train.sum() == SIZES[images.name]
