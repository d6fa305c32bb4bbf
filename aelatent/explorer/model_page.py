"""The page of a model: what its template and its script show, with its sprites written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from aelatent.explorer import sprites
from aelatent.explorer.evaluation import Evaluation
from aelatent.explorer.model import ExploredModel
from aelatent.explorer.model_view import ModelView
from aelatent.explorer.paths import STEPS, latent_paths
from aelatent.explorer.planes import planes
from aelatent.explorer.sprites import SpriteFolder
from aelatent.judges.judge import Pixels

CARD_TILES = 9  # along the edge of a picture in the list of models
ZOOM = 480  # pixels that a decoded image is for_template with, or a little less
CRISP = 64  # pixels along an edge below which they are shown as squares


def page_content(model: ExploredModel, folder: SpriteFolder) -> dict[str, Any]:
    """Decode, judge and measure everything that the page of a model shows.

    Parameters
    ----------
    model : ExploredModel
    folder : SpriteFolder
        Where the images are written.

    Returns
    -------
    dict
        What the template "model.html" asks for, the frame of the page aside; "data" is for the
        script.
    """
    view = ModelView(model)
    height, width = (int(n) for n in model.replicate.arrays["image_shape"][:2])
    template_planes, script_planes = _planes(view, folder, sprites.side(height, width))
    template_paths, script_paths, strips = _paths(view, folder)
    zoom = max(1, ZOOM // max(height, width))
    return {
        "lede": _lede(model),
        "planes": template_planes,
        "routes": template_paths,
        "strips": strips,
        "steps": STEPS,
        "tile": (width, height),
        "zoomed": (width * zoom, height * zoom),
        "ruler": view.ruler,
        "judge": view.judge,
        "kinds": model.class_names,
        "marks": marks(model.class_names),
        "data": {
            "tile": [width, height],
            "steps": STEPS,
            "planes": script_planes,
            "routes": script_paths,
            "ruler": view.ruler,
            "judge": view.judge,
            "crisp": max(height, width) < CRISP,
        },
    }


def marks(class_names: Sequence[str] | None) -> tuple[str, ...]:
    """Return one sign for each kind: digits for digits, else small letters.

    Examples
    --------
    >>> marks(("0", "1")), marks(("bag", "boot"))
    (('0', '1'), ('a', 'b'))
    """
    return tuple(k if len(k) == 1 else "abcdefghij"[i] for i, k in enumerate(class_names or ()))


def _planes(
    view: ModelView, folder: SpriteFolder, side: int
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    for_template, for_script = [], []
    for plane in planes(view.model.replicate.train, side):
        read = view.model.evaluate(plane.codes)
        picture, numbers = view.plane(plane, read)
        for_template.append(picture | folder.add(plane.key, sprites.arranged(read.pixels, side)))
        for_script.append(numbers)
        if len(for_template) == 1:
            folder.add("card", _card(read, side), most=sprites.MOST // 10)
    return for_template, for_script


def _paths(
    view: ModelView, folder: SpriteFolder
) -> tuple[list[dict[str, Any]], list[dict[str, Any]], dict[str, Any]]:
    model = view.model
    train, held_out = model.replicate.train, model.replicate.held_out
    ways = latent_paths(train, held_out, model.rng(), model.class_names, shown=model.shown)
    passed = [model.evaluate(way.codes) for way in ways]
    for_template, for_script = zip(*map(view.path, ways, passed), strict=True)
    pixels = np.concatenate([read.pixels for read in passed])
    strips = folder.add("paths", sprites.arranged(pixels, STEPS), most=sprites.MOST // 2)
    return list(for_template), list(for_script), strips


def _card(read: Evaluation, side: int) -> Pixels:
    """Arrange few of the tiles of a plane, at equal distances."""
    chosen = np.linspace(0, side - 1, CARD_TILES).round().astype(int)
    places = (chosen[:, None] * side + chosen).ravel()
    return sprites.arranged(read.pixels[places], CARD_TILES)


def _lede(model: ExploredModel) -> str:
    train = model.replicate.train
    whose = "variational autoencoder" if train.z_log_var is not None else "autoencoder"
    judged = ", and whether a judge sees what it should" if model.image_judge else ""
    return (
        f"Move a point through the {train.d:,} latent dimensions of this {whose}: see what the "
        f"decoder makes of it and how far it lies from the codes of images{judged}. Everything was "
        "decoded beforehand, so the page needs no network."
    )
