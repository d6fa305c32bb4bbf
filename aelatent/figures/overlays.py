"""Distributions of one number in several groups, one over the other."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from aelatent.figures.style import (
    CODES,
    FEW,
    NULL,
    WIDTH,
    colours,
    label_axes,
    legend,
    styled,
    ticks,
)
from aelatent.figures.values import finite

BINS = 50
_TRAINING = re.compile(r"[\s,]*(seed|replicate) \d+$")
LINES = ("-", "--", "-.", ":", (0, (6, 2, 1, 2, 1, 2)))  # one more than there are colours


@styled()
def overlaid_histograms(
    groups: Mapping[str, ArrayLike], xlabel: str, bound: float | None = None, log: bool = False
) -> Figure:
    """Plot the share of each group's values in common bins, a line a group.

    Parameters
    ----------
    groups : mapping of str to array_like of any shape
        Values under the name of their group; "codes", "null" and the like have their own colours.
        Groups whose names end in "seed 3" or "replicate 3" are trainings of one thing and share its
        colour. A dozen values or fewer are ticks, not a histogram.
    xlabel : str
    bound : float or None
        Position of a dashed line, such as a threshold.
    log : bool
        Whether the heights are logarithmic, where one bin holds nearly all and others matter.

    Returns
    -------
    Figure

    Raises
    ------
    ValueError
        If there is no group, one is empty, or a value is not finite.
    """
    if not groups:
        raise ValueError("overlaid_histograms: expected one group or more, received none")
    values = {name: finite(entry, name).ravel() for name, entry in groups.items()}
    edges = np.histogram_bin_edges(np.concatenate([*values.values()]), bins=BINS)
    figure = Figure(figsize=(WIDTH, 3.2), layout="constrained")
    axes = figure.subplots()
    things = list(dict.fromkeys(map(_thing, values)))
    chosen = {things[0]: CODES} if len(things) == 1 else colours(things)
    for name, entry in values.items():
        thing = _thing(name)
        looks: dict[str, Any] = {
            "color": chosen[thing],
            "linestyle": LINES[things.index(thing) % len(LINES)],
            "linewidth": 1.4 if thing == name else 0.8,
            "label": thing if thing == name else f"{thing}, one line a training".lstrip(" ,"),
        }
        if entry.size <= FEW:
            ticks(axes, entry, **looks)
        else:
            shares = np.histogram(entry, bins=edges)[0] / entry.size
            axes.stairs(shares, edges, **looks)
    if bound is not None:
        axes.axvline(bound, color=NULL, linestyle="--", linewidth=1.0, label=f"at {bound:g}")
    label_axes(figure, xlabel, "share of each group in a bin")
    if log:
        axes.set_yscale("log")
    else:
        axes.set_ylim(bottom=0)
    legend(figure)
    return figure


def _thing(name: str) -> str:
    """Return what a group is of, without the number of its training."""
    return _TRAINING.sub("", name)
