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
from aelatent.catalogue.search import SEARCHED, Hits, search
from aelatent.cli.answer_lines import claims_folder, in_print, read_catalogue, sign
from aelatent.cli.output import coloured
from aelatent.cli.parser import add_command

FEW = 12  # claims whose plain answers are shown
ALL = "`aelatent claims` lists all."
HINT = "Try fewer words, or such as radius, Gaussian, t-SNE, VAE."


def register(commands: Any) -> None:
    """Add the command."""
    command = add_command(
        commands,
        "claims",
        "list the published claims and what each came to",
        "aelatent claims",
        "aelatent claims radius",
        'aelatent claims "codes lie near sqrt(N)"',
        "aelatent claims --source Yeo",
        'aelatent claims --answer "did not hold" --json',
    )
    command.add_argument(
        "words", nargs="*", metavar="WORD", help="only claims that fit these words, best first"
    )
    command.add_argument("--source", metavar="NAME", help="only claims of this source or author")
    command.add_argument(
        "--answer", choices=[str(answer) for answer in Answer], help="only claims that came to this"
    )
    command.add_argument("--json", action="store_true", help="print JSON")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """List the claims that fit; status 1 if none does."""
    folder = claims_folder()
    catalogue = read_catalogue(folder)
    chosen = [name for name in catalogue.entries if _chosen(catalogue, name, options)]
    phrase = " ".join(options.words)
    hits = search(catalogue, phrase, folder, chosen) if phrase else None
    found = chosen if hits is None else hits.names
    if options.json:
        told = [row(catalogue, name) for name in found]
        print(json.dumps(told, ensure_ascii=False, indent=1))
    elif hits is not None:
        print("\n".join(_found(catalogue, hits, phrase, len(chosen))))
    else:
        print("\n".join(_by_source(catalogue, found) if found else [f"no claim. {ALL}"]))
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
        "answer": catalogue.told(name),
        "models": catalogue.models(name),
        "source": _source(catalogue, name),
    }


def _source(catalogue: Catalogue, name: str) -> str:
    return next((check.source for check in catalogue.checks_of(name) if check.source), "")


def _chosen(catalogue: Catalogue, name: str, options: argparse.Namespace) -> bool:
    """Tell whether a claim is of the source, and came to the answer, that were asked for."""
    if catalogue.entry(name).status == "replaced":
        return False
    source = catalogue.sources.get(_source(catalogue, name))
    author = f"{_source(catalogue, name)} {source.citation if source else ''}"
    return (not options.source or options.source.lower() in author.lower()) and (
        not options.answer or options.answer == str(catalogue.answer(name))
    )


def _found(catalogue: Catalogue, hits: Hits, phrase: str, count: int) -> Iterator[str]:
    """Yield the claims that fit a phrase, best first, with their answers."""
    columns = _columns()
    missing = ", ".join(f'"{word}"' for word in hits.unknown)
    if not hits.names:
        told = f'no claim fits "{phrase}": searched {SEARCHED} of {count} claims. {HINT} {ALL}'
        yield from textwrap.wrap(told, columns)
        return
    if missing:
        yield from textwrap.wrap(f"No claim has {missing}; these have the other words.", columns)
    if not hits.whole:
        yield "No claim has all these words; these have most."
    for name in hits.names[:FEW]:
        title = f"{sign(catalogue.answer(name))} {name} {in_print(catalogue.title(name))}"
        yield from textwrap.wrap(title, columns, subsequent_indent=" " * 7)
        yield from _answer(catalogue, name, columns)
    yield ""
    answers = {catalogue.answer(name) for name in hits.names[:FEW]}
    yield "   ".join(f"{sign(answer)} {answer}" for answer in Answer if answer in answers)
    if hits.names[FEW:]:
        yield f"{len(hits.names[FEW:])} more fit; another word narrows them down"
    yield f"one claim with its numbers: aelatent show {hits.names[0]}"
    yield "how to sample your own model: aelatent init, then aelatent audit mine.yaml"


def _by_source(catalogue: Catalogue, found: Sequence[str]) -> Iterator[str]:
    """Yield the claims by source, each source with its tally."""
    columns = _columns()
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
                yield from _answer(catalogue, name, columns)
        yield ""
    yield "one claim with its numbers: aelatent show " + found[0]


def _columns() -> int:
    return min(max(shutil.get_terminal_size().columns, 40), 120)


def _answer(catalogue: Catalogue, name: str, columns: int) -> Iterator[str]:
    answer = in_print(catalogue.told(name))
    yield from (f"       {line}" for line in textwrap.wrap(answer, columns - 7))


def _tally(catalogue: Catalogue, names: Sequence[str]) -> str:
    counts = Counter(map(catalogue.answer, names))
    return "   ".join(f"{sign(a)} {counts[a]} {a}" for a in Answer if counts[a])
