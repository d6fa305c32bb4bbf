"""Hit rates of one way of drawing codes after another."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from aelatent.figures.style import (
    DRAWS,
    INK,
    NULL,
    RECONSTRUCTIONS,
    WIDTH,
    legend,
    percent,
    styled,
)  # fmt: skip
from aelatent.figures.values import Limits, finite, same_length

NAME_WIDTH = 26


@styled()
def ladder_bars(
    rungs: Sequence[str],
    rates: Sequence[Limits],
    values: Sequence[ArrayLike] | None = None,
    diversity: Sequence[Limits] | None = None,
    reference: float | None = None,
    *,
    labels: tuple[str, str] = ("share that the judge accepts", "diversity (1: reconstructions)"),
) -> Figure:
    """Plot the hit rate of each sampler, and its diversity in a panel beside it.

    Parameters
    ----------
    rungs : sequence of str
        Names of the samplers, from the top down.
    rates : sequence of (mean, low, high)
        Hit rate and interval of each sampler, shares in [0, 1].
    values : sequence of array_like of shape (replicates,), or None
        Hit rate of every replicate.
    diversity : sequence of (mean, low, high), or None
        In the unit that the second of `labels` names.
    reference : float or None
        Hit rate of reconstructions.
    labels : tuple of str
        Of the two horizontal axes.

    Raises
    ------
    ValueError
        If there are no rungs, or not one entry for each.
    """
    columns = {"rates": rates, "values": values, "diversity": diversity}
    count = same_length(
        "ladder_bars", rungs=rungs, **{name: c for name, c in columns.items() if c is not None}
    )
    figure = Figure(figsize=(WIDTH, 1.1 + 0.42 * count), layout="constrained")
    panels = figure.subplots(
        1,
        1 if diversity is None else 2,
        sharey=True,
        squeeze=False,
        width_ratios=None if diversity is None else (3, 2),
    )[0]
    _bars(panels[0], rates, DRAWS, "draws: mean and 95 % interval")
    if values is not None:
        _dots(panels[0], values)
    if reference is not None:
        panels[0].axvline(
            reference, color=RECONSTRUCTIONS, linestyle="--", linewidth=1.4,
            label=f"reconstructions: {100 * reference:.3g} %",
        )  # fmt: skip
    panels[0].set_xlim(
        min(0.0, *(low for _, low, _ in rates)), max(1.02, *(high for *_, high in rates))
    )
    percent(panels[0].xaxis)
    if diversity is not None:
        _bars(panels[1], diversity, NULL, "diversity: mean and 95 % interval")
        panels[1].set_xlim(left=min(0.0, *(low for _, low, _ in diversity)))
    for panel, label in zip(panels, labels, strict=False):
        panel.set_xlabel(label)
        panel.grid(visible=False, axis="y")
    panels[0].set_yticks(range(count), [textwrap.fill(rung, NAME_WIDTH) for rung in rungs])
    panels[0].set_ylim(count - 0.5, -0.5)
    legend(figure)
    return figure


def _bars(axes: Axes, limits: Sequence[Limits], colour: str, label: str) -> None:
    means, lows, highs = finite(limits, "means and intervals").T
    places = np.arange(len(means))
    axes.barh(places, means, height=0.62, color=colour, alpha=0.35)
    axes.errorbar(
        means, places, xerr=np.abs([means - lows, highs - means]),
        fmt="|", color=INK, markersize=10, linewidth=1.5, capsize=3, label=label,
    )  # fmt: skip


def _dots(axes: Axes, values: Sequence[ArrayLike]) -> None:
    for i, row in enumerate(values):
        hits = finite(row, "values per replicate").ravel()
        places = i + np.linspace(-0.2, 0.2, hits.size + 2)[1:-1]
        label = "each replicate" if i == 0 else None
        axes.plot(
            hits, places, "o",
            color=DRAWS, markersize=4, markeredgecolor="white", markeredgewidth=0.5, label=label,
        )  # fmt: skip
