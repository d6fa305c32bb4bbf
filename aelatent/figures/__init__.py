"""Values -> `matplotlib.figure.Figure`: one look, no global state, nothing shown on a screen."""

from aelatent.figures.distances import distance_histogram
from aelatent.figures.files import format_of, write
from aelatent.figures.images import filmstrips, image_grid
from aelatent.figures.ladder import ladder_bars
from aelatent.figures.nulls import null_histogram
from aelatent.figures.overlays import overlaid_histograms
from aelatent.figures.radii import radius_density
from aelatent.figures.scatter import scatter_2d
from aelatent.figures.shares import class_shares
from aelatent.figures.style import styled
from aelatent.figures.trends import trend

__all__ = [
    "class_shares",
    "distance_histogram",
    "filmstrips",
    "format_of",
    "image_grid",
    "ladder_bars",
    "null_histogram",
    "overlaid_histograms",
    "radius_density",
    "scatter_2d",
    "styled",
    "trend",
    "write",
]
