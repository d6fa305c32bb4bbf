"""Measure a user's model once: its codes, its reconstructions, and the judge of its images."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from aelatent.audit.autoencoder import Autoencoder
from aelatent.audit.description import DescriptionError, ModelDescription
from aelatent.audit.judging import add_judge
from aelatent.audit.loading import (
    check_same_shape,
    load_images,
    load_integers,
    load_trainings,
)
from aelatent.audit.measured import FOLDS, MeasuredModel, MeasuredTraining
from aelatent.audit.progress import Progress, no_progress
from aelatent.data import Images

SEED = 0
TRAIN_SHARE = 0.6
LEAST_GROUPS = 2 * FOLDS + 1
HELD_OUT = 2000  # reconstructions that are judged, over all folds


def measure(description: ModelDescription, progress: Progress = no_progress) -> MeasuredModel:
    """Load a model's networks, encode its images, reconstruct some and calibrate its judge.

    Parameters
    ----------
    description : ModelDescription
    progress : callable
        See `aelatent.audit.progress`; by default nothing is reported.

    Returns
    -------
    MeasuredModel

    Raises
    ------
    DescriptionError
        If the description and the networks, images or codes do not go together.
    UntrustedFileError, DataError
        If a file is refused or cannot be read.
    """
    images = load_images(description)
    loaded = list(load_trainings(description, images, progress))
    n = len(loaded[0][1].codes)
    labels, groups = (load_integers(description, name, n, images) for name in ("labels", "groups"))
    return measure_loaded(description, images, loaded, labels, groups, progress)


def measure_loaded(
    description: ModelDescription,
    images: Images | None,
    loaded: Sequence[tuple[Autoencoder, MeasuredTraining]],
    labels: NDArray[np.int64] | None = None,
    groups: NDArray[np.int64] | None = None,
    progress: Progress = no_progress,
) -> MeasuredModel:
    """Reconstruct images of a model whose images are encoded, and calibrate its judge.

    Parameters
    ----------
    description : ModelDescription
    images : Images or None
    loaded : sequence of (Autoencoder, MeasuredTraining)
        One a training, with codes.
    labels, groups : ndarray of int64, shape (n,), or None
    progress : callable
        See `aelatent.audit.progress`; by default nothing is reported.

    Returns
    -------
    MeasuredModel

    Raises
    ------
    DescriptionError
        If the codes of trainings differ in shape, or the judge hardly distinguishes the model's
        images from spoilt ones.
    """
    autoencoders, trainings = zip(*loaded, strict=True)
    check_same_shape(trainings)
    n = len(trainings[0].codes)
    rng = np.random.default_rng(SEED)
    fold, fitted = _split(n, groups, rng)
    judged = np.sort(rng.permutation(np.flatnonzero(~fitted))[:HELD_OUT])
    measured = MeasuredModel(
        description, autoencoders, trainings, fold, fitted, judged, labels, groups
    )
    if autoencoders[0].decoder is None:
        return measured
    return add_judge(measured, images, rng, progress)


def _split(
    n: int, groups: NDArray[np.int64] | None, rng: np.random.Generator
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return each image's fold, and whether samplers are fitted to it; a group stays together."""
    known = np.arange(n) if groups is None else np.unique(groups, return_inverse=True)[1]
    count = int(known.max()) + 1
    place = rng.permutation(count)[known]
    fitted = (place // FOLDS) / max(1, -(-count // FOLDS)) < TRAIN_SHARE
    if fitted.all():
        raise DescriptionError(
            f"groups: expected {LEAST_GROUPS} groups of images or more, received {count}: none "
            "would be held out. If they are classes, give them as `labels` instead"
        )
    return place % FOLDS, fitted
