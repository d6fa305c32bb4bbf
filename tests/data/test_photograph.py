import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from aelatent.data import DataError, photograph
from aelatent.data.photograph import central_square, decode, pixels

RGB = np.arange(48, dtype=np.uint8).reshape(4, 4, 3)


def png_header(width, height, kind=2, pixels=b"\0"):
    """Return a PNG that announces a size and holds next to nothing."""

    def chunk(kind, content):
        body = kind + content
        return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))

    size = struct.pack(">IIBBBBB", width, height, 8, kind, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size) + chunk(b"IDAT", zlib.compress(pixels))


def test_colours_come_back_as_they_were_saved(encode):
    assert np.array_equal(pixels(decode(encode(RGB), "a.png")), RGB)


def test_grey_stays_grey(encode):
    assert pixels(decode(encode(RGB[..., 0]), "a.png")).shape == (4, 4, 1)


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "CMYK"])
def test_every_usual_mode_becomes_grey_or_colour(encode, mode):
    image = decode(encode(RGB, mode, "TIFF"), "a.tif")
    assert image.mode == ("L" if mode in {"1", "L"} else "RGB")


def test_transparent_pixels_are_laid_on_white(encode):
    layer = np.full((1, 3, 4), 100, dtype=np.uint8)
    layer[0, :, 3] = 0, 128, 255
    assert pixels(decode(encode(layer), "a.png"))[0, :, 0].tolist() == [255, 177, 100]


def test_grey_with_transparency_stays_grey(encode):
    layer = np.full((2, 2, 4), 100, dtype=np.uint8)
    assert decode(encode(layer, "LA"), "a.png").mode == "L"


def test_the_orientation_of_the_camera_is_applied(encode):
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by a quarter clockwise to see it upright
    turned = decode(encode(RGB[:2], exif=exif), "a.png")
    assert np.array_equal(pixels(turned), np.rot90(RGB[:2], -1))


def test_a_text_file_is_refused():
    with pytest.raises(DataError, match=r"face.jpg: expected an image .* received 5 bytes .*hello"):
        decode(b"hello", "face.jpg")


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "BMP", "TIFF", "WEBP"])
def test_a_truncated_image_is_refused(encode, kind):
    noise = np.random.default_rng(0).integers(0, 256, (32, 32, 3))
    content = encode(noise, kind=kind)
    with pytest.raises(DataError, match=r"a\.img: expected an image"):
        decode(content[: len(content) // 2], "a.img")


@pytest.mark.parametrize("side", [8_000, 12_000, 60_000])
def test_a_decompression_bomb_is_refused_unread(side):
    with pytest.raises(DataError, match=r"bomb.png: expected at most 50,000,000 pixels"):
        decode(png_header(side, side), "bomb.png")


def test_an_image_that_takes_long_is_refused(monkeypatch):
    """Pillow looks for the next marker letter by letter, for minutes in a gigabyte."""
    monkeypatch.setattr(photograph, "SECONDS", 0.05)
    with pytest.raises(DataError, match=r"a\.jpg: expected an image .* within 0\.05 s"):
        decode(b"\xff\xd8" + b"\xff" * 3_000_000, "a.jpg")


def test_an_image_that_breaks_the_decoder_is_refused():
    """Pillow asserts that there is a palette."""
    with pytest.raises(DataError, match=r"a\.png: expected an image .* damaged file: Assertion"):
        decode(png_header(2, 2, 3, bytes(6)), "a.png")


def test_a_jpeg_of_hundreds_of_scans_is_refused():
    """Each goes over all pixels: a third of a megabyte took half a minute."""
    buffer = io.BytesIO()
    Image.new("RGB", (9, 9)).save(buffer, "JPEG", progressive=True)
    content = buffer.getvalue()
    assert decode(content, "few").size == (9, 9)
    scan = content[content.rfind(b"\xff\xda") : -2]
    with pytest.raises(DataError, match="many: expected a JPEG of at most 100 scans"):
        decode(content[:-2] + scan * 100 + content[-2:], "many")


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_sixteen_bit_grey_is_refused(kind):
    buffer = io.BytesIO()
    Image.fromarray(np.full((2, 2), 40_000, dtype=np.uint16)).save(buffer, kind)
    with pytest.raises(DataError, match="expected 8 bits a channel, received more"):
        decode(buffer.getvalue(), "deep")


@pytest.mark.parametrize("dtype", [np.int32, np.float32])
def test_numbers_of_four_bytes_are_refused(dtype):
    buffer = io.BytesIO()
    Image.fromarray(np.ones((2, 2), dtype=dtype)).save(buffer, "TIFF")
    with pytest.raises(DataError, match="expected 8 bits a channel, received more"):
        decode(buffer.getvalue(), "deep.tif")


def test_sixteen_bit_colour_is_refused():
    """Pillow cannot write it, so the header of an 8-bit PNG is changed."""
    content = bytearray(png_header(2, 2))
    content[24] = 16
    content[29:33] = struct.pack(">I", zlib.crc32(content[12:29]))
    with pytest.raises(DataError, match="expected 8 bits a channel, received more"):
        decode(bytes(content), "deep.png")


def test_the_central_square_is_central():
    values = np.zeros((8, 6, 3), dtype=np.uint8)
    values[2:6, 1:5] = 255
    square = central_square(Image.fromarray(values), crop=4, side=2, where="a.png")
    assert pixels(square).min() == 255


def test_a_crop_larger_than_the_image_is_refused():
    with pytest.raises(DataError, match="expected 9x9 pixels or more, received 6x8"):
        central_square(Image.new("RGB", (6, 8)), crop=9, side=2, where="a.png")


def test_the_limit_of_a_claim_is_no_damage_of_the_file(encode, monkeypatch):
    def interrupted(image, where):
        raise TimeoutError("a claim's own limit")

    monkeypatch.setattr(photograph, "refuse_bombs", interrupted)
    with pytest.raises(TimeoutError, match="own limit"):
        decode(encode(RGB), "a.png")
