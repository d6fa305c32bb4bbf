"""What every judge can do."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]


class Judge(Protocol):
    """Says of images whether they show what it looks for.

    Attributes
    ----------
    name : str
        What it looks for: "faces" or "digits".
    threshold : float
        The score from which on an image is accepted; set once, on held-out originals.
    """

    name: str
    threshold: float

    def scores(self, pixels: Pixels) -> NDArray[np.float64]:
        """Return a score for each image, larger where it shows more clearly what is looked for."""
        ...

    def accepts(self, pixels: Pixels) -> NDArray[np.bool_]:
        """Return for each image whether its score reaches the threshold."""
        ...


@runtime_checkable
class Sorter(Judge, Protocol):
    """A judge that also says which class an accepted image belongs to."""

    def classes(self, pixels: Pixels) -> NDArray[np.int64]:
        """Return the class of each image; -1 where the judge abstains."""
        ...


def checked(pixels: Pixels) -> Pixels:
    """Return `pixels`, or raise.

    Raises
    ------
    ValueError
        If they are not uint8 of shape (n, h, w, 1 or 3).
    """
    if pixels.dtype != np.uint8 or pixels.ndim != 4 or pixels.shape[-1] not in (1, 3):
        raise ValueError(
            "judge: expected uint8 pixels of shape (n, h, w, 1 or 3), "
            f"received {pixels.dtype} of shape {pixels.shape}; decodes are scaled to 0..255 first"
        )
    return pixels
