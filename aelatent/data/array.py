"""A user's own images in one .npy file."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from aelatent.data import split
from aelatent.data.images import DataError, Images, MissingData
from aelatent.runtime.files import StorageError, digest, load_array


def read(path: Path) -> Images:
    """Read uint8 pixels of shape (n, height, width, 1 or 3); equal images stay on one side.

    Raises
    ------
    MissingData
        If there is no such file.
    DataError
        If the file is no whole .npy, holds pickled objects (which are never loaded), another dtype
        or shape, or fewer than two different images.
    """
    try:
        pixels = load_array(path)
    except FileNotFoundError:
        raise MissingData.about(path, "a .npy file", "no such file", "Check the path.") from None
    except StorageError as error:
        raise DataError.about(
            path, "a whole .npy file of uint8", str(error), "Save the array again with numpy.save."
        ) from error
    keys = [digest(image.tobytes()) for image in np.atleast_1d(pixels)]
    return Images(name=f"array:{path}", pixels=pixels, train=split.training_part(keys, path))
