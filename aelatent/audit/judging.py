"""Judge a user's model: compare its reconstructions, make its judge, and measure the card."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from aelatent.audit import similarity_judge
from aelatent.audit.autoencoder import Pixels
from aelatent.audit.description import DescriptionError
from aelatent.audit.measured import MeasuredModel, MeasuredTraining
from aelatent.audit.padding import fit_padding
from aelatent.audit.progress import Progress
from aelatent.audit.reconstruction import FITTED, alike, baseline_errors, reconstruction
from aelatent.audit.similarity_judge import LIKENESS, PASSED, SimilarityJudge
from aelatent.audit.user_judge import UserJudge, named_judge
from aelatent.data import Images
from aelatent.data.images import squared_errors
from aelatent.inference.rules import THRESHOLD
from aelatent.judges import JudgeCard, measurement
from aelatent.judges.card import ORIGINALS, RECONSTRUCTIONS, CardRow, counts
from aelatent.judges.grade import Grade
from aelatent.judges.judge import Judge
from aelatent.judges.measurement import Kind
from aelatent.judges.registry import ImageJudge
from aelatent.latent.cloud import Floats

REFERENCES = 1500
CARD_IMAGES = 400
NONIMAGES = 300  # of each kind
PADDED = "faces"  # the judge that needs some background around what it looks for
LIKE = f"{RECONSTRUCTIONS}, sharp or not"
HELD_OUT = "held-out "  # by the judge; the model may have been trained on them
SEPARATION = 0.2  # by which a judge accepts good images more often than spoilt ones, at least


def add_judge(
    measured: MeasuredModel,
    images: Images | None,
    rng: np.random.Generator,
    progress: Progress,
) -> MeasuredModel:
    """Reconstruct images, make the judge, and measure its card.

    A model that does not reconstruct gets no judge: there is nothing good to judge by.

    Parameters
    ----------
    measured : MeasuredModel
        With codes and a decoder.
    images : Images or None
        None where only codes are known.
    rng : numpy.random.Generator
    progress : callable
        See `aelatent.audit.progress`.

    Returns
    -------
    MeasuredModel

    Raises
    ------
    DescriptionError
        If the judge hardly distinguishes the model's images from spoilt ones.
    """
    chosen = measured.judged
    copies = [
        autoencoder.decode(training.codes[chosen], progress)
        for autoencoder, training in zip(measured.autoencoders, measured.trainings, strict=True)
    ]
    originals = None if images is None else images.pixels[chosen]
    measured = replace(
        _with_errors(measured, copies, images),
        image_shape=copies[0].shape[1:],
        varied=not any(map(alike, copies)),
    )
    if measured.refusals:
        return measured
    judge = _make_judge(measured, copies[0], images, rng, progress)
    card = _measure_card(judge, copies[0], originals, rng)
    _check_card(measured, card)
    measured = replace(
        measured,
        seen=_seen(measured, card, images),
        recognisable=float((judge.grade(copies[0]).grades >= Grade.DAMAGED).mean()),
    )
    return measured if measured.refusals else replace(measured, image_judge=ImageJudge(judge, card))


def _seen(measured: MeasuredModel, card: JudgeCard, images: Images | None) -> CardRow | None:
    """Return the grades of the originals by a named judge; None where nobody can know."""
    if measured.description.judge is None or images is None:
        return None
    return next(row for row in card.rows if row.kind == ORIGINALS)


def _with_errors(
    measured: MeasuredModel, copies: Sequence[Pixels], images: Images | None
) -> MeasuredModel:
    """Add the errors of the reconstructions to each training, and compare them with baselines."""
    if images is None:
        return measured
    originals = images.pixels[measured.judged]
    errors = [squared_errors(pixels, originals) for pixels in copies]
    fitted = np.flatnonzero(measured.fitted)
    known = images.pixels[fitted[:: -(-len(fitted) // FITTED)]]  # images may be sorted
    baselines = baseline_errors(known, originals, measured.d)
    groups = None if measured.groups is None else measured.groups[measured.judged]
    return replace(
        measured,
        trainings=tuple(map(_with_error, measured.trainings, errors)),
        reconstructions=tuple(reconstruction(each, *baselines, groups) for each in errors),
    )


def _with_error(training: MeasuredTraining, error: Floats) -> MeasuredTraining:
    return replace(training, error=error)


def _make_judge(
    measured: MeasuredModel,
    copies: Pixels,
    images: Images | None,
    rng: np.random.Generator,
    progress: Progress,
) -> Judge:
    """Make the judge; every other judged image sets its threshold."""
    originals = None if images is None else images.pixels[measured.judged][::2][:CARD_IMAGES]
    copies = copies[::2][:CARD_IMAGES]
    if measured.description.judge is None:
        references = rng.permutation(np.flatnonzero(measured.fitted))[:REFERENCES]
        known = measured.autoencoders[0].decode(measured.trainings[0].codes[references], progress)
        real = None if images is None else images.pixels[references]
        return SimilarityJudge(similarity_judge.calibrate(known, copies, real, originals))
    judge = named_judge(measured.description)
    if isinstance(judge, UserJudge):
        judge.fit_threshold(copies if originals is None else originals)
    if judge.name == PADDED and originals is not None:
        return fit_padding(judge, originals)
    return judge


def _measure_card(
    judge: Judge,
    copies: Pixels,
    originals: Pixels | None,
    rng: np.random.Generator,
) -> JudgeCard:
    """Measure the card on the other half of the judged images, and on what is made of them."""
    own = copies[1::2][:CARD_IMAGES]
    good = [Kind(RECONSTRUCTIONS, Grade.CLEAN if originals is None else None, own)]
    if originals is not None:
        good.insert(0, Kind(ORIGINALS, Grade.CLEAN, originals[1::2][:CARD_IMAGES]))
    card = measure_card(judge, good, own if originals is None else originals[:CARD_IMAGES], rng)
    return _with_likeness(judge, card, own) if isinstance(judge, SimilarityJudge) else card


def _with_likeness(judge: SimilarityJudge, card: JudgeCard, copies: Pixels) -> JudgeCard:
    """Take how many reconstructions are like others, sharp or not, for the sensitivity.

    Were it the share of reconstructions that are clean, a model that blurs would be corrected for
    its own fault.
    """
    measured = judge.measures(copies)
    grades = judge.grades(measured)
    grades[measured[LIKENESS] >= PASSED] = Grade.CLEAN
    good = (ORIGINALS, RECONSTRUCTIONS)
    rows = (replace(row, grade=None) if row.kind in good else row for row in card.rows)
    like = CardRow(LIKE, Grade.CLEAN, counts(grades))
    return replace(card, readings={THRESHOLD: (like, *rows)})


def measure_card(
    judge: Judge, good: Sequence[Kind], originals: Pixels, rng: np.random.Generator
) -> JudgeCard:
    """Measure a judge's card on the user's images and on images that show nothing.

    Parameters
    ----------
    judge : Judge
    good : sequence of Kind
        The user's images; those that are said to be clean set the sensitivity.
    originals : ndarray of uint8, shape (n, h, w, c)
        What images that show nothing are made of.
    rng : numpy.random.Generator

    Returns
    -------
    JudgeCard
    """
    spoilt = measurement.generated_nonimages(originals, "images", NONIMAGES, rng)
    nothing = [Kind(name, Grade.NONE, pixels) for name, pixels in spoilt.items()]
    return measurement.measure(judge, [*good, *nothing])


def _check_card(measured: MeasuredModel, card: JudgeCard) -> None:
    """Refuse a judge that hardly distinguishes the model's images from noise, tiles and strokes."""
    own, spoilt = card.sensitivity().value, card.false_acceptance().value
    if own - spoilt < SEPARATION:
        raise DescriptionError(
            f"judge: expected one that accepts images such as yours and no spoilt ones, "
            f"{measured.judge_words} accepts {100 * own:.0f} % of yours and {100 * spoilt:.0f} % "
            "of noise, shuffled tiles and strokes. Name another, or none for similarity to your "
            "own images"
        )


def card_summary(measured: MeasuredModel) -> Mapping[str, Any] | None:
    """Return what the report shows of the judge; None without one."""
    if measured.image_judge is None:
        return None
    card = measured.image_judge.card
    return {
        "judge": measured.judge_words,
        "sensitivity": card.sensitivity().value,
        "false_acceptance": card.false_acceptance().value,
        "padding": getattr(measured.image_judge.judge, "padding", 0.0),
        "rows": [
            {
                "kind": row.kind.removeprefix(HELD_OUT),
                "n": row.n,
                "rate": row.rate(Grade.CLEAN).value,
            }
            for row in card.rows
        ],
    }
