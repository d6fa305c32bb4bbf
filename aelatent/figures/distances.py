"""How far draws lie from the region of the codes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from aelatent.figures.style import (
    CODES,
    DRAW_LINES,
    INK,
    WIDTH,
    colours,
    legend,
    logarithmic,
    percent,
    styled,
)  # fmt: skip
from aelatent.figures.values import Floats, finite

BINS = 60
WIDE = 10.0  # the ratio of distances from which a logarithmic axis shows more


@styled()
def distance_histogram(
    codes: Sequence[ArrayLike], draws: Mapping[str, ArrayLike], threshold: float
) -> Figure:
    """Plot Mahalanobis distances of held-out codes and of draws from the codes' centre.

    Parameters
    ----------
    codes : sequence of array_like, each of shape (n,)
        Distances of the held-out codes, one array a replicate; >= 0, in standard deviations.
    draws : mapping of str to array_like of shape (m,)
        Distances of draws under the name of their law.
    threshold : float
        The distance within which 99 % of the held-out codes lie.

    Raises
    ------
    ValueError
        If there are no codes, or a distance is not finite.
    """
    replicates = [finite(values, "distances of codes") for values in codes]
    pooled = finite(np.concatenate([np.empty(0), *replicates]), "distances of codes")
    laws = {name: finite(values, f"distances of {name}").ravel() for name, values in draws.items()}
    everything = np.concatenate([pooled, *laws.values(), [threshold]])
    edges = _edges(everything)
    figure = Figure(figsize=(WIDTH, 3.6), layout="constrained")
    axes = figure.subplots()
    axes.stairs(
        _shares(pooled, edges), edges,
        fill=True, color=CODES, alpha=0.25, label="held-out codes, all replicates",
    )  # fmt: skip
    for i, values in enumerate(replicates):
        label = "held-out codes, one line a replicate" if i == 0 else None
        axes.stairs(_shares(values, edges), edges, color=CODES, linewidth=0.7, label=label)
    styles = zip(colours(laws).values(), DRAW_LINES * len(laws), strict=False)
    for (name, values), (colour, line) in zip(laws.items(), styles, strict=False):
        shares = _shares(values, edges)
        axes.stairs(shares, edges, color=colour, linewidth=1.6, linestyle=line, label=name)
    axes.axvline(
        threshold, color=INK, linestyle="--", linewidth=1.2,
        label=f"99 % of held-out codes (within {threshold:.3g})",
    )  # fmt: skip
    if edges[-1] > WIDE * edges[0] > 0:
        logarithmic(axes, np.log10(edges[-1] / edges[0]))
    percent(axes.yaxis)
    axes.set(xlabel="Mahalanobis distance from the codes' mean", ylabel="share in each bin")
    legend(figure)
    return figure


def _edges(distances: Floats) -> Floats:
    """Bins over all distances: equal ratios where they differ widely, equal widths elsewhere."""
    low, high = float(distances[distances > 0].min(initial=1.0)), float(distances.max())
    if high > WIDE * low:
        return np.geomspace(low, high * 1.001, BINS + 1)
    return np.linspace(0, high * 1.001, BINS + 1)


def _shares(distances: Floats, edges: Floats) -> Floats:
    """Share of the distances in each bin; a distance of zero counts in the first."""
    counts, _ = np.histogram(np.clip(distances, edges[0], edges[-1]), bins=edges)
    return counts / distances.size
