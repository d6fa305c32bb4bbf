"""Several estimates of one quantity, for several things that are compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure

from aelatent.figures.style import WIDE, WIDTH, colours, legend, logarithmic, styled
from aelatent.figures.values import finite


@styled()
def estimate_dots(
    groups: Mapping[str, Sequence[Mapping[str, float]]],
    unit: str,
    bound: float | None = None,
) -> Figure:
    """Plot a row for each estimator, and in it a dot for each replicate of each group.

    Parameters
    ----------
    groups : mapping of str to sequence of mappings of str to float
        For each group the replicates' estimates, > 0, by the name of the estimator; the same
        estimators everywhere. Groups named as `aelatent.figures.style.ROLES` have their colours.
    unit : str
        What is estimated.
    bound : float or None
        Where to draw a line.

    Returns
    -------
    Figure

    Raises
    ------
    ValueError
        If there is no estimate, or one is not finite and positive.
    """
    rows = list(next((table[0] for table in groups.values() if table), {}))
    values = {
        group: finite([[entry[row] for row in rows] for entry in table], group)
        for group, table in groups.items()
    }
    if not values or min(v.min() for v in values.values()) <= 0:
        raise ValueError("estimate_dots: expected positive estimates")
    figure = Figure(figsize=(WIDTH, 0.9 + 0.38 * len(rows)), layout="constrained")
    axes = figure.subplots()
    for i, (group, colour) in enumerate(colours(values).items()):
        offset = (i - (len(values) - 1) / 2) * 0.5 / len(values)
        places = np.tile(np.arange(len(rows)) + offset, len(values[group]))
        axes.plot(values[group].ravel(), places, "o", color=colour, markersize=4, label=group)
    ends = [edge for v in values.values() for edge in (v.min(), v.max())]
    if max(ends) > WIDE * min(ends):
        logarithmic(axes, min(ends), max(ends))
    if bound is not None:
        axes.axvline(bound, color="black", linewidth=1, linestyle="--", label=f"bound: {bound:g}")
    axes.set_yticks(range(len(rows)), rows)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_xlabel(unit)
    legend(figure, columns=3)
    return figure
