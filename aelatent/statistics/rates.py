"""Hit rates of a judge that errs: shares, ratios and differences with their errors.

A judge accepts an image that shows what it should with its sensitivity s, and one that does not
with its false acceptance f. If a share h of images is meaningful it accepts ``a = f + h (s - f)``.
In a ratio of two shares h the sensitivity cancels and only f stays.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from aelatent.inference.estimates import Estimate, InsufficientEvidence
from aelatent.inference.intervals import KindError
from aelatent.statistics import validation

LIKELY = 0.025  # chance that a kind of images is accepted even more often than the highest rate
Hits = NDArray[np.bool_]
Rate = Estimate | Hits


def share(hits: ArrayLike, groups: NDArray[np.int64] | None = None) -> Estimate:
    """Share of hits, with a binomial standard error that is never zero.

    Parameters
    ----------
    hits : array_like of bool, shape (n >= 1,)
    groups : ndarray of int64, shape (n,), or None
        Hits with equal entries are not independent: points of one path, images of one person.

    Returns
    -------
    Estimate
        From 0 (no hit) to 1. The error is the standard deviation of Jeffreys' posterior,
        Beta(hits + 1/2, misses + 1/2). With groups, hits and misses are first scaled down to as
        many independent ones as would scatter as the groups do, and to one a group where all hits
        agree and nothing is known of scatter.

    Raises
    ------
    ValueError
        If there is no value, or values that are neither true nor false, or a single group.

    Examples
    --------
    >>> share([True, True, False, False]).value
    0.5
    """
    accepted = np.asarray(hits)
    if accepted.ndim != 1 or not len(accepted):
        raise ValueError(f"expected hits of shape (n >= 1,), received shape {accepted.shape}")
    if accepted.dtype != np.bool_:
        raise ValueError(f"expected hits that are true or false, received {accepted.dtype}")
    value = float(accepted.mean())
    size = len(accepted) if groups is None else _independent(accepted, groups)
    a, b = value * size + 0.5, (1 - value) * size + 0.5
    return Estimate(value, math.sqrt(a * b / (a + b + 1)) / (a + b))


def rate_of_new_kind(rates: ArrayLike, errors: ArrayLike = 0.0) -> Estimate:
    """Rate at which a judge accepts a kind of images that is none of those it was measured on.

    What a decoder makes of a bad code is no kind on the judge's card. Such a kind may differ from
    the mean of the measured kinds as much as these differ from each other.

    Parameters
    ----------
    rates : array_like of float, shape (k >= 2,)
        Of the measured kinds, in [0, 1].
    errors : array_like of float, shape (k,) or ()
        Standard errors of these rates from the images of each kind.

    Returns
    -------
    Estimate
        The mean over kinds. Its `kind` is the error of a new one, with ``k - 1`` degrees of
        freedom: the variance between kinds and that of their mean, which is never less than what
        the images of each kind explain. No rate falls below 0.

    Raises
    ------
    InsufficientEvidence
        If there are fewer than two kinds.

    Notes
    -----
    Where kinds scatter normally, the 95 % interval holds the rate of a new one in 95 % of
    simulations. Where a few kinds are accepted much more often than the others (exponential,
    beta(0.3, 9), or one kind in five at 0.3 and the others at 0.005), the rate of a new one lies
    above it in 5 to 11 %, and hardly ever below.

    Source: the prediction interval of Higgins, Thompson and Spiegelhalter, "A re-evaluation of
    random-effects meta-analysis", Journal of the Royal Statistical Society A 172 (2009).

    Examples
    --------
    >>> rate = rate_of_new_kind([0.01, 0.02, 0.03])
    >>> round(rate.value, 3), rate.kind.degrees, round(rate.kind.error, 4)
    (0.02, 2, 0.0115)
    """
    measured = np.asarray(rates, dtype=np.float64)
    if measured.ndim != 1 or len(measured) < 2:
        raise InsufficientEvidence(
            f"expected rates of two kinds of images or more, received shape {measured.shape}"
        )
    within = float(np.mean(np.asarray(errors, dtype=np.float64) ** 2))
    variance = float(measured.var(ddof=1))
    k, mean = len(measured), float(measured.mean())
    error = math.sqrt(variance + max(variance, within) / k)
    return Estimate(mean, kind=KindError(error, k - 1, room=mean))


def corrected_rate(accepted: Rate, sensitivity: Estimate, false_acceptance: Estimate) -> Estimate:
    """Share of meaningful images, from the share that an erring judge accepts.

    Parameters
    ----------
    accepted : Estimate, or ndarray of bool of shape (n,)
        What the judge said about the images.
    sensitivity : Estimate
        Share of meaningful images that the judge accepts.
    false_acceptance : Estimate
        Share of other images that it accepts: 1 - specificity.

    Returns
    -------
    Estimate
        ``(a - f) / (s - f)``. Not clipped to [0, 1], since that would bias means over replicates.
        The judge's errors are `shared` by all replicates that it judges; that of a kind of images
        on which it was not measured is `kind`.

    Raises
    ------
    ValueError
        If the sensitivity is not larger than the false acceptance: the judge knows nothing.

    Notes
    -----
    Source: Rogan and Gladen, "Estimating prevalence from the results of a screening test",
    American Journal of Epidemiology 107 (1978).

    Examples
    --------
    >>> rate = corrected_rate(Estimate(0.5, 0.02), Estimate(0.9), Estimate(0.1))
    >>> round(rate.value, 3), round(rate.error, 3)
    (0.5, 0.025)
    """
    observed = _estimate(accepted)
    reach = validation.youden_index(sensitivity.value, false_acceptance.value)
    rate = (observed.value - false_acceptance.value) / reach
    from_judge = math.hypot(rate * _total(sensitivity), (1 - rate) * _total(false_acceptance))
    return Estimate(
        rate,
        observed.error / reach,
        math.hypot(observed.shared, from_judge) / reach,
        kind=false_acceptance.kind.times(_steepest(rate, observed, sensitivity, false_acceptance)),
    )


def hit_ratio(draws: Rate, references: Rate, false_acceptance: Estimate) -> Estimate:
    """Share of meaningful images among draws, over that among references.

    Parameters
    ----------
    draws, references : Estimate, or ndarray of bool of shape (n,)
        What one judge said about the decoded draws and about the references, such as
        reconstructions of held-out images; as `share` with groups, where not all are independent.
    false_acceptance : Estimate
        Share of non-images that this judge accepts.

    Returns
    -------
    Estimate
        ``(a_d - f) / (a_r - f)``: 0 if the draws are accepted no more often than non-images, 1 if
        as often as the references. It may be slightly negative by chance, and exceeds 1 if draws
        are accepted more often than references. The sensitivity of the judge cancels. The error of
        `false_acceptance` is `shared`, since one judge serves all replicates.

    Raises
    ------
    ValueError
        If the judge does not accept the references more often than non-images.

    Examples
    --------
    >>> round(hit_ratio(Estimate(0.48), Estimate(0.93), Estimate(0.03)).value, 3)
    0.5
    """
    ratio, error, slope, steepest = _hit_ratio(draws, references, false_acceptance)
    return Estimate(
        ratio,
        error,
        abs(slope) * _total(false_acceptance),
        kind=false_acceptance.kind.times(steepest),
    )


def rate_difference(
    draws: Rate,
    references: Rate,
    other_draws: Rate,
    other_references: Rate,
    false_acceptance: Estimate,
) -> Estimate:
    """`hit_ratio` of one model minus that of another, under one judge.

    Parameters
    ----------
    draws, references : ndarray of bool or Estimate
        Accepted draws and accepted reconstructions of one model, as `hit_ratio` takes them.
    other_draws, other_references : ndarray of bool or Estimate
        Those of the other model.
    false_acceptance : Estimate
        The judge's.

    Returns
    -------
    Estimate
        Above 0 if the draws of the first model come closer to its references than those of the
        other do to theirs. The error of `false_acceptance` enters once, with its sign, since it
        moves both ratios.

    Raises
    ------
    ValueError
        As `hit_ratio`.
    """
    first, error, slope, steepest = _hit_ratio(draws, references, false_acceptance)
    second, other_error, *others = _hit_ratio(other_draws, other_references, false_acceptance)
    return Estimate(
        first - second,
        math.hypot(error, other_error),
        abs(slope - others[0]) * _total(false_acceptance),
        kind=false_acceptance.kind.times(steepest - others[1]),
    )


def _hit_ratio(
    draws: Rate, references: Rate, false_acceptance: Estimate
) -> tuple[float, float, float, float]:
    """Return the ratio, its error from the two shares, and two slopes by the false acceptance.

    The first is the derivative, for small errors; the second that of `_steepest`.
    """
    drawn, reference = _estimate(draws), _estimate(references)
    room = reference.value - false_acceptance.value
    if room <= 0:
        raise InsufficientEvidence(
            "expected a judge that accepts the references more often than non-images, received "
            f"{reference.value:.3g} and {false_acceptance.value:.3g}: no ratio can be formed"
        )
    ratio = (drawn.value - false_acceptance.value) / room
    error = math.hypot(drawn.error, ratio * reference.error) / room
    steepest = _steepest(ratio, drawn, reference, false_acceptance)
    return ratio, error, (ratio - 1) / room, steepest


def _steepest(
    ratio: float, draws: Estimate, references: Estimate, false_acceptance: Estimate
) -> float:
    """Return by how much a ratio falls, a unit of false acceptance, up to the highest likely one.

    The ratio falls faster the higher the false acceptance is, so that the derivative would make
    too little of a large error. It cannot fall below 0: the draws are accepted as often as that.
    Where a likely kind of non-image is accepted as often as the references, and the draws are, too,
    all of them may be non-images: then the ratio says nothing, and may be 0.
    """
    false = false_acceptance.value
    rise = false_acceptance.kind.reach(LIKELY)[1]
    room = references.value - false
    if draws.value >= references.value:
        return -ratio / room if rise >= room else (ratio - 1) / room
    highest = min(false + rise, max(draws.value, false))
    return (ratio - 1) / (references.value - highest)


def _estimate(rate: Rate) -> Estimate:
    return rate if isinstance(rate, Estimate) else share(rate)


def _independent(accepted: Hits, groups: NDArray[np.int64]) -> float:
    """Count the independent hits and misses that would scatter as those of the groups do."""
    members = np.unique(groups, return_inverse=True)[1]
    n, count, value = len(accepted), members.max() + 1, accepted.mean()
    if np.shape(groups) != accepted.shape or count < 2:
        raise ValueError(
            f"expected groups of shape ({n},), two or more, received {count} in {np.shape(groups)}"
        )
    if value in (0, 1):
        return float(count)
    sums = np.bincount(members, weights=accepted - value)
    variance = count / (count - 1) * float((sums**2).sum()) / n**2
    return min(value * (1 - value) / variance, n) if variance > 0 else n


def _total(estimate: Estimate) -> float:
    return math.hypot(estimate.error, estimate.shared)
