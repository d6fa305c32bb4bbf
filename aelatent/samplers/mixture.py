"""A mixture of Gaussians in the leading principal components."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar

import numpy as np

from aelatent.latent.cloud import Floats, LatentCloud
from aelatent.samplers.distributions import Distribution, PrincipalMixture
from aelatent.samplers.ladder import FittedSampler, Gaussian

LEADING = 20  # principal components in which a mixture tells its parts apart
PARTS = 2, 4, 8


@dataclass(frozen=True)
class Mixture(FittedSampler):
    """A mixture of Gaussians in the leading principal components, one Gaussian in the rest.

    Of several numbers of parts the one is taken that predicts a fifth of the codes best. The
    cloud's principal axes must come with the largest variance first.

    Attributes
    ----------
    parts : tuple of int
        The numbers to try; where there are too few codes for all of them, there is one part.
    """

    parts: tuple[int, ...] = PARTS
    name: str = "mixture of Gaussians"
    needs_covariance: ClassVar[bool] = True

    def fit(self, cloud: LatentCloud) -> PrincipalMixture:
        """Return it along the principal axes of the cloud."""
        return _fitted(cloud, self.parts)

    def name_of(self, fitted: Distribution) -> str:
        """Name the mixture with the number of its parts."""
        found = len(fitted.arrays["weights"])
        if len(self.parts) > 1:
            return f"mixture of {found} Gaussians"
        reduced = f", reduced to {found}" if found != self.parts[0] else ""
        return f"mixture of {self.parts[0]} Gaussians{reduced}"


# A mixture takes seconds to fit, and the same cloud is drawn from again and again.
@lru_cache(maxsize=16)
def _fitted(cloud: LatentCloud, parts: tuple[int, ...]) -> PrincipalMixture:
    axes = Gaussian().fit(cloud).arrays["factor"]
    m = min(LEADING, len(axes))
    lengths = (axes[:m] ** 2).sum(axis=1)
    scores = (cloud.z_mean - cloud.mean) @ axes[:m].T / np.maximum(lengths, 1e-300)
    best = _best_mixture(scores, parts)
    factors = np.linalg.cholesky(best.covariances_).transpose(0, 2, 1)
    return PrincipalMixture(cloud.mean, axes, best.weights_, best.means_, factors)


def _best_mixture(scores: Floats, parts: Sequence[int]) -> Any:
    """Return the mixture, fitted to four fifths of the scores, that predicts the others best."""
    from sklearn.mixture import GaussianMixture

    unseen = np.arange(len(scores)) % 5 == 0
    enough = [k for k in parts if (~unseen).sum() > 2 * k * scores.shape[1]]
    fits = [
        GaussianMixture(k, reg_covar=1e-3, random_state=0).fit(scores[~unseen])
        for k in enough or [1]
    ]
    return max(fits, key=lambda fitted: fitted.score(scores[unseen]))
