"""A judge for any images: whether one resembles real images, and the model's copies of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter
from sklearn.neighbors import NearestNeighbors
from threadpoolctl import threadpool_limits

from aelatent.inference.rules import THRESHOLD
from aelatent.judges.grade import Grade
from aelatent.judges.grading import Graded, Grades, Measures
from aelatent.judges.judge import validated
from aelatent.latent.cloud import Floats

Pixels = NDArray[np.uint8]
Arrays = dict[str, NDArray[np.float32]]
COLOUR_CELLS, EDGE_CELLS, ORIENTATIONS = 16, 8, 4
NEIGHBOUR = 5
# Share of held-out images within the limits of distance; the limits divide the rest evenly.
ACCEPTED = 0.97
SHARP = 0.975  # share of held-out originals that are sharp, at least
# Standard deviations of two blurs: one damages an image, the other tells how sharp it is.
DAMAGE, PROBE = 1 / 32, 1 / 64  # ... over the image's width,
LEAST_DAMAGE, LEAST_PROBE = 1.2, 0.6  # ... in pixels at least
ORIGINALS, COPIES = "originals", "copies"
SCORE, LIKENESS, NEARNESS = "score", "likeness to copies", "nearness to copies"
PASSED = -1.0  # the least value of each of these at which an image passes
BATCH = 100
LEAST = 60
TINY = 1e-6


class SimilarityJudge:
    """Grades an image by its likeness to real images and to the model's copies of these.

    The judge compares images by three fixed descriptions: `colours`, `edges` and `layout`. An image
    is like a set of references if in each the distance to the fifth nearest reference is at most as
    large as for 99 % of further images of that kind.

    - *Clean*: like copies, like originals, and sharp. The sharpness of an image is the share of
      its edges' energy that a slight blur takes away, over that of the originals nearest to it. It
      has to reach the median of held-out originals that were blurred by 1/32 of their width, or
      the least of 97.5 % of held-out originals where that is lower.
    - *Damaged*: otherwise like copies, or no farther from them than the farthest held-out one.
    - *None*: neither.

    Where only codes are known, copies take the place of originals.

    Parameters
    ----------
    arrays : mapping of str to ndarray
        As `calibrate` returns them.

    Notes
    -----
    It compares how images look, and does not recognise what they show: of 101 labelled images of
    damaged faces it takes 54 for clean. A judge of your own tells more.
    """

    name = "similarity"
    readings = (THRESHOLD,)

    def __init__(self, arrays: Mapping[str, NDArray[np.float32]]) -> None:
        self.arrays = arrays
        self._real = ORIGINALS if f"{ORIGINALS} edges" in arrays else COPIES
        self._near = {
            (which, kind): NearestNeighbors(n_neighbors=NEIGHBOUR).fit(arrays[f"{which} {kind}"])
            for which in {self._real, COPIES}
            for kind in DESCRIPTIONS
        }

    def measures(self, pixels: Pixels) -> Mapping[str, Measures]:
        """Return three measures of each image, (n,): each is -1 or more where the image passes.

        - "score": minus the largest of all distances, each over its limit, and of the least
          sharpness over the image's; it decides whether the image is clean.
        - "likeness to copies": minus the largest distance to copies over its limit.
        - "nearness to copies": the same over the distance of the farthest held-out copy; it decides
          whether the image is damaged at least.
        """
        described = {kind: describe(kind, validated(pixels)) for kind in DESCRIPTIONS}
        far = {which: self._far(described, which) for which in {self._real, COPIES}}
        sharp = self.sharpness(pixels, described["colours"]) / self._limit("sharpness limit")
        beyond = [self._over(far[which], which, "limit") for which in far]
        return {
            SCORE: -np.max([*beyond, 1 / np.maximum(sharp, TINY)], axis=0),
            LIKENESS: -self._over(far[COPIES], COPIES, "limit"),
            NEARNESS: -self._over(far[COPIES], COPIES, "farthest"),
        }

    def grades(self, measures: Mapping[str, Measures], reading: str = THRESHOLD) -> Grades:
        """Return the grade of each image from what was measured of it.

        Parameters
        ----------
        measures : mapping of str to ndarray of float64, shape (n,)
        reading : str
            "threshold": there is no other.

        Returns
        -------
        ndarray of int8, shape (n,)
            Values of `Grade`.
        """
        del reading
        clean, damaged = (measures[name] >= PASSED for name in (SCORE, NEARNESS))
        return np.where(clean, Grade.CLEAN, np.where(damaged, Grade.DAMAGED, Grade.NONE)).astype(
            np.int8
        )

    def grade(self, pixels: Pixels) -> Graded:
        """Return the grade and the score of each image; from a score of -1 on it is clean."""
        measured = self.measures(pixels)
        return Graded(self.grades(measured), measured[SCORE])

    def _limit(self, name: str) -> float:
        return float(self.arrays[name])

    def _far(self, described: Arrays, which: str) -> dict[str, Floats]:
        """Return the distance of each image to references, by description."""
        return {kind: self.distances(own, which, kind) for kind, own in described.items()}

    def _over(self, far: Mapping[str, Floats], which: str, limit: str) -> Floats:
        """Return the largest of the distances to references, each over its limit."""
        shares = [far[kind] / self._limit(f"{which} {kind} {limit}") for kind in far]
        return np.asarray(np.max(shares, axis=0), dtype=np.float64)

    def distances(self, values: NDArray[np.float32], which: str, kind: str) -> Floats:
        """Return the distance of each image to its fifth nearest reference.

        Parameters
        ----------
        values : ndarray of float32, shape (n, k)
            The images' descriptions.
        which : str
            "originals" or "copies".
        kind : str
            Of the description.

        Returns
        -------
        ndarray of float64, shape (n,)
        """
        return np.asarray(_nearest(self._near[which, kind], values)[0][:, -1], np.float64)

    def sharpness(self, pixels: Pixels, described: NDArray[np.float32]) -> Floats:
        """Return the sharpness of each image, over that of the real images nearest to it.

        Parameters
        ----------
        pixels : ndarray of uint8, shape (n, h, w, c)
        described : ndarray of float32, shape (n, k)
            Their colours.

        Returns
        -------
        ndarray of float64, shape (n,)
            Nearest in colours; the median of five.
        """
        nearest = _nearest(self._near[self._real, "colours"], described)[1]
        usual = np.median(self.arrays["sharpness"][nearest], axis=1)
        return np.asarray(sharpness(pixels) / np.maximum(usual, TINY), np.float64)


def _nearest(near: Any, values: NDArray[np.float32]) -> tuple[Floats, NDArray[np.int64]]:
    """Return distances and places of the nearest references.

    Threads that share so small a search wait for each other: on busy cores it takes twenty times as
    long as in one.
    """
    with threadpool_limits(limits=1, user_api="openmp"):
        distances, places = near.kneighbors(values)
    return distances, places


def sharpness(pixels: Pixels) -> Floats:
    """Return the share of the energy of each image's edges that a slight blur takes away, (n,).

    It tells blur from low contrast. Source: Crete et al., "The blur effect: perception and
    estimation with a new no-reference perceptual blur metric", SPIE 6492, 2007.
    """
    found = []
    width = max(PROBE * pixels.shape[2], LEAST_PROBE)
    for start in range(0, len(pixels), BATCH):
        grey = _scaled(pixels[start : start + BATCH]).mean(axis=-1)
        before, after = (_energy(each) for each in (grey, gaussian_filter(grey, (0, width, width))))
        found.append(1 - after / np.maximum(before, TINY))
    return np.concatenate(found).astype(np.float64)


def _energy(grey: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the mean squared gradient of each image, (n,)."""
    down, across = np.gradient(grey, axis=(1, 2))
    return np.asarray((down**2 + across**2).mean(axis=(1, 2)))


def blurred(pixels: Pixels) -> Pixels:
    """Return images after the blur that damages an image."""
    width = max(DAMAGE * pixels.shape[2], LEAST_DAMAGE)
    smooth = gaussian_filter(pixels.astype(np.float32), (0, width, width, 0))
    return np.rint(smooth).astype(np.uint8)


def colours(pixels: Pixels) -> NDArray[np.float32]:
    """Return mean colours in a grid of 16 x 16 cells, of images (n, h, w, c), as rows."""
    return _rows(mean_pool(_scaled(pixels), COLOUR_CELLS))


def edges(pixels: Pixels) -> NDArray[np.float32]:
    """Return roots of the mean strength of edges, in four orientations and 8 x 8 cells, as rows."""
    down, across = np.gradient(_scaled(pixels).mean(axis=-1), axis=(1, 2))
    sector = _sectors(down, across)
    strength = np.sqrt(down**2 + across**2)
    parts = [
        mean_pool((strength * (sector == k))[..., None], EDGE_CELLS) for k in range(ORIENTATIONS)
    ]
    return _rows(np.sqrt(np.concatenate(parts, axis=-1)))


def layout(pixels: Pixels) -> NDArray[np.float32]:
    """Return `colours` without their mean and contrast, as rows of length 1.

    A flat image is near to others in colours and in edges, since these lie around it; not in this.
    """
    cells = colours(pixels)
    cells = cells - cells.mean(axis=1, keepdims=True)
    return cells / np.maximum(np.linalg.norm(cells, axis=1, keepdims=True), np.float32(TINY))


def _sectors(down: NDArray[np.float32], across: NDArray[np.float32]) -> NDArray[np.int8]:
    """Return the sector, 0 to 3, of a gradient's direction; opposite directions share one.

    Comparisons take a fifth of the time of an arc tangent.
    """
    upper = (down * across < 0) | (across == 0)  # from a quarter of a turn on
    steep, level = np.abs(down), np.abs(across)
    return np.where(upper, 3 - (steep > level), steep >= level).astype(np.int8)


def features(pixels: Pixels) -> NDArray[np.float32]:
    """Return colours and edges side by side, as rows; diversity is measured in these."""
    return np.hstack([describe(kind, pixels) for kind in ("colours", "edges")])


DESCRIPTIONS = {"colours": colours, "edges": edges, "layout": layout}


def describe(kind: str, pixels: Pixels) -> NDArray[np.float32]:
    """Describe images, in batches to save memory.

    Parameters
    ----------
    kind : str
        Key of `DESCRIPTIONS`.
    pixels : ndarray of uint8, shape (n, h, w, c)

    Returns
    -------
    ndarray of float32, shape (n, k)
    """
    starts = range(0, len(pixels), BATCH)
    return np.concatenate([DESCRIPTIONS[kind](pixels[i : i + BATCH]) for i in starts])


def _scaled(pixels: Pixels) -> NDArray[np.float32]:
    return pixels.astype(np.float32) / np.float32(255)


def _rows(values: NDArray[np.float32]) -> NDArray[np.float32]:
    return values.reshape(len(values), -1).astype(np.float32)


def mean_pool(images: NDArray[np.float32], cells: int) -> NDArray[np.float32]:
    """Average images over a grid of cells.

    Parameters
    ----------
    images : ndarray of float32, shape (n, h, w, c)
    cells : int
        Cells a side; as many as pixels where these are fewer.

    Returns
    -------
    ndarray of float32, shape (n, cells, cells, c)

    Examples
    --------
    >>> mean_pool(np.arange(4, dtype=np.float32).reshape(1, 2, 2, 1), 1).ravel().tolist()
    [1.5]
    """
    for axis in (1, 2):
        size = images.shape[axis]
        starts = np.unique(np.arange(min(cells, size)) * size // min(cells, size))
        widths = np.diff([*starts, size]).astype(np.float32)
        shape = [1, 1, 1, 1]
        shape[axis] = len(widths)
        summed = np.add.reduceat(images, starts, axis=axis)
        images = np.asarray(summed / widths.reshape(shape), dtype=np.float32)
    return images


def calibrate(
    copies: Pixels,
    other_copies: Pixels,
    originals: Pixels | None = None,
    others: Pixels | None = None,
) -> Arrays:
    """Describe the references, and measure how far from them other images lie.

    Parameters
    ----------
    copies, other_copies : ndarray of uint8, shapes (n >= 60, h, w, c) and (m >= 60, h, w, c)
        Reconstructions of different images.
    originals, others : ndarray of uint8, shapes (k >= 60, h, w, c) and (l >= 60, h, w, c), optional
        Different original images.

    Returns
    -------
    dict of str to ndarray of float32
        The descriptions of the references, the limits of the distances, and the references'
        sharpness with its limit.

    Raises
    ------
    ValueError
        If there are fewer.
    """
    arrays = _calibrated(COPIES, copies, other_copies)
    if originals is None or others is None:
        return arrays | _sharpness(arrays, copies, other_copies)
    arrays |= _calibrated(ORIGINALS, originals, others)
    return arrays | _sharpness(arrays, originals, others)


def _calibrated(which: str, references: Pixels, others: Pixels) -> Arrays:
    """Return descriptions of references and the limits of distances, from other images."""
    if min(len(references), len(others)) < LEAST:
        raise ValueError(
            f"expected {LEAST} {which} or more on either side, received {len(references)} and "
            f"{len(others)}"
        )
    arrays: Arrays = {}
    for kind in DESCRIPTIONS:
        known = describe(kind, references)
        near = NearestNeighbors(n_neighbors=NEIGHBOUR).fit(known)
        distances = _nearest(near, describe(kind, others))[0][:, -1]
        limit = np.quantile(distances, 1 - (1 - ACCEPTED) / len(DESCRIPTIONS))
        arrays[f"{which} {kind}"] = known
        arrays[f"{which} {kind} limit"] = np.asarray(limit, np.float32)
        arrays[f"{which} {kind} farthest"] = np.asarray(distances.max(), np.float32)
    return arrays


def _sharpness(arrays: Arrays, references: Pixels, others: Pixels) -> Arrays:
    """Return the sharpness of references, and the least relative one of a clean image."""
    own = {"sharpness": sharpness(references).astype(np.float32)}
    judge = SimilarityJudge(arrays | own)
    sharp, soft = (judge.sharpness(p, colours(p)) for p in (others, blurred(others)))
    limit = min(float(np.median(soft)), float(np.quantile(sharp, 1 - SHARP)))
    return own | {"sharpness limit": np.asarray(max(limit, TINY), np.float32)}
