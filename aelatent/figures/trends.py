"""How an effect changes from model to model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure

from aelatent.figures.style import (
    NULL,
    WIDTH,
    colours,
    label_axes,
    legend,
    logarithmic,
    see,
    styled,
)
from aelatent.figures.values import finite

Series = Mapping[float, Sequence[float]]
MARKERS = ("o", "s", "^", "D", "v")


@styled()
def trend(
    series: Mapping[str, Series],
    xlabel: str,
    ylabel: str,
    bound: float | None = None,
    log: str = "x",
) -> Figure:
    """Plot the replicates of each model over what distinguishes the models.

    Parameters
    ----------
    series : mapping of str to mapping of float to sequence of float
        Under each name the values of the replicates at each position, such as a number of latent
        dimensions. A line joins their means. At most five series; names with a role, such as
        "reconstructions" or "control", have its colour.
    xlabel, ylabel : str
    bound : float or None
        Height of a dashed line, such as a rule's margin.
    log : {"x", "y", "xy", ""}
        Which axes are logarithmic.

    Returns
    -------
    Figure

    Raises
    ------
    ValueError
        If there is nothing to plot, too much of it, or a value is not finite.
    """
    if not 0 < len(series) <= len(MARKERS):
        raise ValueError(f"trend: expected 1 to {len(MARKERS)} series, received {len(series)}")
    figure = Figure(figsize=(WIDTH, 3.6), layout="constrained")
    axes = figure.subplots()
    chosen = colours(series)
    for marker, (name, points) in zip(MARKERS, series.items(), strict=False):
        places = np.repeat(list(points), [len(values) for values in points.values()])
        values = finite(np.concatenate([*points.values()]), name)
        means = [np.mean(values) for values in points.values()]
        behind = chosen[name] == NULL  # what the rest is compared with must not cover it
        axes.plot(
            places,
            values,
            marker,
            color=chosen[name],
            markerfacecolor="none" if behind else chosen[name],
            markeredgecolor=chosen[name] if behind else "white",
            markersize=6,
            alpha=0.85,
            zorder=2 if behind else 3,
            label=name,
        )
        axes.plot(list(points), means, color=chosen[name], linewidth=1.2, zorder=2)
    if bound is not None:
        axes.axhline(bound, color=NULL, linestyle="--", linewidth=1.0, label=f"margin {bound:g}")
    if "x" in log:
        every = [place for points in series.values() for place in points]
        logarithmic(axes, min(every), max(every))
    if "y" in log:
        heights = [v for points in series.values() for values in points.values() for v in values]
        logarithmic(axes, min(heights), max(heights), "y")
    label_axes(figure, xlabel, ylabel)
    legend(figure)
    if bound is not None:
        see(figure, f"The dashed line is the margin, {bound:g}.")
    return figure
