"""Paths through latent space, as the codes that are passed on them."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from aelatent.explorer.planes import leading, strongest
from aelatent.latent import interpolation
from aelatent.latent.cloud import Floats, LatentCloud

STEPS = 41
REACH = 4.0  # standard deviations from the centre to either end of a path through it
PAIRS = 2
# Between two codes: points from end to end, or only from a fifth to four fifths of the way.
WHOLE, INTERIOR = slice(0, 1001, 25), slice(200, 801, 15)

Interpolation = Callable[[Floats, Floats, int], Floats]
INTERPOLATIONS: dict[str, tuple[Interpolation, str]] = {
    "Straight": (interpolation.straight, "The shortest way between two codes."),
    "Spherical": (
        interpolation.spherical,
        "Between the same two codes; direction and distance from the origin change steadily.",
    ),
}


@dataclass(frozen=True, eq=False)
class LatentPath:
    """A path: its name, what is special about it, its points, and what some of them are called.

    Attributes
    ----------
    title, note : str
    codes : ndarray of float64, shape (STEPS, d)
    ends : tuple of str
        What lies at the beginning, in the middle and at the end; empty where nothing does.
    """

    title: str
    note: str
    codes: Floats
    ends: tuple[str, str, str]


def latent_paths(
    train: LatentCloud,
    held_out: LatentCloud,
    rng: np.random.Generator,
    class_names: Sequence[str] | None = None,
    *,
    shown: bool,
) -> list[LatentPath]:
    """Return the paths to show.

    Parameters
    ----------
    train : LatentCloud
        Whose centre and spread the paths through the centre follow.
    held_out : LatentCloud
        Between whose codes the others lead.
    rng : Generator
        Chooses these codes.
    kinds : sequence of str or None
        What the labels stand for: paths then lead from one kind to another.
    shown : bool
        Whether reconstructions of held-out images may be shown. Else a path between two codes
        leaves out the fifth next to either end.

    Returns
    -------
    list of LatentPath
    """
    found = _through_centre(train)
    if np.linalg.norm(train.mean) > 0:
        found.insert(0, _from_origin(train))
    for number, pair in enumerate(_pairs(held_out, rng, class_names), 1):
        names = _names(held_out, pair, class_names)
        title = (
            "from {} to {}".format(*names) if class_names else f"between two codes, pair {number}"
        )
        start, end = held_out.z_mean[list(pair)]
        found += _between(start, end, title, names, shown=shown)
    return found


def _from_origin(cloud: LatentCloud) -> LatentPath:
    return LatentPath(
        "From the origin through the centre",
        "Straight from the origin to the centre of the codes, and as far again beyond.",
        interpolation.straight(np.zeros(cloud.d), 2 * cloud.mean, STEPS),
        ("origin", "centre", "twice the centre"),
    )


def _through_centre(cloud: LatentCloud) -> list[LatentPath]:
    ends = (f"\N{MINUS SIGN}{REACH:g} sd", "centre", f"+{REACH:g} sd")
    first, second = strongest(cloud)
    spread, axes = leading(cloud, 1)
    end = REACH * spread[0] * axes[0]
    return [
        LatentPath(
            f"Through the centre, components {first + 1} and {second + 1}",
            "Two components grow together, each by its own standard deviation; the others stay.",
            interpolation.through_centre(cloud, (first, second), math.pi / 4, STEPS, REACH),
            ends,
        ),
        LatentPath(
            "Through the centre, along principal axis 1",
            "The direction in which the codes differ most.",
            interpolation.straight(cloud.mean - end, cloud.mean + end, STEPS),
            ends,
        ),
    ]


def _between(
    start: Floats, end: Floats, title: str, names: tuple[str, str], *, shown: bool
) -> list[LatentPath]:
    """Lead from one code to another, straight and turning at a steady rate."""
    part = WHOLE if shown else INTERIOR
    ends = (names[0], "", names[1]) if shown else ("20 % of the way", "", "80 %")
    hidden = "" if shown else " Near either end it would show what a photograph was turned into."
    return [
        LatentPath(f"{name} {title}", note + hidden, walk(start, end, 1001)[part], ends)
        for name, (walk, note) in INTERPOLATIONS.items()
    ]


def _names(
    cloud: LatentCloud, pair: tuple[int, int], class_names: Sequence[str] | None
) -> tuple[str, str]:
    if class_names is None or cloud.labels is None:
        return ("one code", "another")
    return class_names[cloud.labels[pair[0]]], class_names[cloud.labels[pair[1]]]


def _pairs(
    cloud: LatentCloud, rng: np.random.Generator, class_names: Sequence[str] | None
) -> list[tuple[int, int]]:
    """Choose pairs of codes, of different kinds where there are any."""
    order = rng.permutation(cloud.n)
    labels = np.arange(cloud.n) if class_names is None or cloud.labels is None else cloud.labels
    chosen: list[tuple[int, int]] = []
    while len(chosen) < PAIRS and len(set(labels[order])) > 1:
        first = order[0]
        second = order[labels[order] != labels[first]][0]
        chosen.append((int(first), int(second)))
        order = order[(order != first) & (order != second)]
    return chosen
