"""Images side by side, every pixel a whole number of pixels wide."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle
from matplotlib.patheffects import withStroke
from numpy.typing import NDArray

from aelatent.figures.style import RECONSTRUCTIONS

Pixels = NDArray[np.uint8]
Marks = NDArray[np.bool_]

DPI = 256  # a power of two, so that pixels / DPI * DPI are the same pixels
FRAME: dict[str, Any] = {"fill": False, "edgecolor": RECONSTRUCTIONS}
CROSS: dict[str, Any] = {  # with its halo it stands out from black and from white images
    "marker": "x",
    "color": "#F0E442",
    "markersize": 4,
    "markeredgewidth": 1.2,
    "linestyle": "",
    "path_effects": [withStroke(linewidth=2.6, foreground="black")],
}
SHEET = 1000  # pixels across a page; of more, its labels would be too small on a phone
BORDER = 24
NARROWEST = 640
LARGEST_TILE = 168
TEXT = 6.0  # points


def rgb(pixels: Pixels, where: str) -> Pixels:
    """Return images with three channels.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (n, h, w, c)
        Gray images (c = 1) or coloured ones (c = 3).
    where : str
        What the message of an error begins with.

    Returns
    -------
    ndarray of uint8, shape (n, h, w, 3)

    Raises
    ------
    ValueError
        If they are not uint8 of shape (n >= 1, h, w, 1 or 3).
    """
    shape = pixels.shape
    if pixels.dtype != np.uint8 or pixels.ndim != 4 or shape[3] not in {1, 3} or 0 in shape:
        raise ValueError(
            f"{where}: expected uint8 images of shape (n >= 1, h, w, 1 or 3), received "
            f"{pixels.dtype} of shape {shape}"
        )
    return np.broadcast_to(pixels, (*shape[:3], 3))


def gap(height: int) -> int:
    """Return the space between images, in their own pixels."""
    return max(2, height // 10)


def magnification(columns: int, height: int, width: int) -> int:
    """Return how many pixels wide a pixel is drawn so that the columns fill the sheet.

    Parameters
    ----------
    columns : int
        Images in a row.
    height, width : int
        Of an image, in its own pixels.

    Returns
    -------
    int
        1 or more.
    """
    fitting = (SHEET - BORDER) // (columns * (width + gap(height)))
    return max(1, min(fitting, LARGEST_TILE // width))


def mosaic(images: Pixels) -> Pixels:
    """Return images of shape (rows, columns, h, w, 3) as one, with a white gap around each."""
    rows, columns, h, w, _ = images.shape
    space = gap(h)
    sheet = np.full((rows * (h + space) + space, columns * (w + space) + space, 3), 255, np.uint8)
    for i in range(rows):
        for j in range(columns):
            top, left = space + i * (h + space), space + j * (w + space)
            sheet[top : top + h, left : left + w] = images[i, j]
    return sheet


def show(
    figure: Figure, place: tuple[int, int], images: Pixels, marks: Marks | None, times: int
) -> Axes:
    """Show a mosaic of images.

    Parameters
    ----------
    figure : Figure
    place : tuple of int
        Upper left corner, in pixels of the figure.
    images : ndarray of uint8, shape (rows, columns, h, w, 3)
    marks : ndarray of bool, shape (rows, columns), or None
        Whether the judge accepts each image: a frame where it does, a cross where it does not.
    times : int
        Pixels of the figure that a pixel of an image is wide.

    Returns
    -------
    Axes
        In the pixels of the mosaic.
    """
    sheet = mosaic(images)
    height, width = sheet.shape[0] * times, sheet.shape[1] * times
    across, down = figure.get_size_inches() * DPI
    left, top = place
    axes = figure.add_axes(
        (left / across, 1 - (top + height) / down, width / across, height / down)
    )
    axes.imshow(sheet, interpolation="nearest", aspect="auto")
    axes.set(xticks=[], yticks=[])
    axes.grid(visible=False)
    axes.autoscale(False)
    axes.spines[:].set_visible(False)
    if marks is not None:
        _mark(axes, marks, images.shape[2:4], times)
    return axes


def _mark(axes: Axes, marks: Marks, shape: tuple[int, ...], times: int) -> None:
    """Frame in the gap around what is accepted, a cross in the corner of what is not."""
    h, w = shape
    space = gap(h)
    edge, thickness = 0.25 * space, 0.4 * space * times * 72 / DPI
    places = np.indices(marks.shape)
    tops, lefts = space - 0.5 + places[0] * (h + space), space - 0.5 + places[1] * (w + space)
    for left, top in zip(lefts[marks], tops[marks], strict=True):
        size = w + 2 * edge, h + 2 * edge
        axes.add_patch(Rectangle((left - edge, top - edge), *size, **FRAME, linewidth=thickness))
    axes.plot(lefts[~marks] + 0.9 * w, tops[~marks] + 0.1 * h, **CROSS)


def explain(figure: Figure) -> None:
    """Say at the bottom what frames and crosses mean."""
    figure.legend(
        handles=[
            Patch(**FRAME, linewidth=1.5, label="the judge accepts it"),
            Line2D([], [], **CROSS, label="it does not"),
        ],
        loc="lower left",
        bbox_to_anchor=(0.005, 0.0),
        ncols=2,
        fontsize=TEXT,
        handlelength=1.2,
    )
