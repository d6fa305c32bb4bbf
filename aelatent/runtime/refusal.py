"""Errors about input: a message of one screen at most, without characters that steer a terminal."""

from __future__ import annotations

LONGEST = 1600  # characters of a message
LINES = 20


class RefusedInputError(ValueError):
    """Input that cannot be used; whoever made it may also have chosen the words that are quoted."""

    def __init__(self, message: object = "") -> None:
        super().__init__(screenful(str(message)))


def screenful(text: str) -> str:
    r"""Return a text that fits a screen, with control characters written out.

    Examples
    --------
    >>> screenful("a\x1b[31mb")
    'a\\x1b[31mb'
    >>> len(screenful("x" * 10**6)) < 2000
    True
    """
    lines = text[: 2 * LONGEST].split("\n")
    shown = "\n".join(_plain(line) for line in lines[:LINES])
    left = len(text) - sum(map(len, lines[:LINES]))
    if len(lines) <= LINES and len(shown) <= LONGEST and len(text) <= 2 * LONGEST:
        return shown
    return f"{shown[:LONGEST]} ... (cut: {max(left, len(text) - LONGEST):,} characters more)"


def _plain(line: str) -> str:
    if line.isprintable():
        return line
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in line)
