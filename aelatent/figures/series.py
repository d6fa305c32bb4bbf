"""The numbers that a figure shows, as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle, StepPatch
from numpy.typing import ArrayLike

from aelatent.latent.cloud import Floats

MOST = 100  # points of one series; of more, every second, third, ... is kept
MOST_OF_ALL = 300  # of a figure, in the same way
COLUMNS = ("panel", "series", "x", "y")


def series(figure: Figure) -> str:
    """Return the points, lines, bars and bins of a figure, a line of text each.

    Parameters
    ----------
    figure : Figure

    Returns
    -------
    str
        CSV with the columns panel (its title, else its number), series (its label), x and y. A bin
        stands at its middle, a bar that lies at its length. Empty where there is nothing.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    found = [
        (axes.get_title(loc="left") or axes.get_title() or str(number), name, points)
        for number, axes in enumerate(figure.axes, start=1)
        for name, points in _shown(axes)
    ]
    most = min(MOST, max(MOST_OF_ALL // (len(found) or 1), 2))
    for panel, name, points in found:
        kept = points[:: -(-len(points) // most)]
        writer.writerows((panel, name, f"{x:.4g}", f"{y:.4g}") for x, y in kept)
    text = buffer.getvalue()
    return f"{','.join(COLUMNS)}\n{text}" if text else ""


def _shown(axes: Axes) -> Iterator[tuple[str, Floats]]:
    for artist in axes.get_children():
        points = _points(artist)
        if artist.axes is axes and len(points):
            label = str(artist.get_label())
            yield "" if label.startswith("_") else label, points


def _points(artist: Artist) -> Floats:
    """Return the points of an artist, of shape (n, 2); none of those that show no data."""
    if isinstance(artist, StepPatch):
        heights, edges, _ = artist.get_data()
        return _pairs((np.asarray(edges)[:-1] + np.asarray(edges)[1:]) / 2, heights)
    if isinstance(artist, Line2D):
        return _pairs(artist.get_xdata(orig=False), artist.get_ydata(orig=False))
    if isinstance(artist, PathCollection):
        return np.asarray(np.ma.filled(artist.get_offsets(), np.nan), dtype=np.float64)
    if isinstance(artist, LineCollection):
        ends = [segment[-1] for segment in artist.get_segments() if len(segment)]
        return np.asarray(ends, dtype=np.float64).reshape(-1, 2)
    if isinstance(artist, Rectangle) and artist.axes and artist is not artist.axes.patch:
        return _pairs([artist.get_x() + artist.get_width()], [artist.get_y()])
    return np.empty((0, 2))


def _pairs(x: ArrayLike, y: ArrayLike) -> Floats:
    return np.column_stack([np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)])
