"""Images side by side, every pixel a whole number of pixels wide."""

from __future__ import annotations

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
ACCEPTED = RECONSTRUCTIONS
SHEET = 1200  # pixels across a page; a browser shows it at half the size, crisp on dense screens
NARROWEST = 900
LARGEST_TILE = 200
TEXT = 7.0  # points


def rgb(pixels: Pixels, where: str) -> Pixels:
    """Return images of shape (n, h, w, 3).

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
    return max(2, height // 14)


def magnification(columns: int, height: int, width: int) -> int:
    """Return how many pixels wide a pixel is drawn so that the columns fill the sheet."""
    fitting = (SHEET - 40) // (columns * (width + gap(height)))
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
    """Show a mosaic of `images` with its upper left corner at `place`, in pixels.

    `marks`, of shape (rows, columns), frame what the judge accepts and cross out the rest.
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
    axes.spines[:].set_visible(False)
    if marks is not None:
        h, w = images.shape[2:4]
        space = gap(h)
        for (i, j), accepted in np.ndenumerate(marks):
            corner = space + j * (w + space) - 0.5, space + i * (h + space) - 0.5
            _mark(axes, corner, images, times, bool(accepted))
    return axes


def _mark(
    axes: Axes, corner: tuple[float, float], images: Pixels, times: int, accepted: bool
) -> None:
    h, w = images.shape[2:4]
    left, top = corner
    space = gap(h)
    if accepted:
        edge = 0.25 * space
        axes.add_patch(
            Rectangle(
                (left - edge, top - edge), w + 2 * edge, h + 2 * edge,
                fill=False, edgecolor=ACCEPTED, linewidth=0.55 * space * times * 72 / DPI,
            )
        )  # fmt: skip
    else:
        axes.plot(
            [left + 0.9 * w], [top + 0.1 * h], "x",
            color="black", markersize=4, markeredgewidth=1.1,
            path_effects=[withStroke(linewidth=2.6, foreground="white")],
        )  # fmt: skip


def explain(figure: Figure) -> None:
    """Say at the bottom what frames and crosses mean."""
    figure.legend(
        handles=[
            Patch(fill=False, edgecolor=ACCEPTED, linewidth=1.5, label="the judge accepts it"),
            Line2D(
                [], [], color="black", marker="x", linestyle="", markersize=4, label="it does not"
            ),
        ],
        loc="lower left", bbox_to_anchor=(0.005, 0.0), ncols=2, fontsize=TEXT, handlelength=1.2,
    )  # fmt: skip
