"""A user's own folder of images."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from aelatent.data import photograph, split
from aelatent.data.images import DataError, Images, MissingData
from aelatent.runtime import memory
from aelatent.runtime.files import digest
from aelatent.runtime.files import read as read_file

LEAST_A_CLASS = 20  # images in a sub-folder on average: fewer are groups, such as people


def read(folder: Path, side: int | None = None) -> Images:
    """Read every image in a folder and its sub-folders, in the order of their names.

    Sub-folders with 20 images or more on average are classes, as in torchvision's ImageFolder:
    each is a label. Smaller ones mean that their images belong together, as pictures of one person
    do: each is a group, and the split goes by groups. Without groups the split goes by the content
    of the files, so that copies of a file stay on one side. Files of other kinds and hidden files
    are passed over; links to folders are followed.

    Parameters
    ----------
    folder : Path
    side : int, optional
        Cut the largest central square out of each image and scale it to `side` x `side` (Lanczos).
        Without it all images must have one size.

    Returns
    -------
    Images
        One channel if all files hold greys; otherwise three, where a grey image gets three equal
        ones.

    Raises
    ------
    MissingData
        If there is no such folder.
    DataError
        If it holds no images, an unreadable one, images of different sizes, more than memory has
        room for, or too few to split.
    """
    files = photographs(folder)
    digests, pictures, size, most = [], [], 0, memory.budget()
    for place, file in enumerate(files, 1):
        content = read_file(file)
        digests.append(digest(content))
        pictures.append(scaled(content, file, side))
        size += pictures[-1].nbytes
        if size > most:
            raise DataError.about(
                folder,
                f"images that memory has room for, {most:,} bytes",
                f"{size:,} bytes after {place:,} of {len(files):,} images",
                "Ask for smaller ones with `side`, or take some out.",
            )
    keys, branches = kinship(files, digests)
    classes = branches is not None and len(files) >= LEAST_A_CLASS * (int(branches.max()) + 1)
    return Images(
        name=f"folder:{folder}",
        pixels=stack(pictures, files),
        train=split.training_part(digests if classes else keys, folder),
        labels=branches if classes else None,
        groups=None if classes else branches,
    )


def photographs(folder: Path) -> list[Path]:
    """List the image files below a folder by their suffixes, without hidden ones."""
    if not folder.is_dir():
        raise MissingData.about(folder, "a folder of images", "no such folder", "Check the path.")
    files = [path for path in _visible(folder) if path.is_file()]
    images = [path for path in files if path.suffix.lower() in photograph.SUFFIXES]
    if not images:
        kinds = ", ".join(sorted(photograph.SUFFIXES))
        raise DataError.about(folder, f"images ({kinds})", *_what_lies_there(files))
    return sorted(images, key=lambda path: path.relative_to(folder).parts)


def _visible(folder: Path) -> Iterator[Path]:
    """Yield what lies below a folder, without hidden parts; links to folders are followed once."""
    seen = set()
    for place, folders, names in os.walk(folder, followlinks=True):
        real = os.path.realpath(place)
        folders[:] = [name for name in folders if not name.startswith(".") and real not in seen]
        if real not in seen:
            yield from (Path(place, name) for name in names if not name.startswith("."))
        seen.add(real)


def _what_lies_there(files: list[Path]) -> tuple[str, str]:
    """Return what a folder without images holds, and what to do about it."""
    if not files:
        return "none", "Check the path."
    kinds = Counter(path.suffix.lower() or "without a suffix" for path in files)
    counts = ", ".join(f"{count:,} {kind}" for kind, count in kinds.most_common(4))
    return (
        f"{len(files):,} files: {counts}",
        "Convert them to .png, or give the images as an array: array:images.npy.",
    )


def scaled(content: bytes, where: Path, side: int | None) -> NDArray[np.uint8]:
    """Decode one file, and bring it to `side` x `side` if asked.

    Parameters
    ----------
    content : bytes
        Contents of a file.
    where : Path
        The file's name, for error messages.
    side : int or None
        Side of the square that is returned, in pixels.

    Returns
    -------
    ndarray of uint8
    """
    image = photograph.decode(content, where)
    if side is not None:
        image = photograph.central_square(image, min(image.size), side, where)
    return photograph.pixels(image)


def kinship(files: list[Path], digests: list[str]) -> tuple[list[str], NDArray[np.int64] | None]:
    """Return the key by which each file is split, and the number of its sub-folder if it has one.

    The root is the deepest folder that holds all files, so that one folder more around them, as
    archives like to add, does not turn all images into one group.

    Parameters
    ----------
    files : list of Path
        Paths of the images.
    digests : list of str
        Digests of the files' contents.

    Returns
    -------
    tuple of (list of str, ndarray of int64 or None)
    """
    root = Path(*common_parts([file.parent.parts for file in files]))
    branches = [file.relative_to(root).parts[:-1] for file in files]
    keys = [
        f"{branch[0]}/" if branch else content
        for branch, content in zip(branches, digests, strict=True)
    ]
    if not any(branches):
        return keys, None
    return keys, np.unique(keys, return_inverse=True)[1].astype(np.int64)


def common_parts(paths: list[tuple[str, ...]]) -> list[str]:
    """Return the leading parts that all paths share.

    >>> common_parts([("faces", "ada"), ("faces", "grace")])
    ['faces']
    """
    shared = []
    for parts in zip(*paths, strict=False):
        if len(set(parts)) > 1:
            break
        shared.append(parts[0])
    return shared


def stack(pictures: list[NDArray[np.uint8]], files: list[Path]) -> NDArray[np.uint8]:
    """Stack images of one size, and name the first file that differs from the commonest size.

    Parameters
    ----------
    pictures : list of ndarray of uint8
        Images of one shape.
    files : list of Path
        Paths of the images.

    Returns
    -------
    ndarray of uint8
    """
    sizes = Counter(picture.shape[:2] for picture in pictures)
    (height, width), _ = sizes.most_common(1)[0]
    for picture, file in zip(pictures, files, strict=True):
        if picture.shape[:2] != (height, width):
            raise DataError.about(
                file,
                f"{width}x{height} pixels as in {sizes[height, width]} other images of the folder",
                f"{picture.shape[1]}x{picture.shape[0]}",
                "Scale all images to one size, or ask for one with `side`.",
            )
    channels = max(picture.shape[2] for picture in pictures)
    return np.stack([np.broadcast_to(picture, (height, width, channels)) for picture in pictures])
