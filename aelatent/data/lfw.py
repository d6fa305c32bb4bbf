"""Labeled Faces in the Wild, 96x96."""

from __future__ import annotations

import csv
import io
import json
import tarfile
from pathlib import Path, PurePosixPath

import numpy as np
from numpy.typing import NDArray

from aelatent.data import photograph
from aelatent.data.images import DataError, Images
from aelatent.data.source import bytes_of, text_of
from aelatent.runtime import files

ARCHIVE = "lfw_faces_96.tar"
LABELS = "labels.csv"
RECORD = "digests.json"  # beside files made here, whose bytes depend on the JPEG encoder
MARKS = (ARCHIVE, LABELS)
DIGESTS = {
    ARCHIVE: "0c367a94ebcc5bf80b418610d55e1eb5e0b4b3e9536cd6ee9fd42b6f41833f45",
    LABELS: "2ea41e54e90997c7b9608a5cc3e4b9cdd141551c582d3b47e71f7b64b69ffe5a",
}
SIDE = 96
CROP = 150  # of 250: the face without most of the background
COUNT = 13_233
LARGEST = 2**24  # bytes of a photograph in the archive
REMEDY = "Delete the folder and fetch the set again."
COLUMNS = ("file", "person", "person_id", "male", "split")


def read(folder: Path) -> Images:
    """Read the 13,233 faces.

    Labels are 1 for men, 0 for women, -1 where unknown; groups are people. Held out are people of
    the official View 1 test list: all of them where the archive comes with its labels, those of the
    test pairs where it was made by `download`.

    Raises
    ------
    DataError
        If a file is missing, cut short or not the expected one, or if the archive holds a member
        that points out of its folder. Nothing is unpacked onto the disk.
    """
    digests = recorded(folder)
    rows = table_of(verified(folder / LABELS, digests[LABELS]), folder / LABELS)
    archive = verified(folder / ARCHIVE, digests[ARCHIVE])
    return Images(
        name="lfw",
        pixels=read_archive(archive, [f"images/{row['file']}" for row in rows], folder / ARCHIVE),
        train=np.array([row["split"] == "train" for row in rows]),
        labels=np.array([int(row["male"] or -1) for row in rows], dtype=np.int64),
        groups=np.array([int(row["person_id"]) for row in rows], dtype=np.int64),
    )


def table_of(content: bytes, where: object) -> list[dict[str, str]]:
    """Return the rows of the labels.

    Parameters
    ----------
    content : bytes
        Contents of a file.
    where : object
        The file's name, for error messages.

    Returns
    -------
    list of dict of str to str

    Raises
    ------
    DataError
        If a row lacks a column, or its numbers are none.
    """
    try:
        rows = list(csv.DictReader(io.StringIO(content.decode("utf-8"), newline="")))
        for row in rows:
            int(row["male"] or -1), int(row["person_id"]), row["file"] + row["split"]
    except (ValueError, KeyError, TypeError, csv.Error) as error:
        raise DataError.about(
            where, f"rows of {', '.join(COLUMNS)}", f"{error!s:.80}", REMEDY
        ) from error
    return rows


def recorded(folder: Path) -> dict[str, str]:
    """Return the digests that the files must have: recorded by `download`, or published."""
    path = folder / RECORD
    if not path.exists():
        return DIGESTS
    try:
        digests = files.parsed(bytes_of(path, "digests as JSON", REMEDY), path)
    except files.StorageError as error:
        raise DataError.about(path, "digests as JSON", str(error), REMEDY) from error
    if not isinstance(digests, dict) or set(digests) != set(MARKS):
        raise DataError.about(path, f"digests of {', '.join(MARKS)}", f"{digests!r:.80}", REMEDY)
    return digests


def verified(path: Path, digest: str) -> bytes:
    """Return the contents of a file whose SHA-256 is `digest`; otherwise raise a DataError.

    Parameters
    ----------
    path : Path
        Path of the archive or of the labels.
    digest : str
        SHA-256 that the contents must have.

    Returns
    -------
    bytes
    """
    content = bytes_of(path, "a file", REMEDY)
    received = files.digest(content)
    if received != digest:
        where = f"SHA-256 {received} ({len(content):,} bytes)"
        raise DataError.about(path, f"contents with SHA-256 {digest}", where, REMEDY)
    return content


def read_archive(content: bytes, members: list[str], where: object) -> NDArray[np.uint8]:
    """Decode the named members of a tar file: uint8 of shape (n, 96, 96, 3).

    Parameters
    ----------
    content : bytes
        Contents of a file.
    members : list of str
        Names within the archive.
    where : object
        The file's name, for error messages.

    Returns
    -------
    ndarray of uint8
    """
    pixels = np.empty((len(members), SIDE, SIDE, 3), dtype=np.uint8)
    try:
        with tarfile.open(fileobj=io.BytesIO(content), mode="r:") as archive:
            entries = index(archive, where)
            for position, member in enumerate(members):
                photo = extract(archive, entries.get(member), f"{where}:{member}")
                pixels[position] = decode(photo, f"{where}:{member}")
    except tarfile.TarError as error:
        raise DataError.about(where, "a whole tar file", str(error), REMEDY) from error
    return pixels


def index(archive: tarfile.TarFile, where: object) -> dict[str, tarfile.TarInfo]:
    """Return the members by name.

    Parameters
    ----------
    archive : tarfile.TarFile
        An open tar file.
    where : object
        The file's name, for error messages.

    Returns
    -------
    dict of str to tarfile.TarInfo

    Raises
    ------
    DataError
        If one lies outside of the archive's folder, or is a link or a device.
    """
    entries = {member.name: member for member in archive}
    for name, member in entries.items():
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts or not (member.isfile() or member.isdir()):
            raise DataError.about(where, "files below the archive's own folder", repr(name), REMEDY)
    return entries


def extract(archive: tarfile.TarFile, member: tarfile.TarInfo | None, where: str) -> bytes:
    """Return the bytes of one member.

    Parameters
    ----------
    archive : tarfile.TarFile
        An open tar file.
    member : tarfile.TarInfo or None
        None if the archive lacks it.
    where : str
        The file's name, for error messages.

    Returns
    -------
    bytes
    """
    file = archive.extractfile(member) if member else None
    if member is None or file is None:
        raise DataError.about(where, "a file of the archive", "none by that name", REMEDY)
    if member.size > LARGEST:  # which a few bytes can promise, where it is sparse
        raise DataError.about(where, f"at most {LARGEST:,} bytes", f"{member.size:,}", REMEDY)
    return file.read()


def decode(content: bytes, where: str) -> NDArray[np.uint8]:
    """Decode one 96x96 photograph to RGB.

    Parameters
    ----------
    content : bytes
        Contents of a file.
    where : str
        The file's name, for error messages.

    Returns
    -------
    ndarray of uint8
    """
    image = photograph.decode(content, where)
    if image.size != (SIDE, SIDE):
        received = f"{image.width}x{image.height}"
        raise DataError.about(where, f"{SIDE}x{SIDE} pixels", received, REMEDY)
    return photograph.pixels(image.convert("RGB"))


def download(folder: Path) -> None:
    """Make archive and labels from the funneled photographs that scikit-learn fetches.

    `fetch_lfw_people` checks the digests of what it downloads. It would scale with another filter,
    and needs 7 GB for all photographs at once: here it fetches and unpacks, and is asked for those
    of the most photographed person only.
    """
    from sklearn import datasets

    datasets.fetch_lfw_people(funneled=True, color=True, min_faces_per_person=500)
    build(Path(datasets.get_data_home()) / "lfw_home", folder)


def build(home: Path, folder: Path) -> None:
    """Make archive, labels and digests from scikit-learn's `lfw_home`.

    The central 150x150 of 250x250 are scaled to 96x96 (Lanczos) and kept as JPEG of quality 92.
    scikit-learn's lists name 963 of the 1,711 people of the official test list; these are held out.
    So no stored model has seen a person who is held out here; all others are for training.

    Parameters
    ----------
    home : Path
        scikit-learn's `lfw_home`.
    folder : Path
        Folder of the set.

    Raises
    ------
    DataError
        If photographs are missing, as an interrupted download leaves it.
    """
    tree = home / "lfw_funneled"
    photographs = sorted(tree.glob("*/*.jpg"), key=lambda path: path.parts[-2:])
    if len(photographs) != COUNT:
        raise DataError.about(
            tree,
            f"{COUNT:,} photographs",
            f"{len(photographs):,}",
            "Delete the folder, so that it is downloaded again.",
        )
    contents = {
        ARCHIVE: pack({f"images/{path.name}": shrink(path) for path in photographs}),
        LABELS: tabulate(photographs, listed(home / "pairsDevTest.txt")),
    }
    digests = {name: files.digest(content) for name, content in contents.items()}
    for name, content in {**contents, RECORD: json.dumps(digests, indent=2).encode()}.items():
        files.write(folder / name, content)


def shrink(path: Path) -> bytes:
    """Return the central part of a photograph as a 96x96 JPEG."""
    image = photograph.decode(bytes_of(path, "a photograph", REMEDY), path).convert("RGB")
    buffer = io.BytesIO()
    photograph.central_square(image, CROP, SIDE, path).save(buffer, "JPEG", quality=92)
    return buffer.getvalue()


def pack(files: dict[str, bytes]) -> bytes:
    """Return a tar file of `files`, without dates and owners."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return buffer.getvalue()


def tabulate(photographs: list[Path], held_out: set[str]) -> bytes:
    """Return labels.csv: one row a photograph; nobody's sex is known from scikit-learn's files.

    Parameters
    ----------
    photographs : list of Path
        Paths of the photographs in `lfw_funneled`.
    held_out : set of str
        People whose photographs are held out.

    Returns
    -------
    bytes
    """
    people = {person: i for i, person in enumerate(sorted({p.parent.name for p in photographs}))}
    table = io.StringIO(newline="")
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(COLUMNS)
    for path in photographs:
        person = path.parent.name
        side = "test" if person in held_out else "train"
        writer.writerow([path.name, person, people[person], "", side])
    return table.getvalue().encode("utf-8")


def listed(pairs: Path) -> set[str]:
    """Return the people whom a list of pairs names: `A 1 2` is one person, `A 1 B 2` are two."""
    rows = [line.split() for line in text_of(pairs, "pairs of people", REMEDY).splitlines()]
    return {name for row in rows if len(row) in (3, 4) for name in row[0 : len(row) - 1 : 2]}
