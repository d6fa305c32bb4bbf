"""What a run of many claims ends with: totals by answer, headlines, and where to look."""

from __future__ import annotations

import shutil
import textwrap
from collections import Counter
from collections.abc import Iterable, Sequence

from aelatent.catalogue import Answer, Catalogue
from aelatent.inference.record import Record
from aelatent.inference.rules import Outcome
from aelatent.report.notation import as_expected
from aelatent.report.terminal import clean

LINES = 2  # that a headline may take
WIDEST = 100  # columns; longer lines are hard to read


def closing_lines(
    records: Sequence[Record],
    catalogue: Catalogue,
    headlines: Iterable[str] = (),
    *,
    width: int | None = None,
    unicode: bool = True,
) -> list[str]:
    """Sum up a run of many claims, in lines that fit a terminal of 80 columns and 24 lines.

    Parameters
    ----------
    records : sequence of Record
        Of the run.
    catalogue : Catalogue
        With the results of the run.
    headlines : iterable of str
        Identifiers of the claims whose plain answer is shown.
    width : int, optional
        Columns to keep within; by default those of the terminal.
    unicode : bool
        Whether the terminal shows characters beyond ASCII.

    Returns
    -------
    list of str
    """
    columns = min(width or max(shutil.get_terminal_size().columns, 40), WIDEST)
    claims = [record for record in records if not record.control]
    identifiers = sorted({record.id for record in claims})
    answers = Counter(catalogue.answer(identifier) for identifier in identifiers)
    signs = {answer: answer.glyph if unicode else answer.plain for answer in Answer}
    totals = "   ".join(f"{signs[a]} {answers[a]} {a}" for a in Answer if answers[a])
    shown = [name for name in headlines if name in set(identifiers)]
    told = answer_lines(catalogue, shown, width=columns, unicode=unicode)
    lines = [*_counts(records, claims, identifiers), totals, "", *told, *([""] if told else [])]
    return [
        wrapped
        for line in lines
        for wrapped in textwrap.wrap(line, columns, subsequent_indent="  ") or [""]
    ]


def answer_lines(
    catalogue: Catalogue,
    identifiers: Iterable[str],
    *,
    width: int | None = None,
    unicode: bool = True,
) -> list[str]:
    """Return the plain answers of claims, each in two lines at most.

    Parameters
    ----------
    catalogue : Catalogue
    identifiers : iterable of str
        Claims without an answer, or whose answer no longer agrees, are left out.
    width : int, optional
        Columns to keep within; by default those of the terminal.
    unicode : bool
        Whether the terminal shows characters beyond ASCII.

    Returns
    -------
    list of str
    """
    columns = min(width or max(shutil.get_terminal_size().columns, 40), WIDEST)
    lines = []
    for name in filter(catalogue.agrees, identifiers):
        answer = catalogue.answer(name)
        mark = answer.glyph if unicode else answer.plain
        told = clean(f"{mark} {name} {catalogue.sentence(name)}", unicode)
        lines += textwrap.wrap(
            told, columns, subsequent_indent="  ", max_lines=LINES, placeholder=" ..."
        )
    return lines


def _counts(
    records: Sequence[Record], claims: Sequence[Record], identifiers: Sequence[str]
) -> list[str]:
    """Say how many checks ran on how many models, and whether all came out as expected."""
    models = {model for record in claims for model in record.models}
    wrong = sum(as_expected(record) is False for record in records)
    controls = sum(r.control and r.outcome != Outcome.NOT_APPLICABLE for r in records)
    end = f"{wrong} NOT as expected" if wrong else "all as expected"
    return [
        f"{len(claims)} checks of {len(identifiers)} claims on {len(models)} models, "
        f"{controls} controls: {end}"
    ]


def differences(stored: Catalogue, fresh: Catalogue, identifiers: Iterable[str]) -> list[str]:
    """Say which plain answers are no longer those of the stored results.

    Parameters
    ----------
    stored, fresh : Catalogue
        Without and with the results of the run.
    identifiers : iterable of str
        The claims of the run.

    Returns
    -------
    list of str
    """
    known = [name for name in identifiers if stored.agrees(name)]
    flipped = [name for name in known if not fresh.agrees(name)]
    lines = [
        f"{name} {fresh.answer(name)}, but its plain answer says: {stored.sentence(name)}"
        for name in flipped
    ]
    moved = [n for n in known if n not in flipped and fresh.sentence(n) != stored.sentence(n)]
    if moved:
        listed = ", ".join(moved[:8]) + (f" and {len(moved) - 8} more" if moved[8:] else "")
        lines.append(f"numbers moved since they were stored: {listed}")
    return lines
