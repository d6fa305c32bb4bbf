"""The command `claims`: list and search the catalogue, with what each claim came to."""

from __future__ import annotations

import argparse
import json
import shutil
import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from aelatent.catalogue import Answer, Catalogue
from aelatent.cli.answer_lines import claims_folder, in_print, read_catalogue, sign
from aelatent.cli.output import coloured
from aelatent.cli.parser import add_command

FEW = 12  # claims whose plain answers are shown


def register(commands: Any) -> None:
    """Add the command."""
    command = add_command(
        commands,
        "claims",
        "list the published claims and what each came to",
        "aelatent claims",
        "aelatent claims radius",
        "aelatent claims --source Yeo",
        'aelatent claims --answer "did not hold" --json',
    )
    command.add_argument("words", nargs="*", metavar="WORD", help="only claims with these words")
    command.add_argument("--source", metavar="NAME", help="only claims of this source or author")
    command.add_argument(
        "--answer", choices=[str(answer) for answer in Answer], help="only claims that came to this"
    )
    command.add_argument("--json", action="store_true", help="print JSON")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """List the claims that match; status 1 if none does."""
    catalogue = read_catalogue(claims_folder())
    found = [name for name in catalogue.entries if _matches(catalogue, name, options)]
    if options.json:
        told = [row(catalogue, name) for name in found]
        print(json.dumps(told, ensure_ascii=False, indent=1))
    elif found:
        print("\n".join(_lines(catalogue, found)))
    else:
        print("no claim matches; `aelatent claims` lists all")
    return int(not found)


def row(catalogue: Catalogue, name: str) -> dict[str, Any]:
    """Return what the catalogue knows of a claim, in plain types.

    Parameters
    ----------
    catalogue : Catalogue
    name : str
        The claim's identifier.

    Returns
    -------
    dict
    """
    return {
        "id": name,
        "claim": catalogue.title(name),
        "came_to": str(catalogue.answer(name)),
        "answer": catalogue.sentence(name),
        "source": _source(catalogue, name),
    }


def _source(catalogue: Catalogue, name: str) -> str:
    return next((check.source for check in catalogue.checks_of(name) if check.source), "")


def _matches(catalogue: Catalogue, name: str, options: argparse.Namespace) -> bool:
    if catalogue.entry(name).status == "replaced":
        return False
    known = row(catalogue, name)
    source = catalogue.sources.get(known["source"])
    author = f"{known['source']} {source.citation if source else ''}"
    text = " ".join([*known.values(), catalogue.entry(name).says, author]).lower()
    return (
        all(word.lower() in text for word in options.words)
        and (not options.source or options.source.lower() in author.lower())
        and (not options.answer or options.answer == known["came_to"])
    )


def _lines(catalogue: Catalogue, found: Sequence[str]) -> Iterator[str]:
    """Yield the claims by source, each source with its tally."""
    columns = min(shutil.get_terminal_size().columns, 120)
    groups: dict[str, list[str]] = {}
    for name in found:
        groups.setdefault(_source(catalogue, name), []).append(name)
    for source, names in groups.items():
        known = catalogue.sources.get(source)
        cited = in_print(known.citation if known else source)
        yield from (
            coloured(x, "bold") for x in textwrap.wrap(cited, columns, break_on_hyphens=False)
        )
        yield from textwrap.wrap(_tally(catalogue, names), columns)
        for name in names:
            title = f"{name} {in_print(catalogue.title(name))}"
            cut = textwrap.shorten(title, columns - 2, placeholder=" ...")
            yield f"{sign(catalogue.answer(name))} {cut}"
            if len(found) <= FEW:
                answer = in_print(catalogue.sentence(name))
                yield from (f"       {line}" for line in textwrap.wrap(answer, columns - 7))
        yield ""
    yield "one claim with its numbers: aelatent show " + found[0]


def _tally(catalogue: Catalogue, names: Sequence[str]) -> str:
    counts = Counter(map(catalogue.answer, names))
    return "   ".join(f"{sign(a)} {counts[a]} {a}" for a in Answer if counts[a])
