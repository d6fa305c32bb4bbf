"""The page of a model: what its template is told, with its sheets hung."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from aelatent.explorer import sheets
from aelatent.explorer.gallery import Gallery
from aelatent.explorer.planes import planes
from aelatent.explorer.readings import Readings
from aelatent.explorer.routes import STEPS, routes
from aelatent.explorer.stage import Stage
from aelatent.explorer.subject import Subject
from aelatent.judges.judge import Pixels

CARD_TILES = 9  # along the edge of a picture in the list of models
ZOOM = 480  # pixels that a decoded image is drawn with, or a little less
CRISP = 64  # pixels along an edge below which they are shown as squares


def scene(subject: Subject, gallery: Gallery) -> dict[str, Any]:
    """Decode, judge and measure everything that the page of a model shows."""
    stage = Stage(subject)
    height, width = (int(n) for n in subject.replicate.arrays["image_shape"][:2])
    drawn_planes, told_planes = _planes(stage, gallery, sheets.side(height, width))
    drawn_routes, told_routes, strips = _routes(stage, gallery)
    zoom = max(1, ZOOM // max(height, width))
    return {
        "lede": _lede(subject),
        "planes": drawn_planes,
        "routes": drawn_routes,
        "strips": strips,
        "steps": STEPS,
        "tile": (width, height),
        "zoomed": (width * zoom, height * zoom),
        "ruler": stage.ruler,
        "judge": stage.judge,
        "kinds": subject.kinds,
        "marks": marks(subject.kinds),
        "data": {
            "tile": [width, height],
            "steps": STEPS,
            "planes": told_planes,
            "routes": told_routes,
            "ruler": stage.ruler,
            "judge": stage.judge,
            "crisp": max(height, width) < CRISP,
        },
    }


def marks(kinds: Sequence[str] | None) -> tuple[str, ...]:
    """Return one sign for each kind: digits for digits, else small letters.

    Examples
    --------
    >>> marks(("0", "1")), marks(("bag", "boot"))
    (('0', '1'), ('a', 'b'))
    """
    return tuple(k if len(k) == 1 else "abcdefghij"[i] for i, k in enumerate(kinds or ()))


def _planes(
    stage: Stage, gallery: Gallery, side: int
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    drawn, told = [], []
    for plane in planes(stage.subject.replicate.train, side):
        read = stage.subject.read(plane.codes)
        picture, numbers = stage.plane(plane, read)
        drawn.append(picture | gallery.hang(plane.key, sheets.arranged(read.pixels, side)))
        told.append(numbers)
        if len(drawn) == 1:
            gallery.hang("card", _card(read, side), most=sheets.MOST // 10)
    return drawn, told


def _routes(
    stage: Stage, gallery: Gallery
) -> tuple[list[dict[str, Any]], list[dict[str, Any]], dict[str, Any]]:
    subject = stage.subject
    train, held_out = subject.replicate.train, subject.replicate.held_out
    ways = routes(train, held_out, subject.rng(), subject.kinds, shown=subject.shown)
    passed = [subject.read(way.codes) for way in ways]
    drawn, told = zip(*map(stage.route, ways, passed), strict=True)
    pixels = np.concatenate([read.pixels for read in passed])
    strips = gallery.hang("paths", sheets.arranged(pixels, STEPS), most=sheets.MOST // 2)
    return list(drawn), list(told), strips


def _card(read: Readings, side: int) -> Pixels:
    """Arrange few of the tiles of a plane, at equal distances."""
    chosen = np.linspace(0, side - 1, CARD_TILES).round().astype(int)
    places = (chosen[:, None] * side + chosen).ravel()
    return sheets.arranged(read.pixels[places], CARD_TILES)


def _lede(subject: Subject) -> str:
    train = subject.replicate.train
    whose = "variational autoencoder" if train.z_log_var is not None else "autoencoder"
    judged = ", and whether a judge sees what it should" if subject.eye else ""
    return (
        f"Move a point through the {train.d:,} latent dimensions of this {whose}: see what the "
        f"decoder makes of it and how far it lies from the codes of images{judged}. Everything was "
        "decoded beforehand, so the page needs no network."
    )
