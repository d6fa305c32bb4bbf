"""From values per replicate to evidence: an effect with an interval over replicates."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special

from aelatent.inference.rules import THRESHOLD

CONFIDENCE = 0.95
# What the errors that replicates share are known to: a jackknife of twenty parts knows least.
SHARED_DEGREES = 19
LEAST_LOG_PVALUE = -690.0  # of a double


class InsufficientEvidence(ValueError):
    """There are too few replicates, or values that are no numbers."""


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
    """

    value: float
    error: float = 0.0
    shared: float = 0.0
    images: tuple[float, ...] = ()

    @property
    def standard_error(self) -> float:
        """Standard error of the value from all of these together."""
        return math.hypot(self.error, self.shared, *self.images)


_SAME_IMAGES: ContextVar[bool] = ContextVar("same_images", default=True)


@contextmanager
def independent_images() -> Iterator[None]:
    """Treat replicates as measured on different images, such as parts of those of one training."""
    before = _SAME_IMAGES.set(False)
    try:
        yield
    finally:
        _SAME_IMAGES.reset(before)


def shared_error(estimate: Estimate) -> Estimate:
    """Return the estimate as one whose error all replicates share: they were shown one sample.

    Replicates that were measured on the same images err together, as far as some of these images
    are harder than others for all of them; to average over replicates then does not help. This
    takes all of the error for such: too much, by a little. Where it is known what each image adds
    to it, give that to `Estimate` as `images`, and what is common is measured. Within
    `independent_images` the estimate is returned as it is.

    Examples
    --------
    >>> shared_error(Estimate(0.9, error=0.03, shared=0.04))
    Estimate(value=0.9, error=0.0, shared=0.05, images=())
    """
    if not _SAME_IMAGES.get():
        return estimate
    return replace(estimate, error=0.0, shared=math.hypot(estimate.error, estimate.shared))


@dataclass(frozen=True, eq=False)
class Evidence:
    """An effect with its interval over replicates.

    Attributes
    ----------
    effect : float
        Mean over replicates.
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
    error : float
        Standard error of the effect from what differs between replicates; 0 for what is known
        exactly.
    degrees : int
        Degrees of freedom of that error.
    shared : float
        Standard error of the effect that all replicates have in common.
    root : int
        The errors are those of the effect's `root`-th root: see `estimate`.
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
    error: float = 0.0
    degrees: int = 0
    shared: float = 0.0
    root: int = 1
    readings: Mapping[str, Evidence] = field(default_factory=dict)

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

        That of Student's test where replicates share no error; else that at which the interval
        begins at the bound. None if no error is known, as for a fact.
        """
        return self._tail(self._root(self.effect) - self._root(bound))

    def shortfall(self, bound: float) -> float | None:
        """One-sided p-value against an effect of at least `bound`.

        None if no error is known. One minus `exceedance`, but not rounded to 0.
        """
        return self._tail(self._root(bound) - self._root(self.effect))

    @property
    def has_error(self) -> bool:
        """Whether an error is known; a fact has none."""
        return self.degrees > 0 and (self.error > 0 or self.shared > 0)

    def widened(self, parts: int) -> Evidence:
        """Return this evidence with the interval that leaves out one such part of both tails.

        Of several intervals of this width, as many as there are parts, all contain their truths at
        once in 95 % of samples or more (Bonferroni). A fact stays as it is.
        """
        if parts == 1 or not self.has_error:
            return self
        centre = self._root(self.effect)
        half = _half(self.error, self.degrees, self.shared, (1 - CONFIDENCE) / 2 / parts)
        low, high = (end**self.root for end in (centre - half, centre + half))
        return replace(self, interval=(low, high), readings={})

    def _root(self, value: float) -> float:
        return math.copysign(abs(value) ** (1 / self.root), value)

    def _tail(self, distance: float) -> float | None:
        if not self.has_error:
            return None
        if self.shared == 0:
            return float(special.stdtr(self.degrees, -distance / self.error))

        def beyond(log: float) -> float:
            return _half(self.error, self.degrees, self.shared, math.exp(log)) - abs(distance)

        least, most = LEAST_LOG_PVALUE, math.log(0.5)
        log = least if beyond(least) < 0 else optimize.brentq(beyond, least, most, xtol=1e-12)
        return float(math.exp(log) if distance >= 0 else -math.expm1(log))


def estimate(
    statistic: Callable[[Any], float | Estimate],
    units: Iterable[Any],
    unit: str = "",
    root: int = 1,
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
    root : int
        Mean and interval are those of the values' `root`-th roots, raised again: 3 for values >= 0
        that are a few times as large in one training as in another, whose cube roots are nearly
        normal (Wilson and Hilferty, 1931). Student's interval of the values themselves lies wholly
        beyond the truth in 8 % of samples of five instead of 2.5 % if they follow a gamma
        distribution of shape 2, that of their cube roots in 2.5 %.

    Returns
    -------
    Evidence

    Raises
    ------
    InsufficientEvidence
        As `interval_over_replicates`; also if a root is to be taken of a negative value.

    See Also
    --------
    interval_over_replicates : how the interval is made.

    Examples
    --------
    >>> evidence = estimate(float, [0.9, 1.0, 1.1], unit="ratio")
    >>> round(evidence.effect, 3), [round(limit, 3) for limit in evidence.interval]
    (1.0, [0.752, 1.248])
    >>> estimate(float, [1.0, 8.0, 27.0], root=3).effect
    8.0
    """
    if root < 1 or root % 2 == 0:
        raise ValueError(f"expected an odd root, which keeps the sign, received {root}")
    estimates = [_estimate(statistic(item)) for item in units]
    roots = estimates if root == 1 else [_rooted(estimate, root) for estimate in estimates]
    low, high = interval_over_replicates(roots)
    own, shared = _standard_errors(roots)
    return Evidence(
        effect=float(np.mean([estimate.value for estimate in roots])) ** root,
        interval=(low**root, high**root),
        values=tuple(estimate.value for estimate in estimates),
        unit=unit,
        error=own,
        degrees=len(estimates) - 1,
        shared=shared,
        root=root,
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

    Examples
    --------
    >>> fact(98946, unit="parameters").interval
    (98946.0, 98946.0)
    """
    value = float(value)
    return Evidence(value, (value, value), (value,), unit)


def contrast(
    statistic: Callable[[Any], float],
    units: Iterable[Any],
    null: Callable[[Any, np.random.Generator], Any],
    rng: np.random.Generator,
    surrogates: int = 39,
    scale: Literal["difference", "ratio", "score"] = "difference",
    unit: str = "",
    images: Callable[[Any], Sequence[float]] | None = None,
    root: int = 1,
) -> Evidence:
    """Measure a statistic on each replicate against surrogates of that replicate.

    Parameters
    ----------
    statistic : callable
        From one unit to a float.
    units : iterable
        One entry per trained model, such as `model.clouds`.
    null : callable
        From a unit and a random generator to a surrogate of it: `aelatent.statistics.surrogates`.
    rng : numpy.random.Generator
    surrogates : int
        How many for each replicate, 2 or more. The smallest p-value is 1 / (surrogates + 1).
    scale : {"difference", "ratio", "score"}
        The effect of a replicate: its value minus the mean of its surrogates, over that mean, or
        the difference in standard deviations of its surrogates.
    unit : str
        What the effect is measured in, in words.
    images : callable, optional
        From one unit to what each part of its images adds to the error of its statistic, as in
        `Estimate`: `aelatent.statistics.jackknife`.
    root : int
        As in `estimate`, of the effects.

    Returns
    -------
    Evidence
        `null` holds the effect that each surrogate has on the same scale. `surrogate_pvalues` are
        one-sided, for effects larger and smaller than the null's: (k + 1) / (b + 1), where k of the
        b means over replicates of one surrogate each are at least, or at most, the mean over
        replicates of what was observed.

    Raises
    ------
    InsufficientEvidence
        As `interval_over_replicates`; also if the surrogates of a replicate have mean 0 for a
        "ratio" or all agree for a "score".
    """
    if surrogates < 2:
        raise ValueError(f"expected two surrogates or more, received {surrogates}")
    observed, expected, added = [], [], []
    for item in units:
        observed.append(float(statistic(item)))
        added.append(() if images is None else images(item))
        expected.append([float(statistic(null(item, rng))) for _ in range(surrogates)])
    values = np.array(observed, dtype=np.float64)
    nulls = np.array(expected).reshape(-1, surrogates)
    centres = nulls.mean(axis=1, keepdims=True)
    spread = nulls.std(axis=1, ddof=1, keepdims=True)
    divisor = {"difference": np.ones_like(centres), "ratio": centres, "score": spread}[scale]
    if (divisor == 0).any():
        raise InsufficientEvidence(f"expected surrogates that allow a {scale}, received 0 for one")
    offset = 0.0 if scale == "ratio" else centres
    effects = ((values[:, None] - offset) / divisor)[:, 0]
    under_null = (nulls - offset) / divisor
    # A surrogate's own error: the mean that it is compared with comes from finitely many.
    errors = under_null.std(axis=1, ddof=1) / math.sqrt(surrogates)
    estimates = [
        Estimate(effect, error, images=tuple(part / by for part in parts))
        for effect, error, parts, (by,) in zip(effects, errors, added, divisor, strict=True)
    ]
    evidence = estimate(_estimate, estimates, unit, root)
    # Rounding of the values themselves, from which effects may be left as small differences.
    rounding = 1e-12 * float(np.abs(values / divisor[:, 0]).mean())
    pvalues = _tails(float(effects.mean()), under_null.mean(axis=0), rounding)
    return replace(evidence, surrogate_pvalues=pvalues, null=under_null.ravel())


def _tails(effect: float, surrogates: NDArray[np.float64], rounding: float) -> tuple[float, float]:
    """Return the one-sided p-values for an effect as large as this one, and for one as small.

    Ties count against the claim, and numbers that are equal but for rounding are ties.
    """
    above = int(np.count_nonzero(surrogates >= effect - rounding))
    below = int(np.count_nonzero(surrogates <= effect + rounding))
    return (above + 1) / (len(surrogates) + 1), (below + 1) / (len(surrogates) + 1)


def interval_over_replicates(
    estimates: list[Estimate], confidence: float = CONFIDENCE
) -> tuple[float, float]:
    """Student's interval of the mean over replicates, and no narrower where they agree by accident.

    The variance between replicates is estimated from their spread, but never as less than the mean
    sampling variance within them: five hit rates of 0 in 500 draws have no spread, and yet are not
    known to be 0. The error that the replicates share does not average out; the half width that it
    makes, with the quantile of its own degrees of freedom (`SHARED_DEGREES`), is added in
    quadrature. Such an interval covers the truth in 95 % to 98 % of samples whatever the share of
    the two errors; with the quantile of the replicates for both it would in more than 99 %, and
    with degrees of freedom pooled by Satterthwaite's formula in 92 % of those with three replicates
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
    k = len(estimates)
    if k < 2:
        raise InsufficientEvidence(f"expected two replicates or more, received {k}")
    values = np.array([estimate.value for estimate in estimates], dtype=np.float64)
    if not np.isfinite(values).all():
        raise InsufficientEvidence(f"expected finite values, received {values.tolist()}")
    errors = np.array([(e.error, e.shared, e.standard_error) for e in estimates])
    if not (np.isfinite(errors).all() and errors.min() >= 0):
        raise InsufficientEvidence(f"expected finite errors >= 0, received {errors.tolist()}")
    own, shared = _standard_errors(estimates)
    if own == shared == 0:
        raise InsufficientEvidence(
            f"expected values that differ or have an error, received {k} times {values[0]:g}"
        )
    half = _half(own, k - 1, shared, (1 - confidence) / 2)
    centre = values.mean()
    return float(centre - half), float(centre + half)


def _standard_errors(estimates: list[Estimate]) -> tuple[float, float]:
    """Return the standard error of the mean that averages out over replicates, and the other.

    Of the error from the images, the covariance of two replicates, a mean over all pairs, is what
    they have in common.
    """
    values = np.array([estimate.value for estimate in estimates], dtype=np.float64)
    k, total, common = len(values), *_image_variances(estimates)
    within = np.mean([estimate.error**2 for estimate in estimates]) + total - common
    own = math.sqrt(max(values.var(ddof=1), within) / k)
    return own, math.hypot(float(np.mean([estimate.shared for estimate in estimates])), common**0.5)


def _image_variances(estimates: list[Estimate]) -> tuple[float, float]:
    """Return the mean variance from the images shown, and how much of it replicates share."""
    added = [np.array(estimate.images) for estimate in estimates]
    total = float(np.mean([part @ part for part in added]))
    if not _SAME_IMAGES.get() or len({len(part) for part in added}) > 1:
        return total, 0.0  # other images in each
    k, whole = len(added), np.sum(added, axis=0)
    common = (float(whole @ whole) - k * total) / (k * (k - 1))
    return total, min(max(common, 0.0), total)


def _half(own: float, degrees: int, shared: float, tail: float) -> float:
    """Return the half width that leaves out a tail on either side, above 0 for any tail < 0.5."""
    return math.hypot(
        own * special.stdtrit(degrees, tail), shared * special.stdtrit(SHARED_DEGREES, tail)
    )


def _rooted(estimate: Estimate, root: int) -> Estimate:
    """Return the root of a value, with its errors by the delta method.

    At 0, where a root has no slope, the error is that at a value as large as its error.
    """
    value = estimate.value
    if not value >= 0:
        raise InsufficientEvidence(f"expected values >= 0 to take roots of, received {value:g}")
    place = max(value, estimate.standard_error)
    slope = place ** (1 / root - 1) / root if place > 0 else 0.0
    return Estimate(
        value ** (1 / root),
        slope * estimate.error,
        slope * estimate.shared,
        tuple(slope * part for part in estimate.images),
    )


def _estimate(value: float | Estimate) -> Estimate:
    return value if isinstance(value, Estimate) else Estimate(float(value))
