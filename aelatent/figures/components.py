"""Two numbers of each component, as one point a component."""

from __future__ import annotations

from collections.abc import Mapping

from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import ArrayLike

from aelatent.figures.style import (
    INK,
    MARGIN,
    NOTHING,
    WIDTH,
    colours,
    label_axes,
    legend,
    see,
    styled,
)
from aelatent.figures.values import finite
from aelatent.latent.cloud import LatentCloud
from aelatent.statistics.normality import excess_kurtosis, skewness

SEE = "Each point is a component; those outside the rectangle are not normal."
MARKERS = "osD^v"


@styled()
def component_scatter(
    groups: Mapping[str, tuple[ArrayLike, ArrayLike]],
    xlabel: str,
    ylabel: str,
    box: tuple[float, float] | None = None,
) -> Figure:
    """Plot two numbers of each component against one another, a colour a group.

    Parameters
    ----------
    groups : mapping of str to pair of array_like of shape (d,)
        The two numbers of each component under the name of what the components are of; "codes" and
        "null" have their own colours. At most five.
    xlabel, ylabel : str
    box : tuple of float, or None
        Half-widths of a rectangle about the origin within which components count as regular.

    Returns
    -------
    Figure

    Raises
    ------
    ValueError
        If there is nothing to plot, a number is not finite, or the two are not as many.
    """
    if not 0 < len(groups) <= len(MARKERS):
        raise ValueError(f"component_scatter: expected 1 to 5 groups, received {len(groups)}")
    figure = Figure(figsize=(WIDTH, 4.2), dpi=150, layout="constrained")
    axes = figure.subplots()
    shades = colours(groups)
    # The first group is what the figure is about, and lies on top.
    for layer, (name, (x, y)) in enumerate(groups.items()):
        across, up = finite(x, f"{xlabel} of {name}"), finite(y, f"{ylabel} of {name}")
        if across.shape != up.shape:
            raise ValueError(
                f"component_scatter: expected two numbers for each component of {name}, "
                f"received {across.shape} and {up.shape}"
            )
        axes.plot(
            across.ravel(),
            up.ravel(),
            MARKERS[layer],
            color=shades[name],
            markersize=4,
            markeredgewidth=0,
            alpha=0.7,
            zorder=9 - layer,
            rasterized=True,
            label=NOTHING if name == "null" else name,
        )
    if box is not None:
        corner, size = (-box[0], -box[1]), (2 * box[0], 2 * box[1])
        axes.add_patch(
            Rectangle(corner, *size, facecolor=MARGIN, alpha=0.2, zorder=0, label="regular")
        )
    axes.axhline(0, color=INK, linewidth=0.6, zorder=0.5)
    axes.axvline(0, color=INK, linewidth=0.6, zorder=0.5)
    label_axes(figure, xlabel, ylabel)
    if box is not None:
        see(figure, SEE)
    legend(figure, columns=3)
    return figure


def moment_scatter(clouds: Mapping[str, LatentCloud]) -> Figure:
    """Plot the skewness and the excess kurtosis of each component, a colour a cloud.

    The rectangle is that of `irregular_components`: 0.3 for the skewness, 0.5 for the kurtosis.

    Parameters
    ----------
    clouds : mapping of str to LatentCloud
        Clouds by name; "codes" and "null" have their own colours. At most five.

    Returns
    -------
    Figure

    Raises
    ------
    ValueError
        If there is nothing to plot, or a moment is not finite.
    """
    moments = {
        name: (skewness(cloud.z_mean), excess_kurtosis(cloud.z_mean))
        for name, cloud in clouds.items()
    }
    return component_scatter(moments, "skewness", "excess kurtosis", box=(0.3, 0.5))
