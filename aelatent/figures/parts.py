"""The parts of a claim: replicates, interval and the region in which it is supported."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from aelatent.figures.style import (
    CODES,
    INK,
    MARGIN,
    SOURCE,
    WIDE,
    WIDTH,
    legend,
    logarithmic,
    styled,
)
from aelatent.figures.values import Floats, finite

LANES = {"replicates": 2.0, "interval": 1.0, "source": 0.0}


@dataclass(frozen=True)
class Part:
    """What is known about one part of a claim, in plain numbers.

    Attributes
    ----------
    effect : float
    interval : tuple of float
    values : sequence of float
        The effect in each replicate.
    band : tuple of float, or None
        The region in which the interval must lie; its limits may be infinite.
    source_value : float or None
        What the source says that the effect is.
    label, unit : str
        What it is, and what it is measured in.
    """

    effect: float
    interval: tuple[float, float]
    values: Sequence[float]
    band: tuple[float, float] | None = None
    source_value: float | None = None
    label: str = ""
    unit: str = ""


@styled()
def evidence_plot(parts: Sequence[Part]) -> Figure:
    """Plot each part of a claim in a row: replicates, interval, supported region, source.

    A row whose numbers are all positive and differ more than tenfold has a logarithmic axis.

    Raises
    ------
    ValueError
        If there are no parts, or a number other than a limit of a band is not finite.
    """
    if not parts:
        raise ValueError("evidence_plot: expected one part or more, received none")
    figure = Figure(figsize=(WIDTH, 0.6 + 1.35 * len(parts)), layout="constrained")
    rows = figure.subplots(len(parts), 1, squeeze=False)[:, 0]
    for axes, part in zip(rows, parts, strict=True):
        _row(axes, part)
    legend(figure, columns=4)
    return figure


def _row(axes: Axes, part: Part) -> None:
    values = finite(part.values, f"values of {part.label or 'the part'}").ravel()
    low, high = part.interval
    limits = [limit for limit in part.band or () if math.isfinite(limit)]
    source = [] if part.source_value is None else [part.source_value]
    shown = finite([*values, part.effect, low, high, *limits, *source], "effect, interval, source")
    left, right = _scale(axes, shown)
    if part.band is not None:
        _region(axes, part.band, left, right)
    _marks(axes, part, values)
    axes.set(xlim=(left, right), ylim=(-0.6, 2.7), yticks=[], xlabel=part.unit)
    axes.spines["left"].set_visible(False)
    axes.set_title(textwrap.fill(part.label, 46))
    said = f"{part.effect:.4g}  [{low:.4g}, {high:.4g}]".replace("-", "\N{MINUS SIGN}")
    axes.set_title(said, loc="right")


def _scale(axes: Axes, shown: Floats) -> tuple[float, float]:
    """Return limits with room around all that is shown; logarithmic where that shows more."""
    low, high = float(shown.min()), float(shown.max())
    if low > 0 and high > WIDE * low:
        logarithmic(axes, low, high)
        room = (high / low) ** 0.12
        return low / room, high * room
    span = high - low or max(abs(high), 1.0) * 0.2
    return low - 0.12 * span, high + 0.12 * span


def _region(axes: Axes, limits: tuple[float, float], left: float, right: float) -> None:
    low, high = max(limits[0], left), min(limits[1], right)
    axes.axvspan(low, high, color=MARGIN, alpha=0.22, linewidth=0, label="supported")
    for limit in limits:
        if math.isfinite(limit):
            axes.axvline(limit, color=MARGIN, linewidth=1.2)


def _marks(axes: Axes, part: Part, values: Floats) -> None:
    spread = np.linspace(-0.4, 0.4, values.size) if values.size > 1 else 0.0  # equal ones apart
    axes.plot(
        values,
        LANES["replicates"] + spread,
        "o",
        color=CODES,
        markeredgecolor="white",
        markersize=6,
        label="replicate",
    )
    axes.plot(
        part.interval, [LANES["interval"]] * 2, color=INK, linewidth=2.5, solid_capstyle="butt"
    )
    axes.plot(
        [part.effect],
        [LANES["interval"]],
        "s",
        color=INK,
        markersize=6,
        markeredgecolor="white",
        label="mean, 95 % interval",
    )
    if part.source_value is not None:
        axes.plot(
            [part.source_value],
            [LANES["source"]],
            "D",
            color=SOURCE,
            markeredgecolor="black",
            markersize=7,
            label="in the source",
        )
