"""How far a mean over replicates may be off: errors, and the intervals that follow."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from scipy import optimize, special

# What the errors that replicates share are known to: a jackknife of twenty parts knows least.
SHARED_DEGREES = 19
LEAST_LOG_PVALUE = -690.0  # of a double
CERTAIN = math.exp(LEAST_LOG_PVALUE)  # the p-value against what cannot be
Bounds = tuple[float, float]
UNBOUNDED: Bounds = (-math.inf, math.inf)


@dataclass(frozen=True)
class KindError:
    """The error of a judge's rate at a kind of images on which the judge was not measured.

    It is known from few kinds, and a rate cannot fall below 0. All replicates share it.

    Attributes
    ----------
    error : float
        Standard error of the rate at a new kind.
    degrees : int
        Degrees of freedom of that error: the number of measured kinds less one.
    room : float
        How far the rate can fall at most: to 0. A rate cannot fall by more than 1.
    slope : float
        By how much a number changes where the rate rises by 1.
    """

    error: float = 0.0
    degrees: int = 1
    room: float = 1.0
    slope: float = 1.0

    @property
    def size(self) -> float:
        """Standard error of the number, as if the rate could fall as far as it can rise."""
        return abs(self.slope) * self.error

    def times(self, factor: float) -> KindError:
        """Return the error of a number that changes so many times as much."""
        return replace(self, slope=factor * self.slope) if self.error else self

    def reach(self, tail: float) -> tuple[float, float]:
        """Return how far the number may fall and rise, leaving out a tail on either side."""
        rise = -self.error * float(special.stdtrit(self.degrees, tail))
        fall = min(rise, self.room)
        if self.slope < 0:
            fall, rise = rise, fall
        return abs(self.slope) * fall, abs(self.slope) * rise


NO_KIND = KindError()


@dataclass(frozen=True)
class Errors:
    """What is known of the error of a mean over replicates.

    Attributes
    ----------
    own : float
        Standard error of the mean from what differs between replicates.
    degrees : int
        Degrees of freedom of that error; 0 for what is known exactly.
    shared : float
        Standard error that all replicates have in common, known to `SHARED_DEGREES`.
    kind : KindError
        What a kind of images adds on which the judge was not measured.
    bounds : tuple of float
        Between which the mean lies for certain. Near a bound the spread between replicates shrinks,
        and the interval is that of a score test: the variance between them at a mean p follows p,
        or p (1 - p) between 0 and 1. Errors that all of them share, a judge's, do not shrink.
    beyond : float
        By how much the values' mean exceeds the nearest mean within the bounds; negative below
        them. It lies beyond where a judge's errors were subtracted.
    of_images : bool
        Whether the replicates are parts of the images of one training.
    """

    own: float = 0.0
    degrees: int = 0
    shared: float = 0.0
    kind: KindError = NO_KIND
    bounds: Bounds = UNBOUNDED
    beyond: float = 0.0
    of_images: bool = False

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Errors:
        """Return what `stored` wrote; infinite bounds are None there."""
        low, high = stored["bounds"]
        bounds = (-math.inf if low is None else low, math.inf if high is None else high)
        return cls(**{**stored, "kind": KindError(**stored["kind"]), "bounds": bounds})

    def stored(self) -> dict[str, Any] | None:
        """Return the attributes in plain types for JSON; None where no error is known."""
        if not self.known:
            return None
        return {
            "own": float(self.own),
            "degrees": int(self.degrees),
            "shared": float(self.shared),
            "kind": {
                "error": float(self.kind.error),
                "degrees": int(self.kind.degrees),
                "room": float(self.kind.room),
                "slope": float(self.kind.slope),
            },
            "bounds": [float(end) if math.isfinite(end) else None for end in self.bounds],
            "beyond": float(self.beyond),
            "of_images": self.of_images,
        }

    @property
    def shared_total(self) -> float:
        """Standard error from all that replicates share."""
        return math.hypot(self.shared, self.kind.size)

    @property
    def total(self) -> float:
        """Standard error from all of them together."""
        return math.hypot(self.own, self.shared, self.kind.size)

    @property
    def known(self) -> bool:
        """Whether there is any error; a fact has none."""
        return self.degrees > 0 and self.total > 0

    def within(self, value: float) -> float:
        """Return a value, or the bound that it lies beyond."""
        return min(max(value, self.bounds[0]), self.bounds[1])

    def halves(self, tail: float) -> tuple[float, float]:
        """Return how far the mean may fall and rise, leaving out a tail on either side.

        Each error has the quantile of its own degrees of freedom; they are added in quadrature.
        """
        both = self._of_replicates(tail)
        fall, rise = self.kind.reach(tail)
        return math.hypot(both, fall), math.hypot(both, rise)

    def _of_replicates(self, tail: float) -> float:
        """Return how far the mean may be off by all but the kind of images."""
        return math.hypot(
            self.own * special.stdtrit(self.degrees, tail) if self.own else 0.0,
            self.shared * special.stdtrit(SHARED_DEGREES, tail),
        )

    def interval(self, centre: float, tail: float) -> tuple[float, float]:
        """Return the limits that leave out a tail on either side of a mean.

        Parameters
        ----------
        centre : float
            The mean over replicates.
        tail : float
            In (0, 0.5): 0.025 for an interval of 95 %.

        Returns
        -------
        tuple of float
            Both within the bounds, with the mean between them. Where the mean lies beyond a bound,
            since a judge's errors were subtracted, the limit on the other side is that without
            bounds; but it is no nearer to the bound than half of what the errors allow other than
            that of the kind. Without this, a mean far beyond a bound would seem to be known
            exactly.
        """
        down, up = self.halves(tail)
        if self.bounds == UNBOUNDED:
            return centre - down, centre + up
        value, least = self.within(centre), self._of_replicates(tail) / 2
        low, high = self._end(centre, tail, -1), self._end(centre, tail, 1)
        if self.beyond < 0:
            high = max(value + least, centre + self.beyond + up)
        if self.beyond > 0:
            low = min(value - least, centre + self.beyond - down)
        # Rounding must leave neither a limit outside the bounds nor the mean outside the limits.
        return min(self.within(low), value), max(self.within(high), value)

    def exceedance(self, centre: float, bound: float) -> float | None:
        """Return the tail at which the interval about a mean begins, or ends, at a bound.

        That is the one-sided p-value against a mean of at most the bound.

        Parameters
        ----------
        centre : float
            The mean over replicates.
        bound : float

        Returns
        -------
        float or None
            None if no error is known.
        """
        return self._tail_at(centre, bound) if self.known else None

    def shortfall(self, centre: float, bound: float) -> float | None:
        """Return the tail on the other side, not rounded to 0.

        It is one minus `exceedance` for a mean within the bounds.

        Parameters
        ----------
        centre : float
            The mean over replicates.
        bound : float

        Returns
        -------
        float or None
            None if no error is known.
        """
        return self._mirrored._tail_at(-centre, -bound) if self.known else None

    @property
    def _mirrored(self) -> Errors:
        """Return the errors of the mean with its sign changed."""
        low, high = self.bounds
        return replace(self, kind=self.kind.times(-1), bounds=(-high, -low), beyond=-self.beyond)

    def _tail_at(self, centre: float, bound: float) -> float:
        """Return the tail of a mean that exceeds a bound so far, if the bound were the truth."""
        if not self.bounds[0] <= bound <= self.bounds[1]:
            return CERTAIN if bound < centre else 1.0
        if self.beyond > 0:
            return self._beyond_tail(centre - bound)
        return self.at_mean(centre, bound)._tail(self.within(centre) - bound)

    def _tail(self, distance: float) -> float:
        """Return the tail that the interval leaves out if it reaches so far below the mean."""
        if self.total == 0:  # at a bound, where trainings cannot scatter
            return 0.5 if distance == 0 else CERTAIN if distance > 0 else 1.0
        if self.shared == self.kind.size == 0:
            return float(special.stdtr(self.degrees, -distance / self.own))
        side = 0 if distance >= 0 else 1

        def beyond(log: float) -> float:
            return self.halves(math.exp(log))[side] - abs(distance)

        least, most = LEAST_LOG_PVALUE, math.log(0.5)
        log = least if beyond(least) < 0 else optimize.brentq(beyond, least, most, xtol=1e-12)
        return float(math.exp(log) if distance >= 0 else -math.expm1(log))

    def _beyond_tail(self, distance: float) -> float:
        """Return the tail at which the limit of a mean above its bound lies so far below it."""
        tail = self._tail(distance + self.beyond)
        if self.own == self.shared == 0:
            return tail
        return max(tail, replace(self, kind=NO_KIND)._tail(2 * distance))

    def spread(self, mean: float) -> float:
        """Return the variance at a mean, but for a factor."""
        low, high = self.bounds
        above = mean - low if math.isfinite(low) else 1.0
        below = high - mean if math.isfinite(high) else 1.0
        return above * below if above > 0 and below > 0 else 0.0

    def at_mean(self, centre: float, mean: float) -> Errors:
        """Return the errors if the true mean were another than the measured one.

        Parameters
        ----------
        centre : float
            The measured mean.
        mean : float

        Returns
        -------
        Errors
            The same without bounds.
        """
        if self.bounds == UNBOUNDED or self.own == 0:
            return self
        here = self.spread(self._place(self.within(centre)))
        return replace(self, own=self.own * math.sqrt(self.spread(mean) / here))

    def _place(self, centre: float) -> float:
        """Return where the spread was measured: no nearer to a bound than its own error."""
        low, high = self.bounds
        room = min(self.own, (high - low) / 2)
        return min(max(centre, low + room), high - room)

    def _end(self, centre: float, tail: float, side: int) -> float:
        """Return the mean that lies so far off that its own errors just allow the measured one.

        It solves ``(value - p)**2 = ratio * spread(p) + common**2``: what replicates scatter at the
        mean p, and what they share.
        """
        low, high = self.bounds
        if not math.isfinite(low):
            return -self._mirrored._end(-centre, tail, -side)
        reach = self.own * float(special.stdtrit(self.degrees, tail))
        ratio = reach**2 / self.spread(self._place(centre)) if reach else 0.0
        common = replace(self, own=0.0).halves(tail)[side > 0]
        y = self.within(centre) - low
        if not math.isfinite(high):
            return low + y + ratio / 2 + side * math.sqrt(ratio * y + ratio**2 / 4 + common**2)
        half = y + ratio * (high - low) / 2
        root = math.sqrt(max(half**2 - (1 + ratio) * (y**2 - common**2), 0.0))
        return low + (half + side * root) / (1 + ratio)


EXACT = Errors()
