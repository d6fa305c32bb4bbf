"""The verdicts as a Markdown table, for the comment under a pull request."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from aelatent.catalogue import Answer, Catalogue, Check
from aelatent.inference.record import Record
from aelatent.inference.rules import Outcome
from aelatent.report.arrangement import arrange
from aelatent.report.merging import earlier_runs
from aelatent.report.notation import MARKS, as_expected, effect, limits, number
from aelatent.report.topics import Topic, topics
from aelatent.runtime.files import write

MOST = 60  # claims


def write_summary(
    records: Iterable[Record],
    environment: Mapping[str, Any],
    path: str | Path,
    catalogue: Catalogue | None = None,
) -> None:
    """Write the verdicts as Markdown: a line, a table, and date and commit below it.

    Of more than sixty claims the table holds those that were not expected; a list that
    unfolds below it has a line for each identifier.

    Parameters
    ----------
    records : iterable of Record
        In any order.
    environment : mapping
        Its date and commit stand below the table.
    path : path
        Of the file.
    catalogue : Catalogue, optional
        With the results of the run: where it has a plain answer to a claim, the list shows it.
    """
    records = list(records)
    catalogue = catalogue or Catalogue().updated(map(Check.of, records))
    arrangement = arrange(records)
    claims = [claim.record for claim in arrangement.claims]
    many = len(claims) > MOST
    shown = [r for r in claims if as_expected(r) is False] if many else claims
    held = sum(as_expected(control) is True for control in arrangement.controls)
    known = [f"{key} {environment[key]}" for key in ("date", "commit") if environment.get(key)]
    lines = [
        _totals(claims),
        "",
        *(_table(shown) if shown or not many else []),
        *(_unfolding(topics(arrangement), catalogue) if many else []),
        f"{held} of {len(arrangement.controls)} controls came out as expected. "
        + escaped(", ".join(known)),
        *(["", escaped(sentence)] if (sentence := _earlier(claims)) else []),
    ]
    text = "\n".join(line.rstrip() for line in lines) + "\n"
    write(Path(path), text.encode("utf-8", errors="backslashreplace"))


def _earlier(claims: Sequence[Record]) -> str:
    """Say which verdicts are from earlier runs; nothing where none is."""
    runs = [f"{run.records} from {run.date}" for run in earlier_runs(claims)]
    return f"Verdicts of earlier runs: {', '.join(runs)}." if runs else ""


def _totals(claims: Sequence[Record]) -> str:
    """Count the verdicts of each kind, and those that were not expected."""
    counts = Counter(record.outcome for record in claims)
    kinds = [f"{MARKS[o].glyph} {counts[o]} {o}" for o in Outcome if counts[o]]
    unexpected = sum(as_expected(record) is False for record in claims)
    end = f"**{unexpected} not as expected**" if unexpected else "all as expected"
    return f"{len(claims)} verdicts: {', '.join(kinds) or 'none'}; {end}."


def _table(shown: Sequence[Record]) -> list[str]:
    return [
        "| verdict | claim | model | measured | source | expected |",
        "|---|---|---|---|---|---|",
        *(_row(record) for record in shown),
        "",
    ]


def _unfolding(found: Sequence[Topic], catalogue: Catalogue) -> list[str]:
    """Return a list of all claims that unfolds where a comment shows it."""
    answers = Counter(catalogue.answer(topic.id) for topic in found)
    totals = ", ".join(f"{a.glyph} {answers[a]} {a}" for a in Answer if answers[a])
    head = f"<details><summary>All {len(found)} claims: {totals}</summary>"
    lines = [_topic(topic, catalogue) for topic in found]
    return [head, "", *lines, "", "</details>", ""]


def _topic(topic: Topic, catalogue: Catalogue) -> str:
    """Write an identifier, what it came to, and the sentence with its plain answer."""
    answer = catalogue.answer(topic.id)
    told = catalogue.sentence(topic.id) if catalogue.agrees(topic.id) else f"{answer}.".capitalize()
    return f"- {answer.glyph} {escaped(topic.id)} {escaped(topic.sentence)} **{escaped(told)}**"


def _row(record: Record) -> str:
    met = as_expected(record)
    cells = [
        f"{MARKS[Outcome(record.outcome)].glyph} {record.outcome}{_dependence(record)}",
        record.title,
        record.model,
        f"{effect(record.effect, record.interval)} {limits(record.interval)} {record.unit}",
        "" if record.source_value is None else number(record.source_value),
        "not judged" if met is None else "yes" if met else f"no: {record.expected}",
    ]
    return f"| {' | '.join(escaped(cell) for cell in cells)} |"


def _dependence(record: Record) -> str:
    return f", depends on the {record.depends_on}" if record.depends_on else ""


def escaped(text: str) -> str:
    """Make every character stand for itself: none ends a cell, opens a tag or a link."""
    line = html.escape(" ".join(text.split()), quote=False)
    return re.sub(r"([\\`*_\[\]|~@#!])", r"\\\1", line)
