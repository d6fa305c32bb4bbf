"""MNIST and Fashion-MNIST from their original idx files."""

from __future__ import annotations

import gzip
import io
import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from aelatent.data.images import DataError, Images
from aelatent.data.source import bytes_of
from aelatent.runtime import files

FILES = (
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
)
MARKS = tuple(file + suffix for file in FILES for suffix in (".gz", ""))
REMEDY = "Delete it and fetch it again."
MOST = 2**26  # bytes of a file; the largest, of 60,000 images, has 47 million

# SHA-256 of the files' contents, unpacked: however a copy was packed, its images are the same. The
# packed originals have the MD5s that their authors publish.
DIGESTS = {
    "mnist": (
        "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
        "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
        "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
        "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
    ),
    "fashion_mnist": (
        "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
        "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
        "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
        "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
    ),
}


def read(folder: Path, name: str) -> Images:
    """Read the four idx files of MNIST or Fashion-MNIST; the published test set is held out.

    Parameters
    ----------
    folder : Path
        Folder of the set.
    name : str
        Name of the set.

    Returns
    -------
    Images

    Raises
    ------
    DataError
        If a file is missing, cut short, or not the published one.
    """
    paths = [locate(folder, file) for file in FILES]
    images, labels, test_images, test_labels = (
        parse(verified(unzip(path), digest, path), path)
        for path, digest in zip(paths, DIGESTS[name], strict=True)
    )
    return Images(
        name=name,
        pixels=np.concatenate([images, test_images])[..., None],
        train=np.repeat([True, False], [len(images), len(test_images)]),
        labels=np.concatenate([labels, test_labels]).astype(np.int64),
    )


def download(folder: Path, name: str) -> None:
    """Write the four idx files from what `keras.datasets` fetches, each checked by its digest.

    Parameters
    ----------
    folder : Path
        Folder of the set.
    name : str
        Name of the set.
    """
    from keras import datasets

    train, test = getattr(datasets, name).load_data()
    for file, values, digest in zip(FILES, (*train, *test), DIGESTS[name], strict=True):
        content = verified(encode(values), digest, f"{file} of keras.datasets.{name}")
        files.write(folder / f"{file}.gz", gzip.compress(content, mtime=0))


def locate(folder: Path, file: str) -> Path:
    """Return the path of one idx file, packed or unpacked.

    Parameters
    ----------
    folder : Path
        Folder of the set.
    file : str
        Name of one of the four files, without suffix.

    Returns
    -------
    Path
    """
    for path in (folder / f"{file}.gz", folder / file):
        if path.is_file():
            return path
    raise DataError.about(
        folder / f"{file}.gz", "an idx file", "no such file", "Fetch it again, with the others."
    )


def unzip(path: Path) -> bytes:
    """Return the contents of an idx file, unpacked if it is a gzip file."""
    content = bytes_of(path, "an idx file", REMEDY)
    if path.suffix != ".gz":
        return content
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as packed:
            unpacked = packed.read(MOST + 1)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise DataError.about(path, "a whole gzip file", str(error), REMEDY) from error
    if len(unpacked) > MOST:
        raise DataError.about(path, f"at most {MOST:,} bytes, unpacked", "more", REMEDY)
    return unpacked


def verified(content: bytes, digest: str, where: object) -> bytes:
    """Return `content` if its SHA-256 is `digest`; otherwise raise a DataError.

    Parameters
    ----------
    content : bytes
        Contents of a file.
    digest : str
        SHA-256 that the contents must have.
    where : object
        The file's name, for error messages.

    Returns
    -------
    bytes
    """
    received = files.digest(content)
    if received != digest:
        raise DataError.about(where, f"contents with SHA-256 {digest}", received, REMEDY)
    return content


def parse(content: bytes, where: object) -> NDArray[np.uint8]:
    """Read an idx file of unsigned bytes: two zeros, type 8, the rank, big-endian sizes, values.

    Parameters
    ----------
    content : bytes
        Contents of a file.
    where : object
        The file's name, for error messages.

    Returns
    -------
    ndarray of uint8

    Raises
    ------
    DataError
        If the header does not announce what follows.

    Examples
    --------
    >>> parse(encode(np.array([3, 1, 4], dtype=np.uint8)), "three labels")
    array([3, 1, 4], dtype=uint8)
    """
    if len(content) < 4 or content[:3] != b"\0\0\x08":
        raise DataError.about(where, "an idx file of bytes", f"header {content[:4]!r}", REMEDY)
    start = 4 + 4 * content[3]
    header = content[4:start]
    if len(header) != start - 4:
        raise DataError.about(where, f"a header of {start} bytes", f"{len(content)}", REMEDY)
    shape = [int(size) for size in np.frombuffer(header, dtype=">u4")]
    values = np.frombuffer(content, dtype=np.uint8, offset=start)
    due = int(np.prod(shape, dtype=object))
    if values.size != due:
        raise DataError.about(
            where, f"{due} bytes for shape {tuple(shape)}", f"{values.size}", REMEDY
        )
    return values.reshape(shape)


def encode(values: NDArray[np.uint8]) -> bytes:
    """Return the idx file of an array of bytes; `parse` undoes it."""
    sizes = np.array(values.shape, dtype=">u4").tobytes()
    return b"\0\0\x08" + bytes([values.ndim]) + sizes + values.astype(np.uint8).tobytes()
