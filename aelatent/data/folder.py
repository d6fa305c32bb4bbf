"""A user's own folder of images."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from aelatent.data import photograph, split
from aelatent.data.images import DataError, Images, MissingData
from aelatent.runtime.files import digest


def read(folder: Path, side: int | None = None) -> Images:
    """Read every image in a folder and its sub-folders, in the order of their names.

    Sub-folders mean that their images belong together, as pictures of one person do: each is a
    group, and the split goes by groups. Without sub-folders the split goes by the content of the
    files, so that copies of a file stay on one side. Files of other kinds and hidden files are
    passed over.

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
        If it holds no images, an unreadable one, images of different sizes, or too few to split.
    """
    files = photographs(folder)
    digests, pictures = [], []
    for file in files:
        content = file.read_bytes()
        digests.append(digest(content))
        pictures.append(scaled(content, file, side))
    keys, groups = kinship(files, digests)
    return Images(
        name=f"folder:{folder}",
        pixels=stack(pictures, files),
        train=split.training_part(keys, folder),
        groups=groups,
    )


def photographs(folder: Path) -> list[Path]:
    """List the image files below a folder by their suffixes, without hidden ones."""
    if not folder.is_dir():
        raise MissingData.about(folder, "a folder of images", "no such folder", "Check the path.")
    files = [
        path
        for path in folder.rglob("*")
        if path.suffix.lower() in photograph.SUFFIXES
        and path.is_file()
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    ]
    if not files:
        kinds = ", ".join(sorted(photograph.SUFFIXES))
        raise DataError.about(folder, f"images ({kinds})", "none", "Check the path.")
    return sorted(files, key=lambda path: path.relative_to(folder).parts)


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
    """Return the key by which each file is split, and its group if there are sub-folders.

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
