"""Observed values beside the distribution that they would have if nothing were there."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from aelatent.figures.style import CODES, NULL, WIDTH, legend, styled
from aelatent.figures.values import finite

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
    label = f"null, {surrogates.size} surrogates"
    axes.stairs(counts, edges, fill=True, color=NULL, alpha=0.6, label=label)
    height = counts.max()
    axes.vlines(observed, 0, 0.5 * height, color=CODES, linewidth=1.0)
    axes.plot(
        observed,
        np.full(observed.size, 0.5 * height),
        "o",
        color=CODES,
        markeredgecolor="white",
        markersize=6.5,
        label="observed, one a replicate",
    )
    axes.set(xlabel=unit, ylabel="surrogates in each bin")
    axes.set_ylim(bottom=0)
    legend(figure)
    return figure
