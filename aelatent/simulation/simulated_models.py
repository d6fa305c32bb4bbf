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
from aelatent.simulation.simulated_judge import (
    FACES_CARD,
    SHADE,
    WHITE,
    SimulatedCard,
    SimulatedJudge,
)

Region = Callable[[Floats], NDArray[np.bool_]]
Decoder = Callable[[Floats], NDArray[np.uint8]]
Encoder = Callable[[NDArray[np.uint8]], tuple[Floats, Floats | None]]
RECONSTRUCTED = 500  # images that a judge sees, as of a stored replicate
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
    images : ndarray of uint8 or None
        Reconstructions of held-out images; by default all are of one shade.
    """

    held_out: LatentCloud
    train: LatentCloud
    decoder: Decoder | None = None
    seed: int = 0
    losses: Mapping[str, Floats] = field(default_factory=dict)
    measured: Mapping[str, Mapping[str, Floats]] = field(default_factory=dict)
    arrays: Mapping[str, NDArray[Any]] = field(default_factory=dict)
    name: str = "simulated"
    specification: SimulatedSpecification = SimulatedSpecification()
    networks: Mapping[str, Any] = field(default_factory=dict)
    encoder: Encoder | None = None
    images: NDArray[np.uint8] | None = None

    def encode(self, pixels: NDArray[np.uint8]) -> tuple[Floats, Floats | None]:
        """Encode images (n, h, w, c) to codes and log-variances."""
        return _given(self.encoder, "an encoder")(pixels)

    def decode(self, codes: Floats) -> NDArray[np.uint8]:
        """Decode codes (n, d) to images."""
        return _given(self.decoder, "a decoder")(codes)

    def reconstruct(self) -> NDArray[np.uint8]:
        """Return clean images, one a held-out code, up to 500: `images`, or all of one shade."""
        if self.images is not None:
            return self.images
        return np.full((min(self.held_out.n, RECONSTRUCTED), 1, 1, 1), WHITE, np.uint8)

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


def decoder_accepting(
    region: Region,
    classes: Callable[[Floats], NDArray[np.int64]] | None = None,
    *,
    damaged: bool = False,
) -> Decoder:
    """Return a decoder to images of one pixel, (n, 1, 1, 1), which a `SimulatedJudge` can read.

    Parameters
    ----------
    region : callable
        From codes (n, d) to whether each decodes to a good image, (n,).
    classes : callable, optional
        From codes to the class that each shows, integers from 0 to 99, (n,); 0 by default.
    damaged : bool
        Whether all other codes decode to damaged images; by default these show nothing.

    Returns
    -------
    callable
    """

    def decode(codes: Floats) -> NDArray[np.uint8]:
        shades = WHITE - (0 if classes is None else classes(codes))
        return np.where(region(codes), shades, SHADE if damaged else 0).astype(np.uint8)[
            :, None, None, None
        ]

    return decode


def with_style(decoder: Decoder, d: int = 2) -> Decoder:
    """Return a decoder whose images vary with the code: more pixels, which no judge reads.

    Parameters
    ----------
    decoder : callable
        As `decoder_accepting` makes it.
    d : int
        So many components of the code have a pixel each.

    Returns
    -------
    callable
        From codes (n, d') to images (n, 1 + d, 1, 1).
    """

    def decode(codes: Floats) -> NDArray[np.uint8]:
        style = np.rint(128 + 40 * codes[:, :d]).clip(0, 255).astype(np.uint8)
        return np.concatenate([decoder(codes), style[:, :, None, None]], axis=1)

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
    cloud: LatentCloud,
    share: float,
    rng: np.random.Generator,
    seed: int = 0,
    *,
    damaged: bool = False,
) -> SimulatedReplicate:
    """Return a replicate that decodes a share of any codes to clean images.

    Every reconstruction is clean.

    Parameters
    ----------
    cloud : LatentCloud
        The codes, the same in both splits.
    share : float
        Share of good images, clipped to [0, 1].
    rng : numpy.random.Generator
    seed : int
        The replicate's.
    damaged : bool
        Whether the other images are damaged; by default they show nothing.

    Returns
    -------
    SimulatedReplicate
    """
    decoder = decoder_accepting(random_region(share, rng), damaged=damaged)
    return SimulatedReplicate(cloud, cloud, decoder, seed)


def model_with_hit_rates(
    clouds: Sequence[LatentCloud],
    shares: Sequence[float],
    rng: np.random.Generator,
    card: SimulatedCard = FACES_CARD,
    *,
    damaged: bool = False,
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
    damaged : bool
        Whether the other images are damaged; by default they show nothing.

    Returns
    -------
    dict
        "model" and "image_judge", as claims ask for them.
    """
    judge = SimulatedJudge(rng, card)
    replicates = [
        replicate_with_hit_rate(cloud, share, rng, seed, damaged=damaged)
        for seed, (cloud, share) in enumerate(zip(clouds, shares, strict=True))
    ]
    return {"model": SimulatedModel(replicates), "image_judge": lambda _: judge}


def model_with_variety(
    clouds: Sequence[LatentCloud],
    shares: Sequence[float],
    rng: np.random.Generator,
    *,
    kinds: Sequence[float] | None = None,
    card: SimulatedCard = FACES_CARD,
    draws: int = 200,
) -> dict[str, Any]:
    """Return a model whose clean images differ, as its reconstructions do.

    The features of an image are the shades of two pixels. Reconstructions fill a square of shades
    evenly; draws fill a part of it from one side.

    Parameters
    ----------
    clouds : sequence of LatentCloud
        Codes of each replicate, the same in both splits.
    shares : sequence of float
        Share of codes that each replicate decodes to clean images, clipped to [0, 1]; the other
        images are damaged.
    rng : numpy.random.Generator
    kinds : sequence of float, optional
        The part of the square that draws of each replicate reach; all by default. They fill less,
        since draws reach beyond their edge as far as each from its fifth neighbour.
    card : SimulatedCard
        The judge's.
    draws : int
        How many images a claim draws: the fewer, the farther is a fifth neighbour.

    Returns
    -------
    dict
        "model" and "image_judge", as claims ask for them.
    """
    judge = SimulatedJudge(rng, card)
    widths = [1.0] * len(clouds) if kinds is None else kinds
    replicates = [
        replicate_with_variety(cloud, share, width, rng, seed, draws=draws)
        for seed, (cloud, share, width) in enumerate(zip(clouds, shares, widths, strict=True))
    ]
    return {"model": SimulatedModel(replicates), "image_judge": lambda _: judge}


def replicate_with_variety(
    cloud: LatentCloud,
    share: float,
    kinds: float,
    rng: np.random.Generator,
    seed: int = 0,
    *,
    draws: int = 200,
) -> SimulatedReplicate:
    """Return a replicate of `model_with_variety`.

    Parameters
    ----------
    cloud : LatentCloud
    share, kinds : float
        Share of clean images, and the part of the square that draws reach.
    rng : numpy.random.Generator
    seed : int
        The replicate's.
    draws : int
        How many images a claim draws.

    Returns
    -------
    SimulatedReplicate
    """
    reach = (5 / draws / np.pi) ** 0.5  # of a fifth neighbour among them in a square of side 1
    filled = 1.0 if kinds >= 1 else ((reach**2 + 4 * max(kinds, 0)) ** 0.5 - reach) ** 2 / 4

    def decode(codes: Floats) -> NDArray[np.uint8]:
        return _shaded(rng.uniform(size=len(codes)) < share, filled, rng)

    images = _shaded(np.ones(min(cloud.n, RECONSTRUCTED), dtype=bool), 1.0, rng)
    return SimulatedReplicate(cloud, cloud, decode, seed, images=images)


def _shaded(clean: NDArray[np.bool_], kinds: float, rng: np.random.Generator) -> NDArray[np.uint8]:
    """Return images (n, 1, 3, 1): one pixel tells whether they are clean, two what they show."""
    features = rng.uniform(size=(len(clean), 2)) * [kinds, 1]
    pixels = np.column_stack([np.where(clean, WHITE, SHADE), WHITE * features])
    return np.asarray(np.rint(pixels), dtype=np.uint8)[:, None, :, None]


def _given(thing: Given | None, what: str) -> Given:
    if thing is None:
        raise ValueError(f"expected {what}, received a simulated replicate without")
    return thing
