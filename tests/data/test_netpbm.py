"""Netpbm files that take Pillow minutes, or that it reads as something else."""

import numpy as np
import pytest

from aelatent.data import DataError
from aelatent.data.netpbm import LONGEST
from aelatent.data.photograph import decode, pixels

MANY = 2_000_000  # twenty million took a quarter of a minute


@pytest.mark.parametrize(
    "filling",
    [b"#" + b"x" * MANY + b"\n", b" " * MANY, b"#\n" * (MANY // 2)],
    ids=["comment", "spaces", "comments"],
)
@pytest.mark.parametrize("ahead", [b"P6\n", b"P6 2 ", b"P6 2 2 "])
def test_a_long_header_is_refused(filling, ahead):
    rest = b"2 2 255\n"[2 * ahead.count(b"2") :]
    with pytest.raises(DataError, match=r"a\.ppm: expected a header of at most 64 KiB"):
        decode(ahead + filling + rest + bytes(12), "a.ppm")


def test_many_comments_among_pixels_are_refused():
    """Pillow copies what is left at each of them: four megabytes took half a minute."""
    content = b"P3\n2 2 255\n" + b"#\n" * 101 + b"1 " * 12
    with pytest.raises(DataError, match=r"a\.ppm: expected at most 100 comments, received 101"):
        decode(content, "a.ppm")


@pytest.mark.parametrize(
    "header",
    [
        b"P6 2 2 65535\n",
        b"P6 2 2 +300\n",
        b"P6 2 2 3_00\n",
        b"P6 2 2 25#\n6\n",
        b"P5 2 2 256\n",
        b"P3 1 1 256\n1 1 1\n",
    ],
)
def test_sixteen_bits_are_refused(header):
    """However the largest value is written: Pillow reads all of these."""
    with pytest.raises(DataError, match=r"a\.ppm: expected 8 bits a channel, received more"):
        decode(header + bytes(24), "a.ppm")


@pytest.mark.parametrize(
    "header", [b"P6\n# made by hand\n2 1\n255\n", b"P6 2 1 255\n", b"P6\n2\n#\n# a\r\n1 255 "]
)
def test_a_usual_header_is_read(header):
    assert np.array_equal(pixels(decode(header + b"#bcdef", "a.ppm")).ravel(), list(b"#bcdef"))


def test_a_bitmap_of_any_pixels_is_read():
    """Its header ends with its size: what follows are pixels, digits and all."""
    content = b"P4\n8192 64\n" + b"9" * LONGEST
    assert pixels(decode(content, "a.pbm")).shape == (64, 8192, 1)
