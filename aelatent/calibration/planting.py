"""Planted models: what stands in for a fixture model in a world whose truth is known."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from aelatent.inference import Estimate
from aelatent.latents import Floats, LatentCloud

Region = Callable[[Floats], NDArray[np.bool_]]


@dataclass(frozen=True, eq=False)
class PlantedReplicate:
    """What claims ask of a replicate, of a network that never was.

    Attributes
    ----------
    held_out, train : LatentCloud
    region : callable or None
        From codes (n, d) to whether each decodes to what it should, (n,).
    scores : mapping of str to ndarray
        Judge scores of "reconstructions", as a `PlantedJudge` gives them.
    seed : int
    """

    held_out: LatentCloud
    train: LatentCloud
    region: Region | None = None
    scores: Mapping[str, Floats] = field(default_factory=dict)
    seed: int = 0
    name: str = "planted"

    def decode(self, codes: Floats) -> NDArray[np.uint8]:
        """Decode codes (n, d) to images of one pixel (n, 1, 1, 1), white where they are good."""
        if self.region is None:
            raise ValueError("expected a region, this replicate was planted without a decoder")
        return np.where(self.region(codes), 255, 0).astype(np.uint8)[:, None, None, None]


@dataclass(frozen=True, eq=False)
class PlantedModel:
    """A fixture model of planted replicates."""

    replicates: Sequence[PlantedReplicate]
    name: str = "planted"

    @classmethod
    def of(cls, clouds: Sequence[LatentCloud]) -> PlantedModel:
        """Plant a model of which nothing but codes is known; the same ones in either split."""
        return cls([PlantedReplicate(cloud, cloud, seed=i) for i, cloud in enumerate(clouds)])

    @cached_property
    def clouds(self) -> list[LatentCloud]:
        """The held-out codes of each replicate."""
        return [replicate.held_out for replicate in self.replicates]


@dataclass(frozen=True)
class PlantedCard:
    """What a planted judge's card says."""

    sensitivity: Estimate
    false_acceptance: Estimate


# About what the card of the faces' judge says.
FACES = PlantedCard(Estimate(0.979, shared=0.003), Estimate(0.006, shared=0.004))


@dataclass(frozen=True, eq=False)
class PlantedJudge:
    """A judge that sees the one pixel of planted images, and errs at rates of its own.

    Its true rates are drawn about those of its card, by the errors that the card admits.
    """

    rng: np.random.Generator
    card: PlantedCard = FACES
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


def decoders(
    clouds: Sequence[LatentCloud], shares: Sequence[float], rng: np.random.Generator
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

    Returns
    -------
    dict
        "model" and "recognise", as claims ask for them.
    """
    judge = PlantedJudge(rng)
    replicates = []
    for seed, (cloud, share) in enumerate(zip(clouds, shares, strict=True)):
        white = np.full((cloud.n, 1, 1, 1), 255, np.uint8)
        scores = {"reconstructions": judge.accepts(white).astype(np.float64)}
        region = partial(_lottery, share=share, rng=rng)
        replicates.append(PlantedReplicate(cloud, cloud, region, scores, seed))
    return {"model": PlantedModel(replicates), "recognise": lambda _: judge}


def _lottery(codes: Floats, share: float, rng: np.random.Generator) -> NDArray[np.bool_]:
    return rng.uniform(size=len(codes)) < share
