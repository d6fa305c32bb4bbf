"""What claims may ask of one training of a model, whichever way it came about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from aelatent.inference.estimates import Estimate
from aelatent.latent.cloud import Floats, LatentCloud


class ReplicateLike(Protocol):
    """One training of a model.

    A stored training is a `Replicate`, a training of a user's model an `AuditedReplicate`, and a
    simulated one a `SimulatedReplicate`. Each raises an error of its own where it lacks something.
    """

    @property
    def specification(self) -> Any:
        """What the model is."""

    @property
    def seed(self) -> int:
        """The seed of the training, or its place among the replicates."""

    @property
    def name(self) -> str:
        """The model and the replicate, in words."""

    @property
    def arrays(self) -> Mapping[str, NDArray[Any]]:
        """All that was measured, by split and field, such as "held_out/z_mean"."""

    @property
    def train(self) -> LatentCloud:
        """Codes of training images."""

    @property
    def held_out(self) -> LatentCloud:
        """Codes of held-out images."""

    @property
    def networks(self) -> Mapping[str, Any]:
        """The Keras networks by name."""

    def reconstruct(self) -> NDArray[np.uint8]:
        """Return reconstructions of held-out images (n, h, w, c), for a judge to compare with."""

    def errors(self, split: str) -> Floats:
        """Return the mean squared error per pixel of each reconstruction of a split, (n,)."""

    def mean_error(self, split: str) -> Estimate:
        """Return the mean squared error per pixel of a split."""

    def posteriors(self, split: str) -> Mapping[str, Floats]:
        """Return what was measured on the posteriors of a VAE in a split."""

    def untrained(self) -> ReplicateLike:
        """Return the same replicate before training."""

    def encode(self, pixels: NDArray[np.uint8]) -> tuple[Floats, Floats | None]:
        """Encode images (n, h, w, c) to codes (n, d), and to log-variances (n, d) for a VAE."""

    def decode(self, codes: NDArray[Any]) -> NDArray[np.uint8]:
        """Decode codes (n, d) to images (n, h, w, c)."""


if TYPE_CHECKING:  # simulations lie below this package: mypy compares them with the protocol here
    from aelatent.simulation.simulated_models import SimulatedReplicate
    from aelatent.zoo.replicate import Replicate

    _: tuple[type[ReplicateLike], ...] = (Replicate, SimulatedReplicate)
