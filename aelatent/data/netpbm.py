"""Headers of Netpbm files (.pbm, .pgm, .ppm), which Pillow reads byte by byte."""

from __future__ import annotations

import re

from aelatent.data.images import DataError

LONGEST = 64 * 1024  # bytes of a header, its comments among them
MOST_COMMENTS = 100  # in pixels that are text: Pillow copies what is left of them at each
NO_DEPTH = frozenset(b"14")  # the kinds of black and white, whose header ends with the size
PLAIN = frozenset(b"123")  # the kinds whose pixels are text
NUMBER = rb"(?:\s|#[^\r\n]*[\r\n])+[-+.\w]+"
SIZE = re.compile(rb"P\w+" + NUMBER * 2)
SIZE_AND_DEPTH = re.compile(rb"P\w+" + NUMBER * 3)


def check_header(content: bytes, where: object) -> None:
    """Refuse a Netpbm file whose header or comments take long to read.

    Parameters
    ----------
    content : bytes
        An image file of any kind; one of another kind is passed.
    where : object
        The file's name, for error messages.

    Raises
    ------
    DataError
        If its header is longer than 64 KiB, or its text has more than a hundred comments.
    """
    if not re.match(rb"P[1-6y]", content):
        return
    kind, remedy = content[1], "Save it anew, as PNG."
    header = SIZE if kind in NO_DEPTH else SIZE_AND_DEPTH
    if len(content) > LONGEST and not header.match(content[:LONGEST]):
        raise DataError.about(where, "a header of at most 64 KiB", "a longer one", remedy)
    if kind in PLAIN and (comments := content.count(b"#")) > MOST_COMMENTS:
        expected = f"at most {MOST_COMMENTS} comments"
        raise DataError.about(where, expected, f"{comments:,}", remedy)
