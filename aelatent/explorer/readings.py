"""What a decoder makes of codes, how far they lie from the centre, and what the judge says."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from aelatent.judges.judge import Pixels, Sorter
from aelatent.judges.registry import ImageJudge
from aelatent.latent.cloud import Floats, LatentCloud
from aelatent.statistics import region
from aelatent.zoo import Replicate


@dataclass(frozen=True, eq=False)
class Ruler:
    """Measures how far codes lie from the centre of a cloud.

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
class Readings:
    """What was found at codes.

    Attributes
    ----------
    pixels : ndarray of uint8, shape (n, h, w, c)
    distances : ndarray of float64, shape (n,)
    scores : ndarray of float64, shape (n,), or None
        The judge's, where the model has one.
    classes : ndarray of int64, shape (n,), or None
        The digit that a judge of digits reads; -1 where it abstains.
    """

    pixels: Pixels
    distances: Floats
    scores: Floats | None = None
    classes: NDArray[np.int64] | None = None


def readings(replicate: Replicate, codes: Floats, eye: ImageJudge | None, ruler: Ruler) -> Readings:
    """Decode codes of shape (n, d), judge the images and measure the distances."""
    pixels, distances = replicate.decode(codes), ruler.distances(codes)
    if eye is None:
        return Readings(pixels, distances)
    classes = eye.classes(pixels) if isinstance(eye.judge, Sorter) else None
    return Readings(pixels, distances, eye.judge.scores(pixels), classes)
