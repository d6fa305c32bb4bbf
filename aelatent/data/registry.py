"""Every named image set: what it shows, on what terms, and where it comes from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from aelatent.data import array, celeba, digits, drawn_faces, folder, idx, lfw, location
from aelatent.data.images import DataError, Images, MissingData
from aelatent.runtime.files import expanded


@dataclass(frozen=True)
class Content:
    """What the images of a set show.

    Attributes
    ----------
    subject : str
        In the plural, with a capital: "Faces".
    class_names : tuple of str or None
        What the labels 0, 1, ... stand for; None where labels are no classes of pictures.
    shows_people : bool
        Whether somebody may be recognised, so that the images must not be published. True where
        nobody knows.
    """

    subject: str
    class_names: tuple[str, ...] | None = None
    shows_people: bool = True


@dataclass(frozen=True, kw_only=True)
class ImageSet:
    """A set of images that the library makes itself, or that comes with a dependency.

    Attributes
    ----------
    name, description, terms, citation : str
    content : Content or None
        None for images of which only their owner knows what they show.
    read : callable
        Returns the `Images`. It takes the path of the set, if it has one, and the set's options.
    """

    name: str
    description: str
    terms: str
    citation: str
    content: Content | None
    read: Callable[..., Images]


@dataclass(frozen=True, kw_only=True)
class StoredSet(ImageSet):
    """A set of images on the disk.

    Attributes
    ----------
    marks : tuple of str
        Files or folders by any of which a copy is recognised.
    download : callable or None
        Fills an empty folder with the set; None where the terms forbid passing the set on.
    """

    marks: tuple[str, ...]
    download: Callable[[Path], None] | None


@dataclass(frozen=True, kw_only=True)
class UserSet(ImageSet):
    """Images of the user: the name is followed by a colon and a path."""


DIGITS = Content("Digits", class_names=tuple("0123456789"), shows_people=False)
FACES = Content("Faces")
CLOTHES = Content(
    "Clothing",
    class_names=(
        "T-shirt",
        "trousers",
        "pullover",
        "dress",
        "coat",
        "sandal",
        "shirt",
        "trainer",
        "bag",
        "boot",
    ),
    shows_people=False,
)
LFW_TERMS = (
    "no licence published; used for research throughout the field. Do not publish the photographs,"
    " nor recognisable reconstructions of named people"
)
LFW_CITATION = (
    "Huang, Ramesh, Berg, Learned-Miller (2007), Labeled Faces in the Wild, UMass Amherst 07-49;"
    " Huang, Mattar, Lee, Learned-Miller (2012), Learning to Align from Scratch, NIPS"
)
IMAGE_SETS: tuple[ImageSet, ...] = (
    StoredSet(
        name="mnist",
        description="70,000 handwritten digits, 28x28 grey",
        terms="CC BY-SA 3.0",
        citation="LeCun, Cortes, Burges, The MNIST database of handwritten digits",
        content=DIGITS,
        read=partial(idx.read, name="mnist"),
        marks=idx.MARKS,
        download=partial(idx.download, name="mnist"),
    ),
    StoredSet(
        name="fashion_mnist",
        description="70,000 pieces of clothing in ten kinds, 28x28 grey",
        terms="MIT, Zalando SE",
        citation="Xiao, Rasul, Vollgraf (2017), Fashion-MNIST, arXiv:1708.07747",
        content=CLOTHES,
        read=partial(idx.read, name="fashion_mnist"),
        marks=idx.MARKS,
        download=partial(idx.download, name="fashion_mnist"),
    ),
    ImageSet(
        name="digits",
        description="1,797 handwritten digits, 8x8 grey; comes with scikit-learn",
        terms="CC BY 4.0",
        citation="Alpaydin, Kaynak (1998), Optical Recognition of Handwritten Digits, UCI",
        content=DIGITS,
        read=digits.make,
    ),
    StoredSet(
        name="lfw",
        description="13,233 photographs of 5,749 faces, 96x96 colour, aligned",
        terms=LFW_TERMS,
        citation=LFW_CITATION,
        content=FACES,
        read=lfw.read,
        marks=lfw.MARKS,
        download=lfw.download,
    ),
    StoredSet(
        name="celeba",
        description="202,599 photographs of 10,177 faces, cut to 96x96 colour, aligned",
        terms="non-commercial research only; may not be passed on: bring your own copy",
        citation="Liu, Luo, Wang, Tang (2015), Deep Learning Face Attributes in the Wild, ICCV",
        content=FACES,
        read=celeba.read,
        marks=celeba.MARKS,
        download=None,
    ),
    ImageSet(
        name="drawn_faces",
        description="5,000 cartoon faces drawn from 25 known factors, 96x96 colour",
        terms="MIT, as this library",
        citation="none needed",
        content=Content("Faces", shows_people=False),
        read=drawn_faces.make,
    ),
    UserSet(
        name="folder",
        description="folder:PATH, your own folder of images; sub-folders are groups",
        terms="yours",
        citation="yours",
        content=None,
        read=folder.read,
    ),
    UserSet(
        name="array",
        description="array:PATH.npy, your own uint8 array of shape (n, height, width, 1 or 3)",
        terms="yours",
        citation="yours",
        content=None,
        read=array.read,
    ),
)
REGISTRY = {entry.name: entry for entry in IMAGE_SETS}


def load(name: str, *, download: bool = False, **options: Any) -> Images:
    """Load a set of images by its name.

    Parameters
    ----------
    name : str
        One of `mnist`, `fashion_mnist`, `digits`, `lfw`, `celeba`, `drawn_faces`, `folder:PATH`,
        `array:PATH`.
    download : bool
        Whether to download a set that is neither below `AELATENT_DATA` nor in the cache.
    **options
        Of the set's own reader: `crop`, `attribute`, `first` (celeba), `side` (folder), `n`,
        `seed` (drawn_faces).

    Returns
    -------
    Images

    Raises
    ------
    MissingData
        If the set lies nowhere; the message names the places that were searched, and a remedy.
    DataError
        If the name is unknown, or a file of the set is damaged.

    Examples
    --------
    >>> images = load("drawn_faces", n=10)
    >>> images.pixels.shape
    (10, 96, 96, 3)
    """
    entry, path = resolve(name)
    if isinstance(entry, StoredSet):
        path = located(entry, download)
    return entry.read(**options) if path is None else entry.read(path, **options)


def content(name: str) -> Content:
    """Return what the images of a set show.

    Of an unknown set, and of a user's own images, we know nothing: its name stands for the
    subject, and people may be recognised in it.

    Examples
    --------
    >>> content("fashion_mnist").class_names[8], content("lfw").shows_people
    ('bag', True)
    """
    known = REGISTRY.get(name)
    return (known and known.content) or Content(name)


def resolve(name: str) -> tuple[ImageSet, Path | None]:
    """Return the set that a name stands for, and the path that the name brings along."""
    kind, colon, path = name.partition(":")
    entry = REGISTRY.get(kind)
    if entry is None or isinstance(entry, UserSet) != bool(path) or bool(colon) != bool(path):
        known = ", ".join(
            f"{entry.name}:PATH" if isinstance(entry, UserSet) else entry.name
            for entry in IMAGE_SETS
        )
        raise DataError.about("images", f"one of {known}", repr(name), "Correct the name.")
    return entry, expanded(path) if path else None


def located(entry: StoredSet, download: bool) -> Path:
    """Return the folder of a set.

    Parameters
    ----------
    entry : StoredSet
    download : bool
        Whether to download the set into the cache if it lies nowhere.

    Returns
    -------
    Path

    Raises
    ------
    MissingData
        If the set lies nowhere and was not to be downloaded, or its terms forbid that.
    DataError
        If the download failed.
    """
    place = location.find(entry.name, entry.marks)
    if place is not None:
        return place
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


def missing(entry: StoredSet) -> tuple[str, str, str]:
    """Return what was expected where, what was there, and what to do."""
    sought = " or ".join(str(place) for place in location.places(entry.name))
    remedy = f"Put your copy there, or set AELATENT_DATA to a folder that holds {entry.name}/"
    if entry.download is not None:
        remedy += f", or run `aelatent data {entry.name} --download`"
    return f"files such as {entry.marks[0]} in {sought}", "none", remedy + "."


def overview() -> str:
    """List all sets, one a line."""
    width = max(len(entry.name) for entry in IMAGE_SETS)
    return "\n".join(f"{entry.name:{width}}  {entry.description}" for entry in IMAGE_SETS)


def whereabouts() -> list[tuple[str, Path | None]]:
    """Return the sets that are read from the disk, each with its folder, None if it is missing."""
    stored = [entry for entry in IMAGE_SETS if isinstance(entry, StoredSet)]
    return [(entry.name, location.find(entry.name, entry.marks)) for entry in stored]


def explain(name: str) -> str:
    """Describe a set, its terms, and where it lies or how to get it, without reading it."""
    entry, _ = resolve(name)
    lines = [entry.description, f"terms: {entry.terms}", f"cite: {entry.citation}"]
    if isinstance(entry, StoredSet):
        place = location.find(entry.name, entry.marks)
        expected, _, remedy = missing(entry)
        lines.append(f"found: {place}" if place else f"not found: {expected}. {remedy}")
    return "\n".join([name, *(f"  {line}" for line in lines)])


def fetch(name: str, *, download: bool = False) -> str:
    """Load a set, which checks its digests, and describe it.

    Parameters
    ----------
    name : str
        As `load` takes it.
    download : bool
        Whether to download the set if it lies nowhere.

    Returns
    -------
    str
        What `explain` says, and how many images there are.

    Raises
    ------
    MissingData, DataError
        As `load` raises them.
    """
    images = load(name, download=download)
    height, width, channels = images.shape
    counts = (
        f"{len(images):,} images of {width}x{height}x{channels}, {images.train.sum():,} to train on"
    )
    return f"{explain(name)}\n  checked: {counts}"
