"""The floor is the error of the best linear code with as many numbers."""

import numpy as np
import pytest
from sklearn.decomposition import PCA

from aelatent.training.pca_baseline import ensure_floor, pca_errors
from aelatent.zoo import Collection


def test_the_floor_is_the_error_of_an_exact_decomposition(blobs):
    train, held_out = (
        part.pixels.reshape(len(part.pixels), -1) / 255
        for part in (blobs.training(), blobs.held_out())
    )
    exact = PCA(3, svd_solver="full").fit(train)
    copies = exact.inverse_transform(exact.transform(held_out))

    assert pca_errors(blobs, 3) == pytest.approx(
        np.mean((held_out - copies) ** 2, axis=1), rel=1e-3
    )


def test_a_floor_is_stored_once_and_beside_others(blobs, folder):
    collection = Collection(folder)
    ensure_floor(collection, blobs, 3)
    written = collection.floor_path("blobs").stat().st_mtime_ns

    ensure_floor(collection, blobs, 3)
    assert collection.floor_path("blobs").stat().st_mtime_ns == written

    ensure_floor(collection, blobs, 2)
    floors = collection.floors("blobs")
    assert set(floors) == {"pca_error_2", "pca_error_3"}
    assert floors["pca_error_3"].mean() < floors["pca_error_2"].mean()


def test_codes_as_long_as_the_images_have_no_floor(blobs, folder):
    ensure_floor(Collection(folder), blobs, 64)

    assert Collection(folder).floors("blobs") == {}
