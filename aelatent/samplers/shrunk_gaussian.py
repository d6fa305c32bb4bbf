"""A Gaussian whose covariance is drawn towards a multiple of I."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from aelatent.latent.cloud import LatentCloud
from aelatent.samplers.distributions import PrincipalNormal
from aelatent.samplers.ladder import FittedSampler, Gaussian

REFERENCES = 2000  # codes that tell how far to shrink
BLOCK = 2048  # dimensions of a covariance that is held in memory at once


@dataclass(frozen=True)
class ShrunkGaussian(FittedSampler):
    """Multivariate normal, the covariance drawn towards a multiple of I (Ledoit and Wolf, 2004).

    Better than `Gaussian` where there are not many times more codes than dimensions.
    """

    name: str = "Gaussian, covariance shrunk"
    needs_covariance: ClassVar[bool] = True

    def fit(self, cloud: LatentCloud) -> PrincipalNormal:
        """Return it along the principal axes of the cloud."""
        from sklearn.covariance import ledoit_wolf_shrinkage

        factor = Gaussian().fit(cloud).arrays["factor"]
        share = float(ledoit_wolf_shrinkage(cloud.z_mean[:REFERENCES], block_size=BLOCK))
        variances = (factor**2).sum(axis=1)
        level = variances.sum() / cloud.d
        axes = factor / np.sqrt(np.maximum(variances, 1e-300))[:, None]
        lengths = np.sqrt((1 - share) * variances + share * level)
        return PrincipalNormal(cloud.mean, lengths[:, None] * axes)
