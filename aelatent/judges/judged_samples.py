"""Codes that were decoded and judged, and the hit rates that follow."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from aelatent.inference.estimates import Estimate, Evidence, estimate
from aelatent.judges.registry import ImageJudge
from aelatent.latent.cloud import Floats
from aelatent.samplers.ladder import Sampler
from aelatent.statistics import rates
from aelatent.statistics.region import inside_ratio
from aelatent.zoo import FixtureModel, ReplicateLike


@dataclass(frozen=True, eq=False)
class JudgedSamples:
    """Codes that one replicate decoded, and the judge's decision on each image.

    Attributes
    ----------
    replicate : ReplicateLike
    judge : ImageJudge
    codes : ndarray of float64, shape (n, d)
    pixels : ndarray of uint8, shape (n, h, w, c)
    accepted : ndarray of bool, shape (n,)
    """

    replicate: ReplicateLike
    judge: ImageJudge
    codes: Floats
    pixels: NDArray[np.uint8]
    accepted: NDArray[np.bool_]

    def rate(self) -> Estimate:
        """Share of decoded codes that show what they should, corrected for the judge's errors."""
        card = self.judge.card
        return rates.corrected_rate(self.accepted, card.sensitivity, card.false_acceptance)

    def ratio(self, groups: NDArray[np.int64] | None = None) -> Estimate:
        """Hit rate over that of the replicate's own reconstructions of held-out images.

        The judge's sensitivity cancels; its false acceptances are subtracted from both rates.

        Parameters
        ----------
        groups : ndarray of int64, shape (n,), optional
            Codes that are not independent, such as points of one path, share a value.

        Returns
        -------
        Estimate
        """
        people = self.replicate.held_out.groups
        references = rates.share(reconstructions(self.replicate, self.judge), people)
        drawn = rates.share(self.accepted, groups)
        return rates.hit_ratio(drawn, references, self.judge.card.false_acceptance)

    def inside(self) -> Estimate:
        """Share of the codes inside the ellipsoid of 99 % of held-out codes, over their share."""
        return inside_ratio(self.codes, self.replicate.train, self.replicate.held_out.z_mean)


def decode_and_judge(replicate: ReplicateLike, codes: Floats, judge: ImageJudge) -> JudgedSamples:
    """Decode codes with a replicate and judge the images.

    Parameters
    ----------
    replicate : ReplicateLike
    codes : ndarray of float64, shape (n, d)
    judge : ImageJudge

    Returns
    -------
    JudgedSamples
    """
    pixels = replicate.decode(codes)
    return JudgedSamples(replicate, judge, codes, pixels, judge.accepts(pixels))


def judge_draws(
    model: FixtureModel,
    sampler: Sampler,
    n: int,
    judge: ImageJudge,
    rng: np.random.Generator,
    *,
    split: Literal["train", "held_out"] = "train",
) -> list[JudgedSamples]:
    """Draw codes for each replicate of a model, decode them and judge the images.

    Parameters
    ----------
    model : FixtureModel
    sampler : Sampler
    n : int
        Draws for each replicate.
    judge : ImageJudge
    rng : numpy.random.Generator
    split : str
        The codes that the sampler is fitted to.

    Returns
    -------
    list of JudgedSamples
        One entry a replicate.
    """
    return [
        decode_and_judge(r, sampler.draw(n, getattr(r, split), rng), judge)
        for r in model.replicates
    ]


def hit_rate(judged: Iterable[JudgedSamples]) -> Evidence:
    """Return the share of good images over replicates, corrected for the judge's errors."""
    return estimate(JudgedSamples.rate, judged, unit="corrected hit rate")


def hit_ratio(judged: Iterable[JudgedSamples]) -> Evidence:
    """Return the hit rate over that of reconstructions, over replicates."""
    return estimate(JudgedSamples.ratio, judged, unit="hit rate over that of reconstructions")


def ratio_difference(pair: tuple[JudgedSamples, JudgedSamples]) -> Estimate:
    """Return by how much the hit ratio of the first samples exceeds that of the second."""
    first, second = pair
    return rates.rate_difference(
        first.accepted,
        reconstructions(first.replicate, first.judge),
        second.accepted,
        reconstructions(second.replicate, second.judge),
        first.judge.card.false_acceptance,
    )


def reconstructions(replicate: ReplicateLike, judge: ImageJudge) -> NDArray[np.bool_]:
    """Return which held-out reconstructions the judge accepts, by their stored scores.

    Parameters
    ----------
    replicate : ReplicateLike
        Its scores come from the same judge.
    judge : ImageJudge

    Returns
    -------
    ndarray of bool, shape (n,)
    """
    return replicate.scores["reconstructions"] >= judge.threshold
