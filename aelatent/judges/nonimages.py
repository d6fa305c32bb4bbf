"""Images that show neither a face nor a digit, to measure how often a judge accepts them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

Pixels = NDArray[np.uint8]
Shape = tuple[int, int, int]

MARGIN = 1 / 7
"""Share of the side that strokes leave free at every edge, as the digits of MNIST do."""
THICKNESS = 1 / 16, 1 / 8
"""Thinnest and thickest stroke as a share of the side: 1.75 and 3.5 of 28 pixels, as in MNIST."""
STROKES = 2, 4
"""Fewest and most strokes in an image; a single stroke is all too often a one or a seven."""
OVERSAMPLING = 4
TILES = 4


def pixel_noise(n: int, shape: Shape, rng: np.random.Generator) -> Pixels:
    """Draw every byte independently and uniformly.

    Parameters
    ----------
    n : int
        Number of images.
    shape : tuple of int
        Height, width and channels (1 or 3).
    rng : numpy.random.Generator

    Returns
    -------
    ndarray of uint8, shape (n, h, w, c)
    """
    return rng.integers(0, 256, (n, *shape), dtype=np.uint8)


def phase_scrambles(n: int, pixels: Pixels, rng: np.random.Generator) -> Pixels:
    """Keep the amplitude spectra of random images and replace the phases by those of noise.

    What is left is the clutter of a photograph, or the grain of handwriting, without any object.
    The channels of an image share their new phases, so that it keeps its colours. Values that
    leave the range of a byte are clipped.

    Parameters
    ----------
    n : int
        Number of images.
    pixels : ndarray of uint8, shape (m, h, w, c)
        Originals.
    rng : numpy.random.Generator

    Returns
    -------
    ndarray of uint8, shape (n, h, w, c)
    """
    originals = pixels[rng.integers(0, len(pixels), n)]
    spectra = np.fft.fft2(originals.astype(np.float64), axes=(1, 2))
    # The phases of real noise have the symmetry that makes the result real again.
    phases = np.angle(np.fft.fft2(rng.standard_normal((*originals.shape[:3], 1)), axes=(1, 2)))
    phases[:, 0, 0] = 0.0
    turned = np.fft.ifft2(spectra * np.exp(1j * phases), axes=(1, 2)).real
    return np.clip(np.round(turned), 0, 255).astype(np.uint8)


def overlaid_pairs(
    n: int, pixels: Pixels, labels: NDArray[np.int64], rng: np.random.Generator
) -> Pixels:
    """Write two digits of different classes over each other.

    The lighter pixel of the two remains. Each digit has to add half of its own ink to that of the
    other: a one that hides in the stem of a nine leaves a nine.

    Parameters
    ----------
    n : int
        Number of images.
    pixels : ndarray of uint8, shape (m, h, w, c)
        Digits, white on black.
    labels : ndarray of int64, shape (m,)
        Their classes.
    rng : numpy.random.Generator

    Returns
    -------
    ndarray of uint8, shape (n, h, w, c)

    Raises
    ------
    ValueError
        If all labels are the same, or one digit hides the other in each of `n` pairs.
    """
    pairs = np.empty((n, *pixels.shape[1:]), dtype=np.uint8)
    filled = 0
    while filled < n:
        first, second = _unlike_pairs(n, labels, rng)
        both = np.maximum(pixels[first], pixels[second])
        one, other, union = (_ink(part) for part in (pixels[first], pixels[second], both))
        visible = (union - one >= other / 2) & (union - other >= one / 2)
        if not visible.any():
            raise ValueError(f"expected digits that can be told apart, received {n} hidden pairs")
        made = both[visible][: n - filled]
        pairs[filled : filled + len(made)] = made
        filled += len(made)
    return pairs


def double_exposures(
    n: int, pixels: Pixels, labels: NDArray[np.int64], rng: np.random.Generator
) -> Pixels:
    """Return the means of two photographs of different people.

    Where faces are aligned, the mean of two is a face as well: a judge that accepts it is hardly at
    fault, but the rate is worth measuring.

    Parameters
    ----------
    n : int
        Number of images.
    pixels : ndarray of uint8, shape (m, h, w, c)
        Photographs.
    labels : ndarray of int64, shape (m,)
        The people.
    rng : numpy.random.Generator

    Returns
    -------
    ndarray of uint8, shape (n, h, w, c)

    Raises
    ------
    ValueError
        If all labels are the same.
    """
    first, second = _unlike_pairs(n, labels, rng)
    total = pixels[first].astype(np.uint16) + pixels[second]
    return ((total + 1) // 2).astype(np.uint8)


def shuffled_tiles(n: int, pixels: Pixels, rng: np.random.Generator) -> Pixels:
    """Cut random images into four by four tiles and shuffle these.

    Colours, edges, eyes and mouths are those of the originals; only the arrangement is lost. Where
    a side is no multiple of four, its last rows or columns of pixels stay where they are.

    Parameters
    ----------
    n : int
        Number of images.
    pixels : ndarray of uint8, shape (m, h, w, c)
        Originals.
    rng : numpy.random.Generator

    Returns
    -------
    ndarray of uint8, shape (n, h, w, c)

    Raises
    ------
    ValueError
        If a side of the images is shorter than four pixels.
    """
    height, width, channels = pixels.shape[1:]
    if min(height, width) < TILES:
        raise ValueError(f"expected sides of {TILES} pixels or more, received {height}x{width}")
    whole = pixels[rng.integers(0, len(pixels), n)]
    tile = height // TILES, width // TILES
    inner = np.s_[:, : tile[0] * TILES, : tile[1] * TILES]
    originals = whole[inner]
    tiles = originals.reshape(n, TILES, tile[0], TILES, tile[1], channels).swapaxes(2, 3)
    tiles = tiles.reshape(n, TILES**2, *tile, channels)
    order = rng.permuted(np.tile(np.arange(TILES**2), (n, 1)), axis=1)
    shuffled = tiles[np.arange(n)[:, None], order].reshape(n, TILES, TILES, *tile, channels)
    whole[inner] = shuffled.swapaxes(2, 3).reshape(originals.shape)
    return whole


def strokes(n: int, shape: Shape, rng: np.random.Generator) -> Pixels:
    """Draw two to four random Bezier curves with a round pen.

    Grey images are white on black, with strokes as thick as those of MNIST; RGB images have a
    random background and a random colour for every stroke.

    Parameters
    ----------
    n : int
        Number of images.
    shape : tuple of int
        Height, width and channels (1 or 3).
    rng : numpy.random.Generator

    Returns
    -------
    ndarray of uint8, shape (n, h, w, c)
    """
    return np.stack([_scribble(shape, rng) for _ in range(n)])


def recast(pixels: Pixels, shape: Shape) -> Pixels:
    """Bring images to another size and number of channels: digits as photographs, faces as digits.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (n, h, w, 1 or 3)
    shape : tuple of int
        Height, width and channels (1 or 3).

    Returns
    -------
    ndarray of uint8, shape (n, *shape)
        `pixels` themselves where they have that shape.

    Examples
    --------
    >>> recast(np.zeros((2, 28, 28, 1), np.uint8), (96, 96, 3)).shape
    (2, 96, 96, 3)
    """
    height, width, channels = shape
    if pixels.shape[1:] == shape:
        return pixels
    mode = "L" if channels == 1 else "RGB"
    frames = [
        np.asarray(
            Image.fromarray(image.squeeze(-1) if image.shape[-1] == 1 else image)
            .convert(mode)
            .resize((width, height), Image.Resampling.BICUBIC)
        )
        for image in pixels
    ]
    return np.stack(frames).reshape(-1, *shape)


def _unlike_pairs(
    n: int, labels: NDArray[np.int64], rng: np.random.Generator
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Draw `n` pairs of positions whose labels differ: two threes may well make a three."""
    if len(np.unique(labels)) < 2:
        raise ValueError(f"expected two labels or more, received only {np.unique(labels)}")
    first = rng.integers(0, len(labels), n)
    second = rng.integers(0, len(labels), n)
    while (same := labels[first] == labels[second]).any():
        second[same] = rng.integers(0, len(labels), int(same.sum()))
    return first, second


def _ink(pixels: Pixels) -> NDArray[np.float64]:
    return pixels.sum(axis=(1, 2, 3), dtype=np.float64)


def _scribble(shape: Shape, rng: np.random.Generator) -> Pixels:
    height, width, channels = shape
    side = OVERSAMPLING * min(height, width)
    colours = rng.integers(0, 256, (STROKES[1] + 1, channels))
    if channels == 1:
        colours[0], colours[1:] = 0, 255
    ground, *inks = (tuple(colour.tolist()) for colour in colours)
    size = OVERSAMPLING * width, OVERSAMPLING * height
    canvas = Image.new("L" if channels == 1 else "RGB", size, ground)
    draw = ImageDraw.Draw(canvas)
    pen = rng.uniform(*THICKNESS) * side
    for ink in inks[: rng.integers(STROKES[0], STROKES[1] + 1)]:
        corners = rng.uniform(MARGIN, 1 - MARGIN, (4, 2)) * size
        for x, y in _curve(corners, side):
            draw.ellipse((x - pen / 2, y - pen / 2, x + pen / 2, y + pen / 2), fill=ink)
    return np.asarray(canvas.resize((width, height), Image.Resampling.BOX)).reshape(shape)


def _curve(corners: NDArray[np.float64], points: int) -> NDArray[np.float64]:
    """Return points on the cubic Bezier curve of four corners, shape (points, 2)."""
    t = np.linspace(0, 1, points)[:, None]
    weights = np.hstack([(1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3])
    return weights @ corners
