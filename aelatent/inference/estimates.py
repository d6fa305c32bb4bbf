"""From values per replicate to evidence: an effect with an interval over replicates."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from aelatent.inference.intervals import EXACT, NO_KIND, UNBOUNDED, Bounds, Errors, KindError
from aelatent.inference.rules import THRESHOLD

CONFIDENCE = 0.95
TAIL = (1 - CONFIDENCE) / 2  # on either side of an interval
# Values whose spread is a smaller part of them than this differ by rounding only.
ROUNDING = 1e-9


class InsufficientEvidence(ValueError):
    """There are too few replicates, or values that are no numbers."""


class NoSpread(InsufficientEvidence):
    """All replicates agree and no error is known: nothing says how far they may be off."""


@dataclass(frozen=True)
class Estimate:
    """A value measured on one replicate, with what is known about its error.

    Attributes
    ----------
    value : float
    error : float
        Standard error from sampling within this replicate; independent between replicates.
    shared : float
        Standard error that all replicates have in common, such as that of one judge.
    images : tuple of float
        What the images that the replicate was shown add to its error, each image or each of the
        same parts of them: the square root of the sum of their squares is a standard error. What
        replicates that were shown the same images have in common of it does not average out.
    kind : KindError
        What it adds that a judge sees a kind of images on which it was not measured. All replicates
        share it, too, but it is known to fewer degrees of freedom and bounded on one side.
    """

    value: float
    error: float = 0.0
    shared: float = 0.0
    images: tuple[float, ...] = ()
    kind: KindError = NO_KIND

    @property
    def standard_error(self) -> float:
        """Standard error of the value from all of these together."""
        return math.hypot(self.error, self.shared, self.kind.size, *self.images)


class _Images(StrEnum):
    """Which images replicates were measured on."""

    SAME = "the same"
    APART = "other images each"
    LEFT_OUT = "all but a part of the images of one training"


_IMAGES: ContextVar[_Images] = ContextVar("images", default=_Images.SAME)


@contextmanager
def independent_images() -> Iterator[None]:
    """Treat replicates as measured on different images, such as parts of those of one training."""
    with _measured_on(_Images.APART):
        yield


@contextmanager
def left_out_images() -> Iterator[None]:
    """Treat replicates as one training, measured each time without another part of its images.

    Their spread is that of a jackknife: ``k - 1`` times as small as that of parts.
    """
    with _measured_on(_Images.LEFT_OUT):
        yield


@contextmanager
def _measured_on(images: _Images) -> Iterator[None]:
    before = _IMAGES.set(images)
    try:
        yield
    finally:
        _IMAGES.reset(before)


def shared_error(estimate: Estimate) -> Estimate:
    """Return the estimate as one whose error all replicates share: they were shown one sample.

    Replicates that were measured on the same images err together, as far as some of these images
    are harder than others for all of them; to average over replicates then does not help. This
    takes all of the error for such: too much, by a little. Where it is known what each image adds
    to it, give that to `Estimate` as `images`, and what is common is measured. Within
    `independent_images` the estimate is returned as it is.

    Examples
    --------
    >>> once = shared_error(Estimate(0.9, error=0.03, shared=0.04))
    >>> once.error, once.shared
    (0.0, 0.05)
    """
    if _IMAGES.get() != _Images.SAME:
        return estimate
    return replace(estimate, error=0.0, shared=math.hypot(estimate.error, estimate.shared))


@dataclass(frozen=True, eq=False)
class Evidence:
    """An effect with its interval over replicates; all of them finite numbers.

    Attributes
    ----------
    effect : float
        Mean over replicates, or the bound that it lies beyond (see `estimate`).
    interval : tuple of float
        Limits of the confidence interval of the effect over replicates.
    values : tuple of float
        The effect in each replicate.
    unit : str
        What the effect is measured in, in words.
    surrogate_pvalues : tuple of float, or None
        Of the null's surrogates, if there are any: how likely they are to have an effect as large
        as this one, and one as small. They say nothing about a rule's margin.
    null : ndarray of float64 or None
        The effect under the null, one value a surrogate.
    errors : Errors
        What is known of the error of the effect; nothing for what is known exactly.
    readings : mapping of str to Evidence
        What the same images come to at other readings of their judge; empty without a judge. See
        `with_readings`.
    """

    effect: float
    interval: tuple[float, float]
    values: tuple[float, ...]
    unit: str = ""
    surrogate_pvalues: tuple[float, float] | None = None
    null: NDArray[np.float64] | None = None
    errors: Errors = EXACT
    readings: Mapping[str, Evidence] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse what is no number: no rule can decide on it, and no results file hold it."""
        numbers = (self.effect, *self.interval, *self.values)
        if not all(map(math.isfinite, numbers)):
            raise InsufficientEvidence(f"expected finite numbers, received {numbers}")

    def with_readings(self, readings: Mapping[str, Evidence]) -> Evidence:
        """Return this evidence with what the same images come to at other readings of their judge.

        A judge can be read in several ways that are all reasonable: at its threshold, at the two
        ends of the band that its labels allow ("lenient", "strict"), or by one of its principles
        alone ("CenterFace alone"). This evidence is that at the threshold. The verdict is worked
        out at each reading; where one differs, the claim is inconclusive and depends on the judge.

        A statistic of judged images is estimated once a reading, with what the judge accepts and
        with the errors on its card at that reading. `hit_rate` and its like do so::

            def hit_rate(judged):
                at = {name: estimate(partial(rate, reading=name), judged) for name in readings}
                return at.pop(THRESHOLD).with_readings(at)

        Parameters
        ----------
        readings : mapping of str to Evidence
            Evidence by the reading's name, as reports show it; in units of this evidence. Empty
            for a judge that has no other reading.

        Returns
        -------
        Evidence

        Raises
        ------
        ValueError
            If a reading has no name, or that of the threshold, or has readings itself.

        Examples
        --------
        >>> at_threshold, strict = estimate(float, [0.8, 0.9]), estimate(float, [0.4, 0.5])
        >>> at_threshold.with_readings({"strict": strict}).at("strict").effect
        0.45
        """
        for name, other in readings.items():
            if name in ("", THRESHOLD) or other.readings:
                raise ValueError(
                    f"expected readings beside {THRESHOLD!r}, each with a name and no readings of "
                    f"its own, received {name!r} with {[*other.readings]}"
                )
        return replace(self, readings=dict(readings))

    def at(self, reading: str) -> Evidence:
        """Return the evidence at a reading of the judge; this one where it has no such reading."""
        return replace(self.readings.get(reading, self), readings={})

    def exceedance(self, bound: float) -> float | None:
        """One-sided p-value against an effect of at most `bound`.

        That of Student's test where replicates share no error and there are no bounds; else that at
        which the interval begins at `bound`. None if no error is known, as for a fact.
        """
        return self.errors.exceedance(self.effect, bound)

    def shortfall(self, bound: float) -> float | None:
        """One-sided p-value against an effect of at least `bound`.

        None if no error is known. One minus `exceedance` for a mean within its bounds, but not
        rounded to 0.
        """
        return self.errors.shortfall(self.effect, bound)

    @property
    def has_error(self) -> bool:
        """Whether an error is known; a fact has none."""
        return self.errors.known

    def widened(self, parts: int) -> Evidence:
        """Return this evidence with the interval that leaves out one such part of both tails.

        Of several intervals of this width, as many as there are parts, all contain their truths at
        once in 95 % of samples or more (Bonferroni). A fact stays as it is.
        """
        if parts == 1 or not self.has_error:
            return self
        interval = self.errors.interval(self.effect, TAIL / parts)
        return replace(self, interval=interval, readings={})


def estimate(
    statistic: Callable[[Any], float | Estimate],
    units: Iterable[Any],
    unit: str = "",
    bounds: Bounds = UNBOUNDED,
) -> Evidence:
    """Measure a statistic on each replicate and estimate its mean with an interval.

    Parameters
    ----------
    statistic : callable
        Takes a replicate, a cloud or whatever `units` holds, and returns a float or an `Estimate`.
    units : iterable
        One entry per trained model. The replicate is the trained model, not the image.
    unit : str
        What the effect is measured in, in words.
    bounds : tuple of float
        Between which the mean lies for certain: (0, 1) for a share, (0, inf) for a length or a
        ratio. Where trainings scatter near a bound they scatter skewly, and Student's interval lies
        wholly beyond the truth on that side too often. With bounds the interval is that of a score
        test, which takes the spread to shrink towards the bound (Wilson, 1927, with the spread
        between trainings): it lies below the mean of a beta distribution of mean 0.05 and shape 0.5
        in 8 % of samples of five instead of 16 %. What replicates share does not shrink. The effect
        is the mean of the values, or the bound that it lies beyond, as it may where a judge's
        errors were subtracted.

    Returns
    -------
    Evidence

    Raises
    ------
    InsufficientEvidence
        As `interval_over_replicates`.
    ValueError
        If the bounds are not in order.

    See Also
    --------
    interval_over_replicates : how the interval is made.

    Examples
    --------
    >>> evidence = estimate(float, [0.9, 1.0, 1.1], unit="ratio")
    >>> round(evidence.effect, 3), [round(limit, 3) for limit in evidence.interval]
    (1.0, [0.752, 1.248])
    >>> shares = estimate(float, [0.01, 0.0, 0.05], bounds=(0, 1))
    >>> round(shares.effect, 3), [round(limit, 3) for limit in shares.interval]
    (0.02, [0.002, 0.212])
    """
    if not bounds[0] < bounds[1]:
        raise ValueError(f"expected bounds in order, received {bounds}")
    estimates = [_estimate(statistic(item)) for item in units]
    errors = _errors(estimates, bounds)
    mean = float(np.mean([estimate.value for estimate in estimates]))
    effect = errors.within(mean)
    errors = replace(errors, beyond=mean - effect)
    return Evidence(
        effect=effect,
        interval=errors.interval(effect, TAIL),
        values=tuple(estimate.value for estimate in estimates),
        unit=unit,
        errors=errors,
    )


def fact(value: float, unit: str = "") -> Evidence:
    """State a number that is known exactly, such as a count of parameters.

    Parameters
    ----------
    value : float
    unit : str
        What the value is measured in, in words.

    Returns
    -------
    Evidence
        Both ends of its interval are the value.

    Raises
    ------
    InsufficientEvidence
        If the value is not finite: it comes from codes that have no such number.

    Examples
    --------
    >>> fact(98946, unit="parameters").interval
    (98946.0, 98946.0)
    """
    value = float(value)
    return Evidence(value, (value, value), (value,), unit)


def interval_over_replicates(
    estimates: list[Estimate], confidence: float = CONFIDENCE
) -> tuple[float, float]:
    """Student's interval of the mean over replicates, and no narrower where they agree by accident.

    The variance between replicates is estimated from their spread, but never as less than the mean
    sampling variance within them: five hit rates of 0 in 500 draws have no spread, and yet are not
    known to be 0. Values that differ by rounding only (`ROUNDING`, of the largest) have no spread.
    The error that the replicates share does not average out; the half width that it makes, with the
    quantile of its own degrees of freedom (`SHARED_DEGREES`), is added in quadrature. Such an
    interval covers the truth in 95 % to 98 % of samples whatever the share of the two errors; with
    the quantile of the replicates for both it would in more than 99 %, and with degrees of freedom
    pooled by Satterthwaite's formula in 92 % of those with three replicates
    (`docs/calibration.md`).

    Parameters
    ----------
    estimates : list of Estimate, length >= 2
        One a replicate.
    confidence : float
        In (0, 1).

    Returns
    -------
    tuple of float
        The lower and the upper limit.

    Raises
    ------
    InsufficientEvidence
        If there are fewer than two estimates, if one is not finite, or if all values agree and no
        error is known, so that nothing says how far they may be off.
    """
    errors = _errors(estimates)
    return errors.interval(
        float(np.mean([estimate.value for estimate in estimates])), (1 - confidence) / 2
    )


def _errors(estimates: list[Estimate], bounds: Bounds = UNBOUNDED) -> Errors:
    """Return what is known of the error of the mean over replicates, if it is enough.

    Of the error from the images, the covariance of two replicates, a mean over all pairs, is what
    they have in common.
    """
    values, k = _checked(estimates), len(estimates)
    total, common = _image_variances(estimates)
    within = float(np.mean([estimate.error**2 for estimate in estimates])) + total - common
    spread = float(without_rounding(values, float(np.abs(values).max())).var(ddof=1))
    if _IMAGES.get() == _Images.LEFT_OUT:
        spread, within = (k - 1) ** 2 * spread, (k - 1) * within
    shared = math.hypot(float(np.mean([e.shared for e in estimates])), common**0.5)
    own, parts = math.sqrt(max(spread, within) / k), _IMAGES.get() != _Images.SAME
    errors = Errors(own, k - 1, shared, _kind(estimates), bounds, of_images=parts)
    if not errors.known:
        raise NoSpread(
            f"expected values that differ or have an error, received {k} times {values[0]:g}"
        )
    return errors


def without_rounding(values: NDArray[np.float64], size: float) -> NDArray[np.float64]:
    """Return values as equal that differ by rounding of numbers of a size only.

    Parameters
    ----------
    values : ndarray of float64, shape (n,)
    size : float
        Of the numbers; `ROUNDING` says how small a part of it is rounding.

    Returns
    -------
    ndarray of float64, shape (n,)
        The values, or so many times their mean.
    """
    return np.full_like(values, values.mean()) if np.ptp(values) <= ROUNDING * size else values


def _checked(estimates: list[Estimate]) -> NDArray[np.float64]:
    """Return the values of the replicates, if there are enough and all are numbers."""
    if len(estimates) < 2:
        raise InsufficientEvidence(f"expected two replicates or more, received {len(estimates)}")
    values = np.array([estimate.value for estimate in estimates], dtype=np.float64)
    if not np.isfinite(values).all():
        raise InsufficientEvidence(f"expected finite values, received {values.tolist()}")
    errors = np.array([(e.error, e.shared, e.standard_error) for e in estimates])
    if not (np.isfinite(errors).all() and errors.min() >= 0):
        raise InsufficientEvidence(f"expected finite errors >= 0, received {errors.tolist()}")
    return values


def _kind(estimates: list[Estimate]) -> KindError:
    """Return what a new kind of images adds to the mean: the same kind is new to all replicates."""
    least_known = max(estimates, key=lambda estimate: estimate.kind.error).kind
    slope = float(np.mean([e.kind.slope if e.kind.error else 0.0 for e in estimates]))
    return replace(least_known, slope=slope)


def _image_variances(estimates: list[Estimate]) -> tuple[float, float]:
    """Return the mean variance from the images shown, and how much of it replicates share."""
    added = [np.array(estimate.images) for estimate in estimates]
    total = float(np.mean([part @ part for part in added]))
    if _IMAGES.get() != _Images.SAME or len({len(part) for part in added}) > 1:
        return total, 0.0  # other images in each
    k, whole = len(added), np.sum(added, axis=0)
    common = (float(whole @ whole) - k * total) / (k * (k - 1))
    return total, min(max(common, 0.0), total)


def _estimate(value: float | Estimate) -> Estimate:
    return value if isinstance(value, Estimate) else Estimate(float(value))
