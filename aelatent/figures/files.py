"""Figures on the disk: the same figure gives the same bytes, written whole or not at all."""

from __future__ import annotations

import base64
import io
import re
from pathlib import Path
from typing import Any, Literal

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from PIL import Image

from aelatent.figures.series import series
from aelatent.figures.style import DARK, FONTS, TYPEFACE, styled
from aelatent.runtime import files

# Neither the date nor matplotlib's version: both would change the bytes of an unchanged figure.
OPTIONS: dict[str, dict[str, Any]] = {
    ".svg": {"metadata": {"Creator": None, "Date": None}},
    ".png": {"metadata": {"Software": None}},
    ".webp": {"pil_kwargs": {"quality": 50, "method": 4}},
}
DECIMALS = 1  # of coordinates in points: a tenth is less than a pixel on most screens
_EMBEDDED = re.compile(r"data:image/png;base64,\s*([A-Za-z0-9+/=\s]+)")
_UNUSED = re.compile(r"<metadata>.*?</metadata>|<!--.*?-->|<!DOCTYPE.*?>", re.DOTALL)
_GROUP = re.compile(r"<g(?: [^>]*)?(?<!/)>|</g>")
_STYLED = re.compile(r' style="([^"]*)"')
_CLIPPED = re.compile(r' clip-path="([^"]*)" style="([^"]*)"')
_NAMED_GROUP = re.compile(r'<g id="[^"]*"')
_NO_ROTATION = re.compile(r' transform="rotate\(-?0 [^"]*"')
_FONT_OF_TEXT = f" font-family: '{TYPEFACE}';"
_IDENTIFIER = re.compile(r'(?<=[#"])[a-z][0-9a-f]{10}(?=[")])')
_ALIKE = re.compile(r'<use [^>]*? style="([^"]*)"/>(?:<use [^>]*? style="\1"/>)+')
_BETWEEN_TAGS = re.compile(r">\s+<")
_COORDINATES = re.compile(r'(?<= )(?:d|x|y|width|height|transform)="[^"]*"')
_STEP = re.compile(r"\s*([A-Za-z])\s+(?=[-0-9.])|\s+(?=[a-zA-Z\"])")
_LONG_NUMBER = re.compile(r"-?\d*\.\d{2,}")
_LINES = re.compile(r'd="[MLz0-9. -]+"')
_POINT = re.compile(r"([ML])([-0-9.]+) ([-0-9.]+)")


def _with_classes(svg: str) -> str:
    """Write each style once, as a class, and after it what it is on a dark page.

    A viewer without dark pages shows the light one. Matplotlib writes no colour where something is
    filled with black: it takes that of the figure.
    """
    names: dict[str, str] = {}
    text = _STYLED.sub(lambda m: f' class="{names.setdefault(m[1], f"s{len(names)}")}"', svg)
    light = "".join(f".{name}{{{style}}}" for style, name in names.items())
    dark = "".join(f".{name}{{{own}}}" for style, name in names.items() if (own := _dark(style)))
    scheme = f"@media (prefers-color-scheme: dark){{svg{{fill:{DARK['#000000']}}}{dark}}}"
    return text.replace("</style>", f" text{{font-family: {FONTS}}}{light}{scheme}</style>", 1)


def _dark(style: str) -> str:
    """Return the colours of a style that differ on a dark page, and those that they become."""
    return ";".join(
        f"{kind}:{dark}"
        for light, dark in DARK.items()
        for kind in ("fill", "stroke")
        if f"{kind}: {light.lower()}" in style
    )


def format_of(figure: Figure) -> Literal["webp", "svg"]:
    """Return "webp" for a figure made of images, "svg" for any other."""
    return "webp" if any(axes.images for axes in figure.axes) else "svg"


@styled()
def write(figure: Figure, path: Path) -> None:
    """Write a figure; beside an SVG, its numbers as CSV.

    Text in an SVG stays text: the file is a third as large as one of outlines. Where its typeface
    is missing, a browser takes one with nearly the same widths.

    Parameters
    ----------
    figure : Figure
    path : Path
        Its suffix names the format: .svg, .png or .webp.

    Raises
    ------
    ValueError
        If the suffix is another one.
    """
    options = OPTIONS.get(path.suffix)
    if options is None:
        raise ValueError(f"{path}: expected one of {', '.join(OPTIONS)}, received {path.suffix!r}")
    buffer = io.BytesIO()
    # `Figure.savefig` would lay out and draw the figure twice.
    if path.suffix == ".svg":
        vectors: Any = FigureCanvasSVG(figure)
        vectors.print_svg(buffer, **options)
        files.write(path, compact(buffer.getvalue().decode("utf-8")).encode("utf-8"))
        if shown := series(figure):
            files.write(data_of(path), shown.encode("utf-8"))
        return
    canvas: Any = FigureCanvasAgg(figure)
    (canvas.print_png if path.suffix == ".png" else canvas.print_webp)(buffer, **options)
    files.write(path, buffer.getvalue())


def data_of(path: Path) -> Path:
    """Return where the numbers of a figure lie."""
    return path.with_suffix(".csv")


def compact(svg: str) -> str:
    """Return an SVG of matplotlib's with fewer digits, without comments, blanks and metadata.

    Point maps that it holds as PNG become WebP without loss, two thirds as large. Points of one
    style share it in a group, which halves the map of a few hundred points. Styles become classes,
    and groups that say nothing go: both take a quarter of other figures.
    """
    text = _BETWEEN_TAGS.sub("><", _UNUSED.sub("", _EMBEDDED.sub(_as_webp, svg)))
    text = _NO_ROTATION.sub("", _NAMED_GROUP.sub("<g", text))
    text = text.replace(_FONT_OF_TEXT, "").replace(f"'{TYPEFACE}'", FONTS)
    text = _without_bare_groups(text)
    text = _COORDINATES.sub(lambda found: _STEP.sub(r"\1", _rounded(found[0])), text)
    text = _with_short_identifiers(_ALIKE.sub(_in_group, text))
    text = _with_classes(_CLIPPED.sub(r' style="\2; clip-path: \1"', text))
    return _LINES.sub(lambda found: _straightened(found[0]), text)


def _without_bare_groups(svg: str) -> str:
    """Remove groups without attributes, and keep what they hold."""
    ends: list[str] = []

    def step(tag: re.Match[str]) -> str:
        if tag[0] == "</g>":
            return ends.pop()
        ends.append("" if tag[0] == "<g>" else "</g>")
        return tag[0] if ends[-1] else ""

    return _GROUP.sub(step, svg)


def _as_webp(png: re.Match[str]) -> str:
    """Return an embedded PNG as an embedded WebP of the same pixels."""
    image, buffer = Image.open(io.BytesIO(base64.b64decode(png[1]))), io.BytesIO()
    image.save(buffer, "WEBP", lossless=True, method=4)
    return f"data:image/webp;base64,{base64.b64encode(buffer.getvalue()).decode()}"


def _in_group(points: re.Match[str]) -> str:
    """Move the style of points that share it to a group of them."""
    style = f' style="{points[1]}"'
    return f"<g{style}>{points[0].replace(style, '')}</g>"


def _with_short_identifiers(svg: str) -> str:
    """Replace matplotlib's digests by numbers: every point names its shape."""
    numbers: dict[str, str] = {}
    return _IDENTIFIER.sub(lambda found: numbers.setdefault(found[0], f"i{len(numbers)}"), svg)


def _rounded(text: str) -> str:
    """Round the long numbers of a text."""
    return _LONG_NUMBER.sub(lambda found: f"{round(float(found[0]), DECIMALS):g}", text)


def _straightened(line: str) -> str:
    """Name only the coordinate that changes where a line runs along an axis."""
    last = ("", "")

    def step(found: re.Match[str]) -> str:
        nonlocal last
        (x0, y0), (command, x, y) = last, found.groups()
        last = (x, y)
        if command == "M" or (x != x0 and y != y0):
            return found[0]
        return f"V{y}" if x == x0 else f"H{x}"

    return _POINT.sub(step, line)
