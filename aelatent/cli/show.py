"""The command `show`: a claim's answer, numbers and reasons, without running anything."""

from __future__ import annotations

import argparse
import json
import shutil
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from itertools import groupby
from pathlib import Path
from typing import Any

import yaml

from aelatent.catalogue import OWN, Catalogue, Check
from aelatent.cli.answer_lines import claims_folder, in_print, read_catalogue, sign
from aelatent.cli.claims import row
from aelatent.cli.output import UsageError, coloured, shows_unicode
from aelatent.cli.parser import add_command, near

EXPECTED = "expected.yaml"


def register(commands: Any) -> None:
    """Add the command."""
    command = add_command(
        commands,
        "show",
        "show the answer to a claim, its numbers and the reasons",
        "aelatent show B-08",
        "aelatent show A-18 X-14 --json",
    )
    command.add_argument("claims", nargs="+", metavar="CLAIM", help="an identifier, such as B-08")
    command.add_argument("--json", action="store_true", help="print JSON")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Show claims."""
    folder = claims_folder()
    catalogue = read_catalogue(folder)
    names = [name.upper() for name in options.claims]
    if unknown := [name for name in names if name not in catalogue.entries]:
        guess = near(unknown[0], catalogue.entries) or "; `aelatent claims` lists all"
        raise UsageError(f"unknown claim: {unknown[0]}{guess}")
    reasons = read_reasons(folder / EXPECTED)
    if options.json:
        told = [_plain(catalogue, name, reasons) for name in names]
        print(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        print("\n\n".join("\n".join(_lines(catalogue, name, reasons)) for name in names))
    return 0


def read_reasons(path: Path) -> Mapping[str, list[Mapping[str, Any]]]:
    """Return the entries of a file of expected verdicts by function; none without a file."""
    content = yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else {}
    return {str(name): list(entries) for name, entries in (content or {}).items()}


def reason(check: Check, reasons: Mapping[str, list[Mapping[str, Any]]]) -> str:
    """Return why a check came to what it did, where somebody wrote that down.

    Parameters
    ----------
    check : Check
    reasons : mapping
        As `read_reasons` returns them.

    Returns
    -------
    str
    """
    for entry in reasons.get(check.test, ()):
        models, cases = entry.get("models"), entry.get("cases")
        fits = (models is None or set(models) & set(check.models)) and (
            cases is None or check.variant in map(str, cases)
        )
        if fits and entry.get("verdict") == check.outcome:
            return " ".join(str(entry.get("because", "")).split())
    return ""


def _plain(
    catalogue: Catalogue, name: str, reasons: Mapping[str, list[Mapping[str, Any]]]
) -> dict[str, Any]:
    checks = [{**asdict(c), "because": reason(c, reasons)} for c in catalogue.checks_of(name)]
    return {**row(catalogue, name), "checks": checks}


def _lines(
    catalogue: Catalogue, name: str, reasons: Mapping[str, list[Mapping[str, Any]]]
) -> Iterator[str]:
    columns = min(max(shutil.get_terminal_size().columns, 40), 100)
    answer = catalogue.answer(name)
    yield from textwrap.wrap(f"{name} {in_print(catalogue.title(name))}", columns)
    sentence = in_print(catalogue.told(name) or f"{str(answer).capitalize()}.")
    first, *others = textwrap.wrap(sentence, columns - 2)
    yield f"{sign(answer)} {coloured(first, 'bold')}"
    yield from (f"  {coloured(line, 'bold')}" for line in others)
    source = catalogue.sources.get(row(catalogue, name)["source"])
    if source:
        asked = in_print(source.citation)
        cited = "No source asks this." if source.name == OWN else f"Source: {asked}"
        yield from textwrap.wrap(cited, columns, break_on_hyphens=False)
    for _, group in groupby(catalogue.checks_of(name), key=lambda check: check.test):
        yield ""
        yield from _test_lines([*group], reasons, columns)
    yield ""
    date = catalogue.environment.get("date", "an earlier run")
    yield _legend({check.outcome for check in catalogue.checks_of(name)})
    yield f"n: trained models. Results of {date}. Run it again: pytest claims -k {name}"


def _test_lines(
    checks: list[Check], reasons: Mapping[str, list[Mapping[str, Any]]], columns: int
) -> Iterator[str]:
    """Yield a table of what a function came to on each model."""
    from aelatent.report.notation import MEASURED

    yield from textwrap.wrap(in_print(checks[0].title), columns)
    widest = max(checks, key=lambda check: len(check.parts))
    for number, part in enumerate(widest.parts, 1):
        place = f"number {number}: " if len(widest.parts) > 1 else ""
        source = checks[0].source_value if number == 1 else None
        told = f"; the source: {source:.4g}" if source is not None else ""
        yield from textwrap.wrap(f"  {place}{in_print(part.unit)}{told}", columns)
    width = max(len(_label(check)) for check in checks)
    for check in checks:
        yield from textwrap.wrap(
            f"  {_mark(check)} {_label(check):{width}}  {_numbers(check)}",
            columns,
            subsequent_indent=" " * (width + 6),
        )
        because = in_print(reason(check, reasons))
        if because and not because.startswith(MEASURED):  # such a reason repeats the numbers
            yield from textwrap.wrap(
                because, columns, initial_indent="      ", subsequent_indent="      "
            )


def _legend(outcomes: set[str]) -> str:
    """Say what the signs mean."""
    from aelatent.inference.rules import Outcome
    from aelatent.report.notation import sign as mark

    unicode = shows_unicode()
    return "   ".join(f"{mark(o, unicode=unicode)} {o}" for o in Outcome if o in outcomes)


def _mark(check: Check) -> str:
    from aelatent.report.notation import sign as mark

    return mark(check.outcome, unicode=shows_unicode())


def _label(check: Check) -> str:
    named = " and ".join(check.models) if len(check.models) <= 2 else f"{len(check.models)} models"
    variant = in_print(check.variant)
    return ", ".join(filter(None, [named if check.case or check.models else "no model", variant]))


def _numbers(check: Check) -> str:
    from aelatent.report.notation import effect, limits

    told = [f"{effect(p.estimate, (p.low, p.high))} {limits((p.low, p.high))}" for p in check.parts]
    trainings = f"  n = {check.trainings}" if check.trainings > 1 else ""
    return in_print(f"{'; '.join(told)}{trainings}" if told else str(check.outcome))
