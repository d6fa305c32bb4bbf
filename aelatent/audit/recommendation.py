"""The recommended sampler: every sampler fitted to the codes, compared and ranked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from aelatent.audit.advice import advice
from aelatent.audit.comparison import Comparison, SamplerResult
from aelatent.audit.measured import MeasuredModel
from aelatent.audit.progress import Progress, no_progress
from aelatent.samplers import fitted

DRAWS = 400
CODES = "codes of images"  # to which no sampler was fitted
POOR = 0.5  # clean rate over that of codes of images, below which a sampler does not work
LEAST_GOOD = 0.05  # ... and clean rate below which none does


@dataclass(frozen=True, eq=False)
class Recommendation:
    """The results of all samplers, best first, and the advice that follows.

    Attributes
    ----------
    reference : SamplerResult
        Codes of images to which no sampler was fitted.
    results : sequence of SamplerResult
    """

    reference: SamplerResult
    results: Sequence[SamplerResult]

    @property
    def best(self) -> SamplerResult:
        """The sampler with the greatest `worth`."""
        return self.results[0]

    @property
    def best_without_codes(self) -> SamplerResult | None:
        """The best sampler that keeps no codes of images; None if every sampler keeps some."""
        return next((result for result in self.results if not result.keeps_codes), None)

    def works(self, result: SamplerResult) -> bool:
        """Tell whether a sampler gives half as many good images as codes of images, or more."""
        return result.hits[0] >= max(POOR * self.reference.hits[0], LEAST_GOOD)

    @property
    def recommended(self) -> list[SamplerResult]:
        """What to draw from: the best sampler, then the best that keeps no codes; those that work.

        A sampler stands here once, and none does where none works.
        """
        if not self.works(self.best):
            return []
        other = self.best_without_codes
        others = [] if other in (None, self.best) or not self.works(other) else [other]
        return [self.best, *others]

    @property
    def advice(self) -> list[str]:
        """What to draw from, what not, and how good it is, in words."""
        return advice(self)

    def plain(self) -> list[Mapping[str, Any]]:
        """Return the results in plain types, the codes themselves last."""
        return [result.plain() for result in (*self.results, self.reference)]


def recommend(
    measured: MeasuredModel, rng: np.random.Generator, progress: Progress = no_progress
) -> Recommendation:
    """Fit every sampler to the codes, decode its draws, and compare them with reconstructions.

    Samplers are fitted to three fifths of the codes of the first training, and compared with the
    rest.

    Parameters
    ----------
    measured : MeasuredModel
    rng : numpy.random.Generator
    progress : callable
        See `aelatent.audit.progress`; by default nothing is reported.

    Returns
    -------
    Recommendation

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
        return _compare(measured, rng, progress)


def _compare(
    measured: MeasuredModel, rng: np.random.Generator, progress: Progress
) -> Recommendation:
    autoencoder, training = measured.autoencoders[0], measured.trainings[0]
    known = training.codes[measured.fitted]
    rest = rng.permutation(np.flatnonzero(~measured.fitted))
    targets, fresh = training.codes[rest[:DRAWS]], training.codes[rest[DRAWS : 2 * DRAWS]]
    fresh = fresh if len(fresh) >= DRAWS // 2 else targets
    comparison = Comparison(measured, autoencoder.decode(targets), known.std(axis=0), rng)
    comparison.usual_cycle = comparison.cycle(fresh, autoencoder.decode(fresh))
    reference = comparison.result(CODES, "codes", None, fresh)
    results = []
    for place, (short, unfitted) in enumerate(fitted.AUDITED.items()):
        progress("sampling", place, len(fitted.AUDITED))
        sampler = fitted.fit(unfitted, known, autoencoder.code_shape)
        result = comparison.result(sampler.name, short, sampler, sampler.rows(DRAWS, rng))
        results.append(result.relative_to(reference))
    progress("sampling", len(fitted.AUDITED), len(fitted.AUDITED))
    results.sort(key=lambda result: -result.worth)
    return Recommendation(reference.relative_to(reference), results)
