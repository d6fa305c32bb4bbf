"""What a caller demands of a model, and where the model falls short of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aelatent.audit.reconstruction import interval
from aelatent.inference.percentage import percent
from aelatent.inference.record import Record
from aelatent.inference.rules import Outcome
from aelatent.samplers.fitted import AUDITED

if TYPE_CHECKING:
    from aelatent.audit.comparison import SamplerResult
    from aelatent.audit.running import Audit

VERDICTS = {Outcome.SUPPORTED, Outcome.REFUTED, Outcome.INCONCLUSIVE}
MEASURES = {"hits": "clean rate", "recall": "recall"}


@dataclass(frozen=True)
class Threshold:
    """The least value that a sampler has to reach.

    Attributes
    ----------
    least : float
        From 0 to 1.
    sampler : str
        A key of `aelatent.samplers.fitted.AUDITED`; empty for the best sampler that keeps no
        codes of images.
    """

    least: float
    sampler: str = ""

    @classmethod
    def parse(cls, text: str) -> Threshold:
        """Read "gaussian:0.9", or "0.9" for the best sampler that keeps no codes.

        Raises
        ------
        ValueError
            If the sampler is unknown, or the number is none from 0 to 1.

        Examples
        --------
        >>> Threshold.parse("gaussian:0.9")
        Threshold(least=0.9, sampler='gaussian')
        """
        sampler, _, number = text.rpartition(":")
        if sampler and sampler not in AUDITED:
            raise ValueError(f"expected a sampler of {', '.join(AUDITED)}, got {sampler!r}")
        try:
            least = float(number)
        except ValueError:
            least = -1.0
        if not 0 <= least <= 1:  # which a NaN is not
            raise ValueError(f"expected a number from 0 to 1, got {text!r}")
        return cls(least, sampler)


@dataclass(frozen=True)
class Demands:
    """What a model must reach; nothing by default.

    Attributes
    ----------
    refused : sequence of (outcome, claim)
        Verdicts that the model must not get, such as ("refuted", "A-18"). A check that broke, or a
        claim that does not apply, falls short as well: it would hide them.
    hit_rates, recalls : sequence of Threshold
        Share of a sampler's decoded draws that are clean, and share of reconstructions that they
        surround.
    max_error : float or None
        The largest mean squared error of reconstructions, on the scale [0, 1].
    """

    refused: Sequence[tuple[str, str]] = ()
    hit_rates: Sequence[Threshold] = ()
    recalls: Sequence[Threshold] = ()
    max_error: float | None = None

    def __bool__(self) -> bool:
        asked = self.refused or self.hit_rates or self.recalls
        return bool(asked) or self.max_error is not None


def shortcomings(audit: Audit, demands: Demands) -> list[str]:
    """Return where a model falls short of demands, a line each.

    A model that does not reconstruct its images falls short of any demand.

    Parameters
    ----------
    audit : Audit
    demands : Demands

    Returns
    -------
    list of str
        Each with the number, its interval, the limit and the reason; empty where the model meets
        every demand.
    """
    if not demands:
        return []
    return [
        *audit.measured.refusals,
        *_errors(audit, demands.max_error),
        *(line for each in demands.hit_rates for line in _sampled(audit, "hits", each)),
        *(line for each in demands.recalls for line in _sampled(audit, "recall", each)),
        *(line for outcome, claim in demands.refused for line in _refused(audit, outcome, claim)),
    ]


def _errors(audit: Audit, most: float | None) -> Iterator[str]:
    if most is None:
        return
    expected = f"expected {most:g} or less"
    if not audit.measured.reconstructions:
        yield f"reconstruction error: not measured without images and a decoder; {expected}"
    for each in audit.measured.reconstructions:
        if each.error.value > most:
            low, high = interval(each.error)
            yield (
                f"reconstruction error: {each.error.value:.3g} [{low:.3g}, {high:.3g}] is the mean "
                f"squared error on {each.n:,} of the images given; {expected}"
            )


def _sampled(audit: Audit, measure: str, threshold: Threshold) -> Iterator[str]:
    """Compare one number of a sampler with its limit."""
    name, expected = MEASURES[measure], f"expected {100 * threshold.least:g} % or more"
    result = _sampler_result(audit, threshold.sampler)
    if result is None:
        yield f"{name}: no sampler was measured, since {_obstacle(audit)}; {expected}"
    elif getattr(result, measure)[0] < threshold.least:
        which = "" if threshold.sampler else ", the best sampler that keeps no codes"
        yield (
            f"{name}: {percent(*getattr(result, measure))} of \N{LEFT DOUBLE QUOTATION MARK}"
            f"{result.name}\N{RIGHT DOUBLE QUOTATION MARK} ({result.short}){which}; {expected}"
        )


def _sampler_result(audit: Audit, sampler: str) -> SamplerResult | None:
    if audit.recommendation is None:
        return None
    if not sampler:
        return audit.recommendation.best_without_codes
    return next(each for each in audit.recommendation.results if each.short == sampler)


def _obstacle(audit: Audit) -> str:
    if audit.measured.autoencoders[0].decoder is None:
        return "there is no decoder"
    return "nothing can be recommended for this model"


def _refused(audit: Audit, outcome: str, claim: str) -> Iterator[str]:
    """Yield the records of a claim that have a refused outcome, or no verdict."""
    records = [record for record in audit.records if record.id == claim]
    if not any(record.outcome in VERDICTS for record in records):
        outcomes = " and ".join(sorted({str(r.outcome) for r in records})) or "no claim"
        yield f"{claim}: expected a verdict, it is {outcomes} on this model{_reasons(records)}"
    for record in records:
        if record.outcome in (outcome, Outcome.ERROR):
            told = f"{record.finding()}. {record.rule}"
            if record.outcome not in VERDICTS:
                told = f"{record.outcome}{_reasons([record])}"
            yield f"{claim}: {record.title} {told}"


def _reasons(records: Sequence[Record]) -> str:
    """Return why claims came to no verdict, each reason once."""
    told = dict.fromkeys(r.message.strip().splitlines()[-1] for r in records if r.message.strip())
    return f": {'; '.join(told)}" if told else ""
