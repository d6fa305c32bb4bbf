"""The PCA baseline: the error of a linear code, which an autoencoder of equal size has to beat."""

from __future__ import annotations

import numpy as np
from sklearn.decomposition import PCA

from aelatent.data import Images
from aelatent.data.images import flat_pixels
from aelatent.latent.cloud import Floats
from aelatent.runtime import files
from aelatent.runtime.arrays import pack, unpack
from aelatent.zoo import Collection
from aelatent.zoo.collection import baseline_key

POWER_ITERATIONS = 7  # the randomised decomposition is then within 1e-4 of the exact error
BATCH = 256


def ensure_baseline(collection: Collection, images: Images, components: int) -> None:
    """Measure the PCA baseline of an image set and store it, unless it is stored already.

    With as many components as pixels or training images PCA loses nothing; then there is no
    baseline.

    Parameters
    ----------
    collection : Collection
    images : Images
    components : int
    """
    stored = collection.pca_baselines(images.name)
    pixels = int(np.prod(images.shape))
    possible = 0 < components < min(pixels, int(images.train.sum()))
    if baseline_key(components) in stored or not possible:
        return
    errors = pca_errors(images, components).astype(np.float16)
    content = pack({**stored, baseline_key(components): errors})
    files.write(collection.baseline_path(images.name), content)


def merge(collection: Collection, images: str, content: bytes) -> None:
    """Add the baselines that another machine measured to those that are stored here.

    Parameters
    ----------
    collection : Collection
    images : str
        Name of the image set.
    content : bytes
        Of the other machine's file.
    """
    path = collection.baseline_path(images)
    stored = collection.pca_baselines(images)
    measured = unpack(content, path)
    if measured.keys() - stored.keys():
        files.write(path, pack({**measured, **stored}))


def pca_errors(images: Images, components: int) -> Floats:
    """Mean squared error per pixel, on the scale [0, 1], of each held-out image under PCA.

    Parameters
    ----------
    images : Images
        Fitted on the training part.
    components : int
        Principal components kept, fewer than pixels and than training images.

    Returns
    -------
    ndarray of float64, shape (number of held-out images,)
    """
    pca = PCA(components, svd_solver="randomized", iterated_power=POWER_ITERATIONS, random_state=0)
    pca.fit(flat_pixels(images.training().pixels))
    held_out = images.held_out().pixels
    errors = np.empty(len(held_out))
    for start in range(0, len(held_out), BATCH):
        batch = flat_pixels(held_out[start : start + BATCH])
        copies = pca.inverse_transform(pca.transform(batch))
        errors[start : start + BATCH] = np.mean(np.square(batch - copies), axis=1)
    return errors
