"""Which classes samples fall into, and how often."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from aelatent.figures.style import WIDTH, colours, legend, percent, styled
from aelatent.figures.values import finite
from aelatent.latent.cloud import Floats


@styled()
def class_shares(
    shares: Mapping[str, ArrayLike], labels: Sequence[object], xlabel: str = "class"
) -> Figure:
    """Plot the share of each class, a group of bars a class, a bar a kind of image.

    Parameters
    ----------
    shares : mapping of str to array_like of shape (k,) or (replicates, k)
        Shares in [0, 1] under the name of the images; bars are means, dots are replicates.
        The names "data" and "reconstructions" have colours of their own.
    labels : sequence of length k
        Names of the classes, such as ``range(10)``.
    xlabel : str
        What the classes are.

    Returns
    -------
    Figure

    Raises
    ------
    ValueError
        If there are no shares, or not one for each label.
    """
    tables = {name: _table(name, values, len(labels)) for name, values in shares.items()}
    if not tables:
        raise ValueError("class_shares: expected one kind of images or more, received none")
    figure = Figure(figsize=(WIDTH, 3.2), layout="constrained")
    axes = figure.subplots()
    places, width = np.arange(len(labels)), 0.8 / len(tables)
    for i, (name, colour) in enumerate(colours(tables).items()):
        centres = places + (i - (len(tables) - 1) / 2) * width
        table = tables[name]
        axes.bar(centres, table.mean(axis=0), 0.9 * width, color=colour, alpha=0.55, label=name)
        if len(table) > 1:
            axes.plot(np.tile(centres, (len(table), 1)), table, "o", color=colour, markersize=2.5)
    axes.set_xticks(places, [str(label) for label in labels])
    axes.set(xlabel=xlabel, ylabel="share of images")
    axes.grid(visible=False, axis="x")
    percent(axes.yaxis)
    legend(figure, columns=3)
    return figure


def _table(name: str, values: ArrayLike, k: int) -> Floats:
    table = np.atleast_2d(finite(values, f"shares of {name}"))
    if table.ndim != 2 or table.shape[1] != k:
        raise ValueError(
            f"class_shares: expected {name!r} of shape (replicates, {k}), received {table.shape}"
        )
    return table
