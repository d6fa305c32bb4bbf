"""How much the small patches of an image differ from those of photographs of faces.

Blotches and smears consist of patches that no photograph of a face has, wherever they lie.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter
from sklearn.decomposition import PCA

Pixels = NDArray[np.uint8]
Floats = NDArray[np.float32]

SIDE = 48
"""Images are smoothed by `SMOOTH` pixels and brought to this side."""
SMOOTH = 0.7
PATCH, STEP, EDGE = 8, 3, 6
"""Side of a patch, distance between patches, and the margin without patches, in pixels."""
COMPONENTS = 10
MOST_PHOTOGRAPHS, MOST_PATCHES = 1000, 20_000
BATCH = 250
SUMMARIES = "mean", "largest", "mean of the largest tenth", "deviation", "median"
MEASURES = len(SUMMARIES) * 2
"""Of the distance within the principal components, and of the distance from them."""
TINY_SPREAD, TINY_REST = 1e-3, 1e-7


@dataclass(frozen=True, eq=False)
class PatchModel:
    """Principal components of the patches of photographs.

    Attributes
    ----------
    mean : ndarray of float32, shape (192,)
    components : ndarray of float32, shape (10, 192)
    variances : ndarray of float32, shape (10,)
    """

    mean: Floats
    components: Floats
    variances: Floats

    def look(self, pixels: Pixels) -> NDArray[np.float64]:
        """Summarise the distances of each image's patches from those of photographs.

        Parameters
        ----------
        pixels : ndarray of uint8, shape (n, 96, 96, 3)

        Returns
        -------
        ndarray of float64, shape (n, 10)
            `SUMMARIES` of the log of the mean squared score on the components, then of the log of
            the squared distance from them.
        """
        seen = [self._summarised(patches) for patches in _batches(pixels)]
        return np.concatenate([np.empty((0, MEASURES)), *seen])

    def _summarised(self, patches: Floats) -> NDArray[np.float64]:
        centred = patches - self.mean
        scores = centred @ self.components.T
        spread = (scores**2 / self.variances).mean(axis=-1)
        rest = (centred**2).sum(axis=-1) - (scores**2).sum(axis=-1)
        logs = np.log(spread + TINY_SPREAD), np.log(np.maximum(rest, TINY_REST))
        return np.concatenate([_summaries(each) for each in logs], axis=1)

    def to_plain(self) -> dict[str, Any]:
        """Return the model as lists of numbers."""
        return {
            name: np.vectorize(lambda value: float(f"{value:.6g}"))(values).tolist()
            for name, values in vars(self).items()
        }

    @classmethod
    def from_plain(cls, content: Mapping[str, Any]) -> PatchModel:
        """Read what `to_plain` returned."""
        return cls(**{name: np.array(values, np.float32) for name, values in content.items()})


def fit(photographs: Pixels, rng: np.random.Generator) -> PatchModel:
    """Fit the principal components of the patches of photographs.

    Parameters
    ----------
    photographs : ndarray of uint8, shape (n, 96, 96, 3)
        Of which up to `MOST_PHOTOGRAPHS` are used, and of their patches up to `MOST_PATCHES`.
    rng : numpy.random.Generator

    Returns
    -------
    PatchModel
    """
    chosen = photographs[rng.permutation(len(photographs))[:MOST_PHOTOGRAPHS]]
    patches = np.concatenate([part.reshape(-1, part.shape[-1]) for part in _batches(chosen)])
    some = patches[rng.permutation(len(patches))[:MOST_PATCHES]]
    model = PCA(COMPONENTS, svd_solver="covariance_eigh").fit(some)
    return PatchModel(model.mean_, model.components_, model.explained_variance_)


def _batches(pixels: Pixels) -> Iterator[Floats]:
    """Yield the patches of images, (n, patches, values), in batches to save memory."""
    for first in range(0, len(pixels), BATCH):
        yield _patches(pixels[first : first + BATCH])


def _patches(pixels: Pixels) -> Floats:
    scaled = pixels.astype(np.float32) / np.float32(255)
    smooth = gaussian_filter(scaled, (0, SMOOTH, SMOOTH, 0))
    n, side = len(pixels), smooth.shape[1] // SIDE
    # Sums of whole images take a third of the time of a mean over tiny squares.
    first, *others = (smooth[:, i::side, j::side] for i in range(side) for j in range(side))
    small = np.asarray(sum(others, first) / np.float32(side * side), np.float32)
    inner = small[:, EDGE : SIDE - EDGE, EDGE : SIDE - EDGE]
    windows = np.lib.stride_tricks.sliding_window_view(inner, (PATCH, PATCH), axis=(1, 2))
    chosen = windows[:, ::STEP, ::STEP]
    return np.ascontiguousarray(chosen).reshape(n, chosen.shape[1] * chosen.shape[2], -1)


def _summaries(values: Floats) -> NDArray[np.float64]:
    ordered = np.sort(values.astype(np.float64), axis=1)
    tenth = ordered[:, -(ordered.shape[1] // 10) :]
    return np.stack(
        [
            ordered.mean(axis=1),
            ordered[:, -1],
            tenth.mean(axis=1),
            ordered.std(axis=1),
            np.median(ordered, axis=1),
        ],
        axis=1,
    )
