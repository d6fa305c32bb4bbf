"""The page of one claim as one file: with its figures in it, to be sent or kept."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, unquote

from markupsafe import escape

from aelatent.report.rendering import SCRIPTS, SHEET, content_policy, inside
from aelatent.report.topics import filename
from aelatent.runtime.files import StorageError

LIMIT = 1_000_000  # bytes: what any mail system takes
ROOM = 2_000  # bytes for what is said in the place of figures
KINDS = {".svg": "image/svg+xml", ".webp": "image/webp", ".png": "image/png"}
_PAGES = re.compile(r'<nav aria-label="Pages".*?</nav>', re.DOTALL)
_FIGURE = re.compile(r'<a href="\.\./[^"]*">(<img [^>]*?src=")\.\./([^"]*)("[^>]*>)</a>')
_ELSEWHERE = re.compile(r'<a href="\.\./[^"]*"([^>]*)>')
_SHEET = f'<link rel="stylesheet" href="../{SHEET}">'
_LEFT_OUT = '<p class="missing">This figure is left out, so that the file stays small.</p>'


def single(folder: Path, identifier: str, limit: int = LIMIT) -> str:
    """Return the page of a claim with its figures in it, and without links to other pages.

    Figures that are shown at once come before those that the reader must unfold. What would exceed
    the limit is left out, and the page says so.

    Parameters
    ----------
    folder : Path
        The report's.
    identifier : str
        The claim's, such as "B-08".
    limit : int
        Bytes of the page.

    Returns
    -------
    str
        HTML that needs no other file.

    Raises
    ------
    StorageError
        If the report has no such page.
    """
    path = folder / "claims" / filename(identifier)
    try:
        text = path.read_text("utf-8")
    except OSError as error:
        raise StorageError(
            f"{path}: expected the page of a claim, found none; run `pytest claims` first, "
            "or name the report's folder with --report"
        ) from error
    text = _PAGES.sub("", _with_style(text, folder))
    figures = list(_FIGURE.finditer(text))
    chosen = _chosen(text, figures, folder, limit)
    # From the end, so that the places of the others stay.
    for match in reversed(figures):
        data = chosen.get(match.start())
        shown = _LEFT_OUT if data is None else f"<a>{match[1]}{data}{match[3]}</a>"
        text = text[: match.start()] + shown + text[match.end() :]
    return _ELSEWHERE.sub(r"<a\1>", text)


def _with_style(text: str, folder: Path) -> str:
    """Put the style sheet into a page that links to it, and allow it by its digest."""
    if _SHEET not in text:
        return text
    style, script = (folder / SHEET).read_text("utf-8"), SCRIPTS["page.html"]
    linked, own = (escape(content_policy(each, script)) for each in (None, style))
    return text.replace(_SHEET, f"<style>{style}</style>").replace(linked, own)


def _chosen(text: str, figures: list[re.Match[str]], folder: Path, limit: int) -> dict[int, str]:
    """Return the figures that fit, as addresses that hold them, by their place in the page."""
    left = limit - len(text.encode()) - ROOM
    chosen = {}
    for match in _unfolded_first(text, figures):
        data = _embedded(folder / inside(unquote(match[2])))
        if data and len(data) <= left:
            chosen[match.start()] = data
            left -= len(data)
    return chosen


def _unfolded_first(text: str, figures: list[re.Match[str]]) -> Iterator[re.Match[str]]:
    def depth(match: re.Match[str]) -> int:
        before = text[: match.start()]
        return before.count("<details") - before.count("</details")

    yield from sorted(figures, key=depth)


def _embedded(picture: Path) -> str:
    """Return an address that holds a picture; nothing where it is missing."""
    kind = KINDS.get(picture.suffix)
    if kind is None or not picture.is_file():
        return ""
    content = picture.read_bytes()
    if picture.suffix == ".svg":  # text, for which base64 would take more
        return f"data:{kind},{quote(content.decode('utf-8'), safe=' =:/;,.()-')}"
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"
