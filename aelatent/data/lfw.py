"""Labeled Faces in the Wild, deep-funneled, 96x96."""

from __future__ import annotations

import csv
import io
import tarfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from aelatent.data.images import DataError, Images

ARCHIVE = "lfw_faces_96.tar"
LABELS = "labels.csv"
SIDE = 96


def read(folder: Path) -> Images:
    """Read the 13,233 faces; held out are the people of the official View 1 test list.

    Labels are 1 for men, 0 for women, -1 where unknown; groups are people.
    """
    with (folder / LABELS).open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    photographs = read_archive(folder / ARCHIVE, [f"images/{row['file']}" for row in rows])
    return Images(
        name="lfw",
        pixels=photographs,
        train=np.array([row["split"] == "train" for row in rows]),
        labels=np.array([int(row["male"] or -1) for row in rows], dtype=np.int64),
        groups=np.array([int(row["person_id"]) for row in rows], dtype=np.int64),
    )


def read_archive(path: Path, members: list[str]) -> NDArray[np.uint8]:
    """Decode the named members of a tar file; nothing is ever unpacked onto the disk."""
    pixels = np.empty((len(members), SIDE, SIDE, 3), dtype=np.uint8)
    remedy = "Delete the archive and fetch it again."
    try:
        with tarfile.open(path) as archive:
            for position, member in enumerate(members):
                try:
                    content = archive.extractfile(member)
                except KeyError:
                    content = None
                if content is None:
                    raise DataError.about(path, f"a file {member!r}", "none by that name", remedy)
                pixels[position] = decode(content.read(), f"{path}:{member}")
    except tarfile.TarError as error:
        raise DataError.about(path, "a whole tar file", str(error), remedy) from error
    return pixels


def decode(content: bytes, where: str) -> NDArray[np.uint8]:
    """Decode one 96x96 JPEG to RGB."""
    remedy = "Delete the archive and fetch it again."
    try:
        with Image.open(io.BytesIO(content)) as image:
            pixels = np.asarray(image.convert("RGB"))
    except (UnidentifiedImageError, OSError) as error:
        raise DataError.about(where, "a JPEG image", str(error), remedy) from error
    if pixels.shape != (SIDE, SIDE, 3):
        raise DataError.about(where, f"{SIDE}x{SIDE} pixels", f"shape {pixels.shape}", remedy)
    return pixels
