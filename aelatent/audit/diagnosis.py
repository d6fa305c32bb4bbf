"""Why a model cannot be sampled, the most basic failure first.

1. It does not reconstruct its images. What has collapsed comes with it, as the cause: the encoder,
   the units of a VAE, or the decoder.
2. Something has collapsed, where no images tell whether the model reconstructs.
3. The judge that the description names knows neither the images nor what the decoder makes of them.

How the codes are distributed comes after all of these: it means nothing before.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from aelatent.audit.code_summary import collapsed_units
from aelatent.judges.grade import Grade

if TYPE_CHECKING:
    from aelatent.audit.measured import MeasuredModel, MeasuredTraining

LEAST_SEEN = 0.5  # share of originals that a judge must accept before its word counts
LEAST_RECOGNISABLE = 0.5  # share of reconstructions that show something
SAME = 1e-6  # of the largest number: codes that differ by less are one
MOST_UNITS = 0.5  # share of a VAE's units whose collapse explains why it does not reconstruct


def reasons(measured: MeasuredModel) -> tuple[str, ...]:
    """Return why no sampler can be recommended, a sentence or two each; empty where one can."""
    poor = tuple(
        each.refusal(_cause(measured, training))
        for each, training in zip(measured.reconstructions, measured.trainings, strict=False)
        if not each.sufficient
    )
    return poor or tuple(_without_images(measured)) or tuple(_of_the_judge(measured))


def _cause(measured: MeasuredModel, training: MeasuredTraining) -> str:
    """Return what has collapsed, as a clause; empty where nothing has."""
    if one_code(training):
        return "all images have one code, since the encoder has collapsed"
    units = collapsed_units(training.codes, training.log_variances)
    if units is not None and len(units) >= MOST_UNITS * measured.d:
        return (
            f"{len(units)} of {measured.d} units have collapsed to the prior, so that they say "
            "nothing of the images (a smaller weight of the divergence keeps more of them)"
        )
    return "" if measured.varied else "the decoder gives the same image for the code of every image"


def _without_images(measured: MeasuredModel) -> Iterator[str]:
    if any(map(one_code, measured.trainings)):
        given = measured.description.encoder is None
        yield (
            "All codes are one and the same."
            if given
            else "All images have one code: the encoder has collapsed."
        )
    elif not measured.varied:
        yield "The decoder gives the same image for the code of every image."


def one_code(training: MeasuredTraining) -> bool:
    """Tell whether all codes are the same, up to rounding."""
    codes = training.codes
    return bool(np.ptp(codes, axis=0).max() <= SAME * np.abs(codes).max(initial=0))


def _of_the_judge(measured: MeasuredModel) -> Iterator[str]:
    if measured.seen is not None and measured.seen.rate(Grade.CLEAN).value < LEAST_SEEN:
        yield (
            f"{measured.sensitivity}; expected {100 * LEAST_SEEN:.0f} % or more. What it says of "
            "decoded images means nothing. Name another judge, or none for similarity to your own "
            "images."
        )
    elif measured.recognisable < LEAST_RECOGNISABLE:
        yield (
            f"The model does not reconstruct its images: {measured.judge_words} calls "
            f"{100 * measured.recognisable:.0f} % of its reconstructions recognisable; expected "
            f"{100 * LEAST_RECOGNISABLE:.0f} % or more."
        )
