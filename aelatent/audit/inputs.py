"""Images as people have them: arrays, tensors, lists, folders, data sets and loaders."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from aelatent import data
from aelatent.audit.description import DescriptionError
from aelatent.data import Images
from aelatent.data.values import UNIT, Range, as_bytes, range_of
from aelatent.runtime.files import expanded
from aelatent.zoo.collection import kept_sample

KEYS = "image", "images", "pixel_values", "img", "x"
NAME = "images"
EXACT = 2.0**53  # whole numbers below it are exact in double precision


@dataclass(frozen=True, eq=False)
class GivenImages:
    """A user's images, and how the user keeps them: networks probably take them so.

    Attributes
    ----------
    images : Images
    value_range : tuple of float
        Values of black and white.
    layout : str
        A key of `aelatent.audit.autoencoder.LAYOUTS`.
    words : str
        What they are, for the user.
    chosen : ndarray of int64, shape (n,)
        Their positions among all that were given.
    given : int or None
        The number of all; None where no more were looked at.
    """

    images: Images
    value_range: Range
    layout: str
    words: str
    chosen: NDArray[np.int64]
    given: int | None


def given_images(
    images: Any,
    channels: str | None = None,
    shape: tuple[int, ...] | None = None,
    labels: Any = None,
    most: int = 10_000,
) -> GivenImages:
    """Take images of any kind.

    Parameters
    ----------
    images : array, tensor, list, path, name of a set, data set or loader
        Of shape (n, h, w), (n, h, w, c), (n, c, h, w), or (n, k) for flat images; uint8, or floats
        in [0, 1], [-1, 1] or [0, 255]. Items of a data set may be pairs with a label, or
        dictionaries with a key such as "image".
    channels : {"last", "first"}, optional
        Where the channel axis is; found out by its size by default.
    shape : tuple of int, optional
        Of one flat image, (h, w) or (h, w, c); squares by default.
    labels : array of int, shape (n,), optional
        In place of those that come with the images.
    most : int
        A random choice of so many is used; of a data set the first.

    Returns
    -------
    GivenImages

    Raises
    ------
    DescriptionError, DataError
        If they are no images of one size, or their range is none of the three.
    """
    if isinstance(images, (str, Path)):
        images = _from_disk(str(images))
    if isinstance(images, Images):
        return _known(images, labels, most)
    array, known = _as_array(images, most)
    if array.ndim < 2 or array.size == 0:
        raise DescriptionError(f"images: expected images, received an array of {array.shape}")
    labels = labels if labels is not None else known
    given, chosen = len(array), kept_sample(len(array), most)
    layout, array = _laid_out(array[chosen], channels, shape)
    value_range = range_of(array)
    pixels = as_bytes(array, value_range)
    words = (
        f"{len(pixels):,} images of {pixels.shape[1]} x {pixels.shape[2]} x {pixels.shape[3]}, "
        f"{array.dtype} in [{value_range[0]:g}, {value_range[1]:g}]"
    )
    whole = hasattr(images, "shape")  # there may be more images than were looked at, and labels
    integers = None if labels is None else classes(labels, given, surplus=not whole)
    plain = Images(
        NAME, pixels, np.ones(len(pixels), bool), None if integers is None else integers[chosen]
    )
    native = UNIT if array.dtype == np.uint8 else value_range
    return GivenImages(plain, native, layout, words, chosen, given if whole else None)


def classes(labels: Any, n: int, *, surplus: bool = False) -> NDArray[np.int64]:
    """Return the classes of images, or of their codes.

    Parameters
    ----------
    labels : array or tensor, shape (n,)
    n : int
        How many images or codes there are.
    surplus : bool
        Whether there may be more labels, of images that were not looked at.

    Returns
    -------
    ndarray of int64, shape (n,)

    Raises
    ------
    DescriptionError
        If they are not one whole number for each.
    """
    received, numbers = type(labels).__name__, np.empty(0)
    with contextlib.suppress(TypeError, ValueError):
        array = np.asarray(_plain(labels))
        received = f"{array.dtype} of shape {array.shape}"
        numbers = array.astype(np.float64)  # also of text, or of objects
    if surplus and numbers.ndim:
        numbers = numbers[:n]
    whole = (np.trunc(numbers) == numbers) & (np.abs(numbers) < EXACT)
    if numbers.shape != (n,) or not whole.all():
        raise DescriptionError(
            f"labels: expected {n:,} whole numbers, one for each image or code, received "
            f"{received}. Number the classes, such as 0, 1, 2, or give the images alone"
        )
    return numbers.astype(np.int64)


def _known(images: Images, labels: Any, most: int) -> GivenImages:
    given, chosen = len(images), kept_sample(len(images), most)
    if labels is not None:
        images = replace(images, labels=classes(labels, given))
    images = images.take(chosen)
    height, width, channels = images.shape
    words = f"{len(images):,} images of {height} x {width} x {channels}, uint8"
    return GivenImages(images, UNIT, "last", words, chosen, given)


def _from_disk(place: str) -> Any:
    path = expanded(place)
    if path.is_dir():
        return data.load(f"folder:{path}")
    if path.suffix in {".npy", ".npz"}:
        from aelatent.audit import untrusted_files

        return untrusted_files.load_codes(path)
    return data.load(place)


def _plain(value: Any) -> Any:
    """Return a tensor as an array; other things as they are."""
    if hasattr(value, "detach"):
        value = value.detach().cpu()
    return value.numpy() if hasattr(value, "numpy") else value


def _as_array(images: Any, most: int) -> tuple[NDArray[Any], Any]:
    """Return images as one array, and the labels that came with them."""
    if isinstance(images, (tuple, list)) and len(images) == 2 and _labelled(*images):
        return np.asarray(_plain(images[0])), images[1]
    if hasattr(images, "shape"):
        return np.asarray(_plain(images)), None
    single = isinstance(images, (list, tuple)) or not hasattr(images, "batch_size")
    pictures: list[NDArray[Any]] = []
    for item in islice(_items(images), most):
        picture = np.asarray(_plain(_image_of(item)))
        batch = picture.ndim == 4 or (picture.ndim == 3 and not single)
        pictures.extend(picture if batch else [picture])
        if len(pictures) >= most:
            break
    shapes = {picture.shape for picture in pictures}
    if len(shapes) != 1:
        raise DescriptionError(
            f"images: expected images of one size, received {sorted(shapes)[:5] or 'none'}. Scale "
            "them to one size"
        )
    return np.stack(pictures[:most]), None


def _labelled(images: Any, labels: Any) -> bool:
    if not (hasattr(images, "shape") and hasattr(labels, "shape")):
        return False
    return len(images.shape) > 2 and tuple(labels.shape) == (images.shape[0],)


def _items(images: Any) -> Iterator[Any]:
    if hasattr(images, "__iter__"):
        return iter(images)
    if hasattr(images, "__getitem__") and hasattr(images, "__len__"):
        return (images[place] for place in range(len(images)))
    raise DescriptionError(
        "images: expected an array, a tensor, a list, a folder, a data set or a loader, received "
        f"{type(images).__name__}"
    )


def _image_of(item: Any) -> Any:
    if isinstance(item, Mapping):
        found = next((item[key] for key in KEYS if key in item), None)
        if found is None:
            raise DescriptionError(
                f"images: expected items with one of the keys {', '.join(KEYS)}, received "
                f"{', '.join(map(str, item))}"
            )
        return found
    return item[0] if isinstance(item, (tuple, list)) else item


def _laid_out(
    array: NDArray[Any], channels: str | None, shape: tuple[int, ...] | None
) -> tuple[str, NDArray[Any]]:
    """Return the layout of images, and the images as (n, h, w, c)."""
    if array.ndim == 2:
        return "flat", array.reshape(len(array), *_shape_of_flat(array.shape[1], shape))
    if array.ndim == 3:
        return "plain", array[..., None]
    last = array.ndim == 4 and array.shape[-1] in {1, 3}
    first = array.ndim == 4 and array.shape[1] in {1, 3}
    if first and (channels == "first" or (channels is None and not last)):
        return "first", np.moveaxis(array, 1, -1)
    if last and channels != "first":
        return "last", array
    raise DescriptionError(
        "images: expected (n, height, width), (n, height, width, 1 or 3), (n, 1 or 3, height, "
        f"width) or flat (n, k), received {array.shape}"
    )


def _shape_of_flat(numbers: int, shape: tuple[int, ...] | None) -> tuple[int, ...]:
    if shape is None:
        side = round(numbers**0.5)
        shape = (side, side)
    shape = (*shape, 1) if len(shape) == 2 else tuple(shape)
    if int(np.prod(shape)) != numbers:
        raise DescriptionError(
            f"images: expected flat squares, received {numbers} numbers each. Give `shape`, such "
            "as (28, 28) or (32, 32, 3)"
        )
    return shape
