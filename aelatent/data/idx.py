"""MNIST and Fashion-MNIST from their original idx files."""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from aelatent.data.images import DataError, Images

FILES = {
    "train_images": "train-images-idx3-ubyte.gz",
    "train_labels": "train-labels-idx1-ubyte.gz",
    "held_out_images": "t10k-images-idx3-ubyte.gz",
    "held_out_labels": "t10k-labels-idx1-ubyte.gz",
}


def read(folder: Path, name: str) -> Images:
    """Read the four idx files of MNIST or Fashion-MNIST; the published test set is held out."""
    arrays = {part: read_idx(folder / file) for part, file in FILES.items()}
    counts = len(arrays["train_images"]), len(arrays["held_out_images"])
    return Images(
        name=name,
        pixels=np.concatenate([arrays["train_images"], arrays["held_out_images"]])[..., None],
        train=np.repeat([True, False], counts),
        labels=np.concatenate([arrays["train_labels"], arrays["held_out_labels"]]).astype(np.int64),
    )


def read_idx(path: Path) -> NDArray[np.uint8]:
    """Read one gzipped idx file of unsigned bytes.

    Raises
    ------
    DataError
        If the file is cut short, is no gzip, or its header does not announce its contents.
    """
    remedy = "Delete it and fetch it again."
    try:
        content = gzip.decompress(path.read_bytes())
    except FileNotFoundError:
        raise DataError.about(path, "a gzipped idx file", "no such file", remedy) from None
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise DataError.about(path, "a whole gzip file", str(error), remedy) from error
    if len(content) < 4 or content[:3] != b"\0\0\x08":
        raise DataError.about(path, "an idx file of bytes", f"header {content[:4]!r}", remedy)
    rank = content[3]
    start = 4 + 4 * rank
    shape = np.frombuffer(content[4:start], dtype=">u4").astype(np.int64)
    values = np.frombuffer(content[start:], dtype=np.uint8)
    if len(shape) != rank or values.size != shape.prod():
        raise DataError.about(
            path, f"{shape.prod()} bytes for shape {tuple(shape)}", f"{values.size}", remedy
        )
    return values.reshape(shape)
