"""The docstring of a claim is its text: a title and five headings."""

from __future__ import annotations

import inspect

HEADINGS = ("Source", "Statement", "Statistic", "Null", "Decision")


def sections(docstring: str) -> dict[str, str]:
    """Split a claim's docstring into its first line, "title", and the text under each heading.

    Line breaks within a section become spaces.

    Examples
    --------
    >>> sections('''Codes lie on a shell.
    ...
    ... Source
    ...     A blog,
    ...     part 2.
    ... ''')
    {'title': 'Codes lie on a shell.', 'Source': 'A blog, part 2.'}
    """
    title, *lines = inspect.cleandoc(docstring).splitlines() or [""]
    collected: dict[str, list[str]] = {}
    heading = None
    for line in lines:
        if line.strip() in HEADINGS and not line.startswith(" "):
            heading = line.strip()
        elif heading is not None:
            collected.setdefault(heading, []).append(line.strip())
    text = {name: " ".join(filter(None, parts)) for name, parts in collected.items()}
    return {"title": title, **text}
