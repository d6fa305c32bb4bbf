"""How much of what a model can make lies among its draws: recall, against held-out codes."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from aelatent.inference.estimates import Estimate, Evidence, estimate
from aelatent.judges.judged_samples import JudgedSamples
from aelatent.latent.cloud import Floats
from aelatent.statistics.diversity import Distances
from aelatent.statistics.jackknife import contributions
from aelatent.zoo import ReplicateLike
from aelatent.zoo.replicate import references

Places = NDArray[np.intp]
Pixels = NDArray[np.uint8]
CELLS = 16
"""An image is compared by its colours, averaged over up to so many cells in each direction."""


def features(pixels: Pixels) -> Floats:
    """Return the colours of images, averaged over cells.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (n, h, w, c)

    Returns
    -------
    ndarray of float64, shape (n, f)
        In [0, 1]; ``f = 16 * 16 * c`` for images of 16 pixels a side or more.
    """
    means = pixels.astype(np.float64) / 255
    for axis in (1, 2):
        size = means.shape[axis]
        edges = np.arange(min(CELLS, size)) * size // min(CELLS, size)
        widths = np.diff(edges, append=size)
        sums = np.add.reduceat(means, edges, axis=axis)
        means = sums / np.expand_dims(widths, [other for other in range(4) if other != axis])
    return means.reshape(len(pixels), -1)


def recall(samples: JudgedSamples) -> Estimate:
    """Return the share of reconstructions of held-out images that lie among the draws.

    A reconstruction lies among the draws if it is nearer to one of them than this one's fifth
    nearest fellow is (Kynkäänniemi and others, 2019). Of the draws as many count as there are
    reconstructions to compare them with in `recall_ratio`. Gaps between draws that are narrower
    than the distance to a fifth neighbour are not seen: the loss of single images is understated.

    Parameters
    ----------
    samples : JudgedSamples

    Returns
    -------
    Estimate
        0 if all draws are one image.
    """
    shown = _reconstructed(samples.replicate)
    drawn = shown.compared_with(shown.as_many(features(samples.pixels)))
    return shown.estimate(lambda some: _share_among(drawn, some))


def recall_ratio(samples: JudgedSamples) -> Estimate:
    """Return the recall of draws, over that of as many other reconstructions.

    No person is in both sets of reconstructions.

    Parameters
    ----------
    samples : JudgedSamples

    Returns
    -------
    Estimate
        0 if all draws are one image, about 1 if they are as varied as reconstructions. A model
        whose reconstructions all are one image has no variety to keep: 0.
    """
    shown = _reconstructed(samples.replicate)
    draws = shown.as_many(features(samples.pixels))
    drawn, peers = (shown.compared_with(items) for items in (draws, shown.peers[: len(draws)]))

    def ratio(some: Places) -> float:
        most = _share_among(peers, some)
        return _share_among(drawn, some) / most if most else 0.0

    return shown.estimate(ratio)


def relative_recall(judged: Iterable[JudgedSamples]) -> Evidence:
    """Return the `recall_ratio` of the draws of each replicate, as evidence."""
    unit = "recall over that of reconstructions"
    return estimate(recall_ratio, judged, unit=unit, bounds=(0.0, math.inf))


def recall_difference(
    pair: tuple[JudgedSamples, JudgedSamples],
    of: Callable[[JudgedSamples], Estimate] = recall,
) -> Estimate:
    """Return by how much the recall of the first samples exceeds that of the second.

    Parameters
    ----------
    pair : tuple of JudgedSamples
        Of models that were shown the same images.
    of : callable
        `recall`, or `recall_ratio` for each model against its own reconstructions.

    Returns
    -------
    Estimate
    """
    first, second = (of(samples) for samples in pair)
    return Estimate(
        first.value - second.value,
        float(np.hypot(first.error, second.error)),
        images=tuple(np.subtract(first.images, second.images).tolist()),
    )


def reconstructions_apart(replicate: ReplicateLike) -> tuple[Pixels, Pixels]:
    """Return two sets of reconstructions of held-out images, with no person in both.

    Parameters
    ----------
    replicate : ReplicateLike

    Returns
    -------
    tuple of ndarray of uint8, shapes (n, h, w, c) and (m, h, w, c)
        About as many in both.
    """
    shown, odd = replicate.reconstruct(), _members(replicate) % 2 == 1
    return shown[~odd], shown[odd]


def _members(replicate: ReplicateLike) -> NDArray[np.int64]:
    """Return a number for each reconstruction, the same for images of one person."""
    held_out = replicate.held_out
    places = references(held_out.n)
    persons = places if held_out.groups is None else held_out.groups[places]
    return np.unique(persons, return_inverse=True)[1]


@dataclass(frozen=True, eq=False)
class _Reconstructed:
    """Features of two sets of reconstructions of held-out images, with no person in both.

    Attributes
    ----------
    references, peers : ndarray of float64, shapes (n, f) and (m, f)
        Those that should lie among the draws, and those that the draws are compared with.
    groups : ndarray of int64, shape (n,)
        Of the references: images of one person share a value.
    """

    references: Floats
    peers: Floats
    groups: NDArray[np.int64]

    @classmethod
    def of(cls, replicate: ReplicateLike) -> _Reconstructed:
        known, peers = reconstructions_apart(replicate)
        members = _members(replicate)
        return cls(features(known), features(peers), members[members % 2 == 0])

    def as_many(self, draws: Floats) -> Floats:
        """Return as many draws as there are peers, or fewer."""
        return draws[: len(self.peers)]

    def compared_with(self, items: Floats) -> Distances:
        """Return the distances between the references and other images."""
        return Distances.of(self.references, items)

    def estimate(self, statistic: Callable[[Places], float]) -> Estimate:
        """Return a share of the references with its error; one reference more or less is likely."""
        places = np.arange(len(self.references))
        parts = contributions(
            lambda some: statistic(some.astype(np.intp)), places, groups=self.groups
        )
        return Estimate(statistic(places), 1 / len(places), images=parts)


def _share_among(found: Distances, some: Places) -> float:
    return found.part(some, np.arange(found.between.shape[1])).recall()


def _reconstructed(replicate: ReplicateLike) -> _Reconstructed:
    if replicate not in _KNOWN:
        _KNOWN[replicate] = _Reconstructed.of(replicate)
    return _KNOWN[replicate]


# Every claim about the variety of a replicate's draws compares them with the same images.
_KNOWN: WeakKeyDictionary[Any, _Reconstructed] = WeakKeyDictionary()
