"""Images in labelled rows: grids of draws, and strips along paths."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from aelatent.figures.style import FAINT, styled
from aelatent.figures.tiles import (
    BORDER,
    DPI,
    NARROWEST,
    TEXT,
    Marks,
    Pixels,
    explain,
    gap,
    magnification,
    mosaic,
    rgb,
    show,
)
from aelatent.figures.values import finite

LINE = 30  # pixels a line of text takes
LETTER = 12  # pixels a letter takes
FOOT = 52  # pixels under the images for the legend
TICK = 80  # pixels that the label of a tick takes


@styled()
def image_grid(
    rows: Mapping[str, Pixels],
    columns: int | None = None,
    marks: Mapping[str, Marks] | None = None,
) -> Figure:
    """Show a row of images for each caption, crisp, each marked by what the judge says.

    Parameters
    ----------
    rows : mapping of str to ndarray of uint8, shape (n, h, w, c)
        Images under their caption, 0 black, 255 full; c is 1 or 3; h and w the same everywhere.
        Numbers at the end of a caption, one an image, stand above the images.
    columns : int or None
        How many images of each row to show; by default all of the longest row.
    marks : mapping of str to ndarray of bool, shape (n,), or None
        Whether the judge accepts each image; captions that are not in it stay unmarked.

    Returns
    -------
    Figure

    Raises
    ------
    ValueError
        If there are no images, their sizes differ, or there is not a mark for each image.
    """
    shown = {caption: rgb(pixels, repr(caption)) for caption, pixels in rows.items()}
    sizes = {pixels.shape[1:3] for pixels in shown.values()}
    if len(sizes) != 1:
        raise ValueError(f"image_grid: expected images of one size, received {sorted(sizes)}")
    height, width = sizes.pop()
    count = columns or max(len(pixels) for pixels in shown.values())
    times = magnification(count, height, width)
    across = max(NARROWEST, count * (width + gap(height)) * times + BORDER)
    numbers = {caption: _numbers(caption, len(pixels[:count])) for caption, pixels in shown.items()}
    captions = {
        caption: textwrap.fill(caption.removesuffix(" ".join(each)), int(across * 0.7) // LETTER)
        + "\n" * bool(each)
        for caption, each in numbers.items()
    }
    heads = [LINE * (caption.count("\n") + 1) + 14 for caption in captions.values()]
    strip = (height + 2 * gap(height)) * times
    down = sum(heads) + strip * len(rows) + (FOOT if marks else 12)
    figure = Figure(figsize=(across / DPI, down / DPI), dpi=DPI)
    top = 0
    for (caption, pixels), head in zip(shown.items(), heads, strict=True):
        accepted = _accepted(caption, marks, len(pixels), count)
        axes = show(figure, (8, top + head), pixels[None, :count], accepted, times)
        _heading(figure, axes.get_position().y1, captions[caption], accepted)
        _above(axes, numbers[caption], width, gap(height))
        top += head + strip
    if marks:
        explain(figure)
    return figure


@styled()
def filmstrips(
    paths: Pixels,
    positions: ArrayLike,
    accepted: Marks | None = None,
    xlabel: str = "position along the path in standard deviations",
) -> Figure:
    """Show images along paths, a row a path, a column a position.

    Parameters
    ----------
    paths : ndarray of uint8, shape (p, steps, h, w, c)
        Images decoded along each path, 0 black, 255 full; c is 1 or 3.
    positions : array_like of float, shape (steps,)
        Where they lie along the path, in what `xlabel` says.
    accepted : ndarray of bool, shape (p, steps), or None
        Whether the judge accepts each image.
    xlabel : str

    Returns
    -------
    Figure

    Raises
    ------
    ValueError
        If shapes do not fit one another.
    """
    if paths.ndim != 5:
        raise ValueError(f"filmstrips: expected (p, steps, h, w, c), received {paths.shape}")
    p, steps, height, width, _ = paths.shape
    places = finite(positions, "positions")
    if places.shape != (steps,) or (accepted is not None and accepted.shape != (p, steps)):
        raise ValueError(
            f"filmstrips: expected {steps} positions and marks of shape {(p, steps)}, received "
            f"{places.shape} and {None if accepted is None else accepted.shape}"
        )
    images = rgb(paths.reshape(-1, *paths.shape[2:]), "filmstrips").reshape(
        p, steps, height, width, 3
    )
    times = magnification(steps, height, width)
    tall, wide = (side * times for side in mosaic(images).shape[:2])
    across = max(NARROWEST, wide + BORDER)
    below = textwrap.fill(xlabel, int(across) // LETTER)
    down = tall + 8 + 100 + LINE * below.count("\n") + (FOOT if accepted is not None else 0)
    figure = Figure(figsize=(across / DPI, down / DPI), dpi=DPI)
    axes = show(figure, (8, 8), images, accepted, times)
    labelled = slice(None, None, -(-TICK // ((width + gap(height)) * times)))
    centres = gap(height) + np.arange(steps) * (width + gap(height)) + (width - 1) / 2
    names = [f"{place:.2g}".replace("-", "\N{MINUS SIGN}") for place in places]
    axes.set_xticks(centres[labelled], names[labelled], size=TEXT)
    axes.set_xlabel(below, size=TEXT)
    if accepted is not None:
        explain(figure)
    return figure


def _numbers(caption: str, count: int) -> list[str]:
    """Return the numbers at the end of a caption if there is one for each image, else none."""
    last = caption.split()[-count:]
    return last if len(last) == count > 1 and all(map(str.isdigit, last)) else []


def _above(axes: Axes, numbers: list[str], width: int, space: int) -> None:
    """Write a number above each image of a row."""
    for place, number in enumerate(numbers):
        centre = space + place * (width + space) + (width - 1) / 2
        axes.text(
            centre,
            1,
            number,
            transform=axes.get_xaxis_transform(),
            size=TEXT,
            ha="center",
            va="bottom",
        )


def _heading(figure: Figure, height: float, caption: str, accepted: Marks | None) -> None:
    """Write the caption above a row at the left, and what the judge accepted at the right."""
    across, _ = figure.get_size_inches() * DPI
    figure.text(16 / across, height, caption, size=TEXT, va="bottom")
    if accepted is not None:
        label = f"{accepted.sum()} of {accepted.size} accepted"
        place = 1 - 16 / across
        figure.text(place, height, label, size=TEXT, va="bottom", ha="right", color=FAINT)


def _accepted(caption: str, marks: Mapping[str, Marks] | None, n: int, count: int) -> Marks | None:
    if marks is None or caption not in marks:
        return None
    if np.shape(marks[caption]) != (n,):
        raise ValueError(
            f"image_grid: expected {n} marks for {caption!r}, received {np.shape(marks[caption])}"
        )
    return np.asarray(marks[caption], dtype=np.bool_)[None, :count]
