"""The power of a claim on one model, from its own trainings, and what would decide it if open."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from aelatent.inference.power import AIM, FACTORS, MOST, MOST_BESIDE, Need, PartPrecision, need
from aelatent.inference.record import Record
from aelatent.inference.recorded_errors import part_of, parts_of, uncertain_parts
from aelatent.inference.rules import THRESHOLD, Outcome
from aelatent.report.notation import readings_by_outcome

VERBS = {Outcome.SUPPORTED: "support", Outcome.REFUTED: "refute"}
WEAK = 0.5  # power of a claim on one model below which it more often decides nothing


def part_powers(
    record: Record, calibration: Sequence[Mapping[str, Any]] | None = None
) -> list[float | None]:
    """Return the power of each part of a claim on this model, at twice the rule's margin.

    It is how often the rule would decide correctly at the effect at which the claim's simulations
    measure power, if trainings scattered as these do, images and judge drawn anew. Simulations have
    a spread of their own.

    Parameters
    ----------
    record : Record
    calibration : sequence of mapping, optional
        Scenarios; by default all of the record. Of several about a part the least power counts.

    Returns
    -------
    list of float or None
        None for a part that no scenario is about, or that has no error.
    """
    known = record.calibration if calibration is None else calibration
    uncertain = uncertain_parts(record.parts)
    found = [part_of(part, uncertain) for part in record.parts]
    return [None if part is None else _power(part, known) for part in found]


def power(record: Record, calibration: Sequence[Mapping[str, Any]] | None = None) -> float | None:
    """Return the power of the weakest part of a claim on this model; None where none is known.

    Parameters
    ----------
    record : Record
    calibration : sequence of mapping, optional
        As in `part_powers`.

    Returns
    -------
    float or None
    """
    known = [found for found in part_powers(record, calibration) if found is not None]
    return min(known, default=None)


def claim_need(record: Record) -> Need | None:
    """Return what would decide a claim that is inconclusive; None for all others."""
    if record.outcome != Outcome.INCONCLUSIVE:
        return None
    return need(list(_by_reading(record).values()))


def needed(record: Record) -> str:
    """Say what would decide a claim that is inconclusive; nothing of all others.

    Parameters
    ----------
    record : Record

    Returns
    -------
    str
        How many trainings, or how many times as many images or labels of the judge, and with what
        power; or between which readings of the judge it lies.

    Examples
    --------
    >>> part = {"effect": 0.9, "interval": [0.776, 1.024], "limits": [0.8, None],
    ...     "per_replicate": [0.85, 0.9, 0.95], "outcome": "inconclusive", "unit": ""}
    >>> print(needed(Record("B-08", "", "", "", "", "inconclusive", "", parts=[part])))
    About 5 trainings would support it in 80 % of cases; 3, as now, would decide it in 47 %.
    """
    found = claim_need(record)
    if found is None:
        return ""
    if found.outcome == Outcome.INCONCLUSIVE:
        return _undecidable(record)
    uncertain = [part for part in parts_of(record.parts) if part.errors.known]
    k = min((part.trainings for part in uncertain), default=1)
    would = f"would {VERBS[found.outcome]} it in {100 * AIM:.0f} % of cases"
    now = f"{100 * found.now:.0f} %"
    more = f"about {_rounded(found.trainings)} trainings" + " of each model" * (
        len(record.models) > 1
    )
    depends = (
        f"It depends on the judge ({readings_by_outcome(record)}). " if record.depends_on else ""
    )
    if any(part.errors.of_images for part in uncertain):
        return f"{depends}{_named(record, found, '')} {would}; those at hand would in {now}."
    if found.images == 1 and not found.kinds:
        return f"{depends}{more.capitalize()} {would}; {k}, as now, would decide it in {now}."
    named = _named(record, found, more if found.trainings > k else "")
    origin = "the images and their judge" if record.readings else "the images"
    return (
        f"{depends}No number of trainings alone decides it: the error from {origin}, which all "
        f"trainings share, does not shrink with them. {named} {would}."
    )


def power_sentence(records: Sequence[Record]) -> str:
    """Say what power a claim has on each model, from its own trainings; nothing where unknown.

    Examples
    --------
    >>> part = {"effect": 0.9, "interval": [0.776, 1.024], "limits": [0.8, None],
    ...     "per_replicate": [0.85, 0.9, 0.95]}
    >>> at = {"effects": {"margin": [0.8], "true": [1.0], "false": [0.6]}}
    >>> record = Record("B-08", "", "", "", "faces", "supported", "", parts=[part])
    >>> record.calibration = [at]
    >>> print(power_sentence([record]))
    With the number of trainings and the spread of this model, the check would decide correctly
    at twice the margin in 91 % of cases on faces.
    """
    known = [(own, record.model) for record in records if (own := power(record)) is not None]
    if not known:
        return ""
    least, most = ((f"{100 * own:.0f} %", model) for own, model in (min(known), max(known)))
    told = f"in {least[0]} of cases on {least[1]}"
    if len(known) > 1:
        weak = sum(own < WEAK for own, _ in known)
        told = (
            f"in {least[0]} ({least[1]}) to {most[0]} ({most[1]}) of cases, and in fewer than "
            f"{100 * WEAK:.0f} % on {weak} of {len(known)}"
        )
    return (
        "With the number of trainings and the spread of this model, the check would decide "
        f"correctly at twice the margin {told}."
    )


def _by_reading(record: Record) -> dict[str, list[PartPrecision]]:
    """Return the parts at each reading of the judge; at one where no judge saw the images."""
    at = {reading["name"]: reading["parts"] for reading in record.readings}
    return {THRESHOLD: parts_of(record.parts)} | {
        name: parts_of(record.parts, parts) for name, parts in at.items() if name != THRESHOLD
    }


def _power(part: PartPrecision, calibration: Sequence[Mapping[str, Any]]) -> float | None:
    """Return the least power of a part over the scenarios that are about its margin."""
    if not part.errors.known:
        return None
    ends = [end for end in part.limits if math.isfinite(end)]
    effects = [known["effects"] for known in calibration if "effects" in known]
    chances = []
    for at in effects:
        margin = at["margin"]
        if len(margin) != len(ends) or not all(map(math.isclose, margin, ends)):
            continue
        if len(margin) == 1:
            true = at["true"][0]
            if part.limits[0] < true < part.limits[1]:
                chances.append(part.chances(true, fresh=True).supported)
        else:
            refuted = [part.chances(truth, fresh=True).refuted for truth in at["false"]]
            chances.append(sum(refuted) / len(refuted))
    return min(chances, default=None)


def _named(record: Record, found: Need, trainings: str) -> str:
    """Name the images that would decide, and the trainings that they need beside them."""
    images = "labelled images of the judge and images of the model" if record.readings else "images"
    times = "twice" if found.images == 2 else f"{found.images} times"
    named = [
        "a judge measured on more kinds of images" if found.kinds else "",
        f"{times} as many {images}" if found.images > 1 else "",
        trainings,
    ]
    text = " and ".join(each for each in named if each)
    return text[:1].upper() + text[1:]


def _undecidable(record: Record) -> str:
    """Say why neither trainings nor images would decide."""
    apart = {name: _leaning(parts) for name, parts in _by_reading(record).items()}
    if len(set(apart.values())) > 1 or record.depends_on:
        if len(set(apart.values())) > 1:
            said = "; ".join(
                f"{outcome} at {', '.join(name for name in apart if apart[name] == outcome)}"
                for outcome in dict.fromkeys(apart.values())
            )
            said = f"the estimates at its readings lie on both sides of the margin ({said})"
        else:
            said = f"its readings differ ({readings_by_outcome(record)})"
        return (
            f"No number of trainings: it depends on the judge, since {said}. A judge with fewer "
            "errors on damaged images would decide it."
        )
    return (
        f"Neither {MOST:,} trainings nor {FACTORS[-1]} times as many images with {MOST_BESIDE} "
        f"trainings would decide it in {100 * AIM:.0f} % of cases: the effect lies too close to "
        "the margin."
    )


def _leaning(parts: Sequence[PartPrecision]) -> str:
    """Return on which side of their margins the estimates of a claim's parts lie."""
    inside = all(part.limits[0] < part.effect < part.limits[1] for part in parts)
    return "within" if inside else "outside"


def _rounded(trainings: int) -> str:
    """Write a number of trainings to two digits, rounded up: a spread is known no better."""
    step = 10 ** max(0, len(str(trainings)) - 2)
    return f"{-(-trainings // step) * step:,}"
