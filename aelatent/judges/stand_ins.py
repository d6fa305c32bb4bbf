"""Stand-ins for a replicate in controls: a decoder of noise, and one that ignores its code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from aelatent.judges.grade import Grade
from aelatent.judges.registry import ImageJudge
from aelatent.latent.cloud import Floats
from aelatent.zoo import ReplicateLike

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class StandIn:
    """A replicate with another decoder; all else is that of the replicate.

    Attributes
    ----------
    replicate : ReplicateLike
    decoder : callable
        From codes (n, d) to images (n, h, w, c).
    reconstructed : callable
        Returns the reconstructions that a judge sees.
    """

    replicate: ReplicateLike
    decoder: Callable[[Floats], Pixels]
    reconstructed: Callable[[], Pixels]

    def decode(self, codes: Floats) -> Pixels:
        """Decode codes by the other decoder."""
        return self.decoder(codes)

    def reconstruct(self) -> Pixels:
        """Return the reconstructions that a judge sees."""
        return self.reconstructed()

    def __getattr__(self, name: str) -> Any:
        """Return what the replicate has under this name."""
        return getattr(self.replicate, name)


def decoding_to_noise(replicate: ReplicateLike, rng: np.random.Generator) -> ReplicateLike:
    """Return a replicate that decodes any code to noise; its reconstructions stay.

    Parameters
    ----------
    replicate : ReplicateLike
    rng : numpy.random.Generator

    Returns
    -------
    ReplicateLike
    """
    shape = replicate.reconstruct().shape[1:]

    def noise(codes: Floats) -> Pixels:
        return rng.integers(0, 256, (len(codes), *shape), dtype=np.uint8)

    return cast("ReplicateLike", StandIn(replicate, noise, replicate.reconstruct))


def decoding_to_one_image(replicate: ReplicateLike, judge: ImageJudge) -> ReplicateLike:
    """Return a replicate that decodes any code to one good image, and reconstructs nothing else.

    Parameters
    ----------
    replicate : ReplicateLike
    judge : ImageJudge
        The image is the first reconstruction that is clean at most of its readings.

    Returns
    -------
    ReplicateLike
    """
    seen = replicate.reconstruct()
    measures = judge.measures(seen)
    clean = sum(
        (judge.grades(measures, reading) == Grade.CLEAN).astype(int) for reading in judge.readings
    )
    image = seen[int(np.argmax(clean))]

    def repeat(codes: Floats) -> Pixels:
        return np.repeat(image[None], len(codes), axis=0)

    return cast(
        "ReplicateLike",
        StandIn(replicate, repeat, lambda: np.repeat(image[None], len(seen), axis=0)),
    )
