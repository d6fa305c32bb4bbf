"""What nulls and samplers promise: maps of codes that they go along with, and what they keep."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from aelatent.latent.cloud import LatentCloud
from aelatent.samplers.ladder import LADDER, Ellipse, Gaussian
from aelatent.statistics import embedding, nearest, point_patterns, surrogates
from aelatent.statistics.region import distances

from ..parity.register import name_of

EVERY_MAP = "order place scale axes turn mirror widths linear"


@dataclass(frozen=True)
class Draw:
    """A way to make codes of codes.

    Attributes
    ----------
    name : str
    draw : callable
        From codes (n, d) and a generator to codes.
    commutes : list of str
        Keys of `MAPS`: mapped codes make what the map makes of the drawn ones, with one generator.
    blind : list of str
        Keys of `MAPS` that change nothing of what is drawn.
    keeps : callable
        From codes to what the drawn ones have in common with them exactly; nothing by default.
    d : tuple of int
        Fewest and most dimensions.
    """

    name: str
    draw: Callable[[np.ndarray, np.random.Generator], np.ndarray]
    commutes: list[str]
    blind: list[str]
    keeps: Callable[[np.ndarray], object] | None = None
    d: tuple[int, int] = (2, 6)


NULLS: dict[str, Draw] = {}


def reach(draw):
    """Return the Mahalanobis distances of what is drawn.

    Draws that are made along principal axes keep them under every affine map, but not themselves:
    which way an axis points is up to rounding.
    """
    return lambda codes, rng: distances(draw(codes, rng), LatentCloud(codes))


def null(make, commutes, blind="", *, along_axes=False, **details):
    """Register a null of clouds."""

    def draw(codes, rng):
        return make(LatentCloud(codes), rng).z_mean

    name, made = name_of(make), reach(draw) if along_axes else draw
    NULLS[name] = Draw(name, made, commutes.split(), blind.split(), **details)


def marginals(codes):
    """Return the sorted values of each component."""
    return np.sort(codes, axis=0)


def products(codes):
    """Return the inner products of all pairs, from which radii and distances follow."""
    return codes @ codes.T


def moments(codes):
    """Return the second moments about the origin, and the radii."""
    return np.concatenate([(codes.T @ codes).ravel(), np.linalg.norm(codes, axis=1)])


null(surrogates.column_shuffles, "place scale mirror widths", keeps=marginals)
null(surrogates.gaussian_twins, "", EVERY_MAP, along_axes=True)
null(surrogates.haar_rotations, "scale mirror", keeps=products)
null(surrogates.sign_flips, "scale mirror turn widths axes linear", keeps=moments)
null(nearest.box_fillings, "place scale widths", "order")
null(nearest.ellipsoid_fillings, "", EVERY_MAP, along_axes=True)
NULLS["embedding.smoothed"] = Draw(
    "embedding.smoothed", embedding.smoothed, ["place", "scale"], [], d=(2, 2)
)
NULLS["point_patterns.scattered"] = Draw(
    "point_patterns.scattered",
    lambda codes, rng: (
        point_patterns.scattered(point_patterns.central_window(codes, len(codes) // 2), rng).points
    ),
    ["place", "scale"],
    ["order"],
    d=(2, 2),
)

FOLLOWING = {
    "S0 b=1": ("", EVERY_MAP),
    "S0 b=1.5": ("", EVERY_MAP),
    "S0 b=1.786": ("", EVERY_MAP),
    "S0 b=2": ("", EVERY_MAP),
    "S1": ("", EVERY_MAP),
    "S2 uniform": ("scale", "turn mirror axes"),
    "S2 normal": ("scale", "turn mirror axes"),
    "S3": ("place scale widths", "order"),
    "S3b": ("place scale mirror widths", ""),
    "S4": ("", EVERY_MAP),
    "S5 k=0.5": ("", EVERY_MAP),
    "S5 k=1": ("", EVERY_MAP),
    "S5 k=2": ("", EVERY_MAP),
    "S5 k=3": ("", EVERY_MAP),
    "S6 k=1": ("place scale widths", "order"),
    "S6 k=3": ("place scale widths", "order"),
    "S7": ("place scale axes turn mirror widths linear", ""),
}
SAMPLERS: dict[str, Draw] = {}


def sampler(rung, commutes, blind):
    """Register a rung of the ladder."""

    def draw(codes, rng):
        return LADDER[rung].draw(40, LatentCloud(codes), rng)

    made = reach(draw) if isinstance(LADDER[rung], Gaussian | Ellipse) else draw
    SAMPLERS[rung] = Draw(rung, made, commutes.split(), blind.split())


for _rung, _maps in FOLLOWING.items():
    sampler(_rung, *_maps)
