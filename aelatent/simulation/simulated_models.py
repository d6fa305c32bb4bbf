"""Simulated models: what stands in for a fixture model where the truth is known."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from aelatent.inference.estimates import Estimate
from aelatent.latent.cloud import Floats, LatentCloud

Region = Callable[[Floats], NDArray[np.bool_]]
Decoder = Callable[[Floats], NDArray[np.uint8]]
Encoder = Callable[[NDArray[np.uint8]], tuple[Floats, Floats | None]]
WHITE = 255
Given = TypeVar("Given")


@dataclass(frozen=True)
class SimulatedStore:
    """Which parts of a replicate are stored, as in a specification.

    Attributes
    ----------
    train_codes : int
        Number of codes of training images.
    """

    train_codes: int = 1000


@dataclass(frozen=True)
class SimulatedSpecification:
    """What claims read from a specification.

    Attributes
    ----------
    title : str
    latent_dim : int or None
        Number of components of a code.
    counterpart : str
        Name of the model that a claim compares this one with.
    store : SimulatedStore
    """

    title: str = "simulated"
    latent_dim: int | None = None
    counterpart: str = ""
    store: SimulatedStore = SimulatedStore()


@dataclass(frozen=True, eq=False)
class SimulatedReplicate:
    """What claims read from a replicate, without a network.

    Attributes
    ----------
    held_out, train : LatentCloud
    decoder : callable or None
        From codes (n, d) to images (n, h, w, c); `decoder_accepting` makes one of a region.
    scores : mapping of str to ndarray
        A judge's scores of "reconstructions", (n,), as `reconstruction_scores` simulates them.
    seed : int
    losses : mapping of str to ndarray
        Squared error of each reconstruction in a split, "train" or "held_out", (n,).
    measured : mapping of str to mapping of str to ndarray
        Statistics of a VAE's posteriors in a split, by the names of `Replicate.posteriors`.
    arrays : mapping of str to ndarray
        Anything else that a claim reads from the stored arrays.
    name : str
    specification : SimulatedSpecification
    networks : mapping of str to object
        Networks by name, with the attributes that a claim reads.
    encoder : callable or None
        From images to their codes and log-variances, as `Replicate.encode` returns them.
    """

    held_out: LatentCloud
    train: LatentCloud
    decoder: Decoder | None = None
    scores: Mapping[str, Floats] = field(default_factory=dict)
    seed: int = 0
    losses: Mapping[str, Floats] = field(default_factory=dict)
    measured: Mapping[str, Mapping[str, Floats]] = field(default_factory=dict)
    arrays: Mapping[str, NDArray[Any]] = field(default_factory=dict)
    name: str = "simulated"
    specification: SimulatedSpecification = SimulatedSpecification()
    networks: Mapping[str, Any] = field(default_factory=dict)
    encoder: Encoder | None = None

    def encode(self, pixels: NDArray[np.uint8]) -> tuple[Floats, Floats | None]:
        """Encode images (n, h, w, c) to codes and log-variances."""
        return _given(self.encoder, "an encoder")(pixels)

    def decode(self, codes: Floats) -> NDArray[np.uint8]:
        """Decode codes (n, d) to images."""
        return _given(self.decoder, "a decoder")(codes)

    def errors(self, split: str) -> Floats:
        """Return the squared errors of a split."""
        return _given(self.losses.get(split), f"losses of {split!r}")

    def mean_error(self, split: str) -> Estimate:
        """Return the mean squared error of a split, with an error that all replicates share."""
        losses = self.errors(split)
        return Estimate(losses.mean(), shared=losses.std(ddof=1) / len(losses) ** 0.5)

    def posteriors(self, split: str) -> Mapping[str, Floats]:
        """Return the statistics of the posteriors of a split."""
        return _given(self.measured.get(split), f"posteriors of {split!r}")

    def untrained(self) -> SimulatedReplicate:
        """Raise: no scenario simulates a network before training."""
        return _given(None, "a replicate before training")


@dataclass(frozen=True, eq=False)
class SimulatedModel:
    """A fixture model of simulated replicates.

    Attributes
    ----------
    replicates : sequence of SimulatedReplicate
    name : str
    specification : SimulatedSpecification
    """

    replicates: Sequence[SimulatedReplicate]
    name: str = "simulated"
    specification: SimulatedSpecification = SimulatedSpecification()

    @classmethod
    def of(cls, clouds: Sequence[LatentCloud]) -> SimulatedModel:
        """Return a model of which only codes are known, the same in both splits."""
        return cls([SimulatedReplicate(cloud, cloud, seed=i) for i, cloud in enumerate(clouds)])

    @cached_property
    def clouds(self) -> list[LatentCloud]:
        """The held-out codes of each replicate."""
        return [replicate.held_out for replicate in self.replicates]


@dataclass(frozen=True)
class SimulatedCard:
    """The measured rates on a judge's card.

    Attributes
    ----------
    sensitivity : Estimate
        Share of good images that the judge accepts.
    false_acceptance : Estimate
        Share of other images that it accepts.
    """

    sensitivity: Estimate
    false_acceptance: Estimate


# The rates on the cards of the judges of faces and of digits.
FACES_CARD = SimulatedCard(Estimate(0.979, shared=0.0032), Estimate(0.0018, shared=0.0012))
DIGITS_CARD = SimulatedCard(Estimate(0.967, shared=0.0018), Estimate(0.022, shared=0.018))


@dataclass(frozen=True, eq=False)
class SimulatedJudge:
    """A judge that reads the one pixel of simulated images, and errs at rates of its own.

    Its true rates are drawn about those on its card, with the errors that the card states.

    Attributes
    ----------
    rng : numpy.random.Generator
    card : SimulatedCard
    threshold : float
    """

    rng: np.random.Generator
    card: SimulatedCard = FACES_CARD
    threshold: float = 0.5

    @cached_property
    def rates(self) -> tuple[float, float]:
        """True acceptance of good images and of others."""
        stated = (self.card.sensitivity, self.card.false_acceptance)
        drawn = [self.rng.normal(rate.value, rate.standard_error) for rate in stated]
        return float(np.clip(drawn[0], 0, 1)), float(np.clip(drawn[1], 0, 1))

    def accepts(self, pixels: NDArray[Any]) -> NDArray[np.bool_]:
        """Accept good images but for a share of misses, and others by a share of false alarms."""
        sensitivity, false_acceptance = self.rates
        good = pixels.reshape(len(pixels), -1)[:, 0] > 0
        chance = np.where(good, sensitivity, false_acceptance)
        return self.rng.uniform(size=len(pixels)) < chance

    def classes(self, pixels: NDArray[Any]) -> NDArray[np.int64]:
        """Return the class that good images show, and one of ten at random for others."""
        shades = pixels.reshape(len(pixels), -1)[:, 0].astype(np.int64)
        return np.where(shades > 0, WHITE - shades, self.rng.integers(0, 10, len(pixels)))


def decoder_accepting(
    region: Region, classes: Callable[[Floats], NDArray[np.int64]] | None = None
) -> Decoder:
    """Return a decoder to images of one pixel, (n, 1, 1, 1), which a `SimulatedJudge` can read.

    Parameters
    ----------
    region : callable
        From codes (n, d) to whether each decodes to a good image, (n,).
    classes : callable, optional
        From codes to the class that each shows, integers from 0 to 99, (n,); 0 by default.

    Returns
    -------
    callable
    """

    def decode(codes: Floats) -> NDArray[np.uint8]:
        shades = WHITE - (0 if classes is None else classes(codes))
        return np.where(region(codes), shades, 0).astype(np.uint8)[:, None, None, None]

    return decode


def random_region(share: float, rng: np.random.Generator) -> Region:
    """Return a region that each code belongs to by chance, wherever it lies.

    Parameters
    ----------
    share : float
        The chance; below 0 counts as 0, above 1 as 1.
    rng : numpy.random.Generator

    Returns
    -------
    callable
        From codes (n, d) to whether each belongs to it, (n,); drawn anew at each call.
    """
    return lambda codes: rng.uniform(size=len(codes)) < share


def replicate_with_hit_rate(
    cloud: LatentCloud, share: float, judge: SimulatedJudge, rng: np.random.Generator, seed: int = 0
) -> SimulatedReplicate:
    """Return a replicate that decodes a share of any codes to good images.

    Every reconstruction is good, and accepted as often as the judge's rates allow.

    Parameters
    ----------
    cloud : LatentCloud
        The codes, the same in both splits.
    share : float
        Share of good images, clipped to [0, 1].
    judge : SimulatedJudge
        Scores the reconstructions.
    rng : numpy.random.Generator
    seed : int
        The replicate's.

    Returns
    -------
    SimulatedReplicate
    """
    decoder = decoder_accepting(random_region(share, rng))
    scores = reconstruction_scores(judge, cloud.n)
    return SimulatedReplicate(cloud, cloud, decoder, scores, seed)


def model_with_hit_rates(
    clouds: Sequence[LatentCloud],
    shares: Sequence[float],
    rng: np.random.Generator,
    card: SimulatedCard = FACES_CARD,
) -> dict[str, Any]:
    """Return a model of `replicate_with_hit_rate`, and its judge.

    Parameters
    ----------
    clouds : sequence of LatentCloud
        Codes of each replicate.
    shares : sequence of float
        Share of good images of each replicate, clipped to [0, 1].
    rng : numpy.random.Generator
    card : SimulatedCard
        The judge's.

    Returns
    -------
    dict
        "model" and "image_judge", as claims ask for them.
    """
    judge = SimulatedJudge(rng, card)
    replicates = [
        replicate_with_hit_rate(cloud, share, judge, rng, seed)
        for seed, (cloud, share) in enumerate(zip(clouds, shares, strict=True))
    ]
    return {"model": SimulatedModel(replicates), "image_judge": lambda _: judge}


def reconstruction_scores(judge: SimulatedJudge, n: int) -> dict[str, Floats]:
    """Return a judge's scores of good reconstructions, 1 where it accepts one.

    Parameters
    ----------
    judge : SimulatedJudge
    n : int
        Number of reconstructions.

    Returns
    -------
    dict
        "reconstructions", (n,).
    """
    white = np.full((n, 1, 1, 1), WHITE, np.uint8)
    return {"reconstructions": judge.accepts(white).astype(np.float64)}


def _given(thing: Given | None, what: str) -> Given:
    if thing is None:
        raise ValueError(f"expected {what}, received a simulated replicate without")
    return thing
