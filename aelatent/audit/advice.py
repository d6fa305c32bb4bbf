"""The advice of an audit, in words: one small rule a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aelatent.audit.comparison import Number, SamplerResult

if TYPE_CHECKING:
    from aelatent.audit.recommendation import Recommendation

NEARLY = 0.05
POOR = 0.5
PRIOR = "N(0, I)"


def advice(recommendation: Recommendation) -> list[str]:
    """Return what to draw from, what not, and how good it is; a sentence or two each."""
    sentences = [rule(recommendation) for rule in RULES]
    return [sentence for sentence in sentences if sentence]


def _caution(recommendation: Recommendation) -> str:
    return recommendation.caution


def _best(recommendation: Recommendation) -> str:
    best, codes = recommendation.best, recommendation.reference
    if best.hits[0] < POOR * codes.hits[0]:
        return (
            f"No sampler that was tried works well on this model. Best is {_quoted(best)}: "
            f"it gives {_percent(best.hits)} good images where decoded held-out codes give "
            f"{_percent(codes.hits)}."
        )
    return (
        f"Draw from this sampler: {_quoted(best)}. {_percent(best.hits)} of its images are "
        f"good (decoded held-out codes: {_percent(codes.hits)}), and they are "
        f"{best.diversity[0]:.2f} times as varied."
    )


def _without_codes(recommendation: Recommendation) -> str:
    """Name the best sampler that keeps no codes, where the best of all keeps some."""
    other = recommendation.best_without_codes
    if other is None:
        return ""
    return (
        "It stays near codes of your images, and its file holds many of them. Of the samplers that "
        f"keep none, the best is {_quoted(other)}: {_percent(other.hits)} good, "
        f"{other.diversity[0]:.2f} times as varied."
    )


def _prior(recommendation: Recommendation) -> str:
    """Compare the best sampler with N(0, I)."""
    best = recommendation.best
    prior = next(result for result in recommendation.results if result.name == PRIOR)
    if prior is best:
        return ""
    if prior.hits[1][1] < best.hits[1][0]:
        return f"Do not draw from {PRIOR}: {_percent(prior.hits)} of such images are good."
    return (
        f"{PRIOR} gives as many good images, {_percent(prior.hits)}, "
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
    """Name a sampler that gives more good images than the best, if less varied ones."""
    best = recommendation.best
    safest = max(recommendation.results, key=lambda result: result.hits[0])
    named = best, recommendation.best_without_codes
    if safest in named or safest.hits[1][0] <= best.hits[1][1]:
        return ""
    return (
        f"For single images that must be good, {_quoted(safest)} gives "
        f"{_percent(safest.hits)}, {safest.diversity[0]:.2f} times as varied as codes."
    )


RULES = (_caution, _best, _without_codes, _prior, _nearly_as_good, _single_images)


def _quoted(result: SamplerResult) -> str:
    return f"\N{LEFT DOUBLE QUOTATION MARK}{result.name}\N{RIGHT DOUBLE QUOTATION MARK}"


def _percent(number: Number) -> str:
    value, (low, high) = number
    return f"{100 * value:.0f} % [{100 * low:.0f}, {100 * high:.0f}]"
