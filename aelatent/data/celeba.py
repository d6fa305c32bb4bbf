"""CelebA: a user's own copy, because its terms forbid passing it on."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from aelatent.data import photograph
from aelatent.data.images import DataError, Images
from aelatent.data.source import bytes_of, text_of

PARTITION = "list_eval_partition"
ATTRIBUTES = "list_attr_celeba"
IDENTITIES = "identity_CelebA"
PHOTOGRAPHS = "img_align_celeba"
MARKS = (f"{PARTITION}.txt", f"{PARTITION}.csv", PHOTOGRAPHS, "Anno", "Eval", "Img")
SIDE = 96


def read(
    folder: Path, crop: int = 148, attribute: str = "Male", first: int | None = None
) -> Images:
    """Read a copy of CelebA, cut to central squares of `crop` pixels and scaled to 96x96 (Lanczos).

    Lists are found in the folder or in a sub-folder such as `Anno/`, as .txt or .csv, with line
    ends of any kind, with or without a line for the count or a header. The official training images
    are for training; those of the validation and test partitions are held out. All 202,599 take
    5.6 GB of memory.

    Parameters
    ----------
    folder : Path
    crop : int
        Usually 148 (the face) or 178 (the full width).
    attribute : str
        Labels are 1 where the attribute holds and 0 where it does not.
    first : int, optional
        Read at most this many images of either part, in the order of the list.

    Returns
    -------
    Images
        Without labels if there is no list of attributes; without groups if there is none of
        identities.

    Raises
    ------
    DataError
        If the partition or a photograph is missing, a list is damaged, lacks an image or the
        attribute.
    """
    partition = read_list(folder, PARTITION)
    if partition is None:
        raise DataError.about(
            folder,
            f"{PARTITION}.txt or .csv",
            "no such file",
            "It comes with the images; put it beside them.",
        )
    part = column(partition, -1)
    names = chosen(part, first)
    directory = photograph_folder(folder, names[0])
    pixels = np.empty((len(names), SIDE, SIDE, 3), dtype=np.uint8)
    for position, name in enumerate(names):
        pixels[position] = shrink(directory / name, crop)
    return Images(
        name="celeba",
        pixels=pixels,
        train=np.array([part[name] == 0 for name in names]),
        labels=attribute_of(read_list(folder, ATTRIBUTES), attribute, names),
        groups=aligned(read_list(folder, IDENTITIES), -1, names),
    )


class Table:
    """The rows of a list by image, its header, and the file for error messages."""

    def __init__(self, path: Path) -> None:
        text = text_of(path, "a list", "Copy the file again.")
        separator = "," if path.suffix == ".csv" else None
        lines = [line.split(separator) for line in text.splitlines() if line.strip()]
        self.path = path
        self.header: list[str] = []
        self.rows: dict[str, list[str]] = {}
        count = None
        for cells in ([cell.strip() for cell in line] for line in lines):
            if Path(cells[0]).suffix.lower() in photograph.SUFFIXES:
                self.rows[cells[0]] = cells[1:]
            elif len(cells) == 1 and cells[0].isdecimal():
                count = int(cells[0])
            else:
                self.header = cells
        if not self.rows or count not in (None, len(self.rows)):
            raise DataError.about(
                path,
                "rows of images" if count is None else f"{count} rows of images",
                f"{len(self.rows)}",
                "The file may be cut short: copy it again.",
            )


def read_list(folder: Path, stem: str) -> Table | None:
    """Read a list from the folder or its sub-folders; None if it is nowhere.

    Parameters
    ----------
    folder : Path
        Folder of the set.
    stem : str
        Stem of the list's file name.

    Returns
    -------
    Table or None
    """
    for pattern in (f"{stem}.txt", f"{stem}.csv", f"*/{stem}.txt", f"*/{stem}.csv"):
        for path in sorted(folder.glob(pattern)):
            return Table(path)
    return None


def column(table: Table, index: int) -> dict[str, int]:
    """Return one column as integers by image; -1 is the last.

    Parameters
    ----------
    table : Table
        Rows of a list.
    index : int
        Column of the values.

    Returns
    -------
    dict of str to int
    """
    try:
        return {name: int(cells[index]) for name, cells in table.rows.items()}
    except (ValueError, IndexError) as error:
        raise DataError.about(
            table.path, "a whole number for each image", str(error), "Copy the file again."
        ) from error


def chosen(part: dict[str, int], first: int | None) -> list[str]:
    """Return the images to read: all, or the first of the training and of the held-out ones.

    Parameters
    ----------
    part : dict of str to int
        0 for training images, by the name of the photograph.
    first : int or None
        Number of images to keep; None for all.

    Returns
    -------
    list of str
    """
    train = [name for name, number in part.items() if number == 0]
    held_out = [name for name, number in part.items() if number != 0]
    return train[:first] + held_out[:first]


def photograph_folder(folder: Path, name: str) -> Path:
    """Return the folder that holds the photographs, at most two levels below.

    Parameters
    ----------
    folder : Path
        Folder of the set.
    name : str
        File name of a photograph.

    Returns
    -------
    Path
    """
    for pattern in (f"{PHOTOGRAPHS}/{name}", name, f"*/{name}", f"*/*/{name}"):
        for path in folder.glob(pattern):
            return path.parent
    raise DataError.about(
        folder / PHOTOGRAPHS,
        f"a photograph {name}",
        "no such file",
        "Unpack the photographs there.",
    )


def shrink(path: Path, crop: int) -> NDArray[np.uint8]:
    """Read the central square of one photograph: uint8 of shape (96, 96, 3).

    Parameters
    ----------
    path : Path
        Path of a photograph.
    crop : int
        Side of the central square that is kept, in pixels.

    Returns
    -------
    ndarray of uint8
    """
    content = bytes_of(path, "a photograph", "Copy it there, or read only the `first` images.")
    image = photograph.decode(content, path).convert("RGB")
    return photograph.pixels(photograph.central_square(image, crop, SIDE, path))


def attribute_of(
    table: Table | None, attribute: str, names: Sequence[str]
) -> NDArray[np.int64] | None:
    """Return 1 where the attribute holds, 0 where not; the values in the file are 1 and -1.

    Parameters
    ----------
    table : Table or None
        Rows of a list.
    attribute : str
        One of the attributes of the set.
    names : sequence of str
        Names of the photographs, in their order.

    Returns
    -------
    ndarray of int64 or None
    """
    if table is None:
        return None
    if attribute not in table.header:
        known = ", ".join(name for name in table.header if name != "image_id")
        remedy = "Choose one that the list has."
        raise DataError.about(table.path, f"an attribute {attribute!r}", known or "none", remedy)
    index = table.header.index(attribute) - len(table.header)
    values = aligned(table, index, names)
    return None if values is None else (values > 0).astype(np.int64)


def aligned(table: Table | None, index: int, names: Sequence[str]) -> NDArray[np.int64] | None:
    """Return one column in the order of `names`.

    Parameters
    ----------
    table : Table or None
        Rows of a list.
    index : int
        Column of the values.
    names : sequence of str
        Names of the photographs, in their order.

    Returns
    -------
    ndarray of int64 or None
    """
    if table is None:
        return None
    values = column(table, index)
    for name in names:
        if name not in values:
            raise DataError.about(table.path, f"a row for {name}", "none", "Copy the file again.")
    return np.array([values[name] for name in names], dtype=np.int64)
