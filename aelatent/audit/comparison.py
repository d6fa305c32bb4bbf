"""Compare samplers: decode draws of each and measure their quality and diversity."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from aelatent.audit import similarity_judge
from aelatent.audit.autoencoder import Autoencoder, Pixels
from aelatent.audit.measured import MeasuredModel
from aelatent.audit.reconstruction import QUANTILE
from aelatent.inference.estimates import Estimate
from aelatent.judges.grade import Grade
from aelatent.samplers.fitted import CodeSampler
from aelatent.statistics import diversity, rates

RESAMPLES = 40
SUBSAMPLE = 0.5
SHOWN = 10  # decoded draws of a sampler that are kept as images
BOUNDS = 1, 1, math.inf, 1, math.inf
MEASURES = "precision", "recall", "density", "coverage", "remoteness"
Interval = tuple[float, float]
Number = tuple[float, Interval]


@dataclass(frozen=True, eq=False)
class SamplerResult:
    """How good and how varied the decoded draws of one sampler are.

    Attributes
    ----------
    name : str
    short : str
        Key of `aelatent.samplers.fitted.AUDITED`; "codes" for codes of images.
    sampler : CodeSampler or None
        None for the codes of images themselves, with which all others are compared.
    hits : tuple
        Share of decoded draws that the judge calls clean, with its 95 % interval, corrected for the
        judge's errors.
    diversity : tuple
        Mean distance of two decoded draws in `similarity_judge.features`, over that of
        reconstructions.
    precision, recall, density, coverage, remoteness : tuple
        Of decoded draws against reconstructions, in the same features; k = 5.
    recognisable : tuple
        Share of decoded draws that are damaged or clean, not corrected.
    cycle : tuple or None
        Median distance from a code to the code of its image, over that of codes of images.
    worth : float
        Samplers are ranked by it, from 0 to 1: see `relative_to`.
    pixels : ndarray of uint8
        The first decoded draws.
    accepted : ndarray of bool
        Which of these are clean.
    """

    name: str
    short: str
    sampler: CodeSampler | None
    hits: Number
    diversity: Number
    precision: Number
    recall: Number
    density: Number
    coverage: Number
    remoteness: Number
    recognisable: Number
    cycle: Number | None = None
    worth: float = 0.0
    pixels: Pixels = field(default_factory=lambda: np.zeros((0, 1, 1, 1), np.uint8))
    accepted: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, bool))

    @property
    def keeps_codes(self) -> bool:
        """Whether the sampler stores codes of images, or is such codes."""
        return self.sampler is None or "codes" in self.sampler.arrays

    def relative_to(self, reference: SamplerResult) -> SamplerResult:
        """Return the result with its worth, relative to codes of images.

        The worth is the harmonic mean of quality, the share of good images, and variety, the
        smaller one of recall and coverage, each over that of codes of images and at most 1. Draws
        close to the mean have a high coverage and hardly any recall, and scattered ones the
        opposite: the smaller one exposes either.
        """

        def relative(name: str) -> float:
            own, theirs = (getattr(result, name)[0] for result in (self, reference))
            return min(own / theirs, 1.0) if theirs > 0 else 0.0

        quality, variety = relative("hits"), min(relative("recall"), relative("coverage"))
        both = quality + variety
        return replace(self, worth=2 * quality * variety / both if both > 0 else 0.0)

    def plain(self) -> dict[str, Any]:
        """Return the numbers in plain types."""
        names = ("hits", "recognisable", "diversity", *MEASURES, "cycle")
        values = {name: getattr(self, name) for name in names}
        return {
            "name": self.name,
            "short": self.short,
            "keeps_codes": self.keeps_codes,
            **{
                name: None if number is None else {"value": number[0], "interval": list(number[1])}
                for name, number in values.items()
            },
            "worth": self.worth,
        }


class Comparison:
    """Compares decoded draws with reconstructions.

    Parameters
    ----------
    measured : MeasuredModel
    targets : ndarray of uint8, shape (n, h, w, c)
        Reconstructions.
    spread : ndarray of float64, shape (d,)
        Standard deviation of each component of the codes.
    rng : numpy.random.Generator
    """

    def __init__(
        self,
        measured: MeasuredModel,
        targets: Pixels,
        spread: NDArray[np.float64],
        rng: np.random.Generator,
    ) -> None:
        self.measured = measured
        self.autoencoder: Autoencoder = measured.autoencoders[0]
        self.target_features = similarity_judge.features(targets)
        self.spread = np.where(spread > 0, spread, 1.0)
        self.rng = rng
        self.usual_cycle: NDArray[np.float64] | None = None

    def result(
        self, name: str, short: str, sampler: CodeSampler | None, codes: NDArray[np.float64]
    ) -> SamplerResult:
        """Decode codes and compare the images with reconstructions.

        Parameters
        ----------
        name : str
            What the codes were drawn from.
        short : str
            Key of `aelatent.samplers.fitted.AUDITED`, or "codes".
        sampler : CodeSampler or None
        codes : ndarray of float64, shape (n, d)

        Returns
        -------
        SamplerResult
            Without its worth.
        """
        pixels = self.autoencoder.decode(codes)
        image_judge = self.measured.image_judge
        assert image_judge is not None  # noqa: S101 -- for mypy: `recommend` checks it
        graded = image_judge.grade(pixels).grades
        accepted = graded == Grade.CLEAN
        card = image_judge.card
        hits = rates.corrected_rate(accepted, card.sensitivity(), card.false_acceptance())
        drawn = similarity_judge.features(pixels)
        spread = diversity.relative_diversity(drawn, self.target_features, self.rng)
        near = self._near(diversity.Distances.of(self.target_features, drawn))
        cycle = None
        if self.usual_cycle is not None:
            cycle = _ratio(self.cycle(codes, pixels), self.usual_cycle)
        precision, recall, density, coverage, remoteness = near
        return SamplerResult(
            name,
            short,
            sampler,
            _interval(hits, 0, 1),
            _interval(spread, 0, math.inf),
            precision,
            recall,
            density,
            coverage,
            remoteness,
            _interval(rates.share(graded >= Grade.DAMAGED), 0, 1),
            cycle,
            pixels=pixels[:SHOWN],
            accepted=accepted[:SHOWN],
        )

    def cycle(self, codes: NDArray[np.float64], pixels: Pixels) -> NDArray[np.float64] | None:
        """Return how far each code moves when it is decoded and encoded again.

        Parameters
        ----------
        codes : ndarray of float64, shape (n, d)
        pixels : ndarray of uint8, shape (n, h, w, c)
            Their decoded images.

        Returns
        -------
        ndarray of float64, shape (n,), or None
            In standard deviations of the codes; None without an encoder.
        """
        if self.autoencoder.encoder is None:
            return None
        again = self.autoencoder.encode(pixels)[0].reshape(len(codes), -1)
        return np.asarray(np.linalg.norm((again - codes) / self.spread, axis=1))

    def _near(self, distances: diversity.Distances) -> list[Number]:
        """Return each of `MEASURES`, with intervals over halves drawn without replacement.

        With replacement, copies would be one another's neighbours.
        """
        sizes = distances.between.shape
        parts = []
        for _ in range(RESAMPLES):
            halves = [self.rng.permutation(n)[: int(n * SUBSAMPLE)] for n in sizes]
            part = distances.part(*halves)
            parts.append([getattr(part, name)() for name in MEASURES])
        # A part scatters more than the whole, but shares some of it with every other part.
        errors = np.std(parts, axis=0, ddof=1) * math.sqrt(SUBSAMPLE / (1 - SUBSAMPLE))
        return [
            _interval(Estimate(getattr(distances, name)(), error), 0, bound)
            for name, error, bound in zip(MEASURES, errors.tolist(), BOUNDS, strict=True)
        ]


def _ratio(own: NDArray[np.float64] | None, unit: NDArray[np.float64]) -> Number | None:
    """Return a median over another, with an interval by the median's asymptotic ranks."""
    if own is None:
        return None
    middle = float(np.median(unit))
    if middle == 0:
        return None
    half = QUANTILE * math.sqrt(len(own)) / 2
    ordered = np.sort(own) / middle
    low, high = (int(np.clip(len(own) / 2 + side * half, 0, len(own) - 1)) for side in (-1, 1))
    return float(np.median(ordered)), (float(ordered[low]), float(ordered[high]))


def _interval(estimate: Estimate, low: float, high: float) -> Number:
    """Return a value within its bounds and as wide an interval around it as they leave.

    The value is brought within its bounds first: a rate of 1.03 +- 0.02, corrected for a judge's
    errors, is no certainty.
    """
    half = QUANTILE * estimate.standard_error
    value = min(max(estimate.value, low), high)
    return value, (max(value - half, low), min(value + half, high))
