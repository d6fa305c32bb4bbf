"""One image file: decoded safely, upright, with 8 bits a channel, without transparency."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

from aelatent.data import netpbm
from aelatent.data.images import DataError
from aelatent.runtime.deadline import deadline

FORMATS = ("BMP", "JPEG", "PNG", "PPM", "TIFF", "WEBP")
SUFFIXES = frozenset({".bmp", ".jpeg", ".jpg", ".pgm", ".png", ".ppm", ".tif", ".tiff", ".webp"})
MOST_PIXELS = 50_000_000
SCAN, MOST_SCANS = b"\xff\xda", 100  # of a JPEG, each of which goes over all pixels
SECONDS = 60.0  # for one image: Pillow goes over headers byte by byte
DEEPEST = 255  # the largest value of 8 bits
GREY = frozenset({"1", "L"})


def decode(content: bytes, where: object) -> Image.Image:
    """Decode one image file.

    The orientation that a camera recorded (EXIF) is applied. Transparent pixels are laid on white.
    16-bit and floating-point images are refused, because their scale is the owner's to choose.
    Of an animation or a multi-page file the first image counts.

    Parameters
    ----------
    content : bytes
        A BMP, JPEG, PNG, PPM, TIFF or WebP file.
    where : object
        The file's name, for error messages.

    Returns
    -------
    PIL.Image.Image
        Of mode "L" if the file holds greys, "RGB" if it holds colours.

    Raises
    ------
    DataError
        If the file is no such image, is cut short, has more than 50 million pixels (nothing of it
        is decoded then), more than 8 bits a channel, is a JPEG of more than 100 scans, a Netpbm
        file of a long header, or takes longer than a minute.
    """
    if content.startswith(b"\xff\xd8") and (scans := content.count(SCAN)) > MOST_SCANS:
        raise DataError.about(
            where, f"a JPEG of at most {MOST_SCANS} scans", f"{scans:,}", "Save it anew."
        )
    netpbm.check_header(content, where)
    expected = "an image (" + ", ".join(FORMATS) + ")"
    remedy = "Replace the file, or take it out of the set."
    try:
        with (
            deadline(SECONDS, lambda: late(where)),
            Image.open(io.BytesIO(content), formats=FORMATS) as image,
        ):
            refuse_bombs(image, where)
            refuse_deep_pixels(image, where)
            ImageOps.exif_transpose(image, in_place=True)
            return plain(image)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise DataError.about(
            where, f"at most {MOST_PIXELS:,} pixels", str(error), remedy
        ) from error
    except UnidentifiedImageError:
        received = f"{len(content):,} bytes that begin with {content[:12]!r}"
        raise DataError.about(where, expected, received, remedy) from None
    except (DataError, MemoryError, TimeoutError):  # such as the limit of a claim
        raise
    except Exception as error:  # Pillow's plugins raise anything, such as AssertionError
        received = f"a damaged file: {str(error) or type(error).__name__:.200}"
        raise DataError.about(where, expected, received, remedy) from error


def late(where: object) -> DataError:
    """Return the error of an image that takes too long."""
    return DataError.about(
        where, f"an image that is decoded within {SECONDS:g} s", "a slower one", "Save it anew."
    )


def refuse_bombs(image: Image.Image, where: object) -> None:
    """Raise a DataError if the header announces more pixels than any photograph of ours has.

    Parameters
    ----------
    image : PIL.Image.Image
        An opened image.
    where : object
        The file's name, for error messages.
    """
    width, height = image.size
    if width * height > MOST_PIXELS:
        raise DataError.about(
            where,
            f"at most {MOST_PIXELS:,} pixels",
            f"{width}x{height}",
            "Shrink the image if it is meant, delete it if not.",
        )


def refuse_deep_pixels(image: Image.Image, where: object) -> None:
    """Raise a DataError if the file stores more than 8 bits a channel.

    Pillow reads 16-bit colour as 8-bit without a word. The decoder's name for the raw pixels tells,
    or, in a Netpbm file, the largest value that the decoder is given.

    Parameters
    ----------
    image : PIL.Image.Image
        An opened image.
    where : object
        The file's name, for error messages.
    """
    tiles = image.tile if isinstance(image, ImageFile.ImageFile) else []
    if image.mode[0] in "IF" or any(map(is_deep, tiles)):
        raise DataError.about(
            where,
            "8 bits a channel",
            f"more (mode {image.mode})",
            "Scale it to 0..255 by the range that its values use, and save it again.",
        )


def is_deep(tile: tuple[Any, ...]) -> bool:
    """Tell whether a decoder and its arguments, as Pillow lists them, are for more than 8 bits."""
    decoder, *_, arguments = tile
    if decoder in ("ppm", "ppm_plain") and isinstance(arguments, tuple):
        return bool(arguments[1] > DEEPEST)
    return ";16" in str(arguments)


def plain(image: Image.Image) -> Image.Image:
    """Return the image in mode "L" or "RGB", its transparent parts laid on white."""
    if image.has_transparency_data:
        grey = image.mode in {"L", "LA", "La"}
        layer = image.convert("RGBA")
        white = Image.new("RGBA", image.size, "white")
        return Image.alpha_composite(white, layer).convert("L" if grey else "RGB")
    return image.convert("L" if image.mode in GREY else "RGB")


def central_square(image: Image.Image, crop: int, side: int, where: object) -> Image.Image:
    """Cut the central `crop` x `crop` pixels and scale them to `side` x `side` (Lanczos).

    Parameters
    ----------
    image : PIL.Image.Image
        An opened image.
    crop : int
        Side of the central square that is kept, in pixels.
    side : int
        Side of the square that is returned, in pixels.
    where : object
        The file's name, for error messages.

    Returns
    -------
    PIL.Image.Image

    Raises
    ------
    DataError
        If the image is smaller than the crop.
    """
    if crop > min(image.size):
        width, height = image.size
        remedy = "Use the original file, or a smaller crop."
        raise DataError.about(where, f"{crop}x{crop} pixels or more", f"{width}x{height}", remedy)
    left, top = (image.width - crop) // 2, (image.height - crop) // 2
    square = image.crop((left, top, left + crop, top + crop))
    return square.resize((side, side), Image.Resampling.LANCZOS)


def pixels(image: Image.Image) -> NDArray[np.uint8]:
    """Return uint8 of shape (height, width, 1) for mode "L", (height, width, 3) for "RGB"."""
    values = np.asarray(image)
    return values[..., None] if values.ndim == 2 else values
