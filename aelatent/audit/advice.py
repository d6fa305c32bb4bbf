"""The advice of an audit, in words: one small rule a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aelatent.audit.comparison import SamplerResult
from aelatent.inference.percentage import percent

if TYPE_CHECKING:
    from aelatent.audit.recommendation import Recommendation

NEARLY = 0.05
SELDOM = 0.5
PRIOR = "standard-normal"


def advice(recommendation: Recommendation) -> list[str]:
    """Return what to draw from, what not, and how good it is; a sentence or two each."""
    rules = RULES if recommendation.works(recommendation.best) else WITHOUT_ANY
    sentences = [rule(recommendation) for rule in rules]
    return [sentence for sentence in sentences if sentence]


def _none(recommendation: Recommendation) -> str:
    most = max(recommendation.results, key=lambda result: result.hits[0])
    return (
        "No sampler that was tried works on this model: at most "
        f"{percent(*most.hits)} of the images of one are clean, where decoded codes of images give "
        f"{percent(*recommendation.reference.hits)}."
    )


def _blurred(recommendation: Recommendation) -> str:
    """Warn of a model whose own reconstructions are seldom clean."""
    codes = recommendation.reference
    if codes.hits[0] >= SELDOM:
        return ""
    return (
        f"Only {percent(*codes.hits)} of decoded codes of images are clean, and "
        f"{percent(*codes.recognisable)} recognisable: the model itself blurs or damages images, "
        "and no sampler can do better."
    )


def _best(recommendation: Recommendation) -> str:
    best, codes = recommendation.best, recommendation.reference
    return (
        f"Draw from this sampler: {_quoted(best)}. {percent(*best.hits)} of its images are "
        f"clean (decoded codes of images: {percent(*codes.hits)}), and they are "
        f"{best.diversity[0]:.2f} times as varied."
    )


def _without_codes(recommendation: Recommendation) -> str:
    """Name the best sampler that keeps no codes, where the best of all keeps some."""
    if not recommendation.best.keeps_codes:
        return ""
    told = "It stays near codes of your images, and its file holds many of them. "
    other = recommendation.best_without_codes
    if other is not None and recommendation.works(other):
        return (
            f"{told}Of the samplers that keep none, the best is {_quoted(other)}: "
            f"{percent(*other.hits)} clean, {other.diversity[0]:.2f} times as varied."
        )
    without = [result.hits for result in recommendation.results if not result.keeps_codes]
    if not without:
        return told.rstrip()
    return f"{told}No sampler that keeps none works: at most {percent(*max(without))} are clean."


def _prior(recommendation: Recommendation) -> str:
    """Compare the best sampler with N(0, I)."""
    best = recommendation.best
    prior = next(result for result in recommendation.results if result.short == PRIOR)
    if prior is best:
        return ""
    if prior.hits[1][1] < best.hits[1][0] or not recommendation.works(prior):
        return f"Do not draw from {prior.name}: {percent(*prior.hits)} of such images are clean."
    return (
        f"{prior.name} gives as many clean images, {percent(*prior.hits)}, "
        f"{prior.diversity[0]:.2f} times as varied as codes."
    )


def _nearly_as_good(recommendation: Recommendation) -> str:
    best = recommendation.best
    equal = [
        result
        for result in recommendation.results[1:]
        if result is not recommendation.best_without_codes
        and result.worth > best.worth - NEARLY
        and result.hits[1][1] >= best.hits[1][0]
    ]
    return f"Nearly as good: {', '.join(map(_quoted, equal))}." if equal else ""


def _single_images(recommendation: Recommendation) -> str:
    """Name a sampler that gives more clean images than the best, if less varied ones."""
    best = recommendation.best
    safest = max(recommendation.results, key=lambda result: result.hits[0])
    named = best, recommendation.best_without_codes
    if safest in named or not recommendation.works(safest) or safest.hits[1][0] <= best.hits[1][1]:
        return ""
    return (
        f"For single images that must be clean, {_quoted(safest)} gives "
        f"{percent(*safest.hits)}, {safest.diversity[0]:.2f} times as varied as codes."
    )


RULES = (_blurred, _best, _without_codes, _prior, _nearly_as_good, _single_images)
WITHOUT_ANY = (_blurred, _none)


def _quoted(result: SamplerResult) -> str:
    return f"\N{LEFT DOUBLE QUOTATION MARK}{result.name}\N{RIGHT DOUBLE QUOTATION MARK}"
