"""Figures on the disk: the same figure gives the same bytes, written whole or not at all."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any, Literal

from matplotlib.figure import Figure

from aelatent.figures.style import styled
from aelatent.runtime import files

# Neither the date nor matplotlib's version: both would change the bytes of an unchanged figure.
OPTIONS: dict[str, dict[str, Any]] = {
    ".svg": {"metadata": {"Creator": None, "Date": None}},
    ".png": {"metadata": {"Software": None}},
    ".webp": {"pil_kwargs": {"quality": 90, "method": 6}},
}


def format_of(figure: Figure) -> Literal["webp", "svg"]:
    """Return "webp" for a figure made of images, "svg" for any other."""
    return "webp" if any(axes.images for axes in figure.axes) else "svg"


@styled()
def write(figure: Figure, path: Path) -> None:
    """Write a figure in the format that the suffix of `path` names: .svg, .png or .webp.

    Text becomes outlines, so that an SVG looks the same where the typeface is missing.

    Raises
    ------
    ValueError
        If the suffix is another one.
    """
    options = OPTIONS.get(path.suffix)
    if options is None:
        raise ValueError(f"{path}: expected one of {', '.join(OPTIONS)}, received {path.suffix!r}")
    buffer = io.BytesIO()
    figure.savefig(buffer, format=path.suffix[1:], **options)
    files.write(path, buffer.getvalue())
