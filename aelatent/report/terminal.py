"""The table of verdicts for the terminal: aligned, without boxes, within the width it is given."""

from __future__ import annotations

import shutil
import textwrap
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from aelatent.inference.record import Record
from aelatent.report.arrangement import Arrangement, arrange
from aelatent.report.notation import (
    MARKS,
    as_expected,
    effect,
    limits,
    number,
    readings_by_outcome,
    sign,
)
from aelatent.report.topics import topics

_HEADER = ("id", "claim", "model", "verdict", "effect [95 % interval]", "source")
_GAP = "  "
_READABLE = 28  # columns that a claim's sentence needs to be worth reading
_MOST = 60  # claims beyond which only unexpected have lines of their own
_LISTED = 6  # claims that depend on the judge; more are counted
_LONGEST = 24  # columns that an identifier or a model's name may take
_PLAIN = str.maketrans(
    {
        "\N{EN DASH}": "-",
        "\N{MINUS SIGN}": "-",
        "\N{HORIZONTAL ELLIPSIS}": "~",
        "\N{SQUARE ROOT}": "sqrt ",
        "\N{MULTIPLICATION SIGN}": "x",
        "\N{RIGHTWARDS ARROW}": "->",
        "\N{LESS-THAN OR EQUAL TO}": "<=",
        "\N{GREATER-THAN OR EQUAL TO}": ">=",
    }
)


def verdict_table(
    records: Iterable[Record], width: int | None = None, *, unicode: bool = True
) -> list[str]:
    """Write the verdicts as the lines of a table for a terminal.

    Parameters
    ----------
    records : iterable of Record
        In any order.
    width : int, optional
        Columns to keep within, 40 or more; by default those of the terminal. Where the sentence of
        a claim would have too little room beside its numbers, each claim takes two lines.
    unicode : bool
        Whether the terminal shows characters beyond ASCII.

    Returns
    -------
    list of str
        Lines without line breaks. A star marks what was not expected. Of more than
        sixty claims only those have lines of their own; identifiers have one each.
    """
    columns = max(width or shutil.get_terminal_size().columns, 40)
    arrangement = arrange(records)
    claims = [claim.record for claim in arrangement.claims]
    many = len(claims) > _MOST
    shown = [r for r in claims if as_expected(r) is False] if many else claims
    rows = [[clean(cell, unicode) for cell in _cells(record, unicode)] for record in shown]
    lines = _table(rows, columns, unicode) if rows else [] if many else ["No claim was run."]
    if many:
        lines += [""] if lines else []
        lines += [clean(line, unicode) for line in _topics(arrangement, unicode)]
    lines = [shortened(line, columns, unicode).rstrip() for line in lines]
    notes = [
        *_legend(claims, unicode),
        *_dependent(claims, unicode),
        *_controls(arrangement, unicode),
    ]
    wrapped = [line for note in notes for line in textwrap.wrap(note, columns)]
    return [*lines, *([""] if notes else []), *wrapped]


def _topics(arrangement: Arrangement, unicode: bool) -> Iterator[str]:
    """Yield a line for each identifier: how often each outcome came out, and the sentence."""
    for topic in topics(arrangement):
        marks = [
            f"{sign(outcome, unicode=unicode)}{n if n > 1 else ''}" for outcome, n in topic.tally
        ]
        yield f"{topic.id}  {' '.join(marks)}  {topic.sentence}"


def _cells(record: Record, unicode: bool) -> list[str]:
    star = " *" if as_expected(record) is False else ""
    return [
        record.id,
        record.title,
        record.model,
        f"{sign(record.outcome, unicode=unicode)} {record.outcome}{star}",
        f"{effect(record.effect, record.interval)} {limits(record.interval)}".strip(),
        "\N{EN DASH}" if record.source_value is None else number(record.source_value),
    ]


def _table(rows: Sequence[Sequence[str]], columns: int, unicode: bool) -> list[str]:
    """Lay out one line a claim, or two where one would not do."""
    lines = [_HEADER, *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(_HEADER))]
    widths[0], widths[2] = min(widths[0], _LONGEST), min(widths[2], _LONGEST)
    room = columns - (sum(widths) - widths[1]) - len(_GAP) * (len(widths) - 1)
    if room < min(_READABLE, widths[1]):
        return _pairs(rows)
    widths[1] = min(widths[1], room)
    return [
        _GAP.join(shortened(c, w, unicode).ljust(w) for c, w in zip(line, widths, strict=True))
        for line in lines
    ]


def _pairs(rows: Sequence[Sequence[str]]) -> list[str]:
    """Lay out the sentence on one line and its numbers below it."""
    indent = max(len(row[3]) for row in rows) + len(_GAP)
    lines = []
    for name, title, model, outcome, measured, source in rows:
        numbers = [measured, f"source {source}"]
        known = [text for text in numbers if any(c.isdigit() for c in text)]
        lines.append(f"{outcome:<{indent}}{title}")
        lines.append(" " * indent + _GAP.join(text for text in (*known, model, name) if text))
    return lines


def _legend(claims: Sequence[Record], unicode: bool) -> list[str]:
    """Return what the signs mean, if there are claims: those that occur, in a fixed order."""
    found = {record.outcome for record in claims}
    signs = [
        f"{sign(outcome, unicode=unicode)} {outcome.value}" for outcome in MARKS if outcome in found
    ]
    if any(as_expected(record) is False for record in claims):
        signs.append("* not as expected")
    return ["   ".join(signs)] if signs else []


def _dependent(claims: Sequence[Record], unicode: bool) -> list[str]:
    """List the claims that are inconclusive because their judge can be read in several ways."""
    found = [record for record in claims if record.depends_on]
    named = [clean(f"{r.id} on {r.model} ({readings_by_outcome(r)})", unicode) for r in found]
    listed = [*named[:_LISTED], *([f"{len(named) - _LISTED} more"] if named[_LISTED:] else [])]
    return [f"Inconclusive, depends on the judge: {', '.join(listed)}"] if found else []


def _controls(arrangement: Arrangement, unicode: bool) -> list[str]:
    """Count the controls in one line, if there are any."""
    controls = arrangement.controls
    failed = [clean(c.name, unicode) for c in controls if as_expected(c) is False]
    unjudged = sum(as_expected(record) is None for record in controls)
    held = len(controls) - len(failed) - unjudged
    pieces = [f"Controls: {held} of {len(controls)} came out as expected"]
    pieces += [f"{unjudged} not applicable"] if unjudged else []
    pieces += [f"{len(failed)} did not: {', '.join(failed)}"] if failed else []
    return ["; ".join(pieces)] if controls else []


def clean(text: str, unicode: bool) -> str:
    """Return `text` on one line, without control characters and, if asked, in ASCII.

    Parameters
    ----------
    text : str
    unicode : bool
        Whether the terminal shows characters beyond ASCII.

    Returns
    -------
    str
    """
    line = "".join(c if c.isprintable() else " " for c in text)
    if not unicode:
        line = unicodedata.normalize("NFKD", line.translate(_PLAIN))
        line = line.encode("ascii", "ignore").decode()
    return " ".join(line.split())


def shortened(text: str, width: int, unicode: bool) -> str:
    """Cut `text` to `width`, but keep the parameters at its end: runs of a claim differ by them.

    Parameters
    ----------
    text : str
    width : int
        Columns to keep within.
    unicode : bool
        Whether the terminal shows characters beyond ASCII.

    Returns
    -------
    str
    """
    if len(text) <= width:
        return text
    cut = "…" if unicode else "~"
    sentence, bracket, parameters = text.rpartition(" [")
    tail = f"{cut}{bracket}{parameters}"
    if not bracket or len(tail) >= width:
        sentence, tail = text, cut
    return f"{sentence[: width - len(tail)]}{tail}"
