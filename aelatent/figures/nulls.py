"""Observed values beside the distribution that they would have if nothing were there."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from numpy.typing import ArrayLike

from aelatent.figures.style import (
    CODES,
    FAINT,
    NOTHING,
    NULL,
    WIDTH,
    label_axes,
    legend,
    see,
    styled,
)
from aelatent.figures.values import finite

SEE = "Dots outside the grey bars lie where chance does not put them; dots among them do not."
MOST_BINS = 60


@styled()
def null_histogram(values: ArrayLike, null: ArrayLike, unit: str = "effect") -> Figure:
    """Plot a null distribution with the observed values, each a mark.

    Parameters
    ----------
    values : array_like of shape (replicates,)
        What was observed.
    null : array_like of shape (surrogates,)
        The same effect in surrogates.
    unit : str
        Unit of both.

    Returns
    -------
    Figure

    Raises
    ------
    ValueError
        If either is empty or holds a number that is not finite.
    """
    observed = finite(values, "observed values").ravel()
    surrogates = finite(null, "the null").ravel()
    bins = min(MOST_BINS, max(5, int(np.sqrt(surrogates.size))))
    counts, edges = np.histogram(surrogates, bins=bins)
    figure = Figure(figsize=(WIDTH, 3.0), layout="constrained")
    axes = figure.subplots()
    label = f"{NOTHING}: {surrogates.size} surrogates"
    axes.stairs(counts, edges, fill=True, color=NULL, alpha=0.6, label=label)
    lane = 0.09 * float(counts.max())  # below the axis: an observed value has no height
    axes.plot(
        observed,
        np.full(observed.size, -lane),
        "o",
        color=CODES,
        markeredgecolor="white",
        markersize=6.5,
        label="observed, one dot a training",
    )
    axes.axhline(0, color=FAINT, linewidth=0.8)
    axes.set_ylim(bottom=-2 * lane)
    axes.yaxis.set_major_locator(MaxNLocator(5, integer=True, prune="lower"))
    axes.set_yticks([tick for tick in axes.get_yticks() if tick >= 0])
    label_axes(figure, unit, "surrogates in each bin")
    legend(figure)
    see(figure, SEE)
    return figure
