"""Power: how often trainings that scatter as these do would decide, and what it would take.

Everything follows from the numbers of a record's parts. More trainings shrink the error that
differs between trainings; that which they share, from the images and their judge, stays.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import special

from aelatent.inference.estimates import TAIL
from aelatent.inference.intervals import NO_KIND, Errors
from aelatent.inference.rules import Outcome

AIM = 0.8  # chance of a verdict that is asked for
MOST = 1000  # trainings
MOST_BESIDE = 100  # trainings, where images are to be added as well
FACTORS = (1, 2, 4, 8, 16, 32, 64)  # times as many images
QUANTILES = (np.arange(100) + 0.5) / 100  # of the spread that so many trainings may show
LEAST = 1e-300  # in the place of a spread of 0
Floats = NDArray[np.float64]


class Chances(NamedTuple):
    """How often a part, or a claim, would be supported and refuted."""

    supported: float
    refuted: float


@dataclass(frozen=True)
class PartPrecision:
    """How precisely one part of a claim was measured.

    Attributes
    ----------
    effect : float
    errors : Errors
    limits : tuple of float
        Between which the interval must lie for support.
    parts : int
        How many uncertain parts the claim has: so many times smaller a tail refutes.
    """

    effect: float
    errors: Errors
    limits: tuple[float, float]
    parts: int = 1

    @property
    def trainings(self) -> int:
        """How many trainings there are, or parts of the images of one training."""
        return self.errors.degrees + 1

    def chances(
        self,
        truth: float,
        trainings: int | None = None,
        images: float = 1.0,
        *,
        fresh: bool = False,
    ) -> Chances:
        """Return how often the rule would decide if trainings scattered as these do.

        The spread of a sample of trainings is that of a normal distribution. With bounds, it
        follows the mean as in `Errors`.

        Parameters
        ----------
        truth : float
            The true effect.
        trainings : int, optional
            By default, and at least, as many as there are. Parts of the images of one training stay
            as many.
        images : float
            How many times as many images there are.
        fresh : bool
            Whether images and judge are drawn anew, too, as in a simulated scenario. By default
            they stay as they are, and their error is part of the intervals only.

        Returns
        -------
        Chances
        """
        if not self.errors.known:
            holds = self.limits[0] <= self.effect <= self.limits[1]
            return Chances(float(holds), float(not holds))
        errors = self._repeated(trainings, images)
        own = errors.at_mean(self.effect, truth).own
        varies = max(math.hypot(own, errors.shared_total if fresh else 0.0), LEAST)

        def beyond(limit: float, side: int, tail: float) -> Floats:
            """Return how often a mean exceeds a limit by a half width, or falls short of it."""
            if math.isinf(limit):
                return np.full_like(QUANTILES, float(side * limit < 0))
            half = _halves(errors.at_mean(self.effect, limit), side, tail)
            return np.asarray(special.ndtr((side * (truth - limit) - half) / varies))

        low, high = self.limits
        wide = TAIL / self.parts
        supported = np.maximum(beyond(low, 1, TAIL) + beyond(high, -1, TAIL) - 1, 0)
        refuted = beyond(low, -1, wide) + beyond(high, 1, wide)
        return Chances(float(supported.mean()), float(refuted.mean()))

    def _repeated(self, trainings: int | None, images: float) -> Errors:
        """Return the errors of so many trainings, and of so many times as many images."""
        errors = replace(self.errors, shared=self.errors.shared / math.sqrt(images))
        if errors.of_images:
            return replace(errors, own=errors.own / math.sqrt(images))
        k = max(trainings or self.trainings, self.trainings)
        return replace(errors, own=errors.own * math.sqrt(self.trainings / k), degrees=k - 1)

    def without_kind(self) -> PartPrecision:
        """Return this part as if the judge had been measured on its kind of images."""
        return replace(self, errors=replace(self.errors, kind=NO_KIND))


@dataclass(frozen=True)
class Need:
    """What would decide an open claim, at its present estimate, in `AIM` of cases.

    Attributes
    ----------
    now : float
        How often as many trainings as there are would decide.
    outcome : Outcome
        What the verdict would then be; inconclusive where nothing would decide.
    trainings : int
        Of each model, or as many as there are where nothing would decide.
    images : int
        How many times as many images.
    kinds : bool
        Whether the judge would have to be measured on more kinds of images.
    """

    now: float
    outcome: Outcome
    trainings: int
    images: int = 1
    kinds: bool = False


def claim_chances(
    parts: Sequence[PartPrecision], trainings: int | None = None, images: float = 1.0
) -> Chances:
    """Return how often a claim would be decided if the truth were its present estimate.

    All parts must hold, and one that falls refutes. How far parts go together is not known: the
    chance of support is that of independent parts, and that of refutation that of the likeliest.

    Parameters
    ----------
    parts : sequence of PartPrecision
    trainings : int, optional
        By default as many as there are.
    images : float
        How many times as many images there are.

    Returns
    -------
    Chances
    """
    found = [part.chances(part.effect, trainings, images) for part in parts]
    supported = math.prod(chances.supported for chances in found)
    return Chances(supported, max((chances.refuted for chances in found), default=0.0))


def need(readings: Sequence[Sequence[PartPrecision]]) -> Need:
    """Return what would decide a claim alike at all readings of its judge.

    Parameters
    ----------
    readings : sequence of sequence of PartPrecision
        The parts at each reading; one reading where no judge saw the images.

    Returns
    -------
    Need
        More trainings alone, up to `MOST`; else more images as well, with up to `MOST_BESIDE`
        trainings; else a judge measured on more kinds of images as well.
    """
    uncertain = [part for parts in readings for part in parts if part.errors.known]
    k = min((part.trainings for part in uncertain), default=1)
    of_images = any(part.errors.of_images for part in uncertain)
    now = _agreed(readings, 1, k)[0]
    bare = [[part.without_kind() for part in parts] for parts in readings]
    for kinds, parts in ((False, readings), (True, bare)):
        for images in FACTORS:
            alone = images == 1 and not kinds
            most = k if of_images else MOST if alone else MOST_BESIDE
            chance, outcome = _agreed(parts, images, most)
            if chance >= AIM:
                count = _least(partial(_agreed, parts, images), k, most)
                return Need(now, outcome, count, images, kinds)
    return Need(now, Outcome.INCONCLUSIVE, k)


def _agreed(
    readings: Sequence[Sequence[PartPrecision]], images: int, trainings: int
) -> tuple[float, Outcome]:
    """Return how often all readings come to the likelier verdict, at the least certain of them."""
    found = [claim_chances(parts, trainings, images) for parts in readings]
    supported = min(chances.supported for chances in found)
    refuted = min(chances.refuted for chances in found)
    if refuted > supported:
        return refuted, Outcome.REFUTED
    return supported, Outcome.SUPPORTED


def _least(chance: Callable[[int], tuple[float, Outcome]], low: int, high: int) -> int:
    """Return the least number of trainings with a chance of `AIM`, which the highest has."""
    if chance(low)[0] >= AIM:
        return low
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if chance(middle)[0] >= AIM else (middle, high)
    return high


def _halves(errors: Errors, side: int, tail: float) -> Floats:
    """Return the half widths of samples whose spreads take each of the quantiles."""
    own = errors.own * spreads(errors.degrees) * special.stdtrit(errors.degrees, tail)
    return np.asarray(np.hypot(own, replace(errors, own=0.0).halves(tail)[side < 0]))


@cache
def spreads(degrees: int) -> Floats:
    """Return quantiles of a sample's spread, relative to that of its normal distribution."""
    return np.asarray(np.sqrt(special.chdtri(degrees, 1 - QUANTILES) / degrees))
