"""How far draws lie from the region of the codes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import cycle

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from aelatent.figures.style import (
    CODES,
    DRAW_LINES,
    FEW,
    INK,
    WIDE,
    WIDTH,
    colours,
    legend,
    logarithmic,
    percent,
    see,
    styled,
    ticks,
)
from aelatent.figures.values import finite
from aelatent.latent.cloud import Floats

SEE = "Left of the dashed line is the region of the codes; draws right of it miss it."
BINS, WIDE_BINS = 60, 120


@styled()
def distance_histogram(
    codes: Sequence[ArrayLike],
    draws: Mapping[str, Floats | Sequence[Floats]],
    threshold: float | None = None,
) -> Figure:
    """Plot Mahalanobis distances of held-out codes and of draws from the centre of the codes.

    Parameters
    ----------
    codes : sequence of array_like, each of shape (n,)
        Distances of the held-out codes, one array a replicate; >= 0, in standard deviations.
    draws : mapping of str to ndarray of float64, shape (m,), or to a sequence of them
        Distances of draws under the name of their sampler, of all replicates together; a dozen or
        fewer are ticks.
    threshold : float or None
        The distance within which 99 % of the held-out codes lie; by default its mean over
        replicates.

    Returns
    -------
    Figure

    Raises
    ------
    ValueError
        If there are no codes, or a distance is not finite.
    """
    replicates = [finite(values, "distances of codes") for values in codes]
    pooled = _pooled(replicates, "codes")
    sampled = {name: _pooled(values, name) for name, values in draws.items()}
    if threshold is None:
        threshold = float(np.mean([np.quantile(values, 0.99) for values in replicates]))
    edges = _edges(np.concatenate([pooled, *sampled.values(), [threshold]]))
    figure = Figure(figsize=(WIDTH, 3.6), layout="constrained")
    axes = figure.subplots()
    if edges[0] > 0:
        logarithmic(axes, edges[0], edges[-1])
    _codes(axes, replicates, pooled, edges)
    looks = zip(colours(sampled).values(), cycle(DRAW_LINES), strict=False)
    for (name, values), (colour, line) in zip(sampled.items(), looks, strict=False):
        if values.size <= FEW:
            ticks(axes, np.clip(values, edges[0], edges[-1]), color=colour, label=name)
            continue
        shares = _shares(values, edges)
        axes.stairs(shares, edges, color=colour, linewidth=1.6, linestyle=line, label=name)
    axes.axvline(
        threshold,
        color=INK,
        linestyle="--",
        linewidth=1.2,
        label=f"99 % of held-out codes (within {threshold:.3g})",
    )
    percent(axes.yaxis)
    axes.set(xlabel="Mahalanobis distance from the mean code", ylabel="share in each bin")
    legend(figure)
    see(figure, SEE)
    return figure


def _pooled(values: Floats | Sequence[Floats], name: str) -> Floats:
    parts = [values] if isinstance(values, np.ndarray) else values
    return finite(np.concatenate([np.empty(0), *parts]), f"distances of {name}")


def _codes(axes: Axes, replicates: list[Floats], pooled: Floats, edges: Floats) -> None:
    shares = _shares(pooled, edges)
    label = "held-out codes, all replicates"
    axes.stairs(shares, edges, fill=True, color=CODES, alpha=0.25, label=label)
    for i, values in enumerate(replicates):
        one = "held-out codes, one line a replicate" if i == 0 else None
        axes.stairs(_shares(values, edges), edges, color=CODES, linewidth=0.7, label=one)


def _edges(distances: Floats) -> Floats:
    """Bins over all distances: equal ratios where they differ widely, equal widths elsewhere."""
    positive = distances[distances > 0]
    low, high = float(positive.min(initial=np.inf)), float(distances.max())
    if high > WIDE * low:
        return np.geomspace(low, high * 1.001, WIDE_BINS + 1)
    return np.linspace(0, high * 1.001 or 1.0, BINS + 1)


def _shares(distances: Floats, edges: Floats) -> Floats:
    """Share of the distances in each bin; a distance of zero counts in the first."""
    counts, _ = np.histogram(np.clip(distances, edges[0], edges[-1]), bins=edges)
    return counts / distances.size
