"""Codes that were decoded and judged, and the hit rates that follow."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any, Literal
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from aelatent.inference.estimates import Estimate, Evidence, InsufficientEvidence, estimate
from aelatent.inference.intervals import Bounds
from aelatent.inference.rules import THRESHOLD
from aelatent.judges.grade import Grade
from aelatent.judges.grading import Grades, Measures
from aelatent.judges.held_out_decodes import Others, recalled
from aelatent.judges.judge import RuleJudge
from aelatent.judges.registry import ImageJudge
from aelatent.latent.cloud import Floats
from aelatent.samplers.ladder import Sampler
from aelatent.statistics import rates, validation
from aelatent.statistics.diversity import Distances
from aelatent.statistics.region import inside_ratio
from aelatent.zoo import FixtureModel, ReplicateLike
from aelatent.zoo.replicate import references

CLEAN, RECOGNISABLE = Grade.CLEAN, Grade.DAMAGED
"""The grades that claims ask for: recognisable images are damaged or clean."""


@dataclass(frozen=True, eq=False)
class JudgedSamples:
    """Codes that one replicate decoded, and what the judge measured of the images.

    Attributes
    ----------
    replicate : ReplicateLike
    judge : ImageJudge
    codes : ndarray of float64, shape (n, d)
    pixels : ndarray of uint8, shape (n, h, w, c)
    measures : mapping of str to ndarray of float64, shape (n,)
    """

    replicate: ReplicateLike
    judge: ImageJudge
    codes: Floats
    pixels: NDArray[np.uint8]
    measures: Mapping[str, Measures]

    def grades(self, reading: str = THRESHOLD) -> Grades:
        """Return the grade of each image at a reading of the judge."""
        return self.judge.grades(self.measures, reading)

    def accepted(self, grade: Grade = CLEAN, reading: str = THRESHOLD) -> NDArray[np.bool_]:
        """Return which images reach a grade.

        Parameters
        ----------
        grade : Grade
        reading : str
            Of the judge.

        Returns
        -------
        ndarray of bool, shape (n,)
        """
        return np.asarray(self.grades(reading) >= grade)

    def classes(self, reading: str = THRESHOLD) -> NDArray[np.int64]:
        """Return the class of each image that is recognisable at a reading, -1 for the others."""
        return self.judge.classes(self.pixels, self.grades(reading))

    def rate(self, grade: Grade = CLEAN, reading: str = THRESHOLD) -> Estimate:
        """Share of images that reach a grade, corrected for the judge's errors.

        Parameters
        ----------
        grade : Grade
        reading : str
            Of the judge.

        Returns
        -------
        Estimate

        Raises
        ------
        ValueError
            As `aelatent.statistics.rates.corrected_rate`.
        """
        card = self.judge.card
        errors = card.sensitivity(grade, reading), card.false_acceptance(grade, reading)
        return rates.corrected_rate(self.accepted(grade, reading), *errors)

    def rate_where(
        self, condition: NDArray[np.bool_], grade: Grade = CLEAN, reading: str = THRESHOLD
    ) -> Estimate:
        """Share of images that reach a grade and meet a condition, without the judge's errors.

        The judge's false acceptances are those of the images that meet the condition.

        Parameters
        ----------
        condition : ndarray of bool, shape (n,)
            Known without error, such as whether a code lies in a region.
        grade : Grade
        reading : str
            Of the judge.

        Returns
        -------
        Estimate

        Raises
        ------
        ValueError
            As `aelatent.statistics.rates.corrected_rate`.
        """
        sensitivity = self.judge.card.sensitivity(grade, reading)
        false = self.judge.card.false_acceptance(grade, reading)
        reach = validation.youden_index(sensitivity.value, false.value)
        met = float(np.mean(condition))
        both = rates.share(self.accepted(grade, reading) & condition)
        rate = (both.value - met * false.value) / reach
        shared = np.hypot(rate * sensitivity.standard_error, (rate - met) * false.shared) / reach
        within = Estimate(both.value / met if met else 0.0)
        kind = rates.corrected_rate(within, sensitivity, false).kind.times(met)
        return Estimate(rate, both.error / reach, float(shared), kind=kind)

    def ratio(
        self,
        grade: Grade = CLEAN,
        reading: str = THRESHOLD,
        groups: NDArray[np.int64] | None = None,
    ) -> Estimate:
        """Hit rate over that of the replicate's own reconstructions of held-out images.

        The judge's sensitivity cancels; its false acceptances are subtracted from both rates.

        Parameters
        ----------
        grade : Grade
        reading : str
            Of the judge.
        groups : ndarray of int64, shape (n,), optional
            Codes that are not independent, such as points of one path, share a value.

        Returns
        -------
        Estimate
        """
        drawn = rates.share(self.accepted(grade, reading), groups)
        references = self.references(grade, reading)
        return rates.hit_ratio(drawn, references, self.judge.card.false_acceptance(grade, reading))

    def references(self, grade: Grade = CLEAN, reading: str = THRESHOLD) -> Estimate:
        """Share of the replicate's reconstructions of held-out images that reach a grade.

        Parameters
        ----------
        grade : Grade
        reading : str
            Of the judge.

        Returns
        -------
        Estimate
        """
        good = reconstructions(self.replicate, self.judge, grade, reading)
        groups = self.replicate.held_out.groups
        if groups is not None:
            groups = groups[references(len(groups))]
        return rates.share(good, groups)

    def relative_recall(self, grade: Grade = CLEAN, reading: str = THRESHOLD) -> Estimate:
        """Recall of the good images over that of reconstructions: the share of variety they reach.

        Not the number of `aelatent.judges.variety.relative_recall`, whose references are
        reconstructions of held-out images, compared by mean colours.

        Half of the held-out codes give the references. The other half, or as many of its codes as
        there are images, is what the images are compared with. See
        `aelatent.statistics.diversity.recall`; distances are those of pixels. Only images that
        reach the grade count, and none reaches farther than nearly all of the others do: images of
        anything at all lie far from each other, and so near to all references. Images that are all
        the same have none; nor has a model whose reconstructions are.

        Parameters
        ----------
        grade : Grade
        reading : str
            Of the judge.

        Returns
        -------
        Estimate
            All replicates share its error, which comes from the references: they are the same
            images.
        """
        drawn, others = self._compared
        good = np.flatnonzero(self.accepted(grade, reading)[: len(drawn.draws)])
        everywhere, of_others = np.arange(len(drawn.references)), others.reached
        reached = rates.share(drawn.part(everywhere, good).reached(most=others.reach))
        scale = 1 / of_others if of_others > 0 else 0.0
        return Estimate(reached.value * scale, shared=reached.error * max(scale, 1.0))

    @cached_property
    def _compared(self) -> tuple[Distances, Others]:
        """The images, and as many decoded held-out codes, against the other held-out codes."""
        codes = recalled(self.replicate)
        n = min(len(codes.others), len(self.pixels))
        others = codes.first(n)
        among = others.distances.references
        return Distances.of_pixels(codes.references, self.pixels[:n], among), others

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
    return JudgedSamples(replicate, judge, codes, pixels, _measures(judge, pixels))


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


def at_each_reading(judge: ImageJudge, evidence: Callable[[str], Evidence]) -> Evidence:
    """Return evidence about judged images, with what it comes to at each reading of the judge.

    Parameters
    ----------
    judge : ImageJudge
    evidence : callable
        From the name of a reading to `Evidence`; it draws no random numbers.

    Returns
    -------
    Evidence
        That at the judge's threshold, with the other readings.

    Examples
    --------
    A statistic of a claim's own, such as the mean grade::

        def mean_grade(samples, reading):
            return rates.share(samples.grades(reading) > Grade.NONE)

        evidence = at_each_reading(
            judge, lambda reading: estimate(partial(mean_grade, reading=reading), judged)
        )
    """
    main, *others = judge.readings
    return evidence(main).with_readings({reading: evidence(reading) for reading in others})


def estimate_judged(
    judged: Iterable[JudgedSamples],
    statistic: Callable[..., Estimate],
    grade: Grade,
    unit: str,
    bounds: Bounds,
) -> Evidence:
    """Estimate a statistic of judged samples over replicates, at each reading of their judge.

    Parameters
    ----------
    judged : iterable of JudgedSamples
        One a replicate.
    statistic : callable
        From samples, with `grade` and `reading` by name, to an `Estimate`.
    grade : Grade
    unit : str
        What the statistic is measured in, in words.
    bounds : tuple of float
        As in `aelatent.inference.estimates.estimate`.

    Returns
    -------
    Evidence
        With all readings of the judge.

    Raises
    ------
    InsufficientEvidence
        As `aelatent.inference.estimates.interval_over_replicates`.
    """
    samples = list(judged)
    if not samples:
        raise InsufficientEvidence("expected two replicates or more, received none")
    return at_each_reading(
        samples[0].judge,
        lambda reading: estimate(
            partial(statistic, grade=grade, reading=reading), samples, unit=unit, bounds=bounds
        ),
    )


def hit_rate(judged: Iterable[JudgedSamples], grade: Grade = CLEAN) -> Evidence:
    """Return the share of images that reach a grade, corrected for the judge's errors.

    Parameters
    ----------
    judged : iterable of JudgedSamples
        One a replicate.
    grade : Grade

    Returns
    -------
    Evidence
        With all readings of the judge.

    Raises
    ------
    InsufficientEvidence
        As `aelatent.inference.estimates.interval_over_replicates`.
    """
    unit = f"corrected rate of {_word(grade)} images"
    return estimate_judged(judged, JudgedSamples.rate, grade, unit, bounds=(0.0, 1.0))


def hit_ratio(
    judged: Iterable[JudgedSamples],
    grade: Grade = CLEAN,
    groups: NDArray[np.int64] | None = None,
) -> Evidence:
    """Return the rate of images that reach a grade over that of reconstructions.

    Parameters
    ----------
    judged : iterable of JudgedSamples
        One a replicate.
    grade : Grade
    groups : ndarray of int64, shape (n,), optional
        Codes that are not independent share a value.

    Returns
    -------
    Evidence
        With all readings of the judge.

    Raises
    ------
    InsufficientEvidence
        As `aelatent.inference.estimates.interval_over_replicates`.
    """
    unit = f"rate of {_word(grade)} images over that of reconstructions"
    ratio = partial(JudgedSamples.ratio, groups=groups)
    return estimate_judged(judged, ratio, grade, unit, (0.0, math.inf))


def image_recall(judged: Iterable[JudgedSamples], grade: Grade = CLEAN) -> Evidence:
    """Return the `relative_recall` of the images that reach a grade, as evidence.

    Parameters
    ----------
    judged : iterable of JudgedSamples
        One a replicate.
    grade : Grade

    Returns
    -------
    Evidence
        With all readings of the judge.

    Raises
    ------
    InsufficientEvidence
        As `aelatent.inference.estimates.interval_over_replicates`.
    """
    unit = "recall over that of codes"
    return estimate_judged(judged, JudgedSamples.relative_recall, grade, unit, (0.0, math.inf))


def ratio_difference(
    pair: tuple[JudgedSamples, JudgedSamples], grade: Grade = CLEAN, reading: str = THRESHOLD
) -> Estimate:
    """Return by how much the hit ratio of the first samples exceeds that of the second.

    Parameters
    ----------
    pair : tuple of JudgedSamples
    grade : Grade
    reading : str
        Of the judge.

    Returns
    -------
    Estimate
    """
    first, second = pair
    return rates.rate_difference(
        first.accepted(grade, reading),
        first.references(grade, reading),
        second.accepted(grade, reading),
        second.references(grade, reading),
        first.judge.card.false_acceptance(grade, reading),
    )


def ratio_to(
    samples: JudgedSamples,
    others: JudgedSamples,
    grade: Grade = CLEAN,
    reading: str = THRESHOLD,
) -> Estimate:
    """Return the rate of images that reach a grade, over that of other samples under one judge.

    Parameters
    ----------
    samples, others : JudgedSamples
    grade : Grade
    reading : str
        Of the judge.

    Returns
    -------
    Estimate
    """
    return rates.hit_ratio(
        samples.accepted(grade, reading),
        others.accepted(grade, reading),
        samples.judge.card.false_acceptance(grade, reading),
    )


def rate_contrast(
    added: Sequence[JudgedSamples],
    subtracted: Sequence[JudgedSamples],
    grade: Grade = CLEAN,
    reading: str = THRESHOLD,
) -> Estimate:
    """Return a sum of corrected rates minus another of as many, under one judge.

    The judge's false acceptances cancel, and its errors scale what is left.

    Parameters
    ----------
    added, subtracted : sequence of JudgedSamples
        Of the same length.
    grade : Grade
    reading : str
        Of the judge.

    Returns
    -------
    Estimate

    Raises
    ------
    ValueError
        As `aelatent.statistics.rates.corrected_rate`.
    """
    shares = [
        [rates.share(samples.accepted(grade, reading)) for samples in side]
        for side in (added, subtracted)
    ]
    card = added[0].judge.card
    sensitivity, false = card.sensitivity(grade, reading), card.false_acceptance(grade, reading)
    reach = validation.youden_index(sensitivity.value, false.value)
    more, less = (sum(share.value for share in side) for side in shares)
    difference = (more - less) / reach
    error = np.sqrt(sum(share.error**2 for side in shares for share in side)) / reach
    scale = np.hypot(sensitivity.standard_error, false.shared) / reach
    kind = false.kind.times(difference / reach)
    return Estimate(difference, float(error), float(abs(difference) * scale), kind=kind)


def reconstructions(
    replicate: ReplicateLike,
    judge: ImageJudge,
    grade: Grade = CLEAN,
    reading: str = THRESHOLD,
) -> NDArray[np.bool_]:
    """Return which reconstructions of held-out images reach a grade.

    Parameters
    ----------
    replicate : ReplicateLike
    judge : ImageJudge
    grade : Grade
    reading : str
        Of the judge.

    Returns
    -------
    ndarray of bool, shape (n,)
    """
    known = _RECONSTRUCTED.setdefault(replicate, {})
    if id(judge.judge) not in known:
        known[id(judge.judge)] = judge.judge, judge.measures(replicate.reconstruct())
    _, measures = known[id(judge.judge)]
    return np.asarray(judge.grades(measures, reading) >= grade)


# What judges measured of the reconstructions of a replicate: every claim about it asks again. The
# judge is kept beside its measures, so that no other one can get its identity.
_RECONSTRUCTED: WeakKeyDictionary[Any, dict[int, tuple[Any, Mapping[str, Measures]]]] = (
    WeakKeyDictionary()
)


def _measures(judge: ImageJudge, pixels: NDArray[np.uint8]) -> Mapping[str, Measures]:
    """Return what the judge measures, at first use: some claims want nothing but images.

    Other judges than the library's may draw random numbers, whose order counts.
    """
    if isinstance(getattr(judge, "judge", None), RuleJudge):
        return _MeasuredLater(lambda: judge.measures(pixels))
    return judge.measures(pixels)


class _MeasuredLater(Mapping[str, Measures]):
    """Measures that are found when one of them is first asked for."""

    def __init__(self, find: Callable[[], Mapping[str, Measures]]) -> None:
        self._find = find

    @cached_property
    def _found(self) -> Mapping[str, Measures]:
        return self._find()

    def __getitem__(self, name: str) -> Measures:
        return self._found[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)


def _word(grade: Grade) -> str:
    return "recognisable" if grade == RECOGNISABLE else grade.word
