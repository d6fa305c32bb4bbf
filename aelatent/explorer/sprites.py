"""Sprite sheets: many images of one size as one WebP image."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from aelatent.judges.judge import Pixels
from aelatent.runtime.files import write
from aelatent.runtime.owned_folder import owned

KIND = "explorers"  # in the list of files of the folder
EDGE = 4000  # pixels: larger images are too much for the browsers of some phones
MOST_TILES, FEWEST_TILES = 61, 15
MOST = 1_300_000  # bytes of a sheet: three planes, paths and a page of text stay below 6 MB
QUALITIES = (85, 75, 60, 40, 20)


def side(height: int, width: int) -> int:
    """Return how many images along an edge make a sheet that every browser can show.

    Parameters
    ----------
    height, width : int
        Of an image, in pixels.

    Returns
    -------
    int
        Odd, so that a sheet has a central image.

    Examples
    --------
    >>> side(96, 96), side(28, 28)
    (41, 61)
    """
    fitting = EDGE // max(height, width)
    return min(MOST_TILES, max(FEWEST_TILES, fitting - (fitting + 1) % 2))


def arranged(pixels: Pixels, columns: int) -> Pixels:
    """Put images side by side, row by row; places left over are black.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (n, h, w, c)
    columns : int
        Images in a row.

    Returns
    -------
    ndarray of uint8, shape (rows * h, columns * w, c)

    Examples
    --------
    >>> arranged(np.arange(3, dtype=np.uint8).reshape(3, 1, 1, 1), 2)[..., 0].tolist()
    [[0, 1], [2, 0]]
    """
    n, height, width, channels = pixels.shape
    rows = -(-n // columns)
    whole = np.zeros((rows * columns, height, width, channels), np.uint8)
    whole[:n] = pixels
    grid = whole.reshape(rows, columns, height, width, channels).swapaxes(1, 2)
    return grid.reshape(rows * height, columns * width, channels)


def encoded(pixels: Pixels, most: int = MOST) -> bytes:
    """Return an image as WebP: grey without loss, if that is small enough.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (h, w, 1 or 3)
    most : int
        Bytes aimed at. An image that is all noise may exceed them at the lowest quality, 20.

    Returns
    -------
    bytes
    """
    image = Image.fromarray(pixels[..., 0] if pixels.shape[-1] == 1 else pixels)
    if pixels.shape[-1] == 1 and len(exact := _webp(image, lossless=True, quality=60)) <= most:
        return exact
    for quality in QUALITIES:
        content = _webp(image, quality=quality)
        if len(content) <= most:
            break
    return content


def _webp(image: Image.Image, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "WEBP", method=4, **options)
    return buffer.getvalue()


@dataclass(frozen=True)
class SpriteFolder:
    """The pictures of one model's pages, under names that no other build uses.

    A page never shows the pictures of another build, even if a build is interrupted.

    Attributes
    ----------
    folder : Path
        Where the pages lie; the pictures lie in a folder of it with the model's name.
    name : str
    digest : str
        Of all that the pictures depend on.
    kept : set of str
        Files that were written.
    """

    folder: Path
    name: str
    digest: str
    kept: set[str] = field(default_factory=set)

    def add(self, title: str, sheet: Pixels, most: int = MOST) -> dict[str, Any]:
        """Write a sheet as a WebP file.

        Parameters
        ----------
        title : str
            Begins the file's name.
        sheet : ndarray of uint8, shape (h, w, 1 or 3)
        most : int
            Bytes that the file should not exceed.

        Returns
        -------
        dict
            "sheet", the address relative to the pages, and "pixels", width and height.
        """
        file = f"{title}-{self.digest[:12]}.webp"
        write(self.folder / self.name / file, encoded(sheet, most))
        self.kept.add(file)
        return {"sheet": f"{self.name}/{file}", "pixels": (sheet.shape[1], sheet.shape[0])}

    def remove_stale(self) -> None:
        """Delete the pictures of earlier builds, and no others."""
        with owned(self.folder, KIND) as own:
            for file in (own.folder / self.name).glob("*.webp"):
                if file.name not in self.kept:
                    own.remove(file)
