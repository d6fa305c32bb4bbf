"""Pages from templates, with a content policy that allows our style, our script and pictures."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment
from markupsafe import Markup

from aelatent import report
from aelatent.report.rendering import content_policy, template_environment
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
            policy=content_policy(STYLES, SCRIPT),
            here=path.name,
            **content,
        )
    ).encode("utf-8", errors="backslashreplace")
    if not path.is_file() or path.read_bytes() != text:
        write(path, text)
    return path


def digest_of(path: Path) -> str | None:
    """Return the digest that a page carries of what it was made of; None if there is no page."""
    if not path.is_file():
        return None
    found = _DIGEST.search(path.read_text("utf-8", errors="replace")[:_HEAD])
    return found[1] if found else None


@cache
def _templates() -> Environment:
    templates = template_environment("aelatent.explorer")
    templates.filters["address"] = quote
    return templates
