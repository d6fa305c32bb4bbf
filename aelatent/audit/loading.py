"""Load what a description names: images, networks, codes, labels and groups."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from aelatent import data
from aelatent.audit import networks, probing, untrusted_files
from aelatent.audit.autoencoder import Autoencoder, flatten_codes
from aelatent.audit.description import (
    CALLABLE,
    DescriptionError,
    ModelDescription,
    TrainingFiles,
)
from aelatent.audit.measured import MeasuredTraining
from aelatent.audit.progress import Progress
from aelatent.data import Images
from aelatent.judges import registry
from aelatent.runtime import memory
from aelatent.zoo.collection import kept_sample

LEAST = 500  # codes: a hundred a fold
MOST_NUMBERS = 2**27
JUDGES = registry.NAMES


def load_images(description: ModelDescription) -> Images | None:
    """Load the images; a random choice of `most` if there are more."""
    if description.source is None:
        return None
    options: dict[str, Any] = {} if description.side is None else {"side": description.side}
    images = data.load(description.source, **options)
    if description.most >= len(images):
        return images
    return images.take(kept_sample(len(images), description.most))


def import_callables(description: ModelDescription) -> None:
    """Import the user's modules, which must come before TensorFlow if they import triton.

    TensorFlow 2.20 and later load their LLVM for the whole process, and a later `import triton`
    dies (tensorflow/tensorflow issue 124205).
    """
    for training in description.trainings:
        for name in (training.encoder, training.decoder):
            if name is not None and CALLABLE.fullmatch(name):
                networks.import_callable(name, description.folder, description.call_seconds)


def load_trainings(
    description: ModelDescription, images: Images | None, progress: Progress
) -> Iterator[tuple[Autoencoder, MeasuredTraining]]:
    """Load the networks of each training, and encode the images or read the codes.

    Parameters
    ----------
    description : ModelDescription
    images : Images or None
        None where the description names no images.
    progress : callable
        See `aelatent.audit.progress`.

    Yields
    ------
    Autoencoder
    MeasuredTraining
        With codes and log-variances alone.

    Raises
    ------
    DescriptionError
        If the networks do not fit the images, there are too few codes, or those of all trainings
        take more memory than there is room for.
    """
    most, size = memory.budget(), 0
    for training in description.trainings:
        shape = () if images is None else images.shape
        autoencoder = Autoencoder.load(description, training, image_shape=shape)
        if images is not None and training.encoder is not None:
            probe = probing.probe_of(images.pixels)
            autoencoder = probing.with_reading(autoencoder, probe)
            autoencoder = probing.with_split(autoencoder, probe)
            probing.check_ranges(autoencoder, probe)
            means, variances = autoencoder.encode(images.pixels, progress)
        else:
            means, variances = _stored_codes(description, training)
        check_number(description, len(means), images)
        keep = slice(0, max(LEAST, MOST_NUMBERS // int(np.prod(means.shape[1:]))))
        codes = flatten_codes(means[keep])
        autoencoder = replace(autoencoder, code_shape=means.shape[1:])
        if training.encoder is None:
            probing.check_outputs(autoencoder, codes)
        log_variances = None if variances is None else flatten_codes(variances[keep])
        size += codes.nbytes + (0 if log_variances is None else log_variances.nbytes)
        if size > most:
            raise DescriptionError(
                f"{description.name}: expected codes that memory has room for, {most:,} bytes, "
                f"received {size:,} or more. Take fewer images, by `most`, or fewer replicates"
            )
        yield autoencoder, MeasuredTraining(codes, log_variances)


def check_number(description: ModelDescription, n: int, images: Images | None) -> None:
    """Refuse fewer codes than samplers need, or another number than that of the images.

    Parameters
    ----------
    description : ModelDescription
    n : int
        Number of codes.
    images : Images or None

    Raises
    ------
    DescriptionError
    """
    if n < LEAST:
        raise DescriptionError(
            f"{description.name}: expected {LEAST} codes or more, received {n}. Give more images"
        )
    if images is not None and n != len(images):
        raise DescriptionError(
            f"{description.name}: expected a code for each of {len(images)} images, received {n}"
        )


def _stored_codes(
    description: ModelDescription, training: TrainingFiles
) -> tuple[NDArray[Any], NDArray[Any] | None]:
    """Read codes, and log-variances if there are any."""
    assert training.codes is not None  # noqa: S101 -- for mypy: a training has an encoder or codes
    codes = _read_codes(description, training.codes)
    if training.log_variances is None:
        return codes, None
    variances = _read_codes(description, training.log_variances)
    if variances.shape != codes.shape:
        raise DescriptionError(
            f"{training.log_variances}: expected log-variances of the codes' shape {codes.shape}, "
            f"received {variances.shape}"
        )
    return codes, variances


def _read_codes(description: ModelDescription, name: str) -> NDArray[np.float32]:
    path = description.path(name)
    values = untrusted_files.load_codes(path)
    check_codes(values, path)
    with np.errstate(over="ignore"):
        chosen = values[kept_sample(len(values), description.most)].astype(np.float32)
    check_codes(chosen, path)  # numbers beyond those of 32 bits are infinite by now
    return chosen


def check_codes(values: NDArray[Any], where: object) -> None:
    """Refuse what is no array of codes (n, ...).

    Parameters
    ----------
    values : ndarray
    where : object
        What the message names.

    Raises
    ------
    DescriptionError
        If the codes are integers, booleans or complex, have no axis of numbers, or are not finite.
    """
    if values.dtype.kind in "iub" and values.ndim > 1:
        raise DescriptionError(
            f"{where}: expected codes of real numbers, received {values.dtype}. These look like "
            "indices of a codebook, whose order means nothing: give the vectors that they stand for"
        )
    real = values.ndim > 1 and values.dtype.kind == "f" and 0 not in values.shape[1:]
    if not real or not np.isfinite(values).all():
        raise DescriptionError(
            f"{where}: expected finite codes of shape (n, ...), received "
            f"{values.dtype} of shape {values.shape}" + (" with NaN or infinity" if real else "")
        )


def check_same_shape(trainings: Sequence[MeasuredTraining]) -> None:
    """Refuse trainings whose codes differ in shape.

    Raises
    ------
    DescriptionError
    """
    shapes = {training.codes.shape for training in trainings}
    if len(shapes) > 1:
        raise DescriptionError(
            f"replicates: expected codes of one shape from all trainings, received {sorted(shapes)}"
        )


def load_integers(
    description: ModelDescription, name: str, n: int, images: Images | None
) -> NDArray[np.int64] | None:
    """Load labels or groups from their file, or take those that the images have.

    Parameters
    ----------
    description : ModelDescription
    name : str
        "labels" or "groups".
    n : int
        Number of codes.
    images : Images or None

    Returns
    -------
    ndarray of int64, shape (n,), or None
        None where there are none.

    Raises
    ------
    DescriptionError
        If the file holds something other than one integer an image.
    """
    file = getattr(description, name)
    if file is None:
        known = None if images is None else getattr(images, name)
        return None if known is None else np.asarray(known[:n], np.int64)
    values = untrusted_files.load_codes(description.path(file))
    complete = values.shape == (n,) or (values.ndim == 1 and len(values) > description.most)
    if values.dtype.kind not in "iu" or not complete:
        raise DescriptionError(
            f"{description.path(file)}: expected {n} integers, one an image, received "
            f"{values.dtype} of shape {values.shape}"
        )
    return np.asarray(values[kept_sample(len(values), description.most)][:n], np.int64)
