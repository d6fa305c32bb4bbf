"""Evaluations of a model as text and numbers, for a template and for the script of its page."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from aelatent.explorer.evaluation import Evaluation
from aelatent.explorer.model import ExploredModel
from aelatent.explorer.paths import LatentPath
from aelatent.explorer.planes import Plane
from aelatent.judges.grade import Grade
from aelatent.latent.cloud import Floats, LatentCloud

Content = dict[str, Any]
DOTS = 400
HEIGHT = 40  # of the diagram of a path
CROSS = 0.7  # arm of the cross at the centre, in tiles
HIGHEST = int(Grade.CLEAN)  # score
USUAL = 0.01, 0.99  # quantiles between which a value is called usual


def numbers(values: NDArray[Any], digits: int) -> list[float | int | None]:
    """Round values for JSON.

    Parameters
    ----------
    values : ndarray, shape (n,)
    digits : int
        After the decimal point.

    Returns
    -------
    list of float, int or None
        Whole numbers as int; None where a value is not finite.

    Examples
    --------
    >>> numbers(np.array([1.239, np.inf, 2.0]), 2)
    [1.24, None, 2]
    """
    rounded = [round(float(value), digits) if np.isfinite(value) else None for value in values]
    return [value if value is None or value % 1 else int(value) for value in rounded]


@dataclass(frozen=True, eq=False)
class ModelView:
    """Turns evaluations of a model into text and numbers for a template and for the script."""

    model: ExploredModel

    @cached_property
    def distances(self) -> tuple[float, float]:
        """Distances between which 98 % of the held-out codes lie."""
        return _usual(self.model.ruler.distances(self.model.replicate.held_out.z_mean))

    @cached_property
    def scores(self) -> tuple[float, float]:
        """Scores between which 98 % of the reconstructions of held-out images lie."""
        judge = self.model.image_judge
        assert judge is not None  # noqa: S101 -- for mypy: callers check it
        return _usual(judge.grade(self.model.replicate.reconstruct()).scores)

    @property
    def ruler(self) -> Content:
        """Name, explanation and usual range of the distances."""
        joint, d = self.model.ruler.joint, self.model.replicate.train.d
        low, high = (f"{limit:.3g}" for limit in self.distances)
        how = "" if joint else "Correlations left out: too few codes are kept to know them. "
        return {
            "name": "Mahalanobis distance" if joint else "Distance, component by component",
            "words": f"{how}98 % of the {self.model.code_name} lie from {low} to {high} standard "
            f"deviations from the centre (√{d:,} = {math.sqrt(d):.3g}).",
            "band": self.distances,
        }

    @property
    def judge(self) -> Content | None:
        """Noun, words and usual range of the judge's scores; None without a judge."""
        judge = self.model.image_judge
        if judge is None:
            return None
        noun = self.model.noun
        low, high = (f"{limit:.2f}" for limit in self.scores)
        read = "Coloured by the digit that it reads. " if noun == "digit" else ""
        return {
            "noun": noun,
            "words": f"Grades: none, damaged, clean. The score is the grade to expect, from 0 "
            f"(none) to {HIGHEST} (clean); 98 % of reconstructions have {low} to {high}.",
            "legend": f"{read}Strong: a clean {noun}; faint: a damaged one; bare: none.",
            "band": self.scores,
        }

    def plane(self, plane: Plane, read: Evaluation) -> tuple[Content, Content]:
        """Return a plane for the template and for the script.

        Parameters
        ----------
        plane : Plane
        read : Evaluation
            Of the plane's codes.

        Returns
        -------
        tuple of dict
            What the template shows, and what the script reads.
        """
        train, held_out = self.model.replicate.train, self.model.replicate.held_out
        shadow = plane.shadow(train)
        centre, zero = plane.place(shadow.mean), np.zeros(train.d)
        origin = plane.place(plane.project(zero[None]))[0] if plane.holds(zero) else None
        for_template = {
            "title": plane.title,
            "note": plane.note,
            "codes": self.model.code_name,
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
        for_script = {
            "key": plane.key,
            "axes": plane.axes,
            "side": plane.side,
            "low": plane.low.tolist(),
            "step": plane.step,
            "centre": numbers(np.floor(centre), 0),
            "origin": None if origin is None else numbers(np.floor(origin), 0),
        }
        return for_template, for_script | self._values(read)

    def path(self, path: LatentPath, read: Evaluation) -> tuple[Content, Content]:
        """Return a path for the template and for the script.

        Parameters
        ----------
        path : LatentPath
        read : Evaluation
            Of the path's codes.

        Returns
        -------
        tuple of dict
            What the template shows, and what the script reads.
        """
        for_script = self._values(read)
        profiles = [
            profile(self.ruler["name"], read.distances, self.distances, for_script["farthest"])
            | {"whose": self.model.code_name}
        ]
        if read.graded is not None:
            profiles.append(
                profile("Score of the judge", read.graded.scores, self.scores, HIGHEST)
                | {"whose": "reconstructions"}
            )
        for_template = {"title": path.title, "note": path.note, "ends": path.ends}
        return for_template | {"profiles": profiles}, for_script

    def _values(self, read: Evaluation) -> Content:
        """Return the readings, and where their scales end."""
        finite = read.distances[np.isfinite(read.distances)]
        for_script: Content = {
            "distances": numbers(read.distances, 2),
            "farthest": float(np.max(finite, initial=1.1 * self.distances[1])),
        }
        if read.graded is not None:
            for_script["grades"] = read.graded.grades.tolist()
            for_script["scores"] = numbers(read.graded.scores, 2)
            for_script["highest"] = HIGHEST
        if read.classes is not None:
            for_script["classes"] = read.classes.tolist()
        return for_script


def dots(plane: Plane, cloud: LatentCloud) -> list[tuple[float, float, int]]:
    """Return the first codes that fall on the sheet of a plane.

    Parameters
    ----------
    plane : Plane
    cloud : LatentCloud

    Returns
    -------
    list of tuple
        Column and row, in tiles, and label; 0 where the cloud has no labels.
    """
    places = plane.place(plane.project(cloud.z_mean[:DOTS]))
    labels = np.zeros(len(places), np.int64) if cloud.labels is None else cloud.labels[:DOTS]
    seen = ((places > 0) & (places < plane.side)).all(axis=1)
    return [
        (round(float(x), 2), round(float(y), 2), int(label))
        for (x, y), label in zip(places[seen], labels[seen], strict=True)
    ]


def ellipses(plane: Plane, shadow: LatentCloud) -> list[dict[str, float]]:
    """Return the ellipses of 1, 2 and 3 standard deviations.

    Parameters
    ----------
    plane : Plane
    shadow : LatentCloud
        In the plane's coordinates, as `Plane.shadow` returns it.

    Returns
    -------
    list of dict
        Centre and radii in tiles, angle in degrees.
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
    """Return which share of points each of the ellipses holds, as a sentence.

    Parameters
    ----------
    shadow : LatentCloud
        In a plane's coordinates.
    points : ndarray of float64, shape (n, 2)
        In the same coordinates.

    Returns
    -------
    str
    """
    variances, axes = shadow.principal
    away = np.linalg.norm(((points - shadow.mean) @ axes) / np.sqrt(variances), axis=1)
    shares = ", ".join(f"{100 * np.mean(away <= k):.0f}" for k in (1, 2, 3))
    return f"{shares} % of these codes; of a normal distribution 39, 86, 99 %"


def profile(name: str, values: Floats, band: tuple[float, float], most: float) -> Content:
    """Return a quantity along a path as a line in a diagram, and as a sentence.

    Parameters
    ----------
    name : str
    values : ndarray of float64, shape (steps,)
    band : tuple of float
        Between which the quantity is usual.
    most : float
        Where the diagram ends; it begins at 0.

    Returns
    -------
    dict
    """
    heights = [_height(value, most) for value in values]
    top, bottom = (_height(limit, most) for limit in band[::-1])
    chosen = values[np.linspace(0, len(values) - 1, 5).astype(int)]
    return {
        "name": name,
        "most": f"{most:.3g}",
        "summary": f"{name} along the path: {values[0]:.3g} at its beginning, {values[-1]:.3g} at "
        f"its end, from {values.min():.3g} to {values.max():.3g} between; usual are {band[0]:.3g} "
        f"to {band[1]:.3g}.",
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
