"""A judge without a task: whether an image resembles what the model makes of real images."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from sklearn.neighbors import NearestNeighbors

from aelatent.judges import JudgeCard, nonimages
from aelatent.judges.card import CardRow
from aelatent.judges.judge import Judge, validated
from aelatent.judges.registry import ImageJudge
from aelatent.latent.cloud import Floats

Pixels = NDArray[np.uint8]
COLOUR_CELLS, EDGE_CELLS, ORIENTATIONS = 16, 8, 4
NEIGHBOUR = 5
ACCEPTED = (
    0.97  # of reconstructions that are no references, half of the rest lost in either respect
)
EACH = 300
FEW = 100
LEAST = 60


class LikenessJudge:
    """Accepts an image that lies as near to reconstructions of real images as these to one another.

    Images are compared by two fixed descriptions, their colours and their edges (`colours`,
    `edges`). In either the distance to the fifth nearest reference may be at most as large as for
    98.5 % of further reconstructions.

    Parameters
    ----------
    arrays : mapping of str to ndarray
        As `calibrate` returns them.

    Notes
    -----
    It knows what images of this model look like, not what they show. On an autoencoder of faces it
    agreed with the face judge about 95 % of 3,600 decoded draws and other images; they differed
    about damaged faces, such as of shuffled codes. A judge of your own says more.
    """

    name = "likeness"
    threshold = -1.0

    def __init__(self, arrays: Mapping[str, NDArray[np.float32]]) -> None:
        self.arrays = arrays
        self._near = {
            kind: NearestNeighbors(n_neighbors=NEIGHBOUR).fit(arrays[kind]) for kind in DESCRIPTIONS
        }

    def scores(self, pixels: Pixels) -> Floats:
        """Return minus the larger of the two distances, each over its limit, (n,)."""
        found = self.distances(pixels)
        parts = [found[kind] / float(self.arrays[f"{kind} limit"]) for kind in found]
        return np.asarray(-np.max(parts, axis=0), dtype=np.float64)

    def distances(self, pixels: Pixels) -> dict[str, Floats]:
        """Return the distance of each image to its fifth nearest reference, in either respect."""
        return {
            kind: self._near[kind].kneighbors(described(kind, validated(pixels)))[0][:, -1]
            for kind in DESCRIPTIONS
        }

    def accepts(self, pixels: Pixels) -> NDArray[np.bool_]:
        """Return for each image whether it resembles the references."""
        return self.scores(pixels) >= self.threshold


def colours(pixels: Pixels) -> NDArray[np.float32]:
    """Return mean colours in a grid of 16 x 16 cells, of images (n, h, w, c), as rows."""
    return _rows(pooled(_scaled(pixels), COLOUR_CELLS))


def edges(pixels: Pixels) -> NDArray[np.float32]:
    """Return roots of the mean strength of edges, in four orientations and 8 x 8 cells, as rows."""
    down, across = np.gradient(_scaled(pixels).mean(axis=-1), axis=(1, 2))
    sector = _sectors(down, across)
    strength = np.sqrt(down**2 + across**2)
    apart = [pooled((strength * (sector == k))[..., None], EDGE_CELLS) for k in range(ORIENTATIONS)]
    return _rows(np.sqrt(np.concatenate(apart, axis=-1)))


def _sectors(down: NDArray[np.float32], across: NDArray[np.float32]) -> NDArray[np.int8]:
    """Return in which eighth of a turn a gradient points, its opposite being the same, 0 to 3.

    Comparisons do what an arc tangent would, in a fifth of the time.
    """
    upper = (down * across < 0) | (across == 0)  # from a quarter of a turn on
    steep, level = np.abs(down), np.abs(across)
    return np.where(upper, 3 - (steep > level), steep >= level).astype(np.int8)


def features(pixels: Pixels) -> NDArray[np.float32]:
    """Return both descriptions side by side, as rows: what diversity is measured in."""
    return np.hstack([described(kind, pixels) for kind in DESCRIPTIONS])


DESCRIPTIONS = {"colours": colours, "edges": edges}


def described(kind: str, pixels: Pixels) -> NDArray[np.float32]:
    """Return a description of images as rows, worked out for a few at a time to save memory."""
    starts = range(0, len(pixels), FEW)
    return np.concatenate([DESCRIPTIONS[kind](pixels[i : i + FEW]) for i in starts])


def _scaled(pixels: Pixels) -> NDArray[np.float32]:
    return pixels.astype(np.float32) / np.float32(255)


def _rows(values: NDArray[np.float32]) -> NDArray[np.float32]:
    return values.reshape(len(values), -1).astype(np.float32)


def pooled(images: NDArray[np.float32], cells: int) -> NDArray[np.float32]:
    """Return means over a grid of cells, (n, cells, cells, c), of images (n, h, w, c).

    Examples
    --------
    >>> pooled(np.arange(4, dtype=np.float32).reshape(1, 2, 2, 1), 1).ravel().tolist()
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


def calibrate(references: Pixels, others: Pixels) -> dict[str, NDArray[np.float32]]:
    """Learn what the references look like, and how far from them other reconstructions lie.

    Parameters
    ----------
    references, others : ndarray of uint8, shapes (n >= 60, h, w, c) and (m >= 60, h, w, c)
        Reconstructions of different images.

    Raises
    ------
    ValueError
        If there are fewer.
    """
    if min(len(references), len(others)) < LEAST:
        raise ValueError(
            f"expected {LEAST} reconstructions or more on either side, received "
            f"{len(references)} and {len(others)}"
        )
    arrays = {kind: described(kind, references) for kind in DESCRIPTIONS}
    found = LikenessJudge(arrays).distances(others)
    share = 1 - (1 - ACCEPTED) / len(found)
    limits = {f"{kind} limit": np.quantile(values, share) for kind, values in found.items()}
    return arrays | {name: np.asarray(limit, np.float32) for name, limit in limits.items()}


def examine(
    judge: Judge,
    good: Mapping[str, Pixels],
    originals: Pixels,
    rng: np.random.Generator,
) -> ImageJudge:
    """Measure a judge's card on images it should accept and on such as it should not.

    Parameters
    ----------
    judge : Judge
    good : mapping of str to ndarray of uint8
        Images of real images, by what they are; the first sets the sensitivity.
    originals : ndarray of uint8, shape (n, h, w, c)
        What images to reject are made of.
    rng : numpy.random.Generator
    """
    shape = originals.shape[1:]
    wrong = {
        "pixel noise": nonimages.pixel_noise(EACH, shape, rng),
        "phase-scrambled images": nonimages.phase_scrambles(EACH, originals, rng),
        "images in shuffled tiles": nonimages.shuffled_tiles(EACH, originals, rng),
        "random strokes": nonimages.strokes(EACH, shape, rng),
    }
    kinds = [(name, True, pixels) for name, pixels in good.items()]
    kinds += [(name, False, pixels) for name, pixels in wrong.items()]
    rows = tuple(
        CardRow(name, right, len(pixels), int(judge.accepts(pixels).sum()))
        for name, right, pixels in kinds
    )
    return ImageJudge(judge, JudgeCard(judge.name, judge.threshold, rows))
