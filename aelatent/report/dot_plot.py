"""A plot as rows that share an axis: every mark a share of the width, drawn by the browser.

Each row of a table of numbers holds its own part of the plot, so that the table behind the plot is
the plot, in the page's typeface and colours, at any width.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.ticker import LogLocator, MaxNLocator

from aelatent.inference.record import limits_of

Limits = tuple[float, float]

WIDE = 10.0  # the ratio of positive numbers from which a logarithmic axis shows more, as in figures
FEW_TIMES = 300.0  # the ratio below which it has ticks at 2 and 5 too
FEWEST = 3  # ticks of an axis, where there is room
ROOM = 0.06  # on either side of all that is shown, as a share of it
LANES = (9.0, 14.0, 19.0)  # where dots lie, in pixels from the top, so that equal ones lie apart


@dataclass(frozen=True)
class Scale:
    """An axis: which numbers it shows, and where.

    Attributes
    ----------
    low, high : float
        The numbers at its ends.
    logarithmic : bool
    """

    low: float
    high: float
    logarithmic: bool = False

    @classmethod
    def of(cls, numbers: Iterable[float]) -> Scale:
        """Return an axis with room around all finite numbers."""
        shown = [value for value in numbers if math.isfinite(value)] or [0.0]
        low, high = min(shown), max(shown)
        if low > 0 and high > WIDE * low:
            room = (high / low) ** ROOM
            return cls(low / room, high * room, logarithmic=True)
        span = high - low or max(abs(high), 1.0) * 0.2
        return cls(low - ROOM * span, high + ROOM * span)

    def place(self, value: float) -> float:
        """Return where a number lies, in per cent of the width; ends for what lies beyond."""
        if value <= self.low:
            return 0.0
        if value >= self.high:
            return 100.0
        if self.logarithmic:
            share = math.log(value / self.low) / math.log(self.high / self.low)
        else:
            share = (value - self.low) / (self.high - self.low)
        return round(100 * share, 2)

    @property
    def ticks(self) -> list[tuple[float, str]]:
        """Place and number of each tick."""
        inside = [tick for tick in self._candidates() if self.low <= tick <= self.high]
        return [(self.place(t), f"{t:g}".replace("-", "\N{MINUS SIGN}")) for t in inside]

    def _candidates(self) -> list[float]:
        if self.logarithmic:
            fine = self.high < FEW_TIMES * self.low
            locator = LogLocator(subs=(1.0, 2.0, 5.0) if fine else (1.0,))
            return [float(t) for t in locator.tick_values(self.low, self.high)]
        for most in (4, 6):
            even = MaxNLocator(most, steps=[1, 2, 2.5, 5, 10])
            found = [round(float(t), 12) for t in even.tick_values(self.low, self.high)]
            if sum(self.low <= tick <= self.high for tick in found) >= FEWEST:
                break
        return found


@dataclass(frozen=True)
class DotPlot:
    """One row: an effect with its interval, the values of trainings, the margin, the source's.

    Attributes
    ----------
    effect : float
    interval : tuple of float
    values : sequence of float
        The effect in each training.
    margin : tuple of float, or None
        Where the interval must lie for the claim to be supported; its limits may be infinite.
    source_value : float or None
    control : bool
        Whether the row is a control's.
    null : tuple of float, or None
        Between which two numbers 95 % of the surrogates lie.
    wide : tuple of float, or None
        The interval by which one of several parts can refute the claim.
    """

    effect: float
    interval: Limits
    values: Sequence[float]
    margin: Limits | None = None
    source_value: float | None = None
    control: bool = False
    null: Limits | None = None
    wide: Limits | None = None

    @classmethod
    def of(
        cls, part: Mapping[str, Any], source_value: float | None = None, *, control: bool = False
    ) -> DotPlot:
        """Return the row of one part of a claim.

        Parameters
        ----------
        part : mapping
            One entry of a record's `parts`.
        source_value : float, optional
            What the source says that the effect is.
        control : bool
            Whether the record is a control's.

        Returns
        -------
        DotPlot
        """
        low, high = part["interval"]
        return cls(
            part["effect"],
            (low, high),
            part["per_replicate"],
            limits_of(part),
            source_value,
            control,
            part.get("null"),
            part.get("wide_interval"),
        )

    @property
    def numbers(self) -> list[float]:
        """Everything that an axis must show."""
        limits = (self.interval, self.margin, self.null, self.wide)
        ends = [end for pair in limits if pair is not None for end in pair]
        source = [] if self.source_value is None else [self.source_value]
        return [self.effect, *self.values, *ends, *source]

    def dots(self, scale: Scale) -> list[tuple[float, float]]:
        """Place of each training: per cent across, pixels down."""
        return [(scale.place(v), LANES[i % len(LANES)]) for i, v in enumerate(self.values)]

    def band(self, scale: Scale) -> tuple[float, float] | None:
        """Where the margin's region begins, and how wide it is; None where there is none."""
        if self.margin is None:
            return None
        left, right = (scale.place(limit) for limit in self.margin)
        return left, round(right - left, 2)

    def edges(self, scale: Scale) -> list[float]:
        """Where the margin itself lies."""
        return [scale.place(limit) for limit in self.margin or () if math.isfinite(limit)]


def scale_of(dot_plots: Iterable[DotPlot]) -> Scale:
    """Return the axis that shows everything of all rows."""
    return Scale.of(number for dot_plot in dot_plots for number in dot_plot.numbers)
