"""Points of planes side by side, with the voids between them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from aelatent.figures.style import CODES, MARGIN, NULL, WIDTH, styled
from aelatent.figures.values import finite
from aelatent.statistics.point_patterns import Pattern

COLUMNS = 3
MOST_VECTORS = 100  # above, points become an image: a third of the bytes at 250 points a panel


@styled()
def pattern_panels(panels: Mapping[str, Pattern | ArrayLike], radius: float = 0.75) -> Figure:
    """Plot point patterns in a panel each, what is named a twin or chance in grey.

    Parameters
    ----------
    panels : mapping of str to Pattern or array_like of shape (n, 2)
        A pattern is shown in its window, in spacings, and what lies farther than `radius` from any
        point is shaded. Points alone, such as those of a map, are shown without scale.
    radius : float
        In spacings.

    Returns
    -------
    Figure

    Raises
    ------
    ValueError
        If there is nothing to plot, or points that are not finite or not of shape (n, 2).
    """
    if not panels:
        raise ValueError("pattern_panels: expected a pattern or more, received none")
    columns = min(COLUMNS, len(panels))
    rows = -(-len(panels) // columns)
    size = (WIDTH, 0.3 + rows * (WIDTH / columns + 0.25))
    figure = Figure(figsize=size, dpi=150, layout="compressed")
    grid = figure.subplots(rows, columns, squeeze=False)
    for axes in grid.flat[len(panels) :]:
        axes.set_axis_off()
    for axes, (name, shown) in zip(grid.flat, panels.items(), strict=False):
        colour = NULL if "twin" in name or "chance" in name else CODES
        if isinstance(shown, Pattern):
            _window(axes, shown, radius, colour)
        else:
            _map(axes, name, shown, colour)
        axes.set_title(name)
        axes.grid(visible=False)
        axes.set_aspect("equal")
    return figure


def _window(axes: Axes, pattern: Pattern, radius: float, colour: str) -> None:
    centre = (pattern.low + pattern.high) / 2
    points = (pattern.points[pattern.inside] - centre) / pattern.spacing
    locations = (pattern.locations - centre) / pattern.spacing
    voids = locations[pattern.clearances > radius]
    axes.scatter(
        voids[:, 0],
        voids[:, 1],
        s=6,
        color=MARGIN,
        alpha=0.35,
        linewidths=0,
        marker="s",
        rasterized=True,
    )
    axes.scatter(
        points[:, 0],
        points[:, 1],
        s=5,
        color=colour,
        linewidths=0,
        antialiased=False,
        rasterized=len(points) > MOST_VECTORS,
    )
    half = (pattern.high - pattern.low) / 2 / pattern.spacing
    axes.set_xlim(-half[0], half[0])
    axes.set_ylim(-half[1], half[1])
    axes.set_xlabel("spacings")


def _map(axes: Axes, name: str, shown: ArrayLike, colour: str) -> None:
    points = finite(shown, f"points of {name}")
    if points.ndim != 2 or points.shape[1] != 2:
        raise ValueError(
            f"pattern_panels: expected {name!r} of shape (n, 2), received {points.shape}"
        )
    middle = (points.max(axis=0) + points.min(axis=0)) / 2
    half = 0.54 * max(float(np.ptp(points, axis=0).max()), np.finfo(np.float64).tiny)
    axes.scatter(
        points[:, 0],
        points[:, 1],
        s=4,
        color=colour,
        linewidths=0,
        antialiased=False,
        rasterized=len(points) > MOST_VECTORS,
    )
    axes.set_xlim(middle[0] - half, middle[0] + half)
    axes.set_ylim(middle[1] - half, middle[1] + half)
    axes.set_xticks([])
    axes.set_yticks([])
