"""Planted models: what stands in for a fixture model in a world whose truth is known."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from aelatent.inference.estimates import Estimate
from aelatent.latent.cloud import Floats, LatentCloud

Region = Callable[[Floats], NDArray[np.bool_]]
Decoder = Callable[[Floats], NDArray[np.uint8]]
Encoder = Callable[[NDArray[np.uint8]], tuple[Floats, Floats | None]]
WHITE = 255
Planted = TypeVar("Planted")


@dataclass(frozen=True, eq=False)
class SimulatedReplicate:
    """What claims ask of a replicate, of a network that never was.

    Attributes
    ----------
    held_out, train : LatentCloud
    decoder : callable or None
        From codes (n, d) to images (n, h, w, c); `decoder_accepting` makes one of a region.
    encoder : callable or None
        From images to their codes and log-variances, as `Replicate.encode` gives them.
    scores : mapping of str to ndarray
        Judge scores of "reconstructions", as a `SimulatedJudge` gives them.
    seed : int
    losses : mapping of str to ndarray
        Squared error of each reconstruction in a split, "train" or "held_out", (n,).
    measured : mapping of str to mapping of str to ndarray
        What a VAE's posteriors are known by in a split, as `Replicate.posteriors` names it.
    arrays : mapping of str to ndarray
        Anything else that a claim reads from what is stored.
    before : SimulatedReplicate or None
        The same before training.
    specification : object
        With whatever attributes of a `Specification` a claim reads.
    networks : mapping of str to object
        Networks by name, with whatever attributes of them a claim reads.
    """

    held_out: LatentCloud
    train: LatentCloud
    decoder: Decoder | None = None
    scores: Mapping[str, Floats] = field(default_factory=dict)
    seed: int = 0
    losses: Mapping[str, Floats] = field(default_factory=dict)
    measured: Mapping[str, Mapping[str, Floats]] = field(default_factory=dict)
    arrays: Mapping[str, NDArray[Any]] = field(default_factory=dict)
    before: SimulatedReplicate | None = None
    name: str = "planted"
    specification: Any = None
    networks: Mapping[str, Any] = field(default_factory=dict)
    encoder: Encoder | None = None

    def encode(self, pixels: NDArray[np.uint8]) -> tuple[Floats, Floats | None]:
        """Encode images (n, h, w, c) to codes and log-variances."""
        return _planted(self.encoder, "an encoder")(pixels)

    def decode(self, codes: Floats) -> NDArray[np.uint8]:
        """Decode codes (n, d) to images."""
        return _planted(self.decoder, "a decoder")(codes)

    def errors(self, split: str) -> Floats:
        """Return the squared errors of a split."""
        return _planted(self.losses.get(split), f"losses of {split!r}")

    def mean_error(self, split: str) -> Estimate:
        """Return the mean squared error of a split, with an error that all replicates share."""
        losses = self.errors(split)
        return Estimate(losses.mean(), shared=losses.std(ddof=1) / len(losses) ** 0.5)

    def posteriors(self, split: str) -> Mapping[str, Floats]:
        """Return what is known of the posteriors of a split."""
        return _planted(self.measured.get(split), f"posteriors of {split!r}")

    def untrained(self) -> SimulatedReplicate:
        """Return the replicate as it was before training."""
        return _planted(self.before, "a replicate before training")


def decoder_accepting(
    region: Region, classes: Callable[[Floats], NDArray[np.int64]] | None = None
) -> Decoder:
    """Return a decoder to images of one pixel, (n, 1, 1, 1), which a `SimulatedJudge` can read.

    Parameters
    ----------
    region : callable
        From codes (n, d) to whether each decodes to what it should, (n,).
    classes : callable, optional
        From codes to what each shows, integers from 0 to 99, (n,).
    """

    def decode(codes: Floats) -> NDArray[np.uint8]:
        shades = WHITE - (0 if classes is None else classes(codes))
        return np.where(region(codes), shades, 0).astype(np.uint8)[:, None, None, None]

    return decode


@dataclass(frozen=True, eq=False)
class SimulatedModel:
    """A fixture model of planted replicates."""

    replicates: Sequence[SimulatedReplicate]
    name: str = "planted"
    specification: Any = None

    @classmethod
    def of(cls, clouds: Sequence[LatentCloud]) -> SimulatedModel:
        """Plant a model of which nothing but codes is known; the same ones in either split."""
        return cls([SimulatedReplicate(cloud, cloud, seed=i) for i, cloud in enumerate(clouds)])

    @cached_property
    def clouds(self) -> list[LatentCloud]:
        """The held-out codes of each replicate."""
        return [replicate.held_out for replicate in self.replicates]


@dataclass(frozen=True)
class SimulatedCard:
    """What a planted judge's card says."""

    sensitivity: Estimate
    false_acceptance: Estimate


# What the judges' cards say.
FACES = SimulatedCard(Estimate(0.979, shared=0.0032), Estimate(0.0018, shared=0.0012))
DIGITS = SimulatedCard(Estimate(0.967, shared=0.0018), Estimate(0.022, shared=0.018))


@dataclass(frozen=True, eq=False)
class SimulatedJudge:
    """A judge that sees the one pixel of planted images, and errs at rates of its own.

    Its true rates are drawn about those of its card, by the errors that the card admits.
    """

    rng: np.random.Generator
    card: SimulatedCard = FACES
    threshold: float = 0.5

    @cached_property
    def rates(self) -> tuple[float, float]:
        """True acceptance of good images and of others."""
        known = (self.card.sensitivity, self.card.false_acceptance)
        drawn = [self.rng.normal(rate.value, rate.shared) for rate in known]
        return float(np.clip(drawn[0], 0, 1)), float(np.clip(drawn[1], 0, 1))

    def accepts(self, pixels: NDArray[Any]) -> NDArray[np.bool_]:
        """Accept good images but for a share of misses, and others by a share of false alarms."""
        sensitivity, false_acceptance = self.rates
        good = pixels.reshape(len(pixels), -1)[:, 0] > 0
        chance = np.where(good, sensitivity, false_acceptance)
        return self.rng.uniform(size=len(pixels)) < chance

    def classes(self, pixels: NDArray[Any]) -> NDArray[np.int64]:
        """Read what good images show, and one of ten classes at random from others."""
        shades = pixels.reshape(len(pixels), -1)[:, 0].astype(np.int64)
        return np.where(shades > 0, WHITE - shades, self.rng.integers(0, 10, len(pixels)))


def decoders(
    clouds: Sequence[LatentCloud],
    shares: Sequence[float],
    rng: np.random.Generator,
    card: SimulatedCard = FACES,
) -> dict[str, Any]:
    """Plant a model whose decoders make a given share of good images of any codes, and its judge.

    Every reconstruction is good, and accepted as often as the judge's card allows.

    Parameters
    ----------
    clouds : sequence of LatentCloud
        Codes of each replicate.
    shares : sequence of float
        Share of good images of each replicate, cut to [0, 1].
    rng : numpy.random.Generator
    card : SimulatedCard

    Returns
    -------
    dict
        "model" and "image_judge", as claims ask for them.
    """
    judge = SimulatedJudge(rng, card)
    replicates = []
    for seed, (cloud, share) in enumerate(zip(clouds, shares, strict=True)):
        region = partial(_lottery, share=share, rng=rng)
        replicates.append(
            SimulatedReplicate(
                cloud, cloud, decoder_accepting(region), scores(judge, cloud.n), seed
            )
        )
    return {"model": SimulatedModel(replicates), "image_judge": lambda _: judge}


def scores(judge: SimulatedJudge, n: int) -> dict[str, Floats]:
    """Plant the judge's scores of `n` reconstructions, all of which are good."""
    white = np.full((n, 1, 1, 1), WHITE, np.uint8)
    return {"reconstructions": judge.accepts(white).astype(np.float64)}


def _lottery(codes: Floats, share: float, rng: np.random.Generator) -> NDArray[np.bool_]:
    return rng.uniform(size=len(codes)) < share


def _planted(thing: Planted | None, what: str) -> Planted:
    if thing is None:
        raise ValueError(f"expected {what}, this replicate was planted without")
    return thing


def stored(codes: Floats, kept: int = 1000) -> LatentCloud:
    """Keep the first of the codes (n, d), and the moments of all, as stored replicates do."""
    return LatentCloud(
        codes[:kept], full_mean=codes.mean(axis=0), full_covariance=np.cov(codes, rowvar=False)
    )


def correlated_codes(n: int, d: int, rng: np.random.Generator) -> Floats:
    """Draw n codes of N(0, 1) components, (n, d), whose second half follows the first."""
    first, own = rng.standard_normal((2, n, d // 2))
    return np.hstack([first, 0.99 * first + 0.14 * own])


def torn(codes: Floats) -> NDArray[np.bool_]:
    """Tell which codes, (n, d), have halves that were drawn independently, (n,)."""
    first, second = np.split(codes, 2, axis=1)
    apart: NDArray[np.bool_] = np.linalg.norm(first - second, axis=1) > 0.25 * np.linalg.norm(
        first + second, axis=1
    )
    return apart
