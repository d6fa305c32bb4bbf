"""What the page of a model shows: readings on planes and paths as numbers for the browser."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from aelatent.explorer.planes import Plane
from aelatent.explorer.readings import Readings
from aelatent.explorer.routes import Route
from aelatent.explorer.subject import Subject
from aelatent.latent.cloud import Floats, LatentCloud

Told = dict[str, Any]

DOTS = 400
HEIGHT = 40  # of the diagram of a path
CROSS = 0.7  # arm of the cross at the centre, in tiles
USUAL = 0.01, 0.99  # quantiles between which a value is called usual
SCORES = {"faces": "{} windows", "digits": "p-value {}"}


def numbers(values: NDArray[Any], digits: int) -> list[float | int | None]:
    """Round values for JSON; None where one is not finite.

    Examples
    --------
    >>> numbers(np.array([1.239, np.inf, 2.0]), 2)
    [1.24, None, 2]
    """
    rounded = [round(float(value), digits) if np.isfinite(value) else None for value in values]
    return [value if value is None or value % 1 else int(value) for value in rounded]


@dataclass(frozen=True, eq=False)
class Stage:
    """Puts readings of a model into words and numbers: for a template, and for the script."""

    subject: Subject

    @cached_property
    def distances(self) -> tuple[float, float]:
        """Distances between which 98 % of the held-out codes lie."""
        return _usual(self.subject.ruler.distances(self.subject.replicate.held_out.z_mean))

    @cached_property
    def scores(self) -> tuple[float, float]:
        """Scores between which 98 % of the reconstructions of held-out images lie."""
        return _usual(self.subject.replicate.scores["reconstructions"])

    @property
    def ruler(self) -> Told:
        """What is said of distances."""
        joint, d = self.subject.ruler.joint, self.subject.replicate.train.d
        low, high = (f"{limit:.3g}" for limit in self.distances)
        how = "" if joint else "Correlations left out: too few codes are kept to know them. "
        return {
            "name": "Mahalanobis distance" if joint else "Distance, component by component",
            "words": f"{how}98 % of the held-out codes lie from {low} to {high} standard "
            f"deviations from the centre (√{d:,} = {math.sqrt(d):.3g}).",
            "band": self.distances,
        }

    @property
    def judge(self) -> Told | None:
        """What is said of the judge's scores; None without a judge."""
        eye = self.subject.eye
        if eye is None:
            return None
        noun, score = eye.judge.name.removesuffix("s"), SCORES[eye.judge.name]
        low, high = (f"{limit:.3g}" for limit in self.scores)
        read = "Coloured by the digit that it reads. " if noun == "digit" else ""
        return {
            "noun": noun,
            "score": score,
            "threshold": eye.threshold,
            "words": f"{score.format(f'{eye.threshold:.2g}')} or more: a {noun}; 98 % of "
            f"reconstructions have {low} to {high}.",
            "legend": f"{read}The stronger the colour, the higher the score; bare: no {noun}.",
            "band": self.scores,
        }

    def plane(self, plane: Plane, read: Readings) -> tuple[Told, Told]:
        """Return what the template and what the script are told about a plane."""
        train, held_out = self.subject.replicate.train, self.subject.replicate.held_out
        shadow = plane.shadow(train)
        centre, zero = plane.place(shadow.mean), np.zeros(train.d)
        origin = plane.place(plane.project(zero[None]))[0] if plane.holds(zero) else None
        drawn = {
            "title": plane.title,
            "note": plane.note,
            "axes": plane.axes,
            "side": plane.side,
            "dots": dots(plane, held_out),
            "ellipses": ellipses(plane, shadow),
            "inside": inside(shadow, plane.project(held_out.z_mean)),
            "cross": f"M{centre[0] - CROSS:.2f} {centre[1]:.2f}h{2 * CROSS}"
            f"M{centre[0]:.2f} {centre[1] - CROSS:.2f}v{2 * CROSS}",
            "origin": None if origin is None else numbers(origin, 2),
            "here": numbers(np.floor(centre) + 0.5, 1),
            "shadow": train.d > 2,
        }
        told = {
            "key": plane.key,
            "axes": plane.axes,
            "side": plane.side,
            "low": plane.low.tolist(),
            "step": plane.step,
            "centre": numbers(np.floor(centre), 0),
            "origin": None if origin is None else numbers(np.floor(origin), 0),
        }
        return drawn, told | self._told(read)

    def route(self, route: Route, read: Readings) -> tuple[Told, Told]:
        """Return what the template and what the script are told about a path."""
        told = self._told(read)
        profiles = [
            profile(self.ruler["name"], read.distances, self.distances, told["farthest"])
            | {"whose": "held-out codes", "threshold": None}
        ]
        if read.scores is not None and self.subject.eye is not None:
            limit = _height(self.subject.eye.threshold, told["highest"])
            profiles.append(
                profile("Score of the judge", read.scores, self.scores, told["highest"])
                | {"whose": "reconstructions", "threshold": limit}
            )
        drawn = {"title": route.title, "note": route.note, "ends": route.ends}
        return drawn | {"profiles": profiles}, told

    def _told(self, read: Readings) -> Told:
        """Return the readings, and where their scales end."""
        finite = read.distances[np.isfinite(read.distances)]
        told: Told = {
            "distances": numbers(read.distances, 2),
            "farthest": float(np.max(finite, initial=1.1 * self.distances[1])),
        }
        if read.scores is not None and self.subject.eye is not None:
            least = max(self.scores[1], 2 * self.subject.eye.threshold)
            told["scores"] = numbers(read.scores, 3)
            told["highest"] = float(np.max(read.scores, initial=least))
        if read.classes is not None:
            told["classes"] = read.classes.tolist()
        return told


def dots(plane: Plane, cloud: LatentCloud) -> list[tuple[float, float, int]]:
    """Return the first codes that fall on the sheet: where, in tiles, and their labels."""
    places = plane.place(plane.project(cloud.z_mean[:DOTS]))
    labels = np.zeros(len(places), np.int64) if cloud.labels is None else cloud.labels[:DOTS]
    seen = ((places > 0) & (places < plane.side)).all(axis=1)
    return [
        (round(float(x), 2), round(float(y), 2), int(label))
        for (x, y), label in zip(places[seen], labels[seen], strict=True)
    ]


def ellipses(plane: Plane, shadow: LatentCloud) -> list[dict[str, float]]:
    """Return the ellipses of 1, 2 and 3 standard deviations, in tiles and degrees.

    `shadow` is a cloud in the plane's coordinates, as `Plane.shadow` returns it.
    """
    variances, axes = shadow.principal
    centre = plane.place(shadow.mean)
    long, short = np.sqrt(variances[::-1]) / plane.step
    angle = -math.degrees(math.atan2(axes[1, 1], axes[0, 1]))  # on a sheet y grows downwards
    return [
        {
            "cx": round(float(centre[0]), 3),
            "cy": round(float(centre[1]), 3),
            "rx": round(float(k * long), 3),
            "ry": round(float(k * short), 3),
            "angle": round(angle, 2),
        }
        for k in (1, 2, 3)
    ]


def inside(shadow: LatentCloud, points: Floats) -> str:
    """Say how many points, in the plane's coordinates, each of the ellipses holds."""
    variances, axes = shadow.principal
    away = np.linalg.norm(((points - shadow.mean) @ axes) / np.sqrt(variances), axis=1)
    shares = ", ".join(f"{100 * np.mean(away <= k):.0f}" for k in (1, 2, 3))
    return f"{shares} % of the held-out codes; of a normal law 39, 86, 99 %"


def profile(name: str, values: Floats, band: tuple[float, float], most: float) -> Told:
    """Return a quantity along a path as a line in a diagram, and in words.

    Parameters
    ----------
    name : str
    values : ndarray of float64, shape (steps,)
    band : tuple of float
        Between which the quantity is usual.
    most : float
        Where the diagram ends; it begins at 0.
    """
    heights = [_height(value, most) for value in values]
    top, bottom = (_height(limit, most) for limit in band[::-1])
    chosen = values[np.linspace(0, len(values) - 1, 5).astype(int)]
    return {
        "name": name,
        "most": f"{most:.3g}",
        "told": f"{name} along the path: {values[0]:.3g} at its beginning, {values[-1]:.3g} at its "
        f"end, from {values.min():.3g} to {values.max():.3g} between; usual are {band[0]:.3g} to "
        f"{band[1]:.3g}.",
        "band": (top, round(bottom - top, 2)),
        "points": " ".join(f"{i + 0.5:g},{y:g}" for i, y in enumerate(heights)),
        "sampled": [f"{value:.3g}" for value in chosen],
    }


def _height(value: float, most: float) -> float:
    """Return how far down a value lies in a diagram that ends at `most`."""
    return round(HEIGHT - 1 - (HEIGHT - 2) * min(value / most, 1.0), 2)


def _usual(values: Floats) -> tuple[float, float]:
    low, high = np.quantile(values, USUAL)
    return float(low), float(high)
