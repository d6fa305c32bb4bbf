"""Texts of claims as HTML: escaped, with code, addresses and paragraphs marked up."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

_TOKENS = re.compile(
    r"(?P<code>``.+?``|`[^`\n]+`)|(?P<address>https?://[^\s<>\"'`]+[^\s<>\"'`.,;:!?)])"
)
_ROOT = re.compile(r"\bsqrt\((\w+)\)")


def paragraphs(text: str) -> Markup:
    """Turn a docstring's section into paragraphs, with `code` and addresses marked up.

    Examples
    --------
    >>> print(paragraphs("`n` < 3"))
    <p><code>n</code> &lt; 3</p>
    """
    paragraphs = re.split(r"\n\s*\n", text.strip())
    return Markup("\n").join(Markup("<p>{}</p>").format(inline(p)) for p in paragraphs if p)


def inline(text: str) -> Markup:
    """Escape `text` and mark up `code` and addresses in it; sqrt(N) becomes a root sign.

    Examples
    --------
    >>> print(inline("They peak near sqrt(N)."))
    They peak near √N.
    """
    pieces, end = [], 0
    for match in _TOKENS.finditer(text):
        pieces.append(_plain(text[end : match.start()]))
        end = match.end()
        if match["code"]:
            pieces.append(Markup("<code>{}</code>").format(match["code"].strip("`")))
        else:
            link = Markup('<a href="{0}" rel="noopener noreferrer">{0}</a>')
            pieces.append(link.format(match["address"]))
    return Markup("").join([*pieces, _plain(text[end:])])


def _plain(text: str) -> Markup:
    return escape(_ROOT.sub("\N{SQUARE ROOT}\\1", text))


def breakable(name: str) -> Markup:
    """Let a long name break after its underscores and nowhere else."""
    return escape(name).replace("_", Markup("_<wbr>"))
