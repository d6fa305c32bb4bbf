"""Parsers that show examples, and guess what was meant."""

from __future__ import annotations

import argparse
import difflib
import re
from collections.abc import Iterable
from typing import Any, NoReturn

WISHES = {  # what newcomers type, and the command that does it
    "sample": "audit",
    "draw": "audit",
    "test": "audit",
    "search": "claims",
    "find": "claims",
    "list": "claims",
    "answer": "show",
    "explain": "show",
    "compare": "diff",
    "plot": "explore",
    "models": "fixtures",
    "datasets": "data",
}
CHOICE = re.compile(r"invalid choice: '([^']*)' \(choose from (.*)\)")


class Parser(argparse.ArgumentParser):
    """A parser whose message about a mistyped word is one line with a guess."""

    def error(self, message: str) -> NoReturn:
        """End with status 2 and a line that says what was expected."""
        if mistyped := CHOICE.search(message):
            known = [word.strip(" '") for word in mistyped[2].split(",")]
            meant = WISHES.get(mistyped[1])
            guess = f"; did you mean {meant}?" if meant in known else near(mistyped[1], known)
            message = f"unknown: {mistyped[1]}{guess or '; there are ' + ', '.join(known)}"
        self.exit(2, f"{self.prog}: {message}\n`{self.prog} --help` explains it\n")


def add_command(commands: Any, name: str, text: str, *examples: str) -> argparse.ArgumentParser:
    """Add a command with examples at the end of its help.

    Parameters
    ----------
    commands : object
        What `add_subparsers` returned.
    name, text : str
        The command, and what it does in a line.
    *examples : str
        Command lines.

    Returns
    -------
    ArgumentParser
    """
    listed = "\n".join(f"  {example}" for example in examples)
    parser: argparse.ArgumentParser = commands.add_parser(
        name,
        help=text,
        description=f"{text[0].upper()}{text[1:]}.",
        epilog=f"examples:\n{listed}" if examples else None,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(command=name)  # for messages
    return parser


def near(word: str, known: Iterable[str]) -> str:
    """Return "; did you mean X?" if a known word is like this one, else nothing.

    Parameters
    ----------
    word : str
    known : iterable of str

    Returns
    -------
    str

    Examples
    --------
    >>> near("audti", ["audit", "data"]), near("x", ["audit"])
    ('; did you mean audit?', '')
    """
    by_letters = {name.lower(): name for name in known}
    found = difflib.get_close_matches(word.lower(), by_letters, 3)
    return f"; did you mean {' or '.join(by_letters[name] for name in found)}?" if found else ""
