"""The recommended sampler: every sampler fitted to the codes, compared and ranked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from aelatent.audit.advice import advice
from aelatent.audit.comparison import Comparison, SamplerResult
from aelatent.audit.measured import MeasuredModel, MeasuredTraining
from aelatent.audit.progress import Progress, no_progress
from aelatent.samplers import fitted

DRAWS = 400
CODES = "held-out codes"
NO_BETTER = 0.8


@dataclass(frozen=True, eq=False)
class Recommendation:
    """The results of all samplers, best first, and the advice that follows.

    Attributes
    ----------
    reference : SamplerResult
        The held-out codes.
    results : sequence of SamplerResult
    caution : str
        A warning that makes all of it doubtful; empty if there is none.
    """

    reference: SamplerResult
    results: Sequence[SamplerResult]
    caution: str = ""

    @property
    def best(self) -> SamplerResult:
        """The sampler with the greatest `worth`."""
        return self.results[0]

    @property
    def best_without_codes(self) -> SamplerResult | None:
        """The best sampler that keeps no codes of images, if the best of all does; else None."""
        without = (r for r in self.results if r.sampler and "codes" not in r.sampler.arrays)
        first = next(without, None)
        return None if first is self.best else first

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
    reference = comparison.result(CODES, None, fresh)
    results = []
    for place, unfitted in enumerate(fitted.SAMPLERS):
        progress("sampling", place, len(fitted.SAMPLERS))
        sampler = fitted.fit(unfitted, known, autoencoder.code_shape)
        result = comparison.result(sampler.name, sampler, sampler.rows(DRAWS, rng))
        results.append(result.relative_to(reference))
    progress("sampling", len(fitted.SAMPLERS), len(fitted.SAMPLERS))
    results.sort(key=lambda result: -result.worth)
    warning = caution(training, measured.mean_image_error)
    return Recommendation(reference.relative_to(reference), results, warning)


def caution(training: MeasuredTraining, mean_image_error: float | None) -> str:
    """Warn of reconstructions that are hardly better than the mean image.

    Parameters
    ----------
    training : MeasuredTraining
    mean_image_error : float or None
        Mean squared error of the mean image, on the scale [0, 1].

    Returns
    -------
    str
        The warning; empty where the reconstructions are better, or nothing is known of them.
    """
    if training.error is None or not mean_image_error:
        return ""
    if training.error.mean() < NO_BETTER * mean_image_error:
        return ""
    return (
        "The networks hardly reconstruct the images: the mean squared error is "
        f"{training.error.mean():.2g}, that of the mean image {mean_image_error:.2g}. Check "
        "whether `range` is right for encoder and decoder, and whether the two belong together; "
        "nothing below says much before that."
    )
