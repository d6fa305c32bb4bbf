"""A named set of images with labels, groups and one split."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from aelatent.runtime.refusal import RefusedInputError


class DataError(RefusedInputError):
    """Images could not be read, or are not what a loader expected."""

    @classmethod
    def about(cls, where: object, expected: str, received: str, remedy: str) -> DataError:
        """Compose the message of every loader: where, what was due, what came, what to do.

        Parameters
        ----------
        where : object
            The file's name, for error messages.
        expected : str
            What was expected.
        received : str
            What was found instead.
        remedy : str
            What the user can do.

        Returns
        -------
        DataError
        """
        return cls(f"{where}: expected {expected}, received {received}. {remedy}")


class MissingData(DataError):
    """A set of images is in none of the places where it may lie."""


@dataclass(frozen=True, eq=False)
class Images:
    """Images with one deterministic split into training and held-out parts.

    Attributes
    ----------
    name : str
        The name by which `aelatent.data.load` knows the set.
    pixels : ndarray of uint8, shape (n, height, width, channels)
        Channels are 1 (grey) or 3 (RGB).
    train : ndarray of bool, shape (n,)
        True for training images, False for held-out ones.
    labels : ndarray of int64, shape (n,), or None
        Class labels; -1 where unknown.
    groups : ndarray of int64, shape (n,), or None
        Images that are not independent share a group: for faces, the person.

    Raises
    ------
    DataError
        If dtype, shape or lengths do not fit together.
    """

    name: str
    pixels: NDArray[np.uint8]
    train: NDArray[np.bool_]
    labels: NDArray[np.int64] | None = None
    groups: NDArray[np.int64] | None = None

    def __post_init__(self) -> None:
        pixels = self.pixels
        if pixels.dtype != np.uint8 or pixels.ndim != 4 or pixels.shape[-1] not in (1, 3):
            raise DataError.about(
                f"images {self.name!r}",
                "uint8 pixels of shape (n, height, width, 1 or 3)",
                f"{pixels.dtype} of shape {pixels.shape}",
                "Convert them to uint8 with a channel axis at the end.",
            )
        for field in ("train", "labels", "groups"):
            values = getattr(self, field)
            if values is not None and values.shape != (len(pixels),):
                raise DataError.about(
                    f"images {self.name!r}",
                    f"`{field}` of shape ({len(pixels)},), one entry an image",
                    f"shape {values.shape}",
                    "Give one entry for every image.",
                )

    def __len__(self) -> int:
        return len(self.pixels)

    @property
    def shape(self) -> tuple[int, int, int]:
        """Height, width and channels of one image."""
        height, width, channels = self.pixels.shape[1:]
        return height, width, channels

    def take(self, index: NDArray[np.bool_] | NDArray[np.int64] | slice) -> Images:
        """Return the images at `index`, with their labels, groups and split."""
        return replace(
            self,
            pixels=self.pixels[index],
            train=self.train[index],
            labels=None if self.labels is None else self.labels[index],
            groups=None if self.groups is None else self.groups[index],
        )

    def training(self, first: int | None = None) -> Images:
        """Return the training images, or only the `first` of them in the set's own order."""
        return self.take(np.flatnonzero(self.train)[:first])

    def held_out(self) -> Images:
        """Return the images that no model was trained on."""
        return self.take(~self.train)


def to_bytes(values: NDArray[np.floating]) -> NDArray[np.uint8]:
    """Return pixels in [0, 1] as bytes, rounded to the nearest; values beyond are cut.

    Examples
    --------
    >>> to_bytes(np.array([-0.1, 0.0, 0.5, 1.0, 1.1])).tolist()
    [0, 0, 128, 255, 255]
    """
    pixels: NDArray[np.uint8] = np.rint(np.clip(values, 0, 1) * 255).astype(np.uint8)
    return pixels


def flat_pixels(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return each image as a row of values on the scale [0, 1].

    Examples
    --------
    >>> flat_pixels(np.array([[[[0], [255]]]], np.uint8)).tolist()
    [[0.0, 1.0]]
    """
    return pixels.reshape(len(pixels), -1).astype(np.float32) / np.float32(255)


def squared_errors(copies: NDArray[np.uint8], originals: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Return the mean squared error per pixel of each image, on the scale [0, 1].

    Parameters
    ----------
    copies, originals : ndarray of uint8, shape (n, height, width, channels)

    Returns
    -------
    ndarray of float64, shape (n,)

    Examples
    --------
    >>> black, white = np.zeros((2, 1, 1, 1), np.uint8), np.full((2, 1, 1, 1), 255, np.uint8)
    >>> squared_errors(black, white).tolist()
    [1.0, 1.0]
    """
    return np.array(
        [
            np.mean((np.subtract(ours, theirs, dtype=np.float32) / 255) ** 2, dtype=np.float64)
            for ours, theirs in zip(copies, originals, strict=True)
        ]
    )
