"""Every named image set: what it is, on what terms, and where it comes from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from aelatent.data import array, celeba, digits, drawn_faces, folder, idx, lfw, location
from aelatent.data.images import DataError, Images, MissingData


@dataclass(frozen=True)
class Entry:
    """A set of images that comes with the library or is made by it.

    Attributes
    ----------
    name, description, terms, citation : str
    read : callable
        Returns the `Images`; given a path where the set lies on the disk, and the set's options.
    """

    name: str
    description: str
    terms: str
    citation: str
    read: Callable[..., Images]


@dataclass(frozen=True)
class Stored(Entry):
    """A set that lies on the disk.

    Attributes
    ----------
    marks : tuple of str
        Files or folders by any of which a copy is known.
    download : callable or None
        Fills an empty folder with the set; None where the terms forbid passing the set on.
    """

    marks: tuple[str, ...]
    download: Callable[[Path], None] | None


@dataclass(frozen=True)
class Own(Entry):
    """A user's own images: the name is followed by a colon and a path."""


LFW_TERMS = (
    "no licence published; used for research throughout the field. Do not publish the photographs,"
    " nor recognisable reconstructions of named people"
)
LFW_CITATION = (
    "Huang, Ramesh, Berg, Learned-Miller (2007), Labeled Faces in the Wild, UMass Amherst 07-49;"
    " Huang, Mattar, Lee, Learned-Miller (2012), Learning to Align from Scratch, NIPS"
)
ENTRIES: tuple[Entry, ...] = (
    Stored(
        name="mnist",
        description="70,000 handwritten digits, 28x28 grey",
        terms="CC BY-SA 3.0",
        citation="LeCun, Cortes, Burges, The MNIST database of handwritten digits",
        read=partial(idx.read, name="mnist"),
        marks=idx.MARKS,
        download=partial(idx.download, name="mnist"),
    ),
    Stored(
        name="fashion_mnist",
        description="70,000 pieces of clothing in ten kinds, 28x28 grey",
        terms="MIT, Zalando SE",
        citation="Xiao, Rasul, Vollgraf (2017), Fashion-MNIST, arXiv:1708.07747",
        read=partial(idx.read, name="fashion_mnist"),
        marks=idx.MARKS,
        download=partial(idx.download, name="fashion_mnist"),
    ),
    Entry(
        name="digits",
        description="1,797 handwritten digits, 8x8 grey; comes with scikit-learn",
        terms="CC BY 4.0",
        citation="Alpaydin, Kaynak (1998), Optical Recognition of Handwritten Digits, UCI",
        read=digits.make,
    ),
    Stored(
        name="lfw",
        description="13,233 photographs of 5,749 faces, 96x96 colour, aligned",
        terms=LFW_TERMS,
        citation=LFW_CITATION,
        read=lfw.read,
        marks=lfw.MARKS,
        download=lfw.download,
    ),
    Stored(
        name="celeba",
        description="202,599 photographs of 10,177 faces, cut to 96x96 colour, aligned",
        terms="non-commercial research only; may not be passed on: bring your own copy",
        citation="Liu, Luo, Wang, Tang (2015), Deep Learning Face Attributes in the Wild, ICCV",
        read=celeba.read,
        marks=celeba.MARKS,
        download=None,
    ),
    Entry(
        name="drawn_faces",
        description="5,000 cartoon faces drawn from 25 known factors, 96x96 colour",
        terms="MIT, as this library",
        citation="none needed",
        read=drawn_faces.make,
    ),
    Own(
        name="folder",
        description="folder:PATH, your own folder of images; sub-folders are groups",
        terms="yours",
        citation="yours",
        read=folder.read,
    ),
    Own(
        name="array",
        description="array:PATH.npy, your own uint8 array of shape (n, height, width, 1 or 3)",
        terms="yours",
        citation="yours",
        read=array.read,
    ),
)
CATALOGUE = {entry.name: entry for entry in ENTRIES}


def load(name: str, *, download: bool = False, **options: Any) -> Images:
    """Load a set of images by its name.

    Parameters
    ----------
    name : str
        One of `mnist`, `fashion_mnist`, `digits`, `lfw`, `celeba`, `drawn_faces`, `folder:PATH`,
        `array:PATH`.
    download : bool
        Whether a set that is neither below `AELATENT_DATA` nor in the cache may be downloaded.
    **options
        What the set's own reader takes: `crop`, `attribute`, `first` (celeba), `side` (folder),
        `n`, `seed` (drawn_faces).

    Raises
    ------
    MissingData
        If the set lies nowhere; the message says where it was sought, and how to get it.
    DataError
        If the name is unknown, or what lies there is damaged.

    Examples
    --------
    >>> images = load("drawn_faces", n=10)
    >>> images.pixels.shape
    (10, 96, 96, 3)
    """
    entry, path = resolve(name)
    if isinstance(entry, Stored):
        path = located(entry, download)
    return entry.read(**options) if path is None else entry.read(path, **options)


def resolve(name: str) -> tuple[Entry, Path | None]:
    """Return the catalogue's entry for a name, and the path that the name brings along."""
    kind, colon, path = name.partition(":")
    entry = CATALOGUE.get(kind)
    if entry is None or isinstance(entry, Own) != bool(path) or bool(colon) != bool(path):
        known = ", ".join(
            f"{entry.name}:PATH" if isinstance(entry, Own) else entry.name for entry in ENTRIES
        )
        raise DataError.about("images", f"one of {known}", repr(name), "Correct the name.")
    return entry, Path(path).expanduser() if path else None


def located(entry: Stored, download: bool) -> Path:
    """Return where the set lies, downloaded into the cache if it lies nowhere and that is asked."""
    found = location.find(entry.name, entry.marks)
    if found is not None:
        return found
    if not download or entry.download is None:
        raise MissingData.about(f"images {entry.name!r}", *missing(entry))
    target = location.cache_folder() / entry.name
    try:
        with location.staged(target) as staging:
            entry.download(staging)
    except DataError:
        raise
    except Exception as error:
        raise DataError.about(
            f"images {entry.name!r}",
            "a download",
            f"{type(error).__name__}: {error}",
            f"Check the network, or put a copy of your own into {target}.",
        ) from error
    return located(entry, download=False)


def missing(entry: Stored) -> tuple[str, str, str]:
    """Say what was expected where, what was there, and what to do."""
    sought = " or ".join(str(place) for place in location.places(entry.name))
    remedy = f"Put your copy there, or set AELATENT_DATA to a folder that holds {entry.name}/"
    if entry.download is not None:
        remedy += f", or run `aelatent data {entry.name} --download`"
    return f"files such as {entry.marks[0]} in {sought}", "none", remedy + "."


def overview() -> str:
    """List all sets, one a line."""
    width = max(len(entry.name) for entry in ENTRIES)
    return "\n".join(f"{entry.name:{width}}  {entry.description}" for entry in ENTRIES)


def whereabouts() -> list[tuple[str, Path | None]]:
    """Return the sets that must lie on the disk, each with the folder it was found in, or None."""
    stored = [entry for entry in ENTRIES if isinstance(entry, Stored)]
    return [(entry.name, location.find(entry.name, entry.marks)) for entry in stored]


def explain(name: str) -> str:
    """Say what a set is, on what terms, and where it lies or how to get it; nothing is read."""
    entry, _ = resolve(name)
    lines = [entry.description, f"terms: {entry.terms}", f"cite: {entry.citation}"]
    if isinstance(entry, Stored):
        found = location.find(entry.name, entry.marks)
        expected, _, remedy = missing(entry)
        lines.append(f"found: {found}" if found else f"not found: {expected}. {remedy}")
    return "\n".join([name, *(f"  {line}" for line in lines)])


def fetch(name: str, *, download: bool = False) -> str:
    """Load a set, which checks its digests, downloading it if asked; say what it is and where.

    Raises
    ------
    DataError
        As `load` does.
    """
    images = load(name, download=download)
    height, width, channels = images.shape
    counts = (
        f"{len(images):,} images of {width}x{height}x{channels}, {images.train.sum():,} to train on"
    )
    return f"{explain(name)}\n  checked: {counts}"
