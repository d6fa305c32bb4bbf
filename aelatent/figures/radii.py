"""How far the codes of a cloud lie from the origin."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from scipy.stats import norm

from aelatent.figures.style import CODES, NULL, PREDICTED, SOURCE, WIDTH, legend, styled
from aelatent.figures.values import Floats, finite
from aelatent.latents import LatentCloud

GRID_POINTS = 240
BINS = 60


@styled()
def radius_density(
    clouds: Sequence[LatentCloud],
    predicted: Sequence[tuple[Floats, Floats]] | None = None,
    root_n: bool = True,
    source_value: float | None = None,
    peaks: Sequence[float] | None = None,
) -> Figure:
    """Plot the density of the codes over their radius, one line a replicate.

    Parameters
    ----------
    clouds : sequence of LatentCloud
        One a replicate, all of the same number of dimensions.
    predicted : sequence of (grid, density), or None
        A law of the radius for each replicate, each an array of shape (m,); dashed.
    root_n : bool
        Whether to mark the square root of the number of dimensions.
    source_value : float or None
        The radius that the source names.
    peaks : sequence of float, or None
        Radius of the peak of each replicate; by default where its line is highest.

    Raises
    ------
    ValueError
        If there is no cloud, or the clouds differ in dimension.
    """
    dimensions = {cloud.d for cloud in clouds}
    if len(dimensions) != 1:
        raise ValueError(
            f"radius_density: expected clouds of one dimension, received {sorted(dimensions)}"
        )
    figure = Figure(figsize=(WIDTH, 3.6), layout="constrained")
    axes = figure.subplots()
    _lines(axes, clouds, peaks)
    for i, (grid, density) in enumerate(predicted or ()):
        label = "predicted from mean and covariance" if i == 0 else None
        axes.plot(grid, density, color=PREDICTED, linestyle="--", linewidth=0.9, label=label)
    if root_n:
        root = dimensions.pop() ** 0.5
        axes.axvline(root, color=NULL, linestyle="-.", linewidth=1.4, label=f"√N = {root:.4g}")
    if source_value is not None:
        _source(axes, source_value)
    axes.set(xlabel="radius of the code (latent units)", ylabel="density (per latent unit)")
    axes.set_ylim(bottom=0)
    legend(figure)
    return figure


def _lines(axes: Axes, clouds: Sequence[LatentCloud], peaks: Sequence[float] | None) -> None:
    curves = [_density(cloud.radii) for cloud in clouds]
    edges = np.linspace(
        min(grid[0] for grid, _ in curves), max(grid[-1] for grid, _ in curves), BINS + 1
    )
    radii = np.concatenate([cloud.radii for cloud in clouds])
    heights, _ = np.histogram(radii, bins=edges, density=True)
    axes.stairs(heights, edges, fill=True, color=CODES, alpha=0.15, label="codes, all replicates")
    tops = [grid[density.argmax()] for grid, density in curves] if peaks is None else peaks
    for i, ((grid, density), top) in enumerate(zip(curves, finite(tops, "peaks"), strict=True)):
        line, peak = ("codes, one line a replicate", "its peak") if i == 0 else (None, None)
        axes.plot(grid, density, color=CODES, linewidth=0.9, alpha=0.8, label=line)
        axes.plot(
            [top], [np.interp(top, grid, density)],
            "v", color=CODES, markersize=6, markeredgecolor="white", label=peak,
        )  # fmt: skip


def _density(radii: Floats) -> tuple[Floats, Floats]:
    """Kernel density with Scott's bandwidth; equal radii get a narrow peak, not an error."""
    floor = 1e-3 * max(radii.max(), np.finfo(np.float64).tiny)
    width = max(radii.std(ddof=1) * len(radii) ** -0.2, floor)
    grid = np.linspace(max(radii.min() - 3 * width, 0.0), radii.max() + 3 * width, GRID_POINTS)
    return grid, norm.pdf(grid[:, None], loc=radii, scale=width).mean(axis=1)


def _source(axes: Axes, value: float) -> None:
    axes.axvline(value, color=SOURCE, linewidth=1.4)
    axes.plot(
        [value], [0], "D", color=SOURCE, markeredgecolor="black", markersize=7,
        clip_on=False, zorder=5, label=f"in the source: {value:g}",
    )  # fmt: skip
