"""Pages from templates, with a content policy that allows our style, our script and pictures."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from aelatent import report
from aelatent.runtime.files import write

HERE = Path(__file__).parent / "templates"
STYLE = Path(report.__file__).parent / "templates" / "style.css"
STYLES = STYLE.read_text("utf-8") + (HERE / "explorer.css").read_text("utf-8")
SCRIPT = (HERE / "explorer.js").read_text("utf-8")
_DIGEST = re.compile(r'<meta name="aelatent-digest" content="([0-9a-f]+)">')
_HEAD = 200_000  # characters in which a page's digest stands; style sheets come after it


def write_page(path: Path, template: str, content: Mapping[str, Any]) -> Path:
    """Write one page from a template of this package, unless it is there unchanged.

    Parameters
    ----------
    path : Path
    template : str
        Name of a file in the folder `templates`.
    content : mapping
        What the template asks for.

    Returns
    -------
    Path
        `path`.
    """
    text = (
        _templates()
        .get_template(template)
        .render(
            style=Markup(STYLES),  # noqa: S704 -- our own file, not a user's text
            script=Markup(SCRIPT),  # noqa: S704 -- our own file, not a user's text
            policy=policy(),
            here=path.name,
            **content,
        )
    ).encode("utf-8", errors="backslashreplace")
    if not path.is_file() or path.read_bytes() != text:
        write(path, text)
    return path


def policy() -> str:
    """Allow the style sheet and the script by their digests, pictures of the folder, nothing else.

    Browsers disagree on whether 'self' covers a page opened from the disk, hence file: as well.
    """
    return (
        f"default-src 'none'; style-src {_source(STYLES)}; script-src {_source(SCRIPT)}; "
        "img-src 'self' file: data:; base-uri 'none'; form-action 'none'"
    )


def digest_of(path: Path) -> str | None:
    """Return the digest that a page carries of what it was made of; None if there is no page."""
    if not path.is_file():
        return None
    found = _DIGEST.search(path.read_text("utf-8", errors="replace")[:_HEAD])
    return found[1] if found else None


def _source(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


@cache
def _templates() -> Environment:
    templates = Environment(
        loader=PackageLoader("aelatent.explorer", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters["address"] = quote
    return templates
