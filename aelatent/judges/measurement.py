"""Fill in judge cards: every kind of image and of non-image is put before the judge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aelatent.data import Images
from aelatent.judges import nonimages
from aelatent.judges.card import ORIGINALS, JudgeCard, Row
from aelatent.judges.faces import FaceJudge, calibrate, calibration_half
from aelatent.judges.judge import Judge, Pixels, Sorter

FACES_ACCEPTED, NONFACES_ACCEPTED = 0.95, 0.02
DIGITS_ACCEPTED, NONDIGITS_ACCEPTED = 0.95, 0.05
DIGITS_RIGHT = 0.992
EACH = 1000
"""Images of each kind that we make ourselves."""
ALIGNED = (
    "the mean of two aligned faces shows a face, so to accept it is no fault; "
    "the kind stays on the card and out of the false acceptance"
)


@dataclass(frozen=True, eq=False)
class Kind:
    """Images of one kind, whether they show what the judge looks for, and the aim."""

    pixels: Pixels
    is_image: bool
    aim: float | None = None
    uncounted: str = ""


def measure(judge: Judge, kinds: Mapping[str, Kind], accuracy: Row | None = None) -> JudgeCard:
    """Put every kind before the judge and count what it accepts."""
    rows = []
    for name, kind in kinds.items():
        accepted = int(judge.accepts(kind.pixels).sum())
        rows.append(Row(name, kind.is_image, len(kind.pixels), accepted, kind.aim, kind.uncounted))
    return JudgeCard(judge.name, judge.threshold, tuple(rows), accuracy)


def accuracy(
    judge: Sorter, pixels: Pixels, labels: NDArray[np.int64], aim: float | None = None
) -> Row:
    """Count how many of the accepted images were given their right class."""
    classes = judge.classes(pixels)
    accepted = classes >= 0
    right = int((classes == labels)[accepted].sum())
    return Row("right class among accepted originals", True, int(accepted.sum()), right, aim)


def measure_faces_card(
    faces: Images,
    digits: Images,
    reconstructions: Mapping[str, Pixels],
    untrained_decodes: Pixels,
    rng: np.random.Generator,
) -> JudgeCard:
    """Set the threshold on one half of the held-out people and measure on the other half.

    Parameters
    ----------
    faces : Images
        With `groups`, the people.
    digits : Images
        Images of the other kind; the held-out ones are used.
    reconstructions : mapping of str to ndarray of uint8
        Held-out faces as an autoencoder reconstructs them, under the name of the model.
    untrained_decodes : ndarray of uint8
        What a decoder makes of codes before any training.
    rng : Generator

    Returns
    -------
    JudgeCard
        Its threshold is the one for `FaceJudge`.

    Raises
    ------
    ValueError
        If the faces have no groups, or hardly any of them is found.
    """
    held_out = faces.held_out()
    if held_out.groups is None:
        raise ValueError(
            f"images {faces.name!r}: expected groups that tell people apart, none came"
        )
    ours = calibration_half(held_out.groups)
    judge = FaceJudge(calibrate(held_out.pixels[ours]))
    others = held_out.take(~ours)
    people = held_out.groups[~ours]
    nonfaces = {
        "pixel noise": nonimages.pixel_noise(EACH, faces.shape, rng),
        "phase-scrambled faces": nonimages.phase_scrambles(EACH, others.pixels, rng),
        "faces in shuffled tiles": nonimages.shuffled_tiles(EACH, others.pixels, rng),
        "random strokes": nonimages.strokes(EACH, faces.shape, rng),
        "digits": _others(digits, faces.shape, rng),
        "decodes of an untrained decoder": untrained_decodes,
    }
    pairs = nonimages.double_exposures(EACH, others.pixels, people, rng)
    return measure(
        judge,
        _genuine(others.pixels, reconstructions, FACES_ACCEPTED)
        | {name: Kind(pixels, False, NONFACES_ACCEPTED) for name, pixels in nonfaces.items()}
        | {"overlaid pairs of faces": Kind(pairs, False, NONFACES_ACCEPTED, ALIGNED)},
    )


def measure_digits_card(
    judge: Judge,
    digits: Images,
    faces: Images,
    reconstructions: Mapping[str, Pixels],
    untrained_decodes: Pixels,
    rng: np.random.Generator,
) -> JudgeCard:
    """Measure a calibrated judge on the held-out digits and on everything that is none.

    The judge was calibrated with images that are not held out. The other parameters are those of
    `measure_faces_card`, the two sets having changed places.

    Raises
    ------
    TypeError
        If the judge does not sort images into classes.
    ValueError
        If the digits have no labels.
    """
    if not isinstance(judge, Sorter):
        raise TypeError(f"expected a judge with `classes`, received {type(judge).__name__}")
    held_out = digits.held_out()
    if held_out.labels is None:
        raise ValueError(f"images {digits.name!r}: expected labels, none came")
    pixels, labels = held_out.pixels, held_out.labels
    nondigits = {
        "pixel noise": nonimages.pixel_noise(EACH, digits.shape, rng),
        "phase-scrambled digits": nonimages.phase_scrambles(EACH, pixels, rng),
        "digits in shuffled tiles": nonimages.shuffled_tiles(EACH, pixels, rng),
        "random strokes": nonimages.strokes(EACH, digits.shape, rng),
        "overlaid pairs of digits": nonimages.overlaid_pairs(EACH, pixels, labels, rng),
        "faces": _others(faces, digits.shape, rng),
        "decodes of an untrained decoder": untrained_decodes,
    }
    return measure(
        judge,
        _genuine(pixels, reconstructions, DIGITS_ACCEPTED)
        | {name: Kind(made, False, NONDIGITS_ACCEPTED) for name, made in nondigits.items()},
        accuracy(judge, pixels, labels, DIGITS_RIGHT),
    )


def _genuine(
    originals: Pixels, reconstructions: Mapping[str, Pixels], aim: float
) -> dict[str, Kind]:
    kinds = {ORIGINALS: Kind(originals, True, aim)}
    for model, pixels in reconstructions.items():
        kinds[f"reconstructions of {model}"] = Kind(pixels, True)
    return kinds


def _others(images: Images, shape: tuple[int, int, int], rng: np.random.Generator) -> Pixels:
    pixels = images.held_out().pixels
    chosen = rng.permutation(len(pixels))[:EACH]
    return nonimages.recast(pixels[chosen], shape)
