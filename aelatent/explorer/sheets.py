"""Sprite sheets: many images of one size as one WebP image."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image

from aelatent.judges.judge import Pixels

EDGE = 4000  # pixels: larger images are too much for the browsers of some phones
MOST_TILES, FEWEST_TILES = 61, 15
MOST = 1_300_000  # bytes of a sheet: three planes, paths and a page of text stay below 6 MB
QUALITIES = (85, 75, 60, 40, 20)


def side(height: int, width: int) -> int:
    """Return how many images along an edge make a sheet that every browser can show; it is odd.

    Examples
    --------
    >>> side(96, 96), side(28, 28)
    (41, 61)
    """
    fitting = EDGE // max(height, width)
    return min(MOST_TILES, max(FEWEST_TILES, fitting - (fitting + 1) % 2))


def arranged(pixels: Pixels, columns: int) -> Pixels:
    """Put images of shape (n, h, w, c) side by side, row by row; what is left over is black.

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
    """Return an image of shape (h, w, 1 or 3) as WebP: grey without loss, if that is small enough.

    Neither is what it holds of the last resort, for images that are all noise: quality 20.
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
