"""Where the catalogue of claims lies, and how an answer is written on a terminal."""

from __future__ import annotations

from pathlib import Path

from aelatent.catalogue import Answer, Catalogue
from aelatent.cli.output import coloured, shows_unicode
from aelatent.runtime import resources

COLOURS = {Answer.HELD: "green", Answer.FELL: "cyan", Answer.PARTLY: "yellow"}


def claims_folder() -> Path:
    """Return the folder of claims: that of the project in which one is, else the packaged one."""
    here = Path("claims")
    return here if (here / "catalogue.yaml").exists() else resources.folder("claims")


def read_catalogue(folder: Path) -> Catalogue:
    """Return the catalogue of a folder of claims, with its sources and stored results."""
    sources = folder / "sources.yaml"
    return Catalogue.read(folder / "catalogue.yaml", sources if sources.exists() else None)


def sign(answer: Answer) -> str:
    """Return the sign of an answer, coloured where the terminal shows colours."""
    mark = answer.glyph if shows_unicode() else answer.plain
    return coloured(mark, COLOURS[answer]) if answer in COLOURS else mark


def in_print(text: str) -> str:
    """Return a text of the catalogue as this terminal can show it."""
    from aelatent.report.terminal import clean

    return clean(text.replace("sqrt(N)", "√N"), shows_unicode())
