"""Hit rates of samplers, one bar below another."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from aelatent.figures.style import DRAWS, INK, RECONSTRUCTIONS, WIDTH, legend, percent, see, styled
from aelatent.figures.values import finite
from aelatent.inference.estimates import Evidence

SEE = "The longer a bar, the larger the share; whiskers are intervals over trainings."
NAME_WIDTH = 26  # letters
LABEL_WIDTHS = (34, 24)


@styled()
def ladder_bars(
    samplers: Sequence[str],
    rates: Sequence[Evidence],
    diversity: Sequence[Evidence] | None = None,
    reference: float | None = None,
    labels: tuple[str, str] = ("share that the judge accepts", "diversity, S7 = 1"),
) -> Figure:
    """Plot the hit rate of each sampler, and its diversity in a panel beside it.

    Parameters
    ----------
    samplers : sequence of str
        Names of the samplers, from the top down.
    rates : sequence of Evidence
        Hit rate of each sampler, in [0, 1] but for its interval.
    diversity : sequence of Evidence, or None
        Diversity of each sampler, in the unit that the second of `labels` names.
    reference : float or None
        Hit rate of reconstructions.
    labels : tuple of str
        Of the two horizontal axes.

    Returns
    -------
    Figure

    Raises
    ------
    ValueError
        If there are no samplers, or not one entry for each.
    """
    panels = [rates] if diversity is None else [rates, diversity]
    if not samplers or any(len(panel) != len(samplers) for panel in panels):
        raise ValueError(
            f"ladder_bars: expected one entry a sampler, received {len(samplers)} samplers and "
            f"{[len(panel) for panel in panels]} entries"
        )
    figure = Figure(figsize=(WIDTH, 1.2 + 0.42 * len(samplers)), layout="constrained")
    ratios = (3, 2)[: len(panels)]
    grid = figure.subplots(1, len(panels), sharey=True, squeeze=False, width_ratios=ratios)[0]
    for axes, panel, label, letters in zip(grid, panels, labels, LABEL_WIDTHS, strict=False):
        _bars(axes, panel)
        axes.set_xlabel(textwrap.fill(label, letters))
        axes.grid(visible=False, axis="y")
    if reference is not None:
        label = f"reconstructions: {100 * reference:.3g} %"
        grid[0].axvline(
            reference, color=RECONSTRUCTIONS, linestyle="--", linewidth=1.4, label=label
        )
    if grid[0].get_xlim()[1] < 1:
        grid[0].set_xlim(right=1.02)
    percent(grid[0].xaxis)
    grid[0].set_yticks(range(len(samplers)), [textwrap.fill(name, NAME_WIDTH) for name in samplers])
    grid[0].set_ylim(len(samplers) - 0.5, -0.5)
    see(figure, SEE)
    legend(figure, columns=3)
    return figure


def _bars(axes: Axes, rates: Sequence[Evidence]) -> None:
    """Draw a bar to each mean; in it the replicates as dots above the interval."""
    means = finite([rate.effect for rate in rates], "means")
    ends = finite([rate.interval for rate in rates], "intervals")
    places = np.arange(len(means))
    axes.barh(places, means, height=0.66, color=DRAWS, alpha=0.3)
    axes.errorbar(
        means,
        places + 0.15,
        xerr=np.abs(ends.T - means),
        fmt="|",
        color=INK,
        markersize=8,
        linewidth=1.4,
        capsize=2.5,
        label="mean, 95 % interval",
    )
    hits = [finite(rate.values, "values per replicate") for rate in rates]
    low, high = min(0.0, ends.min()), max(ends.max(), *(row.max() for row in hits))
    axes.set_xlim(low - 0.02 * (high - low), high + 0.03 * (high - low))
    heights = [i - 0.15 + 0.1 * np.cos(np.pi * np.arange(row.size)) for i, row in enumerate(hits)]
    axes.plot(
        np.concatenate(hits),
        np.concatenate(heights),
        "o",
        color=DRAWS,
        markersize=4.5,
        markeredgecolor="white",
        markeredgewidth=0.6,
        label="replicate",
    )
