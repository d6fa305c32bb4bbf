"""Which law to draw codes from: quality and diversity of every sampler, and advice in words."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from aelatent.audit import likeness
from aelatent.audit.coder import Coder, Pixels, Progress, silent
from aelatent.audit.measuring import Measured, Trained
from aelatent.inference.estimates import Estimate
from aelatent.samplers import fitted
from aelatent.samplers.fitted import CodeSampler
from aelatent.statistics import diversity, rates

DRAWS = 400
RESAMPLES = 40
SUBSAMPLE = 0.5
SHOWN = 10
QUANTILE = 1.96
CODES = "held-out codes"
NEARLY = 0.05
NO_BETTER = 0.8
BOUNDS = 1, 1, math.inf, 1, math.inf
MEASURES = "precision", "recall", "density", "coverage", "remoteness"
Interval = tuple[float, float]
Number = tuple[float, Interval]


@dataclass(frozen=True, eq=False)
class Row:
    """What came of the draws of one law.

    Attributes
    ----------
    name : str
    sampler : CodeSampler or None
        None for the held-out codes themselves, with which all others are compared.
    hits : tuple
        Share of decoded draws that show what they should, with its 95 % interval, corrected for
        the judge's errors.
    diversity : tuple
        Mean distance of two decoded draws in `likeness.features`, over that of reconstructions.
    precision, recall, density, coverage, remoteness : tuple
        Of decoded draws against reconstructions, in the same features; k = 5.
    cycle : tuple or None
        Median distance from a code to the code of its image, over that of held-out codes.
    worth : float
        What laws are ranked by, from 0 to 1: see `Row.against`.
    pixels : ndarray of uint8
        The first decoded draws.
    accepted : ndarray of bool
        What the judge said of these.
    """

    name: str
    sampler: CodeSampler | None
    hits: Number
    diversity: Number
    precision: Number
    recall: Number
    density: Number
    coverage: Number
    remoteness: Number
    cycle: Number | None = None
    worth: float = 0.0
    pixels: Pixels = field(default_factory=lambda: np.zeros((0, 1, 1, 1), np.uint8))
    accepted: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, bool))

    def against(self, reference: Row) -> Row:
        """Return the row with its worth beside that of held-out codes.

        The worth is the harmonic mean of quality, the share of good images, and variety, the
        smaller one of recall and coverage, each over that of held-out codes and at most 1. Draws
        close to the mean have a high coverage and hardly any recall, and scattered ones the
        opposite: the smaller one sees through either.
        """

        def relative(name: str) -> float:
            own, theirs = (getattr(row, name)[0] for row in (self, reference))
            return min(own / theirs, 1.0) if theirs > 0 else 0.0

        quality, variety = relative("hits"), min(relative("recall"), relative("coverage"))
        both = quality + variety
        return replace(self, worth=2 * quality * variety / both if both > 0 else 0.0)

    def plain(self) -> dict[str, Any]:
        """Return the numbers in plain types."""
        names = ("hits", "diversity", *MEASURES, "cycle")
        values = {name: getattr(self, name) for name in names}
        return {
            "name": self.name,
            **{
                name: None if number is None else {"value": number[0], "interval": list(number[1])}
                for name, number in values.items()
            },
            "worth": self.worth,
        }


@dataclass(frozen=True, eq=False)
class Recommendation:
    """The rows of all laws, best first after the codes themselves, and what to do.

    Attributes
    ----------
    reference : Row
        The held-out codes.
    rows : sequence of Row
    caution : str
        What makes all of it doubtful, in words; empty if nothing does.
    """

    reference: Row
    rows: Sequence[Row]
    caution: str = ""

    @property
    def best(self) -> Row:
        """The law with the greatest `worth`."""
        return self.rows[0]

    @property
    def smooth(self) -> Row | None:
        """The best law that keeps no codes of images, if the best of all does; else None."""
        laws = (row for row in self.rows if row.sampler and "codes" not in row.sampler.arrays)
        found = next(laws, None)
        return None if found is self.best else found

    @property
    def advice(self) -> list[str]:
        """Say in words what to draw from, what not, and how good it is."""
        best, prior = self.best, next(row for row in self.rows if row.name == "N(0, I)")
        codes = self.reference
        lines = [self.caution] if self.caution else []
        if best.hits[0] < 0.5 * codes.hits[0]:
            lines.append(
                f"No law that was tried samples this model well. Best is {_quoted(best)}: it gives "
                f"{_percent(best.hits)} good images where decoded held-out codes give "
                f"{_percent(codes.hits)}."
            )
        else:
            lines.append(
                f"Draw from this law: {_quoted(best)}. {_percent(best.hits)} of its images are "
                f"good (decoded held-out codes: {_percent(codes.hits)}), and they are "
                f"{best.diversity[0]:.2f} times as varied."
            )
        if self.smooth:
            lines.append(
                "It stays near codes of your images, and its file holds many of them. Of laws that "
                f"keep none the best is {_quoted(self.smooth)}: {_percent(self.smooth.hits)} good, "
                f"{self.smooth.diversity[0]:.2f} times as varied."
            )
        if prior is not best:
            if prior.hits[1][1] < best.hits[1][0]:
                lines.append(
                    f"Do not draw from N(0, I): {_percent(prior.hits)} of such images are good."
                )
            else:
                lines.append(
                    f"N(0, I) gives as many good images, {_percent(prior.hits)}, "
                    f"{prior.diversity[0]:.2f} times as varied as codes."
                )
        others = [row for row in self.rows[1:] if row is not self.smooth]
        equal = [
            row
            for row in others
            if row.worth > best.worth - NEARLY and row.hits[1][1] >= best.hits[1][0]
        ]
        if equal:
            lines.append(f"Nearly as good: {', '.join(map(_quoted, equal))}.")
        narrow = max(self.rows, key=lambda row: row.hits[0])
        if narrow not in (best, self.smooth) and narrow.hits[1][0] > best.hits[1][1]:
            lines.append(
                f"For single images that must be good, {_quoted(narrow)} gives "
                f"{_percent(narrow.hits)}, {narrow.diversity[0]:.2f} times as varied as codes."
            )
        return lines


def recommend(
    measured: Measured, rng: np.random.Generator, progress: Progress = silent
) -> Recommendation:
    """Fit every law to the codes, decode draws of it, and compare them with reconstructions.

    Laws are fitted to three fifths of the codes of the first training and held against the rest.

    Raises
    ------
    Lacking
        If there is no decoder.
    """
    from aelatent.audit.adapter import Lacking

    if measured.image_judge is None:
        raise Lacking("a decoder: without one no image can be made of a code")
    # Threads that share small sums wait for each other: a mixture took a hundred times as long.
    with threadpool_limits(limits=1, user_api="blas"):
        return _compared(measured, rng, progress)


def _compared(measured: Measured, rng: np.random.Generator, progress: Progress) -> Recommendation:
    coder, training = measured.coders[0], measured.trainings[0]
    known = training.codes[measured.fitted]
    rest = rng.permutation(np.flatnonzero(~measured.fitted))
    targets, fresh = training.codes[rest[:DRAWS]], training.codes[rest[DRAWS : 2 * DRAWS]]
    fresh = fresh if len(fresh) >= DRAWS // 2 else targets
    compare = _Comparison(measured, coder.decode(targets), known.std(axis=0), rng)
    compare.unit = compare.cycle(fresh, coder.decode(fresh))
    reference = compare.row(CODES, None, fresh)
    rows = []
    for place, unfitted in enumerate(fitted.SAMPLERS):
        progress("sampling", place, len(fitted.SAMPLERS))
        sampler = fitted.fit(unfitted, known, coder.code_shape)
        row = compare.row(sampler.name, sampler, sampler.rows(DRAWS, rng))
        rows.append(row.against(reference))
    progress("sampling", len(fitted.SAMPLERS), len(fitted.SAMPLERS))
    rows.sort(key=lambda row: -row.worth)
    return Recommendation(reference.against(reference), rows, caution(training, measured.blind))


def caution(training: Trained, blind: float | None) -> str:
    """Warn of reconstructions that are no better than one grey mean of all images.

    `blind` is the mean squared error of that mean image.
    """
    if training.error is None or not blind or training.error.mean() < NO_BETTER * blind:
        return ""
    return (
        "The networks hardly reconstruct the images: the mean squared error is "
        f"{training.error.mean():.2g}, that of the mean image {blind:.2g}. See whether `range` is "
        "right for encoder and decoder, and whether the two belong together; nothing below says "
        "much before that."
    )


class _Comparison:
    """Holds decoded draws against reconstructions."""

    def __init__(
        self,
        measured: Measured,
        targets: Pixels,
        spread: NDArray[np.float64],
        rng: np.random.Generator,
    ) -> None:
        self.measured = measured
        self.coder: Coder = measured.coders[0]
        self.seen = likeness.features(targets)
        self.spread = np.where(spread > 0, spread, 1.0)
        self.rng = rng
        self.unit: NDArray[np.float64] | None = None

    def row(self, name: str, sampler: CodeSampler | None, codes: NDArray[np.float64]) -> Row:
        pixels = self.coder.decode(codes)
        image_judge = self.measured.image_judge
        assert image_judge is not None  # noqa: S101 -- for mypy: `recommend` has looked
        accepted = image_judge.accepts(pixels)
        card = image_judge.card
        hits = rates.corrected_rate(accepted, card.sensitivity, card.false_acceptance)
        drawn = likeness.features(pixels)
        spread = diversity.relative_diversity(drawn, self.seen, self.rng)
        near = self._near(diversity.Distances.of(self.seen, drawn))
        cycle = None
        if self.unit is not None:
            cycle = _ratio(self.cycle(codes, pixels), self.unit)
        precision, recall, density, coverage, remoteness = near
        return Row(
            name,
            sampler,
            _interval(hits, 0, 1),
            _interval(spread, 0, math.inf),
            precision,
            recall,
            density,
            coverage,
            remoteness,
            cycle,
            pixels=pixels[:SHOWN],
            accepted=accepted[:SHOWN],
        )

    def cycle(self, codes: NDArray[np.float64], pixels: Pixels) -> NDArray[np.float64] | None:
        """Return how far each code lies from that of its image, in the codes' deviations."""
        if self.coder.encoder is None:
            return None
        again = self.coder.encode(pixels)[0].reshape(len(codes), -1)
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
    half = QUANTILE * math.hypot(estimate.error, estimate.shared)
    value = min(max(estimate.value, low), high)
    return value, (max(value - half, low), min(value + half, high))


def _quoted(row: Row) -> str:
    return f"\N{LEFT DOUBLE QUOTATION MARK}{row.name}\N{RIGHT DOUBLE QUOTATION MARK}"


def _percent(number: Number) -> str:
    value, (low, high) = number
    return f"{100 * value:.0f} % [{100 * low:.0f}, {100 * high:.0f}]"


def table(found: Recommendation) -> list[Mapping[str, Any]]:
    """Return the rows in plain types, the codes themselves last."""
    return [row.plain() for row in (*found.rows, found.reference)]
