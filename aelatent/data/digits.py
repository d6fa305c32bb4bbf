"""The 8x8 digits that come with scikit-learn."""

from __future__ import annotations

import numpy as np

from aelatent.data import split
from aelatent.data.images import Images
from aelatent.runtime.files import digest


def make() -> Images:
    """Return the 1,797 digits with their grey values 0..16 scaled to 0..255; labels are the digits.

    The set names neither its writers nor a split, so images are split one by one, by content.
    """
    from sklearn.datasets import load_digits

    bunch = load_digits()
    pixels = np.rint(bunch.images * (255 / 16)).astype(np.uint8)[..., None]
    return Images(
        name="digits",
        pixels=pixels,
        train=split.training_part([digest(image.tobytes()) for image in pixels], "digits"),
        labels=bunch.target.astype(np.int64),
    )
