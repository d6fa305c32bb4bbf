"""One look for all figures: colours that keep their meaning, one typeface, a light grid.

The colours are those of Okabe and Ito (2008), which people with any kind of colour vision tell
apart. One thing has one colour in every figure; where a figure needs it, shape says it again.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import cycle
from typing import Any, Literal

import matplotlib.style
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.ticker import (
    FuncFormatter,
    LogLocator,
    NullLocator,
)
from numpy.typing import ArrayLike

CODES = "#0072B2"
DRAWS = "#D55E00"
RECONSTRUCTIONS = "#009E73"
SOURCE = "#CC79A7"
MARGIN = "#56B4E9"
NULL = "#767676"
ORIGINALS = "#000000"
PREDICTED = "#000000"
INK = "#222222"
FAINT = "#555555"

WINE = "#882255"  # of Tol's palette: as far from vermillion as no other that is left
DRAW_COLOURS = (DRAWS, WINE)
DRAW_LINES = ("-", "--", ":", "-.")
CLASSES = (
    CODES,
    "#E69F00",
    RECONSTRUCTIONS,
    SOURCE,
    "#6A51A3",
    "#7A4A1E",
    DRAWS,
    "#999999",
    WINE,
    "#8FBC3B",
)
ROLES = {
    "codes": CODES,
    "reconstructions": RECONSTRUCTIONS,
    "data": ORIGINALS,
    "originals": ORIGINALS,
    "control": NULL,
    "null": NULL,
}

# What each colour becomes on a dark page. Those that are not listed are seen on either.
DARK = {
    "#ffffff": "#16181b",
    "#000000": "#f0eee8",
    INK: "#e4e2dc",
    FAINT: "#b5b8bb",
    "#888888": "#8d9196",
    "#e6e6e6": "#34373c",
    NULL: "#9a9a9a",
    CODES: "#4ba6dd",
    DRAWS: "#f0824a",
    RECONSTRUCTIONS: "#3dbb94",
    SOURCE: "#de93bc",
    WINE: "#d07aa6",
    "#7A4A1E": "#c0925f",
}

LEAST_PLAIN = 1e-3  # the number below which a long logarithmic axis shows powers of ten
RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
MARGINS = (0.6, 0.8)  # inches of a figure that its axes do not have
LETTERS = 14.0  # letters of a label in an inch

NOTHING = "if nothing were there"  # what a null is of, in a legend

WIDE = 10.0  # the ratio of positive numbers from which a logarithmic axis shows more
FEW_TIMES = 300.0  # the ratio below which it has ticks at 2 and 5 too
FEW = 12  # values that are ticks rather than a histogram
WIDTH = 6.0  # inches: 576 pixels in a browser, so that text stays readable on a phone too

TYPEFACE = "DejaVu Sans"
FONTS = f"'{TYPEFACE}', Verdana, sans-serif"  # Verdana has nearly the same widths

STYLE: dict[str, Any] = {
    "font.family": [TYPEFACE],
    "font.size": 9.5,
    "mathtext.fontset": "dejavusans",
    "figure.facecolor": "white",
    "figure.constrained_layout.h_pad": 0.06,
    "figure.constrained_layout.w_pad": 0.06,
    "axes.facecolor": "white",
    "axes.edgecolor": "#888888",
    "axes.labelcolor": INK,
    "axes.titlesize": 9.5,
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.grid": True,
    "grid.color": "#E6E6E6",
    "grid.linewidth": 0.6,
    "text.color": INK,
    "xtick.color": "#888888",
    "ytick.color": "#888888",
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "legend.frameon": False,
    "legend.fontsize": 9,
    "legend.handlelength": 1.8,
    "legend.columnspacing": 1.4,
    "path.simplify_threshold": 0.3,  # points: less than half a pixel, and a sixth of a curve's size
    "svg.fonttype": "none",
    "svg.hashsalt": "aelatent",
}


@contextmanager
def styled() -> Iterator[None]:
    """Give figures this look, as a context or a decorator; nothing stays changed afterwards.

    Examples
    --------
    >>> with styled():
    ...     matplotlib.rcParams["font.family"]
    ['DejaVu Sans']
    """
    with matplotlib.style.context(STYLE, after_reset=True):
        yield


def legend(figure: Figure, columns: int = 2) -> None:
    """Put one legend above the axes, each label once, in the order in which it was drawn.

    Parameters
    ----------
    figure : Figure
    columns : int
        How many entries stand side by side.
    """
    entries: dict[str, Any] = {}
    for axes in figure.axes:
        for handle, label in zip(*axes.get_legend_handles_labels(), strict=True):
            entries.setdefault(label, handle)
    figure.legend(list(entries.values()), list(entries), loc="outside upper left", ncols=columns)


def colours(names: Iterable[str]) -> dict[str, str]:
    """Return the colour of each name: its own if it has a role, else the next one of the draws.

    Examples
    --------
    >>> colours(["codes", "N(0, I)"])
    {'codes': '#0072B2', 'N(0, I)': '#D55E00'}
    """
    remaining = cycle((*DRAW_COLOURS, SOURCE, MARGIN))
    return {name: ROLES.get(name) or next(remaining) for name in names}


def logarithmic(axes: Axes, low: float, high: float, which: Literal["x", "y"] = "x") -> None:
    """Give an axis a logarithmic scale in plain numbers, fit for `low` to `high`.

    Parameters
    ----------
    axes : Axes
    low, high : float
        The smallest and the largest number shown, > 0.
    which : {"x", "y"}
    """
    fine = high < FEW_TIMES * low
    axis: Axis = axes.xaxis if which == "x" else axes.yaxis
    (axes.set_xscale if which == "x" else axes.set_yscale)("log")
    axis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0) if fine else (1.0,)))
    axis.set_minor_locator(NullLocator())
    plain = fine or low >= LEAST_PLAIN
    axis.set_major_formatter(
        FuncFormatter(lambda value, _: f"{value:g}" if plain else _power(value))
    )


def _power(value: float) -> str:
    """Write a power of ten as such: "0.00001" takes too much room, and "1e-05" is a program's.

    Examples
    --------
    >>> _power(1e-5), _power(1.0)
    ('10⁻⁵', '1')
    """
    exponent = round(math.log10(value))
    return f"10{str(exponent).translate(RAISED)}" if exponent else "1"


def label_axes(figure: Figure, across: str, up: str) -> None:
    """Label the axes of a figure, in several lines where one would be cut off.

    Parameters
    ----------
    figure : Figure
        With one pair of axes.
    across, up : str
    """
    (axes,) = figure.axes
    width, height = (figure.get_size_inches() - MARGINS) * LETTERS
    axes.set_xlabel(textwrap.fill(across, int(width)))
    axes.set_ylabel(textwrap.fill(up, int(height)))


def see(figure: Figure, words: str) -> None:
    """Say what to see in a figure; the report adds it to the caption.

    Parameters
    ----------
    figure : Figure
    words : str
        A sentence or two.
    """
    figure.set_label(words)


def ticks(axes: Axes, values: ArrayLike, **looks: Any) -> None:
    """Draw a tick for each of a few values: it stands on the axis and has no height to be read.

    Parameters
    ----------
    axes : Axes
    values : array_like of shape (n,)
    **looks
        Colour and label, as of a line.
    """
    drawn = looks | {"linestyle": "-", "linewidth": 2.0}
    axes.vlines(values, 0, 0.14, transform=axes.get_xaxis_transform(), **drawn)


def percent(axis: Axis) -> None:
    """Label an axis of shares in percent."""
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{100 * value:.4g} %"))
