"""Codes of two dimensions beside draws."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke
from numpy.typing import ArrayLike, NDArray

from aelatent.figures.style import CLASSES, CODES, DRAWS, NOTHING, WIDTH, see, styled
from aelatent.figures.values import finite
from aelatent.latent.cloud import Floats, LatentCloud

SEE = "One colour and number a class; where colours mix, classes overlap."
MOST_VECTORS = 500  # above, points become one embedded image, and the file stays small
MOST_POINTS = 2000


@styled()
def scatter_2d(
    clouds: Mapping[str, LatentCloud],
    draws: Mapping[str, ArrayLike] | None = None,
    classes: Sequence[str] | None = None,
) -> Figure:
    """Plot codes of two dimensions coloured by class, and draws, on the same axes' limits.

    Parameters
    ----------
    clouds : mapping of str to LatentCloud
        Clouds of d = 2 under their titles; labels, where there are any, choose the colours.
    draws : mapping of str to array_like of shape (m, 2), or None
        Drawn codes under the name of their sampler.
    classes : sequence of str, or None
        Names of the labels 0, 1, ...; by default the labels themselves.

    Returns
    -------
    Figure

    Raises
    ------
    ValueError
        If there is nothing to plot or a cloud has not two dimensions.

    Notes
    -----
    Clouds of very different size are better plotted one call each.
    """
    panels: dict[str, tuple[Floats, NDArray[np.int64] | None]] = {
        name: (_points(name, cloud.z_mean), cloud.labels) for name, cloud in clouds.items()
    }
    panels |= {name: (_points(name, codes), None) for name, codes in (draws or {}).items()}
    if not panels:
        raise ValueError("scatter_2d: expected a cloud or draws, received neither")
    columns = min(len(panels), 2 if len(panels) in {2, 4} else 3)
    rows = -(-len(panels) // columns)
    figure = Figure(
        figsize=(WIDTH, 0.4 + rows * (WIDTH / columns + 0.1)), dpi=150, layout="compressed"
    )
    grid = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
    for axes in grid.flat[len(panels) :]:
        axes.set_axis_off()
    for axes, (name, (points, labels)) in zip(grid.flat, panels.items(), strict=False):
        if labels is None:
            _cloud(axes, points, DRAWS if name in (draws or {}) else CODES)
        else:
            _classes(axes, points, labels, classes)
        axes.set_title(NOTHING if name == "null" else name)
        axes.set_aspect("equal")
    _limits(grid[0, 0], [points for points, _ in panels.values()])
    for axes in grid[-1]:
        axes.set_xlabel("first latent unit")
    for axes in grid[:, 0]:
        axes.set_ylabel("second latent unit")
    if any(labels is not None for _, labels in panels.values()):
        see(figure, SEE)
    return figure


def _points(name: str, codes: ArrayLike) -> Floats:
    points = finite(codes, f"codes of {name}")
    if points.ndim != 2 or points.shape[1] != 2:
        raise ValueError(
            f"scatter_2d: expected {name!r} to have codes of shape (n, 2), received {points.shape}"
        )
    return points


def _cloud(axes: Axes, points: Floats, colour: str | list[str]) -> None:
    step = -(-len(points) // MOST_POINTS)
    shown = colour if isinstance(colour, str) else colour[::step]
    # Few colours, without transparency or soft edges, make an embedded image three times smaller.
    axes.scatter(
        points[::step, 0],
        points[::step, 1],
        s=5,
        c=shown,
        linewidths=0,
        antialiased=False,
        rasterized=len(points[::step]) > MOST_VECTORS,
    )


def _classes(
    axes: Axes, points: Floats, labels: NDArray[np.int64], classes: Sequence[str] | None
) -> None:
    _cloud(axes, points, [CLASSES[label % len(CLASSES)] for label in labels])
    for label in np.unique(labels):
        name = str(label) if classes is None else classes[label]
        x, y = np.median(points[labels == label], axis=0)
        halo = withStroke(linewidth=2.5, foreground="white")
        axes.text(
            x,
            y,
            name,
            color=CLASSES[label % len(CLASSES)],
            ha="center",
            va="center",
            weight="bold",
            path_effects=[halo],
        )


def _limits(axes: Axes, clouds: list[Floats]) -> None:
    """Give all panels one square that holds every point."""
    points = np.concatenate(clouds)
    middle = (points.max(axis=0) + points.min(axis=0)) / 2
    half = 0.54 * max(np.ptp(points, axis=0).max(), np.finfo(np.float64).tiny)
    axes.set_xlim(middle[0] - half, middle[0] + half)
    axes.set_ylim(middle[1] - half, middle[1] + half)
