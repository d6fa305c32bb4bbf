"""What a decoder makes of codes, how far they lie from the centre, and what the judge says."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from aelatent.judges.grading import Graded
from aelatent.judges.judge import ClassJudge, Pixels
from aelatent.judges.registry import ImageJudge
from aelatent.latent.cloud import Floats, LatentCloud
from aelatent.statistics import region
from aelatent.zoo import Replicate


@dataclass(frozen=True, eq=False)
class CentreDistance:
    """The distance of codes from the centre of a cloud.

    In Mahalanobis distances, if the cloud's covariance is known in all directions. A cloud of few
    codes in many dimensions is flat, and nearly every point infinitely far from it; then
    correlations are left out and each component has its own standard deviation as its unit.
    """

    cloud: LatentCloud

    @cached_property
    def joint(self) -> bool:
        """Whether distances are Mahalanobis distances."""
        return self.cloud.full_covariance is not None or self.cloud.n > self.cloud.d

    def distances(self, codes: ArrayLike) -> Floats:
        """Return the distance of each code, (n, d), in standard deviations: shape (n,)."""
        if self.joint:
            return region.distances(codes, self.cloud)
        varied = self.cloud.deviations > 0
        away = (np.asarray(codes) - self.cloud.mean)[:, varied] / self.cloud.deviations[varied]
        return np.asarray(np.linalg.norm(away, axis=1))


@dataclass(frozen=True, eq=False)
class Evaluation:
    """Decoded codes: their images, distances, grades, scores and classes.

    Attributes
    ----------
    pixels : ndarray of uint8, shape (n, h, w, c)
    distances : ndarray of float64, shape (n,)
    graded : Graded or None
        Grades and scores by the judge, where the model has one.
    classes : ndarray of int64, shape (n,), or None
        The digit that a judge of digits reads; -1 where it abstains.
    """

    pixels: Pixels
    distances: Floats
    graded: Graded | None = None
    classes: NDArray[np.int64] | None = None


def evaluate(
    replicate: Replicate, codes: Floats, judge: ImageJudge | None, centre_distance: CentreDistance
) -> Evaluation:
    """Decode codes, judge the images and measure the distances.

    Parameters
    ----------
    replicate : Replicate
    codes : ndarray of float64, shape (n, d)
    judge : ImageJudge or None
    centre_distance : CentreDistance

    Returns
    -------
    Evaluation
    """
    pixels, distances = replicate.decode(codes), centre_distance.distances(codes)
    if judge is None:
        return Evaluation(pixels, distances)
    classes = judge.classes(pixels) if isinstance(judge.judge, ClassJudge) else None
    return Evaluation(pixels, distances, judge.grade(pixels), classes)
