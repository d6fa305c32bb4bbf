"""Draws between neighbouring codes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from aelatent.latent.cloud import LatentCloud
from aelatent.samplers.distributions import NeighbourSteps
from aelatent.samplers.ladder import FittedSampler

NEAREST = 5
MOST = 2000  # codes that are kept to start from


@dataclass(frozen=True)
class BetweenNeighbours(FittedSampler):
    """A code that moves up to half of the way towards one of its five nearest neighbours."""

    name: str = "between neighbouring codes"
    needs_covariance: ClassVar[bool] = False

    def fit(self, cloud: LatentCloud) -> NeighbourSteps:
        """Return it with the first codes of the cloud and their neighbours."""
        from sklearn.neighbors import NearestNeighbors

        kept = cloud.z_mean[:MOST]
        nearest = NearestNeighbors(n_neighbors=min(NEAREST, len(kept) - 1)).fit(kept)
        return NeighbourSteps(kept, nearest.kneighbors()[1])
