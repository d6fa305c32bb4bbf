"""Decodes of held-out codes, which the recall of images is measured with."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from aelatent.statistics.diversity import Distances
from aelatent.zoo import ReplicateLike
from aelatent.zoo.replicate import Replicate

MOST_CODES = 2000
"""Held-out codes that the recall of images is measured with."""


@dataclass(frozen=True, eq=False)
class _Recalled:
    """Decoded held-out codes: half are references, the others what draws are compared with.

    Attributes
    ----------
    references, others : ndarray of uint8, shape (n, h, w, c)
    """

    references: NDArray[np.uint8]
    others: NDArray[np.uint8]
    known: dict[int, Others] = field(default_factory=dict)

    @classmethod
    def of(cls, replicate: ReplicateLike) -> _Recalled:
        codes = replicate.held_out.z_mean[:MOST_CODES]
        decoded = replicate.decode(np.random.default_rng(0).permutation(codes))
        return cls(decoded[::2], decoded[1::2])

    def first(self, n: int) -> Others:
        """Return the first `n` others."""
        if n not in self.known:
            among = next((found.distances.references for found in self.known.values()), None)
            found = Distances.of_pixels(self.references, self.others[:n], among)
            self.known[n] = Others(found)
        return self.known[n]


@dataclass(frozen=True, eq=False)
class Others:
    """Some of the other codes, and what every reading of a judge asks about them.

    Attributes
    ----------
    distances : Distances
        Of the references and these codes, all decoded.
    """

    distances: Distances

    @cached_property
    def reach(self) -> float:
        """How far nearly all of them lie, at most, from their fifth neighbour."""
        return self.distances.reach()

    @cached_property
    def reached(self) -> float:
        """Their recall, none reaching farther than that."""
        return float(self.distances.reached(most=self.reach).mean())


def recalled(replicate: ReplicateLike) -> _Recalled:
    """Return decoded held-out codes, kept for a trained replicate: other decoders may be random."""
    return _kept(replicate) if isinstance(replicate, Replicate) else _Recalled.of(replicate)


# Claims about a model follow each other, and it has five replicates; images fill the memory.
_kept = lru_cache(maxsize=6)(_Recalled.of)
