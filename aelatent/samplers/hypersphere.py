"""Directions at random, as far from the origin as the codes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from aelatent.latent.cloud import LatentCloud
from aelatent.samplers.distributions import Shell
from aelatent.samplers.ladder import FittedSampler

QUANTILES = np.linspace(0, 1, 101)


@dataclass(frozen=True)
class Hypersphere(FittedSampler):
    """Uniform on the sphere, with radii distributed as those of the codes.

    Of codes that a network puts on a sphere it is the uniform distribution on that sphere. Sampler
    of hyperspherical autoencoders (Davidson et al., "Hyperspherical variational auto-encoders",
    2018).
    """

    name: str = "uniform on a sphere, radii of the codes"
    needs_covariance: ClassVar[bool] = False

    def fit(self, cloud: LatentCloud) -> Shell:
        """Return it with quantiles of the codes' radii."""
        return Shell(np.quantile(cloud.radii, QUANTILES), cloud.d)
