"""The PCA baseline is the error of the best linear code with as many numbers."""

import numpy as np
import pytest
from sklearn.decomposition import PCA

from aelatent.training.pca_baseline import ensure_baseline, pca_errors
from aelatent.zoo import Collection


def test_the_baseline_is_the_error_of_exact_pca(blobs):
    train, held_out = (
        part.pixels.reshape(len(part.pixels), -1) / 255
        for part in (blobs.training(), blobs.held_out())
    )
    exact = PCA(3, svd_solver="full").fit(train)
    copies = exact.inverse_transform(exact.transform(held_out))

    assert pca_errors(blobs, 3) == pytest.approx(
        np.mean((held_out - copies) ** 2, axis=1), rel=1e-3
    )


def test_a_baseline_is_stored_once_and_beside_others(blobs, folder):
    collection = Collection(folder)
    ensure_baseline(collection, blobs, 3)
    written = collection.baseline_path("blobs").stat().st_mtime_ns

    ensure_baseline(collection, blobs, 3)
    assert collection.baseline_path("blobs").stat().st_mtime_ns == written

    ensure_baseline(collection, blobs, 2)
    baselines = collection.pca_baselines("blobs")
    assert set(baselines) == {"pca_error_2", "pca_error_3"}
    assert baselines["pca_error_3"].mean() < baselines["pca_error_2"].mean()


def test_codes_as_long_as_the_images_have_no_baseline(blobs, folder):
    ensure_baseline(Collection(folder), blobs, 64)

    assert Collection(folder).pca_baselines("blobs") == {}
