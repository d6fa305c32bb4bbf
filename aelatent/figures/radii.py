"""How far the codes of a cloud lie from the origin."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from scipy.stats import norm

from aelatent.figures.style import CODES, NULL, PREDICTED, SOURCE, WIDTH, legend, see, styled
from aelatent.latent.cloud import Floats, LatentCloud
from aelatent.statistics.radius import bandwidth, peak_radius

SEE = "If codes lay near √N, the peaks would stand at the grey line."
GRID_POINTS = 240
BINS = 60


@styled()
def radius_density(
    clouds: Sequence[LatentCloud],
    predicted: Sequence[tuple[Floats, Floats]] | None = None,
    root_n: bool = True,
    source_value: float | None = None,
) -> Figure:
    """Plot the density of the codes over their radius, one line a replicate.

    Parameters
    ----------
    clouds : sequence of LatentCloud
        One a replicate, all of the same number of dimensions.
    predicted : sequence of (grid, density), or None
        The density of the radius that is expected of each replicate, arrays of shape (m,); dashed.
    root_n : bool
        Whether to mark the square root of the number of dimensions.
    source_value : float or None
        The radius that the source names.

    Returns
    -------
    Figure

    Raises
    ------
    ValueError
        If there is no cloud, the clouds differ in dimension, or the radii of one are all equal.
    """
    dimensions = {cloud.d for cloud in clouds}
    if len(dimensions) != 1:
        raise ValueError(
            f"radius_density: expected clouds of one dimension, received {sorted(dimensions)}"
        )
    figure = Figure(figsize=(WIDTH, 3.6), layout="constrained")
    axes = figure.subplots()
    _histogram(axes, clouds)
    for i, cloud in enumerate(clouds):
        _line(
            axes,
            cloud.radii,
            ("codes, one line a replicate", "its peak") if i == 0 else (None, None),
        )
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
    if root_n:
        see(figure, SEE)
    legend(figure)
    return figure


def _histogram(axes: Axes, clouds: Sequence[LatentCloud]) -> None:
    radii = np.concatenate([cloud.radii for cloud in clouds])
    heights, edges = np.histogram(radii, bins=BINS, density=True)
    axes.stairs(heights, edges, fill=True, color=CODES, alpha=0.15, label="codes, all replicates")


def _line(axes: Axes, radii: Floats, labels: tuple[str | None, str | None]) -> None:
    """Draw the density that `peak_radius` reads the peak from, and the peak that it reads."""
    width, peak = bandwidth(radii), peak_radius(radii)
    ends = max(radii.min() - 3 * width, 0.0), radii.max() + 3 * width
    grid = np.linspace(*ends, GRID_POINTS)
    axes.plot(grid, _density(grid, radii, width), color=CODES, linewidth=0.9, label=labels[0])
    axes.plot(
        [peak],
        _density(np.array([peak]), radii, width),
        "v",
        color=CODES,
        markersize=7,
        markeredgecolor="white",
        label=labels[1],
    )


def _density(grid: Floats, radii: Floats, width: float) -> Floats:
    return np.asarray(norm.pdf(grid[:, None], loc=radii, scale=width).mean(axis=1))


def _source(axes: Axes, value: float) -> None:
    axes.axvline(value, color=SOURCE, linewidth=1.4)
    axes.plot(
        [value],
        [0],
        "D",
        color=SOURCE,
        markeredgecolor="black",
        markersize=7,
        clip_on=False,
        zorder=5,
        label=f"in the source: {value:g}",
    )
