"""How much of what a model can make lies among its draws: recall, against held-out codes."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from aelatent.inference.estimates import Estimate, Evidence
from aelatent.inference.rules import THRESHOLD
from aelatent.judges.grade import Grade
from aelatent.judges.judged_samples import CLEAN, JudgedSamples, estimate_judged
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
    return means.reshape(len(pixels), math.prod(means.shape[1:]))


def recall(samples: JudgedSamples, grade: Grade = CLEAN, reading: str = THRESHOLD) -> Estimate:
    """Return the share of reconstructions of held-out images that lie among the good draws.

    A reconstruction lies among the draws if it is nearer to one of them than this one's fifth
    nearest fellow is (Kynkäänniemi and others, 2019). Of the draws as many are looked at as there
    are reconstructions to compare them with in `recall_ratio`, and those that reach the grade
    count. None reaches farther than nearly all reconstructions do from their fellows: images of
    anything at all lie far from each other, and so near to all reconstructions.
    Gaps between draws that are narrower than the distance to a fifth neighbour are not seen: the
    loss of single images is understated.

    Parameters
    ----------
    samples : JudgedSamples
    grade : Grade
    reading : str
        Of the judge.

    Returns
    -------
    Estimate
        0 if all good draws are one image, or hardly any is good.
    """
    shown = _reconstructed(samples.replicate)
    drawn = shown.reached(*_good(samples, grade, reading))
    return shown.estimate(lambda some: float(drawn[some].mean()))


def recall_ratio(
    samples: JudgedSamples, grade: Grade = CLEAN, reading: str = THRESHOLD
) -> Estimate:
    """Return the recall of good draws, over that of as many other reconstructions as were drawn.

    No person is in both sets of reconstructions.

    Parameters
    ----------
    samples : JudgedSamples
    grade : Grade
    reading : str
        Of the judge.

    Returns
    -------
    Estimate
        0 if all good draws are one image, about 1 if they are as varied as reconstructions. A model
        whose reconstructions all are one image has no variety to keep: 0.
    """
    shown = _reconstructed(samples.replicate)
    drawn = shown.reached(*_good(samples, grade, reading))
    peers = shown.reached(shown.among_peers, np.arange(len(shown.peers))[: len(samples.pixels)])

    def ratio(some: Places) -> float:
        most = peers[some].mean()
        return float(drawn[some].mean() / most) if most else 0.0

    return shown.estimate(ratio)


def relative_recall(judged: Iterable[JudgedSamples], grade: Grade = CLEAN) -> Evidence:
    """Return the `recall_ratio` of the draws of each replicate, as evidence.

    Not the number of `aelatent.judges.judged_samples.JudgedSamples.relative_recall`, whose
    references are decoded held-out codes, compared pixel by pixel.

    Parameters
    ----------
    judged : iterable of JudgedSamples
        One a replicate.
    grade : Grade

    Returns
    -------
    Evidence
        With all readings of the judge.

    Raises
    ------
    InsufficientEvidence
        As `aelatent.inference.estimates.interval_over_replicates`.
    """
    unit = "recall over that of reconstructions"
    return estimate_judged(judged, recall_ratio, grade, unit, (0.0, math.inf))


def recall_difference(
    pair: tuple[JudgedSamples, JudgedSamples],
    of: Callable[..., Estimate] = recall,
    reading: str = THRESHOLD,
) -> Estimate:
    """Return by how much the recall of the first samples exceeds that of the second.

    Parameters
    ----------
    pair : tuple of JudgedSamples
        Of models that were shown the same images.
    of : callable
        `recall`, or `recall_ratio` for each model against its own reconstructions.
    reading : str
        Of the judge.

    Returns
    -------
    Estimate
    """
    first, second = (of(samples, reading=reading) for samples in pair)
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
    shown, odd = replicate.reconstruct(), members(replicate) % 2 == 1
    return shown[~odd], shown[odd]


def members(replicate: ReplicateLike) -> NDArray[np.int64]:
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
        persons = members(replicate)
        return cls(features(known), features(peers), persons[persons % 2 == 0])

    @cached_property
    def among_peers(self) -> Distances:
        """Distances among the references and the peers."""
        return Distances.of(self.references, self.peers)

    @cached_property
    def reach(self) -> float:
        """How far nearly all peers lie, at most, from their fifth nearest neighbour."""
        return self.among_peers.reach()

    def distances(self, pixels: Pixels) -> Distances:
        """Return those among the references and as many images as there are peers, at most."""
        items = features(pixels[: len(self.peers)])
        return Distances.of(self.references, items, self.among_peers.references)

    def reached(self, distances: Distances, some: Places) -> NDArray[np.bool_]:
        """Tell which references lie among some of the other images, as `recall` counts them, (n,).

        Parameters
        ----------
        distances : Distances
            Among the references and all other images.
        some : ndarray of int, shape (m,)
            Places of those that count.

        Returns
        -------
        ndarray of bool, shape (n,)
        """
        everywhere = np.arange(len(self.references))
        return distances.part(everywhere, some).reached(most=self.reach)

    def estimate(self, statistic: Callable[[Places], float]) -> Estimate:
        """Return a share of the references with its error; one reference more or less is likely."""
        places = np.arange(len(self.references))
        parts = contributions(
            lambda some: statistic(some.astype(np.intp)), places, groups=self.groups
        )
        return Estimate(statistic(places), 1 / len(places), images=parts)


def _good(samples: JudgedSamples, grade: Grade, reading: str) -> tuple[Distances, Places]:
    """Return distances of the first draws, and the places of those that reach a grade."""
    if samples not in _DRAWN:
        _DRAWN[samples] = _reconstructed(samples.replicate).distances(samples.pixels)
    distances = _DRAWN[samples]
    return distances, np.flatnonzero(samples.accepted(grade, reading)[: len(distances.draws)])


def _reconstructed(replicate: ReplicateLike) -> _Reconstructed:
    if replicate not in _KNOWN:
        _KNOWN[replicate] = _Reconstructed.of(replicate)
    return _KNOWN[replicate]


# Every claim about the variety of a replicate's draws compares them with the same images.
_KNOWN: WeakKeyDictionary[Any, _Reconstructed] = WeakKeyDictionary()
# Every reading of a judge compares others of the same draws with them.
_DRAWN: WeakKeyDictionary[JudgedSamples, Distances] = WeakKeyDictionary()
