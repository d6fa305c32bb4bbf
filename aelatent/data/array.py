"""A user's own images in one .npy file."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from aelatent.data import split
from aelatent.data.images import DataError, Images, MissingData
from aelatent.data.values import as_bytes, range_of
from aelatent.runtime.arrays import load_array
from aelatent.runtime.files import StorageError, digest


def read(path: Path) -> Images:
    """Read images of shape (n, height, width) or (n, height, width, 1 or 3).

    They are uint8, or numbers in [0, 1], [-1, 1] or [0, 255]. Equal images stay on one side.

    Raises
    ------
    MissingData
        If there is no such file.
    DataError
        If the file is no whole .npy, holds pickled objects (which are never loaded), another kind
        of values or shape, or fewer than two different images.
    """
    try:
        pixels = load_array(path)
    except FileNotFoundError:
        raise MissingData.about(path, "a .npy file", "no such file", "Check the path.") from None
    except StorageError as error:
        raise DataError.about(
            path, "a whole .npy file of images", str(error), "Save the array again with numpy.save."
        ) from error
    if pixels.ndim == 3:
        pixels = pixels[..., None]
    if pixels.dtype != np.uint8 and pixels.ndim == 4 and pixels.size:
        try:
            pixels = as_bytes(pixels, range_of(pixels))
        except DataError as error:
            raise DataError(f"{path}: {error}") from error
    keys = [digest(image.tobytes()) for image in np.atleast_1d(pixels)]
    return Images(name=f"array:{path}", pixels=pixels, train=split.training_part(keys, path))
