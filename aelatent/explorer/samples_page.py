"""The page of samples: what a decoder makes of draws from each sampler of the ladder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from aelatent.data import MissingData
from aelatent.explorer import sprites
from aelatent.explorer.model import ExploredModel
from aelatent.explorer.sprites import SpriteFolder
from aelatent.inference.estimates import Estimate
from aelatent.judges.grade import Grade
from aelatent.judges.grading import Grades
from aelatent.judges.judge import Pixels
from aelatent.judges.judged_samples import CLEAN, RECOGNISABLE
from aelatent.samplers.ladder import LADDER, Sampler
from aelatent.statistics import rates

COLUMNS = 8
CROSS = 0.8, 0.06  # where the grade of an image that is not clean is marked, in tiles
DRAWS = 200  # of which rates are made
SHOWN = 24
CODES = "S7"


@dataclass(frozen=True, eq=False)
class SamplerRow:
    """Draws of one sampler, decoded and judged.

    Attributes
    ----------
    rung, name : str
        Of the ladder, and what the sampler does.
    drawn : int
        Number of draws; 0 if there were none.
    pixels : ndarray of uint8, shape (m, h, w, c), or None
        The first images; None if they may not be shown.
    grades : ndarray of int8, shape (drawn,), or None
        The grade of each draw; None where the model has no judge.
    clean, recognisable : Estimate or None
        Share of draws that are clean, and that are clean or damaged, corrected for the judge's
        errors.
    because : str
        Why there are no images.
    """

    rung: str
    name: str
    drawn: int = 0
    pixels: Pixels | None = None
    grades: Grades | None = None
    clean: Estimate | None = None
    recognisable: Estimate | None = None
    because: str = ""


def sampler_rows(model: ExploredModel) -> list[SamplerRow]:
    """Draw, decode and judge on every rung of the ladder."""
    rng = model.rng()
    return [_row(model, rung, sampler, rng) for rung, sampler in LADDER.items()]


def _row(model: ExploredModel, rung: str, sampler: Sampler, rng: np.random.Generator) -> SamplerRow:
    train, held_out = model.replicate.train, model.replicate.held_out
    if sampler.needs_covariance and not model.ruler.joint:
        because = f"{train.n:,} codes do not tell a covariance of {train.d:,} dimensions."
        return SamplerRow(rung, sampler.name, because=because)
    if rung != CODES:
        pixels = model.replicate.decode(sampler.draw(DRAWS, train, rng))
        return SamplerRow(rung, sampler.name, DRAWS, pixels[:SHOWN], *_judged(model, pixels))
    # The reference is made of codes that no rung was fitted to.
    count = min(DRAWS, held_out.n)
    pixels = model.replicate.decode(sampler.draw(count, held_out, rng))
    shown = pixels[:SHOWN] if model.shown else None
    because = "" if model.shown else "These are reconstructions of images that are not ours."
    return SamplerRow(rung, model.code_name, count, shown, *_judged(model, pixels), because)


def _judged(
    model: ExploredModel, pixels: Pixels
) -> tuple[Grades | None, Estimate | None, Estimate | None]:
    """Return the grades of images, and both rates; None without a judge."""
    if model.image_judge is None:
        return None, None, None
    grades, card = model.image_judge.grade(pixels).grades, model.image_judge.card
    clean, recognisable = (
        rates.corrected_rate(grades >= grade, card.sensitivity(grade), card.false_acceptance(grade))
        for grade in (CLEAN, RECOGNISABLE)
    )
    return grades, clean, recognisable


def samples_content(model: ExploredModel, folder: SpriteFolder) -> dict[str, Any]:
    """Draw, decode and judge everything that the page of samples shows.

    Parameters
    ----------
    model : ExploredModel
    folder : SpriteFolder
        Where the images are written.

    Returns
    -------
    dict
        What the template "samples.html" asks for, the frame of the page aside.
    """
    pairs, because = _pairs(model, folder)
    noun = model.noun
    caption = (
        "From draws that know nothing of the codes, S0, to codes that no sampler was fitted to, "
        f"S7: {DRAWS} draws each, or as many codes as are kept."
    )
    if noun:
        caption += (
            f" Clean: share that shows a {noun} as good as a reconstruction. Recognisable: share "
            f"that shows a {noun}, clean or damaged. Both are corrected for the errors of the "
            "judge, with a standard error (so they may pass 100 %), and those of one training "
            "alone; claims take all of them."
        )
    return {
        "title": f"{model.name}: samples",
        "lede": "The same decoder on every row; nothing but the way of drawing the codes differs.",
        "caption": caption,
        "rows": [_row_content(row, folder) for row in sampler_rows(model)],
        "noun": noun,
        "pairs": pairs,
        "pairs_because": because,
    }


def _row_content(row: SamplerRow, folder: SpriteFolder) -> dict[str, Any]:
    """Write the images of a row, and return what the page shows of it."""
    anchor = "".join(letter if letter.isalnum() else "-" for letter in row.rung)
    content: dict[str, Any] = {
        "rung": row.rung,
        "name": row.name,
        "anchor": anchor,
        "drawn": row.drawn,
        "because": row.because,
        "sheet": "",
    }
    if row.clean is not None and row.recognisable is not None:
        content |= {"clean": rate(row.clean), "recognisable": rate(row.recognisable)}
    if row.pixels is not None:
        content |= _frames(row) | folder.add(
            f"samples-{anchor}", sprites.arranged(row.pixels, COLUMNS), most=sprites.MOST // 20
        )
    return content


def rate(found: Estimate) -> dict[str, Any]:
    """Return a rate and its error as text, and the length of its bar in percent.

    Examples
    --------
    >>> rate(Estimate(-0.004, 0.003, 0.004))
    {'rate': '0 %', 'error': '± 0 %', 'percent': 0.0}
    """
    value, error = 100 * found.value, 100 * found.standard_error
    return {
        "rate": f"{round(value)} %".replace("-", "\N{MINUS SIGN}"),
        "error": f"± {error:.0f} %",
        "percent": round(min(max(value, 0.0), 100.0), 1),
    }


def _frames(row: SamplerRow) -> dict[str, Any]:
    """Return how the first images are arranged, and which of them are damaged or none."""
    count = len(row.pixels) if row.pixels is not None else 0
    summary = f"{count} decoded draws: {row.name}."
    marked: dict[str, list[tuple[float, float]]] = {"none": [], "damaged": []}
    if row.grades is not None:
        grades = row.grades[:count]
        marked = {grade.word: _corners(grades == grade) for grade in (Grade.NONE, Grade.DAMAGED)}
        told = ", ".join(f"{np.sum(grades == grade)} {grade.word}" for grade in reversed(Grade))
        summary += f" By the judge: {told}."
    return {
        "columns": COLUMNS,
        "height": -(-count // COLUMNS),
        "marked": marked,
        "summary": summary,
    }


def _corners(chosen: NDArray[np.bool_]) -> list[tuple[float, float]]:
    """Return where chosen images are marked, in tiles."""
    return [
        (k % COLUMNS + CROSS[0], k // COLUMNS + CROSS[1]) for k in np.flatnonzero(chosen).tolist()
    ]


def _pairs(model: ExploredModel, folder: SpriteFolder) -> tuple[dict[str, Any] | None, str]:
    """Write originals above their reconstructions, or return why there are none."""
    if not model.shown:
        return None, (
            f"Not shown: the images ({model.images}) may be photographs of people. With "
            "--originals they are, on a page that must not be published."
        )
    try:
        originals, reconstructions = model.pairs()
    except MissingData:
        return None, f"Not shown: {model.absence}."
    both = sprites.arranged(np.concatenate([originals, reconstructions]), len(originals))
    return {"count": len(originals), **folder.add("pairs", both, most=sprites.MOST // 5)}, ""
