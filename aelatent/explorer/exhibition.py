"""The page of sample walls: what its template is told, with its sheets hung."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from aelatent.data import MissingData
from aelatent.explorer import sheets
from aelatent.explorer.gallery import Gallery
from aelatent.explorer.subject import Subject
from aelatent.explorer.walls import DRAWS, Wall, walls
from aelatent.inference.estimates import Estimate

COLUMNS = 8
CROSS = 0.8, 0.06  # where a refused image is crossed out, in tiles


def exhibition(subject: Subject, gallery: Gallery) -> dict[str, Any]:
    """Draw, decode and judge everything that the page of sample walls shows."""
    pairs, because = _pairs(subject, gallery)
    noun = subject.eye.judge.name.removesuffix("s") if subject.eye else ""
    caption = (
        "From draws that know nothing of the codes, S0, to codes of held-out images, S7: "
        f"{DRAWS} draws each, or as many codes as are kept."
    )
    if noun:
        caption += (
            f" Hit rate: share that shows a {noun}, corrected for the errors of the judge, with "
            "its standard error (so it may pass 100 %). It is that of one training alone; claims "
            "weigh all of them."
        )
    return {
        "title": f"{subject.name}: sample walls",
        "lede": "The same decoder on every row; nothing but the way of drawing the codes differs.",
        "caption": caption,
        "walls": [_hung(wall, gallery) for wall in walls(subject)],
        "noun": noun,
        "pairs": pairs,
        "pairs_because": because,
    }


def _hung(wall: Wall, gallery: Gallery) -> dict[str, Any]:
    """Return what is told of a wall; hang its images."""
    anchor = "".join(letter if letter.isalnum() else "-" for letter in wall.rung)
    told: dict[str, Any] = {
        "rung": wall.rung,
        "name": wall.name,
        "anchor": anchor,
        "drawn": wall.drawn,
        "because": wall.because,
        "sheet": "",
    }
    if wall.rate is not None and wall.accepted is not None:
        told |= {"hits": int(wall.accepted.sum())} | rate(wall.rate)
    if wall.pixels is not None:
        told |= _frames(wall) | gallery.hang(
            f"wall-{anchor}", sheets.arranged(wall.pixels, COLUMNS), most=sheets.MOST // 20
        )
    return told


def rate(found: Estimate) -> dict[str, Any]:
    """Return a hit rate in words, and as a length.

    Examples
    --------
    >>> rate(Estimate(-0.004, 0.003, 0.004))
    {'rate': '0 %', 'error': '± 0 %', 'percent': 0.0}
    """
    value, error = 100 * found.value, 100 * math.hypot(found.error, found.shared)
    return {
        "rate": f"{round(value)} %".replace("-", "\N{MINUS SIGN}"),
        "error": f"± {error:.0f} %",
        "percent": round(min(max(value, 0.0), 100.0), 1),
    }


def _frames(wall: Wall) -> dict[str, Any]:
    """Say how the first images of a wall are arranged, and which of them the judge refused."""
    count = len(wall.pixels) if wall.pixels is not None else 0
    told = f"{count} decoded draws: {wall.name}."
    refused: list[int] = []
    if wall.accepted is not None:
        refused = np.flatnonzero(~wall.accepted[:count]).tolist()
        told += f" The judge accepts {count - len(refused)}."
    return {
        "columns": COLUMNS,
        "rows": -(-count // COLUMNS),
        "refused": [(k % COLUMNS + CROSS[0], k // COLUMNS + CROSS[1]) for k in refused],
        "told": told,
    }


def _pairs(subject: Subject, gallery: Gallery) -> tuple[dict[str, Any] | None, str]:
    """Hang originals above their reconstructions; else say why there are none."""
    if not subject.shown:
        return None, (
            f"Not shown: the images ({subject.images}) may be photographs of people. With "
            "--originals they are, on a page that must not be published."
        )
    try:
        originals, reconstructions = subject.pairs()
    except MissingData:
        return None, f"Not shown: the images ({subject.images}) are not on this machine."
    both = sheets.arranged(np.concatenate([originals, reconstructions]), len(originals))
    return {"count": len(originals), **gallery.hang("pairs", both, most=sheets.MOST // 5)}, ""
